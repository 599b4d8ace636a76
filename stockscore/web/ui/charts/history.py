"""What was said of a stock: its score as a step line within its band."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def _range(totals: Sequence[int | None], reach: Sequence[int | None]) -> tuple[int, int]:
    """Points at the ends of the axis: tens around everything drawn, at least 20 apart."""
    pairs = [(t, r or 0) for t, r in zip(totals, reach, strict=True) if t is not None]
    low = max(0, min(t - r for t, r in pairs)) // 1000 * 10
    high = -(-min(10_000, max(t + r for t, r in pairs)) // 1000) * 10
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
    marks = [
        n
        for n in range(low, high + 1, every)
        if all(n == b or abs(n - b) > crowded for b in borders)
    ]
    levels = [
        Level(scale.y(n), f"{n} {begins[n]}", border=True, more=" from here")
        if n in begins
        else Level(scale.y(n), str(n), border=False)
        for n in sorted({*marks, *borders})
    ]
    if not levels[-1].border:
        levels[-1] = Level(levels[-1].y, f"{levels[-1].label} points", border=False)
    return tuple(levels)


def _band(totals: Sequence[int | None], reach: Sequence[int | None], scale: Scale) -> str:
    """What missing data could have changed, cut at the ends of the scale."""
    pairs = list(zip(totals, reach, strict=True))
    lows = [None if t is None else max(0, t - (r or 0)) / 100 for t, r in pairs]
    highs = [None if t is None else min(10_000, t + (r or 0)) / 100 for t, r in pairs]
    return band(lows, highs, scale)


def _dots(
    changes: Sequence[ChartStep],
    days: Sequence[date],
    totals: Sequence[int | None],
    scale: Scale,
    labels: Callable[[float], list[Box]],
) -> tuple[Dot, ...]:
    """Dots on the line at their sessions; one that would touch another or a label of the grid on a
    phone moves up. `labels` gives the boxes of the grid's labels at a width."""
    placed: list[tuple[ChartStep, float, float]] = []
    taken = labels(PHONE_WIDTH)
    for change in changes:
        x, y = share(change.index + 0.5, len(days)), scale.y(totals[change.index] / 100)
        while hits(around(x / 100 * PHONE_WIDTH, y, DOT), taken):
            y -= 3
        taken.append(around(x / 100 * PHONE_WIDTH, y, DOT))
        placed.append((change, x, round(y, 1)))
    wide = [*labels(DESK_WIDTH), *(around(x / 100 * DESK_WIDTH, y, DOT) for _, x, y in placed)]
    heights = [None if total is None else scale.y(total / 100) for total in totals]
    free = clear_of(heights, DESK_WIDTH)
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
    reach: Sequence[int | None],
    signals: Sequence[str | None],
) -> Table:
    rows = tuple(
        (
            day(days[i]),
            "not rated" if totals[i] is None else points(totals[i], 2),
            "" if totals[i] is None else plus_minus(reach[i], 2),
            signals[i] or "not rated",
        )
        for i in milestones(days)
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
    rated = [i for i, total in enumerate(totals) if total is not None]
    if not rated:
        return _empty(name)
    reach = list(uncertainties) or [None] * len(days)
    low, high = _range(totals, reach)
    scale = Scale(low, high, TOP, BOTTOM)
    values = [None if total is None else total / 100 for total in totals]
    first, last = rated[0], rated[-1]
    changes = sorted((s for s in steps_at if s.index in set(rated)), key=lambda step: step.index)
    levels = _levels(low, high, scale)
    drawn = [(share(i + 0.5, len(days)), scale.y(values[i])) for i in rated]
    side = emptier_side(levels, drawn)
    return HistoryChart(
        title=f"Score of {name} over {plural(len(days), 'session')}",
        description=(
            f"A step line from {points(totals[first], 2)} on {day(days[first])} to "
            f"{points(totals[last], 2)} on {day(days[last])}, within the band of its uncertainty."
        ),
        empty=False,
        sessions=len(days),
        height=BOTTOM + 28,
        base=BOTTOM,
        levels=levels,
        side=side,
        ticks=time_ticks(days),
        band=_band(totals, reach, scale),
        line=steps(values, scale),
        steps=_dots(changes, days, totals, scale, lambda width: axis_labels(levels, side, width)),
        end=points(totals[last]),
        end_uncertainty="" if not reach[last] else plus_minus(reach[last]),
        end_y=scale.y(totals[last] / 100) + 4,
        table=_table(days, totals, reach, list(signals) or [None] * len(days)),
    )
