"""The four factors as a shape: value up, quality right, momentum down, health left."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.scoring.method import FACTOR_LABELS, FACTORS
from stockscore.web.ui.charts.bars import FULL
from stockscore.web.ui.components import Table
from stockscore.web.ui.format import points, words

SIZE = 260
CENTRE = SIZE / 2
REACH = 92
RINGS = (0.25, 0.5, 0.75, 1.0)
NOT_RATED = "not rated"


@dataclass(frozen=True, slots=True)
class Axis:
    """One factor: the end of its line, and its label there."""

    name: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One stock, or a median. `outline` closes through the factors that are rated, `dots` stand on
    each of them. `place`, counted from 0, chooses the style of its line and its marks."""

    name: str
    place: int
    outline: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """The chart as its macro draws it, in a square of `size`. `rings` are outlines of quarters of a
    factor's points."""

    title: str
    description: str
    size: int
    centre: float
    rings: tuple[str, ...]
    axes: tuple[Axis, ...]
    shapes: tuple[Shape, ...]
    table: Table


def radar(series: Sequence[tuple[str, Mapping[str, int | None]]]) -> Radar:
    """Factor points (hundredths) of one or more, each a (name, points by factor)."""
    shapes = tuple(_shape(name, place, factors) for place, (name, factors) in enumerate(series))
    names = " and ".join(name for name, _ in series)
    return Radar(
        title=f"The four factors of {names}",
        description=" ".join(_sentence(name, factors) for name, factors in series),
        size=SIZE,
        centre=CENTRE,
        rings=tuple(
            _closed([_point(index, ring) for index in range(len(FACTORS))]) for ring in RINGS
        ),
        axes=tuple(_axis(index, FACTOR_LABELS[key]) for index, key in enumerate(FACTORS)),
        shapes=shapes,
        table=Table(
            "Factor points, out of 25 each",
            (("Factor", False), *((name, True) for name, _ in series)),
            tuple(
                (FACTOR_LABELS[key], *(_written(factors.get(key)) for _, factors in series))
                for key in FACTORS
            ),
        ),
    )


def _written(value: int | None) -> str:
    return NOT_RATED if value is None else points(value)


def _sentence(name: str, factors: Mapping[str, int | None]) -> str:
    parts = ", ".join(
        f"{FACTOR_LABELS[key].lower()} {_written(factors.get(key))}" for key in FACTORS
    )
    return f"{name}: {parts}, of {words(FULL // 100)} each."


def _shape(name: str, place: int, factors: Mapping[str, int | None]) -> Shape:
    dots = tuple(
        _point(index, min(max(value, 0), FULL) / FULL)
        for index, key in enumerate(FACTORS)
        if (value := factors.get(key)) is not None
    )
    return Shape(name, place, _closed(dots), dots)


def _point(index: int, share: float) -> tuple[float, float]:
    angle = math.tau * index / len(FACTORS) - math.pi / 2
    return (
        round(CENTRE + REACH * share * math.cos(angle), 1),
        round(CENTRE + REACH * share * math.sin(angle), 1),
    )


def _closed(dots: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in dots)


def _axis(index: int, name: str) -> Axis:
    x, y = _point(index, 1.0)
    gap = (0, -10), (8, 4), (0, 20), (-8, 4)
    dx, dy = gap[index]
    return Axis(name, x, y, x + dx, y + dy, ("middle", "start", "middle", "end")[index])
