"""Which exchanges are looked after: refreshed by the schedule and recorded day by day.

Those of the setting EXCHANGES, the first one being home; where it is empty all that stocks are
listed on, home being the one with most stocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stockscore.market.exchanges import EXCHANGES
from stockscore.store import stocks

HOME = "XNYS"
"""Home where nothing is configured and there are no stocks yet."""


@dataclass(frozen=True, slots=True)
class Unattended:
    """An exchange that stocks are listed on and that nothing looks after, with the reason and what
    to do, both sentences."""

    exchange: str
    stocks: int
    reason: str
    advice: str

    @property
    def sentence(self) -> str:
        """What pages and commands say of it."""
        listed = "1 stock is" if self.stocks == 1 else f"{self.stocks:,} stocks are"
        return f"{listed} on {self.exchange}, which nothing looks after: {self.reason}"


def looked_after(configured: Sequence[str]) -> list[str]:
    """The MICs of the exchanges that are looked after, home first."""
    return list(configured) or in_order(stocks.listed_by_exchange()) or [HOME]


def in_order(listed: Mapping[str, int]) -> list[str]:
    """The exchanges of a market that have a calendar, those with most stocks first."""
    known = [mic for mic in listed if mic in EXCHANGES]
    return sorted(known, key=lambda mic: (-listed[mic], mic))


def unattended(configured: Iterable[str], listed: Mapping[str, int]) -> list[Unattended]:
    """The exchanges with stocks that are not looked after, in order of MICs; `listed` has how many
    stocks each exchange has."""
    named = tuple(configured)
    found = []
    for mic, count in sorted(listed.items()):
        if mic not in EXCHANGES:
            reason = "its calendar is not known here, so that its sessions are not recorded."
            advice = "Correct the exchange in the universe's file; docs/csv.md has the MICs."
        elif named and mic not in named:
            reason = (
                f"EXCHANGES is {','.join(named)}, so that it is neither refreshed by the schedule "
                "nor recorded day by day."
            )
            advice = f"Add {mic} to EXCHANGES, or leave EXCHANGES empty."
        else:
            continue
        found.append(Unattended(mic, count, reason, advice))
    return found
