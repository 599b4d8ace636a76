"""The score of a stock over time, as a step line within its band."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.web.ui.charts.boxes import (
    Box,
    around,
    axis_labels,
    clear_of,
    emptier_side,
    hits,
    room_beside,
)
from stockscore.web.ui.charts.lines import band, steps
from stockscore.web.ui.charts.scale import (
    DESK_WIDTH,
    PHONE_WIDTH,
    Level,
    Scale,
    TimeTick,
    milestones,
    share,
    time_ticks,
)
from stockscore.web.ui.charts.zones import ZONES
from stockscore.web.ui.components import Table
from stockscore.web.ui.format import day, plural, plus_minus, points

TOP, BOTTOM = 24, 310
DOT = 18
"""Pixels of a numbered dot."""


@dataclass(frozen=True, slots=True)
class ChartStep:
    """A change worth a number; the text is a few words."""

    index: int
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A numbered step; `anchor` is empty where its text has no room."""

    number: int
    x: float
    y: float
    anchor: str
    label: str
    day: date


@dataclass(frozen=True, slots=True)
class HistoryChart:
    """The chart as its macro draws it. `band` and `line` are path data, `end` and `end_uncertainty`
    the last score as written beyond the end of the line."""

    title: str
    description: str
    empty: bool
    sessions: int
    height: int
    base: int
    levels: tuple[Level, ...]
    side: str
    ticks: tuple[TimeTick, ...]
    band: str
    line: str
    steps: tuple[Dot, ...]
    end: str
    end_uncertainty: str
    end_y: float
    table: Table


def _range(ends: Sequence[tuple[int, int] | None]) -> tuple[int, int]:
    """Points at the ends of the axis: tens around everything drawn, at least 20 apart."""
    known = [end for end in ends if end is not None]
    low = min(least for least, _ in known) // 1000 * 10
    high = -(-max(most for _, most in known) // 1000) * 10
    if high - low < 20:
        high = min(100, high + 10)
        low = max(0, min(low, high - 20))
        high = max(high, low + 20)
    return low, high


def _levels(low: int, high: int, scale: Scale) -> tuple[Level, ...]:
    """Every ten points and every border inside; a border says which signal begins there."""
    begins = {zone.low: zone.name for zone in ZONES[1:]}
    every = 10 if high - low <= 60 else 20
    crowded = (high - low) * 24 / (BOTTOM - TOP)
    borders = [border for border in begins if low <= border < high]
    tens = [
        value
        for value in range(low, high + 1, every)
        if all(value == border or abs(value - border) > crowded for border in borders)
    ]
    levels = [
        Level(scale.y(value), f"{value} {begins[value]}", border=True, more=" from here")
        if value in begins
        else Level(scale.y(value), str(value), border=False)
        for value in sorted({*tens, *borders})
    ]
    if not levels[-1].border:
        levels[-1] = Level(levels[-1].y, f"{levels[-1].label} points", border=False)
    return tuple(levels)


def _band(
    totals: Sequence[int | None], uncertainties: Sequence[int | None]
) -> list[tuple[int, int] | None]:
    """What missing data could have changed (lowest, highest total in hundredths), cut at the ends
    of the scale; None where the stock was not rated."""
    return [
        None
        if total is None
        else (max(0, total - (margin or 0)), min(10_000, total + (margin or 0)))
        for total, margin in zip(totals, uncertainties, strict=True)
    ]


def _band_path(ends: Sequence[tuple[int, int] | None], scale: Scale) -> str:
    lows = [None if end is None else end[0] / 100 for end in ends]
    highs = [None if end is None else end[1] / 100 for end in ends]
    return band(lows, highs, scale)


def _dots(
    changes: Sequence[ChartStep],
    days: Sequence[date],
    heights: Mapping[int, float],
    labels: Callable[[float], list[Box]],
) -> tuple[Dot, ...]:
    """Dots on the line at their sessions; a dot that would touch another or a label of the grid on
    a phone moves up. `heights` are the y of the line by session, `labels` gives the boxes of the
    grid's labels at a width."""
    placed: list[tuple[ChartStep, float, float]] = []
    taken = labels(PHONE_WIDTH)
    for change in changes:
        x, y = share(change.index + 0.5, len(days)), heights[change.index]
        while hits(around(x / 100 * PHONE_WIDTH, y, DOT), taken):
            y -= 3
        taken.append(around(x / 100 * PHONE_WIDTH, y, DOT))
        placed.append((change, x, round(y, 1)))
    wide = [*labels(DESK_WIDTH), *(around(x / 100 * DESK_WIDTH, y, DOT) for _, x, y in placed)]
    free = clear_of([heights.get(index) for index in range(len(days))], DESK_WIDTH)
    dots = []
    for number, (change, x, y) in enumerate(placed, start=1):
        pixels = x / 100 * DESK_WIDTH
        anchor, box = room_beside(pixels, y, change.label, DESK_WIDTH, wide, free)
        wide += [box] if box else []
        dots.append(Dot(number, x, y, anchor, change.label, days[change.index]))
    return tuple(dots)


def _table(
    days: Sequence[date],
    totals: Sequence[int | None],
    uncertainties: Sequence[int | None],
    signals: Sequence[str | None],
) -> Table:
    rows = tuple(
        (
            day(days[index]),
            "not rated" if totals[index] is None else points(totals[index], 2),
            "" if totals[index] is None else plus_minus(uncertainties[index], 2),
            signals[index] or "not rated",
        )
        for index in milestones(days)
    )
    columns = (("Session", False), ("Score", True), ("±", True), ("Signal", False))
    return Table("Score and signal", columns, rows)


def _empty(name: str) -> HistoryChart:
    return HistoryChart(
        title=f"Score of {name}", description="There are no snapshots yet.", empty=True,
        sessions=0, height=0, base=0, levels=(), side="start", ticks=(), band="",
        line="", steps=(), end="", end_uncertainty="", end_y=0,
        table=Table("Score", (("Session", False), ("Score", True)), ()),
    )  # fmt: skip


def history_chart(
    days: Sequence[date],
    totals: Sequence[int | None],
    uncertainties: Sequence[int | None] = (),
    *,
    steps_at: Sequence[ChartStep] = (),
    signals: Sequence[str | None] = (),
    name: str = "",
) -> HistoryChart:
    """One snapshot a session, oldest first, in hundredths; None where the stock was not rated."""
    rated = [(index, total) for index, total in enumerate(totals) if total is not None]
    if not rated:
        return _empty(name)
    uncertainties = list(uncertainties) or [None] * len(days)
    ends = _band(totals, uncertainties)
    low, high = _range(ends)
    scale = Scale(low, high, TOP, BOTTOM)
    heights = {index: scale.y(total / 100) for index, total in rated}
    changes = sorted(
        (step for step in steps_at if step.index in heights), key=lambda step: step.index
    )
    levels = _levels(low, high, scale)
    drawn = [(share(index + 0.5, len(days)), y) for index, y in heights.items()]
    side = emptier_side(levels, drawn)
    (first, first_total), (last, last_total) = rated[0], rated[-1]
    return HistoryChart(
        title=f"Score of {name} over {plural(len(days), 'session')}",
        description=(
            f"A step line from {points(first_total, 2)} on {day(days[first])} to "
            f"{points(last_total, 2)} on {day(days[last])}, within the band of its uncertainty."
        ),
        empty=False,
        sessions=len(days),
        height=BOTTOM + 28,
        base=BOTTOM,
        levels=levels,
        side=side,
        ticks=time_ticks(days),
        band=_band_path(ends, scale),
        line=steps([None if total is None else total / 100 for total in totals], scale),
        steps=_dots(changes, days, heights, lambda width: axis_labels(levels, side, width)),
        end=points(last_total),
        end_uncertainty="" if not uncertainties[last] else plus_minus(uncertainties[last]),
        end_y=heights[last] + 4,
        table=_table(days, totals, uncertainties, list(signals) or [None] * len(days)),
    )
