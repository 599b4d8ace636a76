"""The relative strength index under a price chart, on the same sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.scoring.series import OVERBOUGHT, OVERSOLD
from stockscore.web.ui.charts.boxes import emptier_side
from stockscore.web.ui.charts.lines import finite, line
from stockscore.web.ui.charts.scale import Level, Scale, TimeTick, milestones, share, time_ticks
from stockscore.web.ui.components import Table
from stockscore.web.ui.format import day, decimal, plural

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
    values = finite(values)
    readings = [(index, value) for index, value in enumerate(values) if value is not None]
    title = f"{name}, RSI of 14 days"
    if not readings:
        return _empty(title)
    scale = Scale(0, 100, TOP, TOP + PLOT)
    levels = (
        Level(scale.y(OVERBOUGHT), f"{OVERBOUGHT:.0f}"),
        Level(scale.y(OVERSOLD), f"{OVERSOLD:.0f}"),
    )
    drawn = [(share(index + 0.5, len(days)), scale.y(value)) for index, value in readings]
    _, last = readings[-1]
    return RsiChart(
        title=title,
        description=_description(days, readings),
        empty=False,
        sessions=len(days),
        height=TOP + PLOT + 26,
        top=TOP,
        base=TOP + PLOT,
        levels=levels,
        side=emptier_side(levels, drawn),
        ticks=time_ticks(days),
        line=line(values, scale),
        end=decimal(last, 1),
        end_y=scale.y(last) + 4,
        table=_table(days, values),
    )


def _description(days: Sequence[date], readings: Sequence[tuple[int, float]]) -> str:
    index, last = readings[-1]
    values = [value for _, value in readings]
    zones = [zone(value) for value in values]
    where = "between 30 and 70" if zone(last) == "between" else zone(last)
    return (
        f"{decimal(last, 1)} on {day(days[index])}, {where}; lowest "
        f"{decimal(min(values), 1)}, highest {decimal(max(values), 1)}. Above 70 on "
        f"{plural(zones.count('overbought'), 'session')}, below 30 on "
        f"{plural(zones.count('oversold'), 'session')}."
    )


def _table(days: Sequence[date], values: Sequence[float | None]) -> Table:
    shown = [(days[index], values[index]) for index in milestones(days)]
    rows = tuple(
        (day(session), decimal(value, 1), "unknown" if value is None else zone(value))
        for session, value in shown
    )
    return Table("RSI of 14 days", COLUMNS, rows)
