"""What was said of a stock day by day, and the larger steps of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.stock import Said
from stockscore.web import exports
from stockscore.web import format as fmt
from stockscore.web.charts import ChartStep, history_chart
from stockscore.web.charts.history import HistoryChart

LEAST = 100
"""A step of a whole point (hundredths) is worth a number."""

STEPS = 6
"""Steps that are numbered at most: the largest ones."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change from one snapshot to the next; `signal` only where it changed with it."""

    number: int
    day: date
    change: int
    total: int
    signal: str | None


@dataclass(frozen=True, slots=True)
class History:
    """The record of one stock. `note` says since when there is one."""

    chart: HistoryChart
    steps: tuple[Step, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Point:
    """What was said on a day, points in hundredths."""

    day: date
    total: int | None
    uncertainty: int | None
    signal: str | None


def points(said: Sequence[Said], line: StockLine, today: date) -> list[Point]:
    """The snapshots, and what is said now at their end: in the place of a snapshot of the same
    day."""
    found = [Point(one.session, one.total, one.uncertainty, one.signal) for one in said]
    if line.kind is not None:
        day = max(today, found[-1].day) if found else today
        found = [point for point in found if point.day != day]
        found.append(Point(day, line.total, line.uncertainty, line.signal))
    return found


def history(said: Sequence[Said], line: StockLine, today: date) -> History | None:
    """The record with its larger steps; None before the first snapshot."""
    if not said:
        return None
    found = points(said, line, today)
    steps = _steps(found)
    places = {point.day: at for at, point in enumerate(found)}
    return History(
        chart=history_chart(
            [point.day for point in found],
            [point.total for point in found],
            [point.uncertainty for point in found],
            steps_at=[
                ChartStep(places[step.day], step.signal or fmt.signed(step.change))
                for step in steps
            ],
            signals=[point.signal for point in found],
            name=line.name,
        ),
        steps=steps,
        note=f"Daily snapshots since {fmt.day(said[0].session)}",
    )


def _steps(found: Sequence[Point]) -> tuple[Step, ...]:
    rated = [point for point in found if point.total is not None]
    changes = []
    for before, after in pairwise(rated):
        change = (after.total or 0) - (before.total or 0)
        if abs(change) >= LEAST:
            turned = after.signal if after.signal != before.signal else None
            changes.append((after, change, turned))
    largest = sorted(changes, key=lambda one: -abs(one[1]))[:STEPS]
    largest.sort(key=lambda one: one[0].day)
    return tuple(
        Step(number, point.day, change, point.total or 0, turned)
        for number, (point, change, turned) in enumerate(largest, start=1)
    )


def as_data(said: Sequence[Said]) -> list[dict[str, Any]]:
    """The snapshots as JSON, oldest first."""
    return [
        {
            "session": exports.day(one.session),
            "total": exports.points(one.total),
            "uncertainty": exports.points(one.uncertainty),
            "signal": one.signal,
            "rank": one.rank,
            "price": exports.number(one.price),
            "method": one.method,
        }
        for one in said
    ]
