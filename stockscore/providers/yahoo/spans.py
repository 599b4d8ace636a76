"""How long the columns of Yahoo's "quarterly" tables are: quarters, half-years, or whole years.

A company of London or Sydney reports twice a year, and Yahoo shows its halves among the quarterly
tables without a word. The distance between columns tells; where a column between may be missing, so
does the size of revenue beside that of twelve months.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from statistics import median

from stockscore.scoring.periods import HALF_DAYS, QUARTER_DAYS, YEAR_DAYS
from stockscore.scoring.statements import FLOWS, Period

LONGER = 1.6
"""A column of more than so many times a quarter's revenue is longer than a quarter."""

_SHARES_OF_A_YEAR = {Period.QUARTER: 0.25, Period.HALF: 0.5, Period.YEAR: 1.0}
_DAYS = {Period.QUARTER: QUARTER_DAYS, Period.HALF: HALF_DAYS, Period.YEAR: YEAR_DAYS}


def spans(figures: Mapping[date, Mapping[str, float]], yearly: float | None) -> dict[date, Period]:
    """The period of each column by its end; `yearly` is revenue of twelve months, where known.

    Balance sheets have no length; they go with what the company reports otherwise."""
    ends = sorted(end for end, row in figures.items() if not row.keys().isdisjoint(FLOWS))
    revenues = {end: figures[end]["revenue"] for end in ends if figures[end].get("revenue", 0) > 0}
    gaps = {later: _by_days((later - earlier).days) for earlier, later in pairwise(ends)}
    if Period.QUARTER in gaps.values():
        quarter = median(
            [revenues[e] for e in ends if e in revenues and gaps.get(e) != Period.HALF]
            or [math.inf]
        )
        found = {
            end: Period.HALF
            if gaps.get(end) is Period.HALF and revenues.get(end, 0.0) > LONGER * quarter
            else Period.QUARTER
            for end in ends
        }
        usual = Period.QUARTER
    else:
        by_days = next((gap for gap in gaps.values() if gap), Period.QUARTER)
        usual = _by_size(by_days, list(revenues.values()), yearly)
        found = dict.fromkeys(ends, usual)
    return {end: found.get(end, usual) for end in figures}


def _by_days(days: int) -> Period | None:
    """What two columns so far apart are of, if none is missing between them."""
    return next((period for period, (low, high) in _DAYS.items() if low <= days <= high), None)


def _by_size(by_days: Period, revenues: list[float], yearly: float | None) -> Period:
    """The length by the share of a year's revenue; by the distance where that is not known. No
    column is longer than the distance to the one before."""
    if not revenues or not yearly or yearly <= 0:
        return by_days
    share = median(revenues) / yearly
    longest = _SHARES_OF_A_YEAR[by_days] if len(revenues) > 1 else 1.0
    fitting = [period for period, part in _SHARES_OF_A_YEAR.items() if part <= longest]
    return min(fitting, key=lambda period: abs(math.log(share / _SHARES_OF_A_YEAR[period])))
