"""What the price has done: the charts of a range, with their events explained.

It describes; it never advises. All prices are the adjusted closes that the chart shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stockscore.scoring import series
from stockscore.store.pages.stock import BarRow
from stockscore.web.pages.stock import prices
from stockscore.web.pages.stock.outlook import Outlook, outlook
from stockscore.web.pages.stock.prices import RANGES, Stretch
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts import ChartEvent, price_chart, rsi_chart
from stockscore.web.ui.charts.crosshair import Crosshair, crosshair
from stockscore.web.ui.charts.price import PriceChart
from stockscore.web.ui.charts.rsi import RsiChart

MOST_MARKS = 14
"""Events that a chart of a phone's width has room for; where there are more, only the crossings of
the averages are marked, the newest of them."""

CROSSES = ("golden_cross", "death_cross")


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    """An event explained. `since` is what the price did from its close to the last, a fraction,
    None for an event of the last session."""

    number: int
    label: str
    direction: str
    day: str
    price: str
    since: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Technical:
    """The section on the price. `ranges` are links: (label, spoken label, url, is it shown)."""

    label: str
    ranges: tuple[tuple[str, str, str, bool], ...]
    note: str
    chart: PriceChart
    rsi: RsiChart
    crosshair: Crosshair | None
    events: tuple[ExplainedEvent, ...]
    events_note: str
    outlook: tuple[Outlook, ...]


def technical(bars: Sequence[BarRow], span: str, currency: str, name: str, url: str) -> Technical:
    """The section over the range `span` (a key of `RANGES`) of up to `bars_to_read` bars."""
    shown, year = prices.stretches(bars, span, prices.DEFAULT)
    marked, note = _marked(shown)
    chart = price_chart(
        shown.days,
        shown.closes,
        shown.sma50,
        shown.sma200,
        shown.volumes,
        [ChartEvent(e.index, series.EVENT_LABELS[e.kind], e.direction) for e in marked],
        currency=currency,
        name=name,
    )
    return Technical(
        label=RANGES[span].label,
        ranges=_range_links(span, url),
        note=_note(bars, shown, span),
        chart=chart,
        rsi=rsi_chart(shown.days, shown.rsi, name=name),
        crosshair=crosshair(
            chart, shown.days, shown.closes, shown.sma50, shown.sma200, shown.rsi, shown.volumes,
            currency,
        ),
        events=_explained_events(shown, marked),
        events_note=note,
        outlook=outlook(year, len(bars), currency),
    )  # fmt: skip


def _range_links(span: str, url: str) -> tuple[tuple[str, str, str, bool], ...]:
    return tuple(
        (
            key,
            chart_range.label,
            url if key == prices.DEFAULT else f"{url}?range={key}",
            key == span,
        )
        for key, chart_range in RANGES.items()
    )


def _note(bars: Sequence[BarRow], shown: Stretch, span: str) -> str:
    note = (
        "Closing prices, earlier ones adjusted for splits and dividends."
        if any(bar.adjustment != 1 for bar in bars)
        else "Closing prices."
    )
    if shown.days and len(shown.days) < RANGES[span].sessions:
        note += f" Prices are known since {fmt.day(shown.days[0])} only."
    return note


def _marked(shown: Stretch) -> tuple[list[series.Event], str]:
    """The events to number, oldest first, and a sentence on those that have no number."""
    if len(shown.events) <= MOST_MARKS:
        return list(shown.events), ""
    crosses = [event for event in shown.events if event.kind in CROSSES][-MOST_MARKS:]
    extremes = sum(event.kind not in CROSSES for event in shown.events)
    left_out = f"{fmt.plural(extremes, 'return')} of the RSI from its extremes in this time"
    hint = "are not numbered; a shorter range and the CSV have them."
    return crosses, f"{left_out} {hint}"


def _explained_events(shown: Stretch, marked: Sequence[series.Event]) -> tuple[ExplainedEvent, ...]:
    """The numbered events, newest first."""
    numbered, places = enumerate(marked, start=1), fmt.price_places(shown.closes)
    return tuple(_explained_event(shown, event, number, places) for number, event in numbered)[::-1]


def _explained_event(
    shown: Stretch, event: series.Event, number: int, places: int
) -> ExplainedEvent:
    index, last = event.index, len(shown.closes) - 1
    return ExplainedEvent(
        number=number,
        label=series.EVENT_LABELS[event.kind],
        direction=event.direction,
        day=fmt.day(shown.days[index]),
        price=fmt.decimal(shown.closes[index], places),
        since=None if index == last else shown.closes[-1] / shown.closes[index] - 1,
        text=explained(shown, event, places),
    )


def explained(shown: Stretch, event: series.Event, places: int) -> str:
    """What happened, with the values that make it an event; prices with so many decimals."""
    index = event.index
    if event.kind in CROSSES:
        short, long = (
            fmt.decimal(average[index], places) for average in (shown.sma50, shown.sma200)
        )
        rose = event.direction == "up"
        return (
            f"The average of 50 days {'rose above' if rose else 'fell below'} that of 200 days "
            f"({short}, {long}): the last months are {'dearer' if rose else 'cheaper'} than the "
            "year before them."
        )
    before = f" from {fmt.decimal(shown.rsi[index - 1], 1)}" if index else ""
    moved = f"{before} to {fmt.decimal(shown.rsi[index], 1)}"
    if event.kind == "rsi_oversold":
        return f"The RSI rose{moved} and left its oversold zone: the fall has lost its force."
    return f"The RSI fell{moved} and left its overbought zone: the rise has lost its force."


def as_data(bars: Sequence[BarRow], span: str) -> dict[str, Any]:
    """All events of the range, and where the price stands, as JSON."""
    shown, year = prices.stretches(bars, span, prices.DEFAULT)
    last = len(year.closes) > 0
    return {
        "range": span,
        "sma50": exports.number(year.sma50[-1]) if last else None,
        "sma200": exports.number(year.sma200[-1]) if last else None,
        "rsi14": exports.number(year.rsi[-1]) if last else None,
        "year_high": exports.number(max(year.closes)) if last else None,
        "year_low": exports.number(min(year.closes)) if last else None,
        "events": [
            {
                "session": exports.day(shown.days[event.index]),
                "kind": event.kind,
                "direction": event.direction,
                "adjusted_close": exports.number(shown.closes[event.index]),
                "change_since": exports.number(shown.closes[-1] / shown.closes[event.index] - 1),
            }
            for event in shown.events
        ],
    }
