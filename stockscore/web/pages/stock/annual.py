"""The years of a stock's reports, made from quarters or halves where the source reports no
years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.scoring.periods import HALF_DAYS, QUARTER_DAYS, Reports, Settled, in_step, summed
from stockscore.scoring.statements import BALANCES, FLOWS


@dataclass(frozen=True, slots=True)
class Annual:
    """Years, newest first, and how they were made: "reported", "summed" or "trailing"."""

    years: tuple[Settled, ...]
    basis: str


BASIS_NOTES = {
    "reported": "Years as the source reports them.",
    "summed": (
        "The source reports parts of years: each column is the sum of four quarters or two halves, "
        "to the one that ends it; balances are those at its end."
    ),
    "trailing": "The source's own summary of twelve months; it reports no years and no quarters.",
}


def annual(reports: Reports) -> Annual:
    """The years of the source; without any, sums of four consecutive quarters or two halves back
    from the newest; without those, the source's summary of twelve months."""
    if reports.years:
        return Annual(reports.years, "reported")
    sums = _sums(in_step(reports.quarters, QUARTER_DAYS), 4) or _sums(
        in_step(reports.halves, HALF_DAYS), 2
    )
    if sums:
        return Annual(tuple(sums), "summed")
    return Annual((reports.trailing,) if reports.trailing else (), "trailing")


def _sums(periods: tuple[Settled, ...], in_a_year: int) -> list[Settled]:
    """Whole years of consecutive periods, newest first."""
    firsts = range(0, len(periods) - in_a_year + 1, in_a_year)
    return [_sum_of(periods[first : first + in_a_year]) for first in firsts]


def _sum_of(periods: Sequence[Settled]) -> Settled:
    newest = periods[0]
    figures = {name: newest.figures[name] for name in BALANCES if name in newest.figures}
    flows = {name: summed(periods, name) for name in FLOWS}
    figures |= {name: value for name, value in flows.items() if value is not None}
    return Settled(newest.period_end, figures, newest.origins)
