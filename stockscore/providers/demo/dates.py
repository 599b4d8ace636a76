"""The simulated market's own time: quarters since 2017, and weekdays since 2019."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import numpy as np

FIRST_YEAR = 2017
"""The first quarter of accounts is the first of this year (quarter 0)."""

GENESIS = date(2019, 1, 1)
"""Day 0 of prices."""


def quarter_of(day: date) -> int:
    return (day.year - FIRST_YEAR) * 4 + (day.month - 1) // 3


def quarter_start(quarter: int) -> date:
    return date(FIRST_YEAR + quarter // 4, quarter % 4 * 3 + 1, 1)


def period_end(quarter: int, months_early: int) -> date:
    """The last day of a company's fiscal quarter, which may end up to two months before that of
    the calendar."""
    month = quarter * 3 + 2 - months_early
    year, month = FIRST_YEAR + month // 12, month % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def weekdays(last: date) -> np.ndarray:
    """The weekdays from `GENESIS` to `last`, as datetime64[D]. Prices move on all of them,
    holidays included, and exchanges show those of their sessions."""
    days = np.arange(np.datetime64(GENESIS), np.datetime64(last + timedelta(days=1)))
    return days[np.is_busday(days)]


def on_a_weekday(day: date) -> date:
    """The day itself, or the Friday before it."""
    return day - timedelta(days=max(day.weekday() - 4, 0))
