"""Returns of groups in order, as columns on both sides of zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.web.ui.charts.scale import Scale, share
from stockscore.web.ui.components import Table
from stockscore.web.ui.format import signed_percent

TOP, BOTTOM = 22, 168
WIDTH = 0.62
"""Of a column, of the room that it has."""


@dataclass(frozen=True, slots=True)
class GroupColumn:
    """A column: x and widths in per cent, y and heights in pixels."""

    x: float
    width: float
    middle: float
    y: float
    height: float
    value: str
    value_y: float
    name: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class GroupChart:
    """The chart as its macro draws it; `zero` is the height of the line of zero."""

    title: str
    description: str
    empty: bool
    height: int
    zero: float
    columns: tuple[GroupColumn, ...]
    table: Table


def group_chart(
    names: Sequence[str], values: Sequence[float], *, title: str, places: int = 1
) -> GroupChart:
    """One column a group, with fractions as percentages; the last group is set off."""
    rows = tuple(
        (name, signed_percent(value, places)) for name, value in zip(names, values, strict=True)
    )
    table = Table(title, (("Group", False), ("Return", True)), rows)
    if not names:
        return GroupChart(title, "There are no returns yet.", True, 0, 0, (), table)
    low, high = min(0.0, *values), max(0.0, *values)
    # Room for what is written beyond a column on the side that has one.
    top, bottom = TOP, BOTTOM - (18 if low < 0 else 0)
    scale = Scale(low, high if high > low else low + 1, top, bottom)
    zero = scale.y(0)
    columns = []
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        y = scale.y(value)
        columns.append(
            GroupColumn(
                x=share(place + (1 - WIDTH) / 2, len(names)),
                width=share(WIDTH, len(names)),
                middle=share(place + 0.5, len(names)),
                y=min(y, zero),
                height=round(max(1.0, abs(zero - y)), 1),
                value=signed_percent(value, places),
                value_y=y - 6 if value >= 0 else y + 15,
                name=name,
                is_lead=place == len(names) - 1,
            )
        )
    said = ", ".join(f"{name} {written}" for name, written in rows)
    return GroupChart(title, f"{said}.", False, BOTTOM + 22, zero, tuple(columns), table)
