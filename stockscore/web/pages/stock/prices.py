"""A stretch of prices: closes comparable over splits and dividends, averages, RSI, events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.scoring import series
from stockscore.store.pages.stock import BarRow

YEAR = 252
"""Sessions of a year."""

WARM_UP = 250
"""Bars before the first that is shown: the average of 200 days and a settled RSI need those."""


@dataclass(frozen=True, slots=True)
class ChartRange:
    """How far back a chart reaches, in sessions."""

    label: str
    sessions: int


RANGES = {
    "1m": ChartRange("1 month", 21),
    "3m": ChartRange("3 months", 63),
    "6m": ChartRange("6 months", 126),
    "1y": ChartRange("1 year", YEAR),
    "3y": ChartRange("3 years", 3 * YEAR),
    "5y": ChartRange("5 years", 5 * YEAR),
}
"""By the value of the parameter `range`."""

DEFAULT = "1y"

CSV_HEADER = ("session", "close", "adjusted_close", "sma50", "sma200", "rsi14", "volume", "event")


def bars_to_read(span: str) -> int:
    """Newest bars that a page over `span` needs; the outlook is of a year whatever the span."""
    return max(RANGES[span].sessions, YEAR) + WARM_UP


@dataclass(frozen=True, slots=True)
class Stretch:
    """The last sessions of one stock, one value a session, oldest first. `closes` are adjusted,
    `raw` are as traded; events are places in these series."""

    days: tuple[date, ...]
    raw: tuple[float, ...]
    closes: tuple[float, ...]
    sma50: tuple[float | None, ...]
    sma200: tuple[float | None, ...]
    rsi: tuple[float | None, ...]
    volumes: tuple[float | None, ...]
    events: tuple[series.Event, ...]


def stretch(bars: Sequence[BarRow], span: str = DEFAULT) -> Stretch:
    """The sessions of `span` at the end of up to `bars_to_read` bars."""
    return stretches(bars, span)[0]


def stretches(bars: Sequence[BarRow], *spans: str) -> list[Stretch]:
    """The same for several spans at once."""
    closes = series.adjusted([bar.close for bar in bars], [bar.adjustment for bar in bars])
    whole = Stretch(
        days=tuple(bar.session for bar in bars),
        raw=tuple(bar.close for bar in bars),
        closes=tuple(closes),
        sma50=tuple(series.sma(closes, series.SHORT)),
        sma200=tuple(series.sma(closes, series.LONG)),
        rsi=tuple(series.rsi(closes)),
        volumes=tuple(bar.volume for bar in bars),
        events=(),
    )
    events = series.events(whole.sma50, whole.sma200, whole.rsi)
    return [_end_of(whole, events, RANGES[span].sessions) for span in spans]


def _end_of(whole: Stretch, events: Sequence[series.Event], sessions: int) -> Stretch:
    """The last sessions, with their events."""
    first = max(0, len(whole.days) - sessions)
    return Stretch(
        days=whole.days[first:],
        raw=whole.raw[first:],
        closes=whole.closes[first:],
        sma50=whole.sma50[first:],
        sma200=whole.sma200[first:],
        rsi=whole.rsi[first:],
        volumes=whole.volumes[first:],
        events=tuple(
            series.Event(event.index - first, event.kind, event.direction)
            for event in events
            if event.index >= first
        ),
    )


def last_change(shown: Stretch) -> float | None:
    """The last close against the one before, a fraction."""
    return shown.closes[-1] / shown.closes[-2] - 1 if len(shown.closes) > 1 else None


def csv_rows(shown: Stretch) -> list[tuple]:
    """One line a session, under `CSV_HEADER`."""
    happened: dict[int, list[str]] = {}
    for event in shown.events:
        happened.setdefault(event.index, []).append(event.kind)
    columns = (
        shown.days, shown.raw, shown.closes, shown.sma50, shown.sma200, shown.rsi, shown.volumes,
    )  # fmt: skip
    return [
        (*values, " ".join(happened.get(index, ())))
        for index, values in enumerate(zip(*columns, strict=True))
    ]
