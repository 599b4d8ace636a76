"""Closing prices with two averages, volume and numbered events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.web.ui.charts.boxes import Box, axis_labels, emptier_side
from stockscore.web.ui.charts.events import ChartEvent, Marked, Spot, anchors, marked, room, stacked
from stockscore.web.ui.charts.labels import apart
from stockscore.web.ui.charts.lines import columns, line
from stockscore.web.ui.charts.scale import (
    DESK_WIDTH,
    PHONE_WIDTH,
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
from stockscore.web.ui.format import day, decimal, known, plural, price_places, volume

PLOT = 264
"""Pixels of the height of the price plot."""

TOP = 22.0
VOLUME = 50
END_GAP = 15
"""Pixels between two labels at the end of the lines."""

LINES = (("lead", "price"), ("sma50", "50 days"), ("sma200", "200 days"))
"""Class and name of each line."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class EndLabel:
    """The last value of a line, written beyond its end; `word` is left out on phones."""

    y: float
    text: str
    word: str
    line: str


@dataclass(frozen=True, slots=True)
class PriceChart:
    """`low` and `high` are the values at `bottom` and `top`."""

    title: str
    description: str
    empty: bool
    sessions: int
    height: int
    top: float
    bottom: float
    low: float
    high: float
    base: float
    levels: tuple[Level, ...]
    side: str
    ticks: tuple[TimeTick, ...]
    close: str
    alone: ChartPoint | None
    sma50: str
    sma200: str
    volume: str
    volume_label: str
    ends: tuple[EndLabel, ...]
    events: tuple[Marked, ...]
    table: Table


def _clean(values: Sequence[float | None], length: int) -> list[float | None]:
    """Not-a-number and infinite are missing; a shorter series is missing at its beginning."""
    known_values = [value if known(value) else None for value in values]
    return [None] * (length - len(known_values)) + known_values


def _alone(closes: Sequence[float | None], scale: Scale) -> ChartPoint | None:
    """The only known close, which no line can show."""
    known_at = [i for i, value in enumerate(closes) if value is not None]
    if len(known_at) != 1:
        return None
    return ChartPoint(share(known_at[0] + 0.5, len(closes)), scale.y(closes[known_at[0]]))


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _ends(
    series: Sequence[Sequence[float | None]], scale: Scale, places: int
) -> tuple[EndLabel, ...]:
    """The last close and the last of each average, moved apart."""
    lasts = [(_last(values), *names) for values, names in zip(series, LINES, strict=True)]
    shown = [last for last in lasts if last[0] is not None]
    placed = apart([scale.y(value) + 4 for value, _, _ in shown], END_GAP, scale.top, scale.bottom)
    return tuple(
        EndLabel(y, _short(value, places), word, name)
        for y, (value, name, word) in zip(placed, shown, strict=True)
    )


def _short(value: float, places: int) -> str:
    """Room beyond the plot is for eight characters."""
    return volume(value) if abs(value) >= 1e6 else decimal(value, places)


def _levels(values: Sequence[float], scale: Scale, currency: str) -> tuple[Level, ...]:
    places = step_places(values)
    labels = [_short(value, places) for value in values]
    labels[-1] = f"{labels[-1]} {currency}".rstrip()
    return tuple(Level(scale.y(v), label) for v, label in zip(values, labels, strict=True))


def _table(
    days: Sequence[date],
    series: Sequence[Sequence[float | None]],
    volumes: Sequence[float | None],
    places: int,
) -> Table:
    rows = tuple(
        (day(days[i]), *(decimal(values[i], places) for values in series), volume(volumes[i]))
        for i in milestones(days)
    )
    heads = (("Session", False), ("Close", True), ("50 days", True), ("200 days", True))
    return Table("Closing price, its averages and volume", (*heads, ("Volume", True)), rows)


def _description(
    days: Sequence[date], closes: Sequence[float | None], currency: str, places: int, events: int
) -> str:
    first, last = (
        next(i for i in order if closes[i] is not None)
        for order in (range(len(closes)), reversed(range(len(closes))))
    )
    known_closes = [value for value in closes if value is not None]
    events_text = (
        f"{plural(events, 'marked event')} listed under the chart."
        if events
        else "No marked events."
    )
    return (
        f"From {decimal(closes[first], places)} {currency} on {day(days[first])} to "
        f"{decimal(closes[last], places)} {currency} on {day(days[last])}; lowest "
        f"{decimal(min(known_closes), places)}, highest {decimal(max(known_closes), places)}. "
        f"{events_text}"
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    """The plot with its grid and its marks; `below`: room that marks need under it."""

    scale: Scale
    levels: tuple[Level, ...]
    side: str
    spots: list[Spot]
    below: float

    def labels(self, width: float) -> list[Box]:
        return axis_labels(self.levels, self.side, width)


def _plot(
    closes: Sequence[float | None],
    drawn_values: Sequence[float],
    events: Sequence[ChartEvent],
    currency: str,
) -> _Plot:
    """Placed twice: where marks stick out at the top, the plot moves down and they with it."""
    low, high = domain(drawn_values)
    top, plot = TOP, None
    for _ in range(2):
        scale = Scale(low, high, top, top + PLOT)
        levels = _levels(ticks_inside(low, high), scale, currency)
        drawn = [
            (share(i + 0.5, len(closes)), scale.y(v)) for i, v in enumerate(closes) if v is not None
        ]
        side = emptier_side(levels, drawn)
        spots = stacked(events, closes, scale, axis_labels(levels, side, PHONE_WIDTH))
        above, below = room(spots, scale)
        plot = _Plot(scale, levels, side, spots, below)
        top += above
    return plot


def _empty(name: str) -> PriceChart:
    return PriceChart(
        title=f"{name}, closing price", description="No prices are known.", empty=True,
        sessions=0, height=0, top=0, bottom=0, low=0, high=0, base=0, levels=(), side="start",
        ticks=(), close="", alone=None, sma50="", sma200="", volume="", volume_label="",
        ends=(), events=(),
        table=Table("Closing price", (("Session", False), ("Close", True)), ()),
    )  # fmt: skip


def price_chart(
    days: Sequence[date],
    closes: Sequence[float | None],
    sma50: Sequence[float | None] = (),
    sma200: Sequence[float | None] = (),
    volumes: Sequence[float | None] = (),
    events: Sequence[ChartEvent] = (),
    *,
    currency: str = "",
    name: str = "",
) -> PriceChart:
    """Series of one value a session, oldest first, None for a gap; the averages and the volumes may
    be shorter and then lack their beginning. Events at sessions without a close are left out."""
    length = len(days)
    closes, sma50, sma200, volumes = (_clean(s, length) for s in (closes, sma50, sma200, volumes))
    drawn_values = [v for series in (closes, sma50, sma200) for v in series if v is not None]
    if not any(value is not None for value in closes):
        return _empty(name)
    places = price_places([v for v in closes if v is not None])
    happened = [e for e in events if 0 <= e.index < length and closes[e.index] is not None]
    happened.sort(key=lambda event: event.index)
    plot = _plot(closes, drawn_values, happened, currency)
    scale = plot.scale
    alone = _alone(closes, scale)
    highest = max((v for v in volumes if v is not None), default=0)
    traded = highest > 0
    base = scale.bottom + plot.below + (14 + VOLUME if traded else 4)
    beside = anchors(plot.spots, closes, scale, plot.labels(DESK_WIDTH))
    return PriceChart(
        title=f"{name}, closing price and its averages over {plural(length, 'session')}",
        description=_description(days, closes, currency, places, len(happened)),
        empty=False,
        sessions=length,
        height=round(base + 26),
        top=scale.top,
        bottom=scale.bottom,
        low=scale.low,
        high=scale.high,
        base=round(base, 1),
        levels=plot.levels,
        side=plot.side,
        ticks=time_ticks(days),
        close="" if alone else line(closes, scale),
        alone=alone,
        sma50=line(sma50, scale),
        sma200=line(sma200, scale),
        volume=columns(volumes, Scale(0, highest, base - VOLUME + 6, base)) if traded else "",
        volume_label=f"Volume, highest {volume(highest)}" if traded else "",
        ends=_ends((closes, sma50, sma200), scale, places),
        events=marked(plot.spots, beside, days, closes, places),
        table=_table(days, (closes, sma50, sma200), volumes, places),
    )
