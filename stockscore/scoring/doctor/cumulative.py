"""Figures that are sums since the start of the financial year, taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from stockscore.scoring.periods import SAME_PERIOD_DAYS
from stockscore.scoring.statements import Statement

LEAST, MOST = 0.4, 2.2
"""A part of a year is at least and at most so many times an equal share of it; a sum since the
start of the year likewise, of as many shares as it has parts."""
CLOSE = 0.12
"""How far the parts may add up to something else than the twelve months, a fraction."""


def taken_apart(
    parts: Sequence[Statement],
    judge: str,
    group: Sequence[str],
    reference: float,
    years: Sequence[Statement],
    steps: tuple[int, tuple[int, int]],
) -> list[Statement] | None:
    """The parts (oldest first) with the figures of `group` as those of one part alone, where
    `judge` shows that all are sums since the start of the year; None where it does not, or where
    the year could begin at more than one of them. A figure whose beginning is not there is left
    out.

    `reference` is the figure of twelve months, `steps` how many parts a year has and how many days
    lie between their ends.
    """
    count, days = steps
    if reference == 0 or len(parts) < count:
        return None
    ends = [part.period_end for part in parts]
    gaps = [(later - earlier).days for earlier, later in pairwise(ends)]
    if not all(days[0] <= gap <= days[1] for gap in gaps):
        return None
    phases = range(count) if not years else _phases(ends, years, count)
    fitting = [phase for phase in phases if _fits(_values(parts, judge), phase, count, reference)]
    if len(fitting) != 1:
        return None
    return [
        replace(part, figures=_alone(parts, index, group, (index + fitting[0]) % count))
        for index, part in enumerate(parts)
    ]


def _phases(ends: Sequence[date], years: Sequence[Statement], count: int) -> list[int]:
    """By how much the numbers of the parts are shifted, so that a year ends with its last part."""
    return sorted(
        {
            (count - 1 - index) % count
            for index, end in enumerate(ends)
            for year in years
            if abs((end - year.period_end).days) < SAME_PERIOD_DAYS
        }
    )


def _fits(values: Sequence[float], phase: int, count: int, reference: float) -> bool:
    """Whether the values are sums since the start of the year if the first of them is number
    `phase` of its year (counted from 0): each a plausible one, and each by itself plausible too."""
    share = reference / count
    alone: list[float | None] = []
    for index, value in enumerate(values):
        number = (index + phase) % count
        if not LEAST <= value / (share * (number + 1)) <= MOST:
            return False
        single = value if number == 0 else value - values[index - 1] if index else None
        if single is not None and not LEAST <= single / share <= MOST:
            return False
        alone.append(single)
    if not any((index + phase) % count for index in range(1, len(values))):
        return False
    last = [single for single in alone[-count:] if single is not None]
    if len(last) < count:
        return True
    return abs(sum(last) - reference) <= CLOSE * abs(reference)


def _values(parts: Sequence[Statement], name: str) -> list[float]:
    return [part.figures[name] or 0.0 for part in parts]


def _alone(
    parts: Sequence[Statement], index: int, group: Sequence[str], number: int
) -> dict[str, float | None]:
    """The figures of a part, those of the group less what the part before sums up to."""
    figures = dict(parts[index].figures)
    if number == 0:
        return figures
    before = parts[index - 1].figures if index else {}
    for name in group:
        value, earlier = figures.get(name), before.get(name)
        figures.pop(name, None)
        if value is not None and earlier is not None:
            figures[name] = value - earlier
    return figures
