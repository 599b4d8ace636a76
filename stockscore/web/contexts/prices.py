"""A year of prices: closes comparable over splits and dividends, their averages, and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.scoring import series
from stockscore.store.pages.stock import BarRow
from stockscore.web.charts import ChartEvent, price_chart
from stockscore.web.charts.price import PriceChart

SESSIONS = 252
"""A year of sessions, as the chart shows it."""

READ = SESSIONS + 250
"""Bars to read: the first average of 200 days and a settled RSI need those before the year."""

CSV_HEADER = ("session", "close", "adjusted_close", "sma50", "sma200", "rsi14", "volume", "event")


@dataclass(frozen=True, slots=True)
class Year:
    """The last year of one stock, one value a session, oldest first. `closes` are adjusted, `raw`
    are as traded; events are places in these series."""

    days: tuple[date, ...]
    raw: tuple[float, ...]
    closes: tuple[float, ...]
    sma50: tuple[float | None, ...]
    sma200: tuple[float | None, ...]
    rsi: tuple[float | None, ...]
    volumes: tuple[float | None, ...]
    events: tuple[series.Event, ...]


def year(bars: Sequence[BarRow]) -> Year:
    """The last `SESSIONS` of up to `READ` bars."""
    closes = series.adjusted([bar.close for bar in bars], [bar.adjustment for bar in bars])
    shown = slice(max(0, len(bars) - SESSIONS), None)
    first = shown.start
    return Year(
        days=tuple(bar.session for bar in bars[shown]),
        raw=tuple(bar.close for bar in bars[shown]),
        closes=tuple(closes[shown]),
        sma50=tuple(series.sma(closes, series.SHORT)[shown]),
        sma200=tuple(series.sma(closes, series.LONG)[shown]),
        rsi=tuple(series.rsi(closes)[shown]),
        volumes=tuple(bar.volume for bar in bars[shown]),
        events=tuple(
            series.Event(event.index - first, event.kind, event.direction)
            for event in series.events(closes)
            if event.index >= first
        ),
    )


def last_change(year: Year) -> float | None:
    """The last close against the one before, a fraction."""
    return year.closes[-1] / year.closes[-2] - 1 if len(year.closes) > 1 else None


def chart(year: Year, currency: str, name: str) -> PriceChart:
    """The chart of a year."""
    return price_chart(
        year.days,
        year.closes,
        year.sma50,
        year.sma200,
        year.volumes,
        [
            ChartEvent(event.index, series.EVENT_LABELS[event.kind], event.direction)
            for event in year.events
        ],
        currency=currency,
        name=name,
    )


def csv_rows(year: Year) -> list[tuple]:
    """One line a session, under `CSV_HEADER`."""
    happened: dict[int, list[str]] = {}
    for event in year.events:
        happened.setdefault(event.index, []).append(event.kind)
    columns = (
        year.days, year.raw, year.closes, year.sma50, year.sma200, year.rsi, year.volumes,
    )  # fmt: skip
    return [
        (*values, " ".join(happened.get(at, ())))
        for at, values in enumerate(zip(*columns, strict=True))
    ]
