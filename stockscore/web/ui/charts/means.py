"""A mean over time within its confidence interval, as it was at each look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.web.ui.charts.boxes import emptier_side
from stockscore.web.ui.charts.lines import band, steps
from stockscore.web.ui.charts.scale import (
    Level,
    Scale,
    TimeTick,
    domain,
    milestones,
    share,
    step_places,
    ticks_inside,
    time_ticks,
)
from stockscore.web.ui.components import Table
from stockscore.web.ui.format import day, decimal, plural, signed_decimal

TOP, BOTTOM = 24, 270
MOST = 240
"""Looks that are drawn at most."""

COLUMNS = (("Session", False), ("Mean", True), ("From", True), ("To", True))


_NO_TABLE = Table("Means", COLUMNS, ())


@dataclass(frozen=True, slots=True)
class MeanChart:
    """The chart as its macro draws it; the level that is a border is zero."""

    title: str
    description: str
    empty: bool
    sessions: int = 0
    height: int = 0
    base: int = 0
    levels: tuple[Level, ...] = ()
    side: str = "start"
    ticks: tuple[TimeTick, ...] = ()
    band: str = ""
    line: str = ""
    end: str = ""
    end_half: str = ""
    end_y: float = 0
    table: Table = _NO_TABLE


def mean_chart(
    days: Sequence[date],
    means: Sequence[float],
    halves: Sequence[float],
    *,
    name: str,
    nothing: str,
) -> MeanChart:
    """One mean a session with half the width of its interval, oldest first; without any the
    sentence `nothing` stands for the chart."""
    if not days:
        return MeanChart(name, nothing, empty=True)
    shown = _shown(len(days))
    own = [days[index] for index in shown]
    lows = [means[index] - halves[index] for index in shown]
    highs = [means[index] + halves[index] for index in shown]
    middles = [means[index] for index in shown]
    low, high = domain([*lows, *highs, 0.0])
    scale = Scale(low, high, TOP, BOTTOM)
    levels = _levels(low, high, scale)
    drawn = [(share(index + 0.5, len(own)), scale.y(mean)) for index, mean in enumerate(middles)]
    return MeanChart(
        title=f"{name}, {plural(len(days), 'look')}",
        description=(
            f"The mean so far was {signed_decimal(means[0], 3)} on {day(days[0])} and is "
            f"{signed_decimal(means[-1], 3)} on {day(days[-1])}, with an interval from "
            f"{signed_decimal(lows[-1], 3)} to {signed_decimal(highs[-1], 3)}, "
            f"which {'covers' if lows[-1] <= 0 <= highs[-1] else 'excludes'} zero."
        ),
        empty=False,
        sessions=len(own),
        height=BOTTOM + 28,
        base=BOTTOM,
        levels=levels,
        side=emptier_side(levels, drawn),
        ticks=time_ticks(own),
        band=band(lows, highs, scale),
        line=steps(middles, scale),
        end=signed_decimal(means[-1], 3),
        end_half=f"± {decimal(halves[-1], 3)}",
        end_y=scale.y(means[-1]) + 4,
        table=_table(own, middles, lows, highs, name),
    )


def _shown(count: int) -> list[int]:
    """The looks that are drawn: all if few, else so many at equal distances up to the newest."""
    step = -(-count // MOST)
    return list(range((count - 1) % step, count, step))


def _levels(low: float, high: float, scale: Scale) -> tuple[Level, ...]:
    values = ticks_inside(low, high)
    places = step_places(values)
    return tuple(
        Level(scale.y(value), decimal(value, places), border=value == 0) for value in values
    )


def _table(
    days: Sequence[date],
    means: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    name: str,
) -> Table:
    rows = tuple(
        (day(days[index]), *(signed_decimal(own[index], 3) for own in (means, lows, highs)))
        for index in milestones(days)
    )
    return Table(name, COLUMNS, rows)
