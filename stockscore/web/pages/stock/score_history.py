"""The score of a stock day by day, and the larger steps of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stockscore.scoring.why import Why
from stockscore.services.score_moves import ScorePoint, change_of, largest_steps, score_points
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.stock import HistoryScore
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts import ChartStep, history_chart
from stockscore.web.ui.charts.history import HistoryChart
from stockscore.web.ui.why import change_parts, why_data


@dataclass(frozen=True, slots=True)
class Step:
    """A change from one snapshot to the next; `signal` only where it changed with it. `reason` and
    `parts` (cause, hundredths) are empty where a record is lacking."""

    number: int
    day: date
    change: int
    total: int
    signal: str | None
    reason: str
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ScoreHistory:
    """The record of one stock. `note` says since when there is one."""

    chart: HistoryChart
    steps: tuple[Step, ...]
    note: str


def history(
    snapshots: Sequence[HistoryScore], line: StockLine, today: date, whys: Mapping[date, Why]
) -> ScoreHistory | None:
    """The record with its larger steps and why they were (`whys`, by day); None before the first
    snapshot."""
    if not snapshots:
        return None
    found = score_points(snapshots, line, today)
    steps = _steps(found, whys)
    places = {point.day: index for index, point in enumerate(found)}
    return ScoreHistory(
        chart=history_chart(
            [point.day for point in found],
            [point.total for point in found],
            [point.uncertainty for point in found],
            steps_at=[ChartStep(places[step.day], _label(step, whys)) for step in steps],
            signals=[point.signal for point in found],
            name=line.name,
        ),
        steps=steps,
        note=f"Daily snapshots since {fmt.day(snapshots[0].session)}",
    )


def _steps(found: Sequence[ScorePoint], whys: Mapping[date, Why]) -> tuple[Step, ...]:
    numbered = enumerate(largest_steps(found), start=1)
    return tuple(_step(number, *step, whys.get(step[1].day)) for number, step in numbered)


def _step(number: int, before: ScorePoint, after: ScorePoint, why: Why | None) -> Step:
    return Step(
        number,
        after.day,
        change_of((before, after)),
        after.total or 0,
        after.signal if after.signal != before.signal else None,
        why.sentence if why else "",
        change_parts(why),
    )


def _label(step: Step, whys: Mapping[date, Why]) -> str:
    why = whys.get(step.day)
    return why.short if why else step.signal or fmt.signed(step.change)


def steps_data(
    snapshots: Sequence[HistoryScore], line: StockLine, today: date, whys: Mapping[date, Why]
) -> list[dict[str, Any]]:
    """The larger steps as JSON, oldest first."""
    return [
        {
            "session": exports.day(step.day),
            "change": exports.points(step.change),
            "total": exports.points(step.total),
            "signal": step.signal,
            **why_data(whys.get(step.day)),
        }
        for step in _steps(score_points(snapshots, line, today), whys)
    ]


def as_data(snapshots: Sequence[HistoryScore]) -> list[dict[str, Any]]:
    """The snapshots as JSON, oldest first."""
    return [
        {
            "session": exports.day(snapshot.session),
            "total": exports.points(snapshot.total),
            "uncertainty": exports.points(snapshot.uncertainty),
            "signal": snapshot.signal,
            "rank": snapshot.rank,
            "price": exports.number(snapshot.price),
            "method": snapshot.method,
        }
        for snapshot in snapshots
    ]
