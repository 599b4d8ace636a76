"""Small forms: a factor's bar, a scale with named zones, a sparkline, the heat of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stockscore.web.ui.charts.scale import share
from stockscore.web.ui.format import decimal, known, points

FULL = 2500
"""Hundredths of points a factor can have."""


@dataclass(frozen=True, slots=True)
class FactorBar:
    """Per cent of the track: solid to `low`, band to `high`, the `mark`, the median's triangle.
    `mark` is None for a factor that is not rated."""

    label: str
    mark: float | None
    low: float
    high: float
    median: float | None

    @property
    def band(self) -> float:
        """The width of the band, in per cent of the track."""
        return round(self.high - self.low, 2)


def factor_bar(
    name: str,
    value: int | None,
    uncertainty: int | None = None,
    median: int | None = None,
    *,
    full: int = FULL,
) -> FactorBar:
    """All in hundredths of points, out of `full`."""
    text = f"{name} {'not rated' if value is None else f'{points(value)} of {full // 100}'}"
    if value is not None and uncertainty:
        text += f", plus or minus {points(uncertainty, 2)}"
    if median is not None:
        text += f", sector median {points(median)}"
    margin = uncertainty or 0
    return FactorBar(
        label=text,
        mark=None if value is None else share(value, full),
        low=0.0 if value is None else share(max(0, value - margin), full),
        high=0.0 if value is None else share(min(full, value + margin), full),
        median=None if median is None else share(median, full),
    )


@dataclass(frozen=True, slots=True)
class NamedZone:
    """From `x` over `width` per cent; `slug` is one of the classes of the five zones."""

    x: float
    width: float
    name: str
    slug: str
    anchor: str
    label_x: float


@dataclass(frozen=True, slots=True)
class ZoneScale:
    """Three zones side by side with the borders between them, each (per cent of the width, value as
    written). `mark` is where the value stands, None where it is unknown."""

    label: str
    zones: tuple[NamedZone, ...]
    borders: tuple[tuple[float, str], ...]
    mark: float | None


def zone_scale(
    value: float | None,
    *,
    borders: tuple[float, float],
    names: tuple[str, str, str],
    low: float,
    high: float,
    label: str,
) -> ZoneScale:
    """A value on a scale that two borders cut into a bad, a middle and a good zone. A value beyond
    the ends stands at the end."""
    edges = [0.0, *(share(border - low, high - low) for border in borders), 100.0]
    slugs, anchors = ("sell", "hold", "buy"), ("start", "middle", "end")
    zones = tuple(
        NamedZone(
            left,
            round(right - left, 2),
            name,
            slug,
            anchor,
            {"start": 0, "end": 100}.get(anchor, (left + right) / 2),
        )
        for (left, right), name, slug, anchor in zip(
            pairwise(edges), names, slugs, anchors, strict=True
        )
    )
    number = value if known(value) else None
    text = f"{label} {decimal(value)}"
    if number is not None:
        name = names[sum(number >= border for border in borders)]
        text += f", {name}; borders {decimal(borders[0])} and {decimal(borders[1])}"
    return ZoneScale(
        label=text,
        zones=zones,
        borders=tuple((share(border - low, high - low), decimal(border)) for border in borders),
        mark=None if number is None else share(min(max(number, low), high) - low, high - low),
    )


SPARK_WIDTH, SPARK_HEIGHT = 66, 20


@dataclass(frozen=True, slots=True)
class Spark:
    """Points of a polyline in a box of SPARK_WIDTH by SPARK_HEIGHT pixels, and its last point."""

    points: str
    x: float
    y: float
    direction: str


def spark(values: Sequence[int | None], reach: int = 500) -> Spark | None:
    """The last totals (hundredths, oldest first) against the first of them, all sparklines of a
    table on one scale of `reach` up and down; None with fewer than two values."""
    known_values = [value for value in values if value is not None]
    if len(known_values) < 2:
        return None
    first, width = known_values[0], SPARK_WIDTH - 6
    spots = []
    for index, value in enumerate(known_values):
        part = min(1, max(-1, (value - first) / reach))
        x = 2 + width * index / (len(known_values) - 1)
        spots.append((round(x, 1), round(SPARK_HEIGHT / 2 - part * (SPARK_HEIGHT / 2 - 2.5), 1)))
    last = known_values[-1]
    return Spark(
        points=" ".join(f"{x},{y}" for x, y in spots),
        x=spots[-1][0],
        y=spots[-1][1],
        direction="up" if last > first else "down" if last < first else "flat",
    )


HEAT = {"total": (100, 250, 500), "factor": (50, 150, 300), "change": (30, 80, 200)}
"""Hundredths from the reference at which a cell takes the first, second and third step."""


def heat(value: int | None, reference: int | None, kind: str) -> str:
    """The class of a cell: "low-3" to "high-3", or "mid" near the reference and where unknown."""
    if value is None or reference is None:
        return "mid"
    level = sum(abs(value - reference) >= step for step in HEAT[kind])
    return "mid" if level == 0 else f"{'high' if value > reference else 'low'}-{level}"
