"""Invented figures for the samples: sessions, something like prices, names."""

from __future__ import annotations

import math
from datetime import date, timedelta

TODAY = date(2026, 11, 24)

LONG_NAME = "Consolidated Intercontinental Semiconductor Manufacturing and Holding Company of Öræfi"


def sessions(count: int) -> list[date]:
    """The last so many weekdays up to `TODAY`, oldest first."""
    days: list[date] = []
    day = TODAY
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


def prices(count: int, level: float, swing: float = 0.12) -> list[float]:
    """Something like a price: three waves of which the longest swings by the fraction `swing`, and
    a rise by a fifth, the same at every call."""
    return [
        level
        * (1 + index / count * 0.2)
        * (
            1
            + swing * math.sin(index / 29)
            + 0.02 * math.sin(index / 3.7)
            + 0.008 * math.sin(index * 1.9)
        )
        for index in range(count)
    ]


def moving_average(values: list[float], window: int) -> list[float | None]:
    """The mean of the last `window` values, None where there are fewer."""
    return [
        sum(values[end - window : end]) / window if end >= window else None
        for end in range(1, len(values) + 1)
    ]
