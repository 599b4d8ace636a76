"""The plot of a price chart: its scale, its grid, and where the marks of events stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.web.ui.charts.boxes import Box, axis_labels, emptier_side
from stockscore.web.ui.charts.events import ChartEvent, Spot, room, stacked
from stockscore.web.ui.charts.scale import (
    PHONE_WIDTH,
    Level,
    Scale,
    domain,
    share,
    step_places,
    ticks_inside,
)
from stockscore.web.ui.format import decimal, volume

PLOT = 264
"""Pixels of the height of the price plot."""

TOP = 22.0


@dataclass(frozen=True, slots=True)
class Plot:
    """The plot with its grid and its marks. `side` is where the labels of the grid stand ("start"
    or "end"), `below` the room in pixels that marks need under the plot."""

    scale: Scale
    levels: tuple[Level, ...]
    side: str
    spots: list[Spot]
    below: float

    def labels(self, width: float) -> list[Box]:
        """What the labels of the grid take up in a chart of this width."""
        return axis_labels(self.levels, self.side, width)


def plot_of(
    closes: Sequence[float | None],
    drawn: Sequence[float],
    events: Sequence[tuple[ChartEvent, float]],
    currency: str,
) -> Plot:
    """The plot for all values that are `drawn`, of closes and averages, with the events, each with
    its close. Where marks stick out at the top, the plot moves down and they with it."""
    plot, above = _plot_from(TOP, closes, drawn, events, currency)
    return _plot_from(TOP + above, closes, drawn, events, currency)[0] if above else plot


def _plot_from(
    top: float,
    closes: Sequence[float | None],
    drawn: Sequence[float],
    events: Sequence[tuple[ChartEvent, float]],
    currency: str,
) -> tuple[Plot, float]:
    """The plot from a height on, and the pixels by which marks stick out above it."""
    low, high = domain(drawn)
    scale = Scale(low, high, top, top + PLOT)
    levels = _levels(ticks_inside(low, high), scale, currency)
    line = [
        (share(index + 0.5, len(closes)), scale.y(close))
        for index, close in enumerate(closes)
        if close is not None
    ]
    side = emptier_side(levels, line)
    spots = stacked(events, len(closes), scale, axis_labels(levels, side, PHONE_WIDTH))
    above, below = room(spots, scale)
    return Plot(scale, levels, side, spots, below), above


def _levels(values: Sequence[float], scale: Scale, currency: str) -> tuple[Level, ...]:
    """The grid; its topmost label names the currency."""
    places = step_places(values)
    labels = [short_price(value, places) for value in values]
    labels[-1] = f"{labels[-1]} {currency}".rstrip()
    return tuple(Level(scale.y(value), label) for value, label in zip(values, labels, strict=True))


def short_price(value: float, places: int) -> str:
    """A price in at most eight characters, because that is the room beyond the plot."""
    return volume(value) if abs(value) >= 1e6 else decimal(value, places)
