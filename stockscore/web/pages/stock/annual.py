"""The years of a stock's reports, made from quarters where the source reports no years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.scoring.periods import QUARTER_DAYS, Reports, Settled, consecutive, summed
from stockscore.scoring.statements import BALANCES, FLOWS


@dataclass(frozen=True, slots=True)
class Annual:
    """Years, newest first, and how they were made: "reported", "summed" or "trailing"."""

    years: tuple[Settled, ...]
    basis: str


BASIS_NOTES = {
    "reported": "Years as the source reports them.",
    "summed": (
        "The source reports quarters: each column is the sum of four, to the quarter that ends it; "
        "balances are those at its end."
    ),
    "trailing": "The source's own summary of twelve months; it reports no years and no quarters.",
}


def annual(reports: Reports) -> Annual:
    """The years of the source; without any, sums of four consecutive quarters back from the newest;
    without those, the source's summary of twelve months."""
    if reports.years:
        return Annual(reports.years, "reported")
    sums = []
    for first in range(0, len(reports.quarters), 4):
        four = reports.quarters[first : first + 4]
        if not consecutive(four, 4, QUARTER_DAYS):
            break
        sums.append(_sum_of(four))
    if sums:
        return Annual(tuple(sums), "summed")
    return Annual((reports.trailing,) if reports.trailing else (), "trailing")


def _sum_of(four: Sequence[Settled]) -> Settled:
    newest = four[0]
    figures = {name: newest.figures[name] for name in BALANCES if name in newest.figures}
    flows = {name: summed(four, name) for name in FLOWS}
    figures |= {name: value for name, value in flows.items() if value is not None}
    return Settled(newest.period_end, figures, newest.origins)
