"""What the next signal of a stock would take."""

from __future__ import annotations

from dataclasses import dataclass

from stockscore.scoring.reasons import NOT_APPLICABLE, listed
from stockscore.scoring.signals import next_down, next_up
from stockscore.scoring.stored_score import MetricResult, StoredScore
from stockscore.store.pages.lists import StockLine
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Table

SOURCES = 4
"""Metrics that are named as where points could come from."""


@dataclass(frozen=True, slots=True)
class NextSignal:
    """What it takes: sentences up and down, the metrics that leave most points, what is missing."""

    sentences: tuple[str, ...]
    sources: Table | None
    missing: str


def next_signal(line: StockLine, record: StoredScore) -> NextSignal | None:
    """What the next signal would take; None for a stock without a rating."""
    if line.total is None:
        return None
    up = next_up(line.total, line.previous_signal)
    down = next_down(line.total, line.previous_signal)
    distances = []
    if up is not None:
        gap = up[1] - line.total
        distances.append(
            f"{up[0]} from {fmt.points(up[1], 2)} on: {fmt.points(gap, 2)} points more."
        )
    else:
        distances.append("It has the best signal.")
    if down is not None:
        gap = line.total - down[1]
        distances.append(
            f"{down[0]} at {fmt.points(down[1], 2)}: {fmt.points(gap, 2)} points less."
        )
    return NextSignal(
        tuple(distances), _sources(record, up[1] - line.total if up else None), _missing(record)
    )


def _sources(record: StoredScore, gap: int | None) -> Table | None:
    if gap is None:
        return None
    lost = sorted(
        (result for result in record.metrics if _lost(result) > 0), key=_lost, reverse=True
    )[:SOURCES]
    rows = tuple(
        (
            result.metric.label,
            f"{fmt.points(result.points, 2)} of {fmt.points(result.max_points, 2)}",
            fmt.points(_lost(result), 2),
            "yes" if _lost(result) >= gap else "no",
        )
        for result in lost
    )
    columns = (("Metric", False), ("Has", True), ("Could add", True), ("Enough alone", False))
    return Table("Where most points are open", columns, rows) if rows else None


def _lost(result: MetricResult) -> int:
    return 0 if result.points is None else result.max_points - result.points


def _missing(record: StoredScore) -> str:
    missing = [
        result.metric.phrase
        for result in record.metrics
        if result.sub_score is None and result.reason != NOT_APPLICABLE
    ]
    if not missing:
        return "Nothing that the method asks for is missing."
    return f"Missing: {listed(missing)}. What is missing earns and costs nothing, and widens the ±."
