"""Where labels stand, so that none covers another, leaves the chart, or is crossed by a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import floor

from stockscore.web.ui.charts.scale import CHARACTER, GAP, PHONE_WIDTH

ROWS = 3
ANCHORS = ("middle", "end", "start")
OFFSET = 5
"""Pixels between a mark and the label beside it."""
LEAST_OFFSET = 2
"""What is left of them where the label would leave the chart."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A label on a mark: `x` in per cent, `row` counted upwards from the scale. Its mark reaches
    up to the row."""

    x: float
    text: str
    row: int
    anchor: str
    dx: int


def extent(x: float, text: str, anchor: str, width: float) -> tuple[float, float]:
    """Left and right end in pixels of a label on a mark at `x` per cent of a chart's width."""
    middle, length = x / 100 * width, len(text) * CHARACTER
    left = middle + _shift(x, text, anchor, width)
    left -= {"middle": length / 2, "end": length, "start": 0}[anchor]
    return left, left + length


def _shift(x: float, text: str, anchor: str, width: float) -> int:
    """How many pixels a label beside its mark stands to the right of it (below zero: to the left);
    nearer than usual where it would leave the chart."""
    if anchor == "middle":
        return 0
    middle, length = x / 100 * width, len(text) * CHARACTER
    room = middle - length if anchor == "end" else width - middle - length
    offset = min(OFFSET, max(LEAST_OFFSET, floor(room)))
    return -offset if anchor == "end" else offset


def _overlap(a: tuple[float, float], b: tuple[float, float], gap: float) -> bool:
    return a[0] < b[1] + gap and b[0] < a[1] + gap


def _cost(
    chosen: Sequence[tuple[int, str]], marks: Sequence[tuple[float, str]], width: float
) -> float:
    """How bad an arrangement is: collisions weigh most, then labels outside, then height."""
    extents = [
        extent(x, text, anchor, width) for (x, text), (_, anchor) in zip(marks, chosen, strict=True)
    ]
    cost = 0.0
    for index, (row, anchor) in enumerate(chosen):
        left, right = extents[index]
        cost += 50 * (max(0, -left) + max(0, right - width))
        # The principal label is best over its mark, the others beside theirs.
        misplaced = (anchor == "middle") == (index > 0)
        cost += row + (0.4 if anchor == "start" else 0.2 if misplaced else 0)
        for other, (other_row, other_anchor) in enumerate(chosen):
            if other == index:
                continue
            if row == other_row and _overlap(extents[index], extents[other], GAP):
                cost += 500
            mark = marks[other][0] / 100 * width
            stands_there = other_row > row or (other_row == row and other_anchor != "middle")
            if stands_there and left - 2 < mark < right + 2:
                cost += 300
    return cost


def flags(marks: Sequence[tuple[float, str]], width: float = PHONE_WIDTH) -> tuple[Flag, ...]:
    """Places the label of each mark (x in per cent, text). The first is the principal one and
    stands over its mark where it can, the others beside theirs. At most four marks: every
    arrangement is tried at the width of a phone; what collides nowhere there never does."""
    choices = [(row, anchor) for row in range(ROWS) for anchor in ANCHORS]
    best = min(product(choices, repeat=len(marks)), key=lambda chosen: _cost(chosen, marks, width))
    return tuple(
        Flag(x, text, row, anchor, _shift(x, text, anchor, width))
        for (x, text), (row, anchor) in zip(marks, best, strict=True)
    )


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The positions, moved as little as needed until they lie `gap` apart, within low..high; their
    order stays. Without enough room they share it equally."""
    if not wanted:
        return []
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    gap = min(gap, (high - low) / max(1, len(wanted) - 1)) if len(wanted) > 1 else gap
    placed = [min(max(wanted[i], low), high) for i in order]
    for n in range(1, len(placed)):
        placed[n] = max(placed[n], placed[n - 1] + gap)
    ceiling = high
    for n in range(len(placed) - 1, -1, -1):
        placed[n] = min(placed[n], ceiling)
        ceiling = placed[n] - gap
    result = [0.0] * len(wanted)
    for position, index in zip(placed, order, strict=True):
        result[index] = round(position, 1)
    return result
