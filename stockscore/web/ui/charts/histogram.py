"""How the scores of a market are distributed, over the rule as its axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.web.ui.charts.scale import Level, Scale, share, ticks
from stockscore.web.ui.charts.zones import ZONES, zone_at
from stockscore.web.ui.components import Table
from stockscore.web.ui.format import count, plural, points

TOP, BASE = 60, 282
FIRST, LAST = 15, 90
"""The axis shows at least this much, so that the names of the outer zones have room on a phone."""


@dataclass(frozen=True, slots=True)
class HistogramBlock:
    """A bar: `x` and `width` in per cent of the axis, `y` and `height` in pixels, and the slug of
    its zone."""

    x: float
    width: float
    y: float
    height: float
    zone: str


@dataclass(frozen=True, slots=True)
class ZoneHead:
    """The name of a zone and how many stocks have its signal, over its part of the axis."""

    x: float
    name: str
    slug: str
    count: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """The chart as its macro draws it, over an axis from `low` to `high` points. `numbers` are (x
    in per cent, points), `ticks` and `fine_ticks` path data; `long_counts`: some signal has 1,000
    stocks or more, so that the counts need smaller type."""

    title: str
    description: str
    empty: bool
    low: int
    high: int
    blocks: tuple[HistogramBlock, ...]
    zones: tuple[ZoneHead, ...]
    borders: tuple[float, ...]
    levels: tuple[Level, ...]
    numbers: tuple[tuple[float, int], ...]
    fine_ticks: str
    ticks: str
    median: float | None
    median_label: str
    long_counts: bool
    table: Table


def _extent(counts: Sequence[int], step: float) -> tuple[int, int]:
    """First and last point of the axis: tens that hold every stock, and FIRST to LAST at least."""
    filled = [index for index, number in enumerate(counts) if number]
    lowest = min((index * step for index in filled), default=FIRST)
    highest = max(((index + 1) * step for index in filled), default=LAST)
    low = FIRST if lowest >= FIRST else int(lowest // 5 * 5)
    high = LAST if highest <= LAST else min(100, int(-(-highest // 5) * 5))
    return low, high


def _table(counts: Sequence[int], step: float) -> Table:
    rows = tuple(
        (
            f"{points(round(100 * index * step))} to {points(round(100 * (index + 1) * step))}",
            count(number),
            zone_at(index * step).name,
        )
        for index, number in enumerate(counts)
        if number
    )
    columns = (("Score", False), ("Stocks", True), ("Zone", False))
    return Table("Rated stocks by score", columns, rows)


def _heads(signals: Mapping[str, int], low: int, high: int) -> tuple[ZoneHead, ...]:
    heads = []
    for zone in ZONES:
        middle = (max(zone.low, low) + min(zone.high, high)) / 2
        number = count(signals.get(zone.name, 0))
        heads.append(ZoneHead(share(middle - low, high - low), zone.name, zone.slug, number))
    return tuple(heads)


def _description(counts: Sequence[int], signals: Mapping[str, int], median: int | None) -> str:
    if not any(counts):
        return "No stock is rated yet."
    by_signal = ", ".join(f"{zone.name} {count(signals.get(zone.name, 0))}" for zone in ZONES)
    middle = "" if median is None else f"The median is {points(median)}. "
    return f"{middle}Stocks by signal: {by_signal}. The table below the chart has every bar."


def _blocks(
    counts: Sequence[int], width: float, low: int, high: int, scale: Scale
) -> tuple[HistogramBlock, ...]:
    return tuple(
        HistogramBlock(
            x=share(index * width - low, high - low),
            width=share(width, high - low),
            y=scale.y(number),
            height=round(BASE - scale.y(number), 1),
            zone=zone_at(index * width).slug,
        )
        for index, number in enumerate(counts)
        if number
    )


def _levels(values: Sequence[float], scale: Scale) -> tuple[Level, ...]:
    """The grid above the base; its top names what is counted."""
    levels = [Level(scale.y(value), count(round(value))) for value in values[1:]]
    return (*levels[:-1], Level(levels[-1].y, f"{levels[-1].label} stocks"))


def histogram(
    counts: Sequence[int],
    *,
    step: int = 250,
    median: int | None = None,
    signals: Mapping[str, int] | None = None,
) -> Histogram:
    """`counts` of rated stocks in steps of `step` hundredths from 0; `median` in hundredths;
    `signals` how many stocks have each signal."""
    signals = signals or {}
    width = step / 100
    low, high = _extent(counts, width)
    values = ticks(0, max([*counts, 4]), 5)
    scale = Scale(0, values[-1], TOP, BASE)
    return Histogram(
        title=f"How the scores of {plural(sum(counts), 'stock')} are distributed",
        description=_description(counts, signals, median),
        empty=not any(counts),
        low=low,
        high=high,
        blocks=_blocks(counts, width, low, high, scale),
        zones=_heads(signals, low, high),
        borders=tuple(share(zone.low - low, high - low) for zone in ZONES[1:]),
        levels=_levels(values, scale),
        numbers=tuple(
            (share(n - low, high - low), n) for n in range(-(-low // 10) * 10, high + 1, 10)
        ),
        fine_ticks="".join(f"M{n} 0V5" for n in range(low, high + 1) if n % 5),
        ticks="".join(f"M{n} 0V{9 if n % 10 else 14}" for n in range(low, high + 1) if not n % 5),
        median=None if median is None else share(median / 100 - low, high - low),
        median_label="" if median is None else f"Median {points(median)}",
        long_counts=any(number >= 1000 for number in signals.values()),
        table=_table(counts, width),
    )
