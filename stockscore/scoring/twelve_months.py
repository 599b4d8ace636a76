"""Figures of twelve months, and their growth, from the reports of a company."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from stockscore.scoring.inputs import clean
from stockscore.scoring.periods import (
    HALF_DAYS,
    QUARTER_DAYS,
    SAME_PERIOD_DAYS,
    YEAR_DAYS,
    Origin,
    Reports,
    Settled,
    chain,
    summed,
)

BEHIND_DAYS = 200
"""More than half a year: figures that end so much earlier than others make way for those."""


@dataclass(frozen=True, slots=True)
class Found:
    """A figure and where it comes from."""

    value: float
    origin: Origin


def flow(name: str, reports: Reports) -> Found | None:
    """A flow over twelve months.

    The last four quarters or two halves where they are consecutive and up to date; else the
    source's own sum; else the newer of those quarters or halves and the last full year. What ends
    more than half a year before another one makes way for it.
    """
    steps = _of_steps(name, reports)
    summary = _given(name, [reports.trailing] if reports.trailing else [])
    year = _given(name, reports.years)
    is_current = steps is not None and _is_current(steps, reports)
    first, last = (steps, None) if is_current else (None, steps)
    candidates = [found for found in (first, summary, *_newer_first(last, year)) if found]
    newest = max((found.origin.period_end for found in candidates), default=None)
    return next(
        (
            found
            for found in candidates
            if newest and (newest - found.origin.period_end).days <= BEHIND_DAYS
        ),
        None,
    )


def growth(name: str, reports: Reports) -> Found | None:
    """Growth of a flow by eight quarters or four halves, a fraction: the last twelve months over
    those before."""
    return _first_of_newest(
        _growth(name, periods, count, days) for periods, count, days in _steps(reports)
    )


def growth_of_years(name: str, reports: Reports) -> Found | None:
    """Growth of a flow over the last full year, a fraction."""
    return _growth(name, reports.years, 1, YEAR_DAYS)


def _steps(reports: Reports) -> tuple[tuple[tuple[Settled, ...], int, tuple[int, int]], ...]:
    """What twelve months may be made of: the periods, how many make a year, and their distance."""
    return (reports.quarters, 4, QUARTER_DAYS), (reports.halves, 2, HALF_DAYS)


def _of_steps(name: str, reports: Reports) -> Found | None:
    sums = []
    for periods, count, days in _steps(reports):
        found = chain(periods, name, count, days)
        total = summed(found, name) if found else None
        sums.append(None if total is None else Found(total, _origin_of_all(found, name)))
    return _first_of_newest(sums)


def _first_of_newest(found: Iterable[Found | None]) -> Found | None:
    """The one with the newest end, the first of equals."""
    known = [figure for figure in found if figure is not None]
    return max(known, key=lambda figure: figure.origin.period_end, default=None)


def _is_current(steps: Found, reports: Reports) -> bool:
    """Whether no later quarter or half is reported, which only lacks the figure."""
    ends = [
        period.period_end for period in (*reports.quarters, *reports.halves) if period.has_flows
    ]
    newest = max(ends, default=date.min)
    return (newest - steps.origin.period_end).days < SAME_PERIOD_DAYS


def _given(name: str, periods: Sequence[Settled]) -> Found | None:
    """The figure of the first period that gives it."""
    for period in periods:
        if name in period.figures:
            return Found(period.figures[name], period.origins[name])
    return None


def _newer_first(*found: Found | None) -> list[Found]:
    known = [figure for figure in found if figure is not None]
    return sorted(known, key=lambda figure: figure.origin.period_end, reverse=True)


def _growth(
    name: str, periods: tuple[Settled, ...], in_a_year: int, days: tuple[int, int]
) -> Found | None:
    """Growth where consecutive periods of two years give the figure and the earlier sum is above
    zero."""
    found = chain(periods, name, 2 * in_a_year, days)
    if not found:
        return None
    last_year = found[:in_a_year]
    now, before = summed(last_year, name), summed(found[in_a_year:], name)
    if now is None or before is None or before <= 0:
        return None
    value = clean(now / before - 1)
    return None if value is None else Found(value, _origin_of_all(last_year, name))


def _origin_of_all(periods: Sequence[Settled], name: str) -> Origin:
    """The origin of a sum: the newest period, known since the last of all became known."""
    known_at = max(period.origins[name].known_at for period in periods)
    return replace(periods[0].origins[name], known_at=known_at)
