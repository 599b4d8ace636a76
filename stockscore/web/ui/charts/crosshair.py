"""The values of every session for the crosshair, which reads a chart by pointer and by keys.

They go into the page with the chart, as short as they can be: each series is a list of differences
from the last known value, in the smallest unit that is written; null where nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from stockscore.web.ui.charts.lines import finite
from stockscore.web.ui.charts.price import PriceChart
from stockscore.web.ui.format import day, decimal, in_units, known, price_places, volume

FIGURES = 3
"""Figures of a volume that are kept: no more are written."""


@dataclass(frozen=True, slots=True)
class CrosshairReading:
    """One value as written under its name; `key` names its series."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Crosshair:
    """`data` is what the script reads; `day` and `readings` are the last session, as the page says
    it until another is chosen."""

    data: dict[str, Any]
    day: str
    readings: tuple[CrosshairReading, ...]


def differences(values: Sequence[float | None], places: int) -> list[int | None]:
    """10.00, 10.01, None, 9.99 with two places -> 1000, 1, None, −2."""
    found: list[int | None] = []
    last = 0
    for value in finite(values):
        if value is None:
            found.append(None)
            continue
        now = in_units(value, places)
        found.append(now - last)
        last = now
    return found


def _short(value: float | None) -> float | None:
    return float(f"{value:.{FIGURES}g}") if known(value) else None


def crosshair(
    chart: PriceChart,
    days: Sequence[date],
    closes: Sequence[float | None],
    sma50: Sequence[float | None],
    sma200: Sequence[float | None],
    rsi: Sequence[float | None],
    volumes: Sequence[float | None],
    currency: str,
) -> Crosshair | None:
    """Series of one value a session, oldest first, all of one length; None without a chart."""
    if chart.empty:
        return None
    places = price_places([value for value in closes if known(value)])
    traded = [_short(value) for value in volumes]
    return Crosshair(
        data={
            "first": days[0].isoformat(),
            "gaps": [(later - earlier).days for earlier, later in pairwise(days)],
            "places": places,
            "currency": currency,
            "close": differences(closes, places),
            "sma50": differences(sma50, places),
            "sma200": differences(sma200, places),
            "rsi": differences(rsi, 1),
            "volume": differences(traded, 0),
            "low": chart.low,
            "high": chart.high,
            "top": chart.top,
            "bottom": chart.bottom,
        },
        day=day(days[-1]),
        readings=(
            CrosshairReading(
                "close", "Close", f"{decimal(closes[-1], places)} {currency}".rstrip()
            ),
            CrosshairReading("sma50", "50 days", decimal(sma50[-1], places)),
            CrosshairReading("sma200", "200 days", decimal(sma200[-1], places)),
            CrosshairReading("rsi", "RSI", decimal(rsi[-1], 1)),
            CrosshairReading("volume", "Volume", volume(traded[-1])),
        ),
    )
