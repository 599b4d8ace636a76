"""The relative strength index under a price chart, on the same sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.scoring.series import OVERBOUGHT, OVERSOLD
from stockscore.web.ui.charts.boxes import emptier_side
from stockscore.web.ui.charts.lines import line
from stockscore.web.ui.charts.scale import Level, Scale, TimeTick, milestones, share, time_ticks
from stockscore.web.ui.components import Table
from stockscore.web.ui.format import day, decimal, known, plural

TOP, PLOT = 6, 92


@dataclass(frozen=True, slots=True)
class RsiChart:
    """`levels` are the borders of the two zones; the upper one reaches from `top` to the first of
    them, the lower one from the last to `base`."""

    title: str
    description: str
    empty: bool
    sessions: int
    height: int
    top: int
    base: int
    levels: tuple[Level, ...]
    side: str
    ticks: tuple[TimeTick, ...]
    line: str
    end: str
    end_y: float
    table: Table


COLUMNS = (("Session", False), ("RSI", True), ("Zone", False))


def zone(value: float) -> str:
    """What an index is called."""
    if value < OVERSOLD:
        return "oversold"
    return "overbought" if value > OVERBOUGHT else "between"


def _empty(title: str) -> RsiChart:
    return RsiChart(
        title=title, description="There are too few sessions for an RSI of 14 days; it needs 15.",
        empty=True, sessions=0, height=0, top=0, base=0, levels=(), side="start", ticks=(),
        line="", end="", end_y=0, table=Table("RSI of 14 days", COLUMNS, ()),
    )  # fmt: skip


def rsi_chart(days: Sequence[date], values: Sequence[float | None], *, name: str = "") -> RsiChart:
    """One value (0 to 100) a session, oldest first; None where there are too few bars before."""
    readings = [(index, value) for index, value in enumerate(values) if known(value)]
    title = f"{name}, RSI of 14 days"
    if not readings:
        return _empty(title)
    scale = Scale(0, 100, TOP, TOP + PLOT)
    levels = (
        Level(scale.y(OVERBOUGHT), f"{OVERBOUGHT:.0f}"),
        Level(scale.y(OVERSOLD), f"{OVERSOLD:.0f}"),
    )
    last, value = readings[-1]
    only = [reading for _, reading in readings]
    beyond = [
        sum(zone(reading) == where for reading in only) for where in ("overbought", "oversold")
    ]
    zone_text = {"between": "between 30 and 70"}.get(zone(value), zone(value))
    rows = tuple(
        (day(days[i]), decimal(values[i], 1), zone(values[i]) if known(values[i]) else "unknown")
        for i in milestones(days)
    )
    return RsiChart(
        title=title,
        description=(
            f"{decimal(value, 1)} on {day(days[last])}, {zone_text}; lowest "
            f"{decimal(min(only), 1)}, highest {decimal(max(only), 1)}. Above 70 on "
            f"{plural(beyond[0], 'session')}, below 30 on {plural(beyond[1], 'session')}."
        ),
        empty=False,
        sessions=len(days),
        height=TOP + PLOT + 26,
        top=TOP,
        base=TOP + PLOT,
        levels=levels,
        side=emptier_side(levels, [(share(i + 0.5, len(days)), scale.y(v)) for i, v in readings]),
        ticks=time_ticks(days),
        line=line(values, scale),
        end=decimal(value, 1),
        end_y=scale.y(value) + 4,
        table=Table("RSI of 14 days", COLUMNS, rows),
    )
