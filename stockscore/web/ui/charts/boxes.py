"""Rectangles that marks and texts take up in a chart, in pixels, so that they can keep clear of one
another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from stockscore.web.ui.charts.scale import CHARACTER, PHONE_WIDTH, Level

TEXT_HEIGHT = 14
LABEL_RISE = 4
"""Pixels of a label's letters above its line of the grid."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Box) -> bool:
        """Whether the two overlap; boxes that only share an edge do not."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def around(x: float, y: float, size: float) -> Box:
    """The square of `size` pixels around a point."""
    return Box(x - size / 2, y - size / 2, x + size / 2, y + size / 2)


def hits(box: Box, others: Iterable[Box]) -> bool:
    """Whether it touches any of them."""
    return any(box.touches(other) for other in others)


def axis_labels(levels: Sequence[Level], side: str, width: float) -> list[Box]:
    """What the labels of a grid take up at the "start" or the "end" of a plot of `width`."""
    boxes = []
    for level in levels:
        length = len(level.label + level.more) * CHARACTER
        left = 0.0 if side == "start" else width - length
        bottom = level.y - LABEL_RISE + 3
        boxes.append(Box(left, bottom - TEXT_HEIGHT, left + length, bottom))
    return boxes


def emptier_side(levels: Sequence[Level], line: Sequence[tuple[float, float]]) -> str:
    """The side of the plot where the labels of the grid cover less of a line, given as (x in per
    cent, y in pixels); the start where both cover as much."""

    points = [around(x / 100 * PHONE_WIDTH, y, 2) for x, y in line]

    def covered(side: str) -> int:
        boxes = axis_labels(levels, side, PHONE_WIDTH)
        left, right = min(box.left for box in boxes), max(box.right for box in boxes)
        # Most of the line lies beside all labels.
        return sum(
            hits(point, boxes) for point in points if point.left < right and left < point.right
        )

    return "end" if covered("end") < covered("start") else "start"


def clear_of(heights: Sequence[float | None], width: float) -> Callable[[Box], bool]:
    """Whether a line through these heights (y of each session, None in a gap), drawn over `width`,
    leaves a box free."""

    def free(box: Box) -> bool:
        first, last = (int(x / width * len(heights)) for x in (box.left, box.right))
        return not any(
            y is not None and box.top - 1 < y < box.bottom + 1 for y in heights[first : last + 1]
        )

    return free


def room_beside(
    x: float,
    y: float,
    text: str,
    width: float,
    taken: Sequence[Box],
    free: Callable[[Box], bool] = lambda _: True,
    gap: float = 12,
) -> tuple[str, Box | None]:
    """Where a text has room beside a mark at x, y in pixels of a plot of `width`.

    Gives the text anchor, "end" for a text on the left of the mark and "start" for one on its
    right, and the box of the text. Both sides must lie inside the plot, touch nothing that is
    `taken`, and be `free`; where neither side does, ("", None)."""
    length = len(text) * CHARACTER
    for anchor, left in (("end", x - gap - length), ("start", x + gap)):
        box = Box(left, y - TEXT_HEIGHT / 2, left + length, y + TEXT_HEIGHT / 2)
        inside = box.left >= 0 and box.right <= width
        if inside and not hits(box, taken) and free(box):
            return anchor, box
    return "", None
