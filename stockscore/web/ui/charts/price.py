"""Closing prices with two averages, volume and numbered events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.web.ui.charts.events import ChartEvent, Marked, anchors, marked
from stockscore.web.ui.charts.labels import apart
from stockscore.web.ui.charts.lines import columns, finite, line
from stockscore.web.ui.charts.plot import plot_of, short_price
from stockscore.web.ui.charts.scale import (
    DESK_WIDTH,
    Level,
    Scale,
    TimeTick,
    milestones,
    share,
    time_ticks,
)
from stockscore.web.ui.components import Table
from stockscore.web.ui.format import day, decimal, plural, price_places, volume

VOLUME = 50
"""Pixels of the height of the volume."""

END_GAP = 15
"""Pixels between two labels at the end of the lines."""

LINES = (("lead", "price"), ("sma50", "50 days"), ("sma200", "200 days"))
"""Class and name of each line."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A place in a chart: x in per cent of its width, y in pixels."""

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
    """The chart as its macro draws it. `low` and `high` are the prices at the pixels `bottom` and
    `top`; `close`, `sma50`, `sma200` and `volume` are path data; `alone` is the only close where
    there is one."""

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
    lone_point: ChartPoint | None
    sma50: str
    sma200: str
    volume: str
    volume_label: str
    ends: tuple[EndLabel, ...]
    events: tuple[Marked, ...]
    table: Table


def _padded(values: Sequence[float | None], length: int) -> list[float | None]:
    """The values; a shorter series is missing at its beginning."""
    return [None] * (length - len(values)) + finite(values)


def _lone_point(closes: Sequence[float | None], scale: Scale) -> ChartPoint | None:
    """The only known close, which no line can show."""
    known = [(index, close) for index, close in enumerate(closes) if close is not None]
    if len(known) != 1:
        return None
    index, close = known[0]
    return ChartPoint(share(index + 0.5, len(closes)), scale.y(close))


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)


def _ends(
    series: Sequence[Sequence[float | None]], scale: Scale, places: int
) -> tuple[EndLabel, ...]:
    """The last close and the last of each average, moved apart."""
    last_values = [(_last(values), names) for values, names in zip(series, LINES, strict=True)]
    shown = [(value, names) for value, names in last_values if value is not None]
    heights = apart([scale.y(value) + 4 for value, _ in shown], END_GAP, scale.top, scale.bottom)
    return tuple(
        EndLabel(y, short_price(value, places), word, line_class)
        for y, (value, (line_class, word)) in zip(heights, shown, strict=True)
    )


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
    known = [(index, close) for index, close in enumerate(closes) if close is not None]
    (first, first_close), (last, last_close) = known[0], known[-1]
    values = [close for _, close in known]
    events_text = (
        f"{plural(events, 'marked event')} listed under the chart."
        if events
        else "No marked events."
    )
    return (
        f"From {decimal(first_close, places)} {currency} on {day(days[first])} to "
        f"{decimal(last_close, places)} {currency} on {day(days[last])}; lowest "
        f"{decimal(min(values), places)}, highest {decimal(max(values), places)}. {events_text}"
    )


def _with_closes(
    events: Sequence[ChartEvent], closes: Sequence[float | None]
) -> list[tuple[ChartEvent, float]]:
    """The events at sessions with a close, each with that close, oldest first."""
    return [
        (event, close)
        for event in sorted(events, key=lambda event: event.index)
        if 0 <= event.index < len(closes) and (close := closes[event.index]) is not None
    ]


def _empty(name: str) -> PriceChart:
    return PriceChart(
        title=f"{name}, closing price", description="No prices are known.", empty=True,
        sessions=0, height=0, top=0, bottom=0, low=0, high=0, base=0, levels=(), side="start",
        ticks=(), close="", lone_point=None, sma50="", sma200="", volume="", volume_label="",
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
    closes, sma50, sma200, volumes = (
        _padded(series, length) for series in (closes, sma50, sma200, volumes)
    )
    known_closes = [close for close in closes if close is not None]
    if not known_closes:
        return _empty(name)
    places = price_places(known_closes)
    drawn = [value for series in (closes, sma50, sma200) for value in series if value is not None]
    happened = _with_closes(events, closes)
    plot = plot_of(closes, drawn, happened, currency)
    scale = plot.scale
    lone_point = _lone_point(closes, scale)
    highest = max((value for value in volumes if value is not None), default=0)
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
        close="" if lone_point else line(closes, scale),
        lone_point=lone_point,
        sma50=line(sma50, scale),
        sma200=line(sma200, scale),
        volume=columns(volumes, Scale(0, highest, base - VOLUME + 6, base)) if traded else "",
        volume_label=f"Volume, highest {volume(highest)}" if traded else "",
        ends=_ends((closes, sma50, sma200), scale, places),
        events=marked(plot.spots, beside, days, places),
        table=_table(days, (closes, sma50, sma200), volumes, places),
    )
