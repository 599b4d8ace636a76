"""Checks of an installation: what would keep it from doing its work, each with what to do.

A check is a function of the settings and the moment that returns what it finds; `CHECKS` lists
them in the order in which they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from stockscore.market.exchanges import EXCHANGES
from stockscore.services import exchanges
from stockscore.store import sessions, stocks

SESSIONS_AHEAD = timedelta(days=14)
"""Stored sessions must reach this far: further than any closure of an exchange."""


@dataclass(frozen=True, slots=True)
class SetupFinding:
    """Something that is not as it should be: the name of the check, a sentence that says what, and
    one that says what to do."""

    check: str
    sentence: str
    advice: str


Check = Callable[[Mapping[str, Any], datetime], list[SetupFinding]]


def exchanges_are_looked_after(settings: Mapping[str, Any], _now: datetime) -> list[SetupFinding]:
    """Stocks on an exchange that is neither refreshed by the schedule nor recorded."""
    found = exchanges.unattended(settings["EXCHANGES"], stocks.listed_by_exchange())
    return [SetupFinding("exchanges", each.sentence, each.advice) for each in found]


def sessions_are_stored(settings: Mapping[str, Any], now: datetime) -> list[SetupFinding]:
    """Exchanges whose sessions of the next days are not stored, so that pages know no hours."""
    if not stocks.listed_by_exchange():
        return []
    return [
        SetupFinding(
            "sessions",
            f"The sessions of {mic} are not stored as far as two weeks from now.",
            "Run `flask market sync`; if that does not help, update exchange_calendars.",
        )
        for mic in exchanges.looked_after(settings["EXCHANGES"])
        if mic in EXCHANGES and not _reaches(mic, now)
    ]


def _reaches(mic: str, now: datetime) -> bool:
    known = sessions.span(mic)
    return known is not None and known[1] >= (now + SESSIONS_AHEAD).date()


CHECKS: tuple[Check, ...] = (exchanges_are_looked_after, sessions_are_stored)
"""Every check, in the order in which they are made."""


def findings(settings: Mapping[str, Any], now: datetime) -> list[SetupFinding]:
    """What all checks find."""
    return [finding for check in CHECKS for finding in check(settings, now)]
