"""Path data for curves in a stretched inner SVG: x in sessions, y in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from stockscore.web.ui.charts.scale import Scale
from stockscore.web.ui.format import known

T = TypeVar("T")

Values = Sequence[float | None]
"""One value a session, None in a gap."""

Run = list[tuple[int, T]]
"""Values of consecutive sessions, each with the index of its session."""

LINE_POINTS = 260
"""Points a line keeps at most: one for every three pixels of the widest chart."""


def finite(values: Values) -> list[float | None]:
    """The values; not-a-number and the infinite count as missing."""
    return [value if known(value) else None for value in values]


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def runs(values: Sequence[T | None]) -> list[Run[T]]:
    """The known values, cut into runs at the gaps."""
    found: list[Run[T]] = []
    in_gap = True
    for index, value in enumerate(values):
        if value is None:
            in_gap = True
            continue
        if in_gap:
            found.append([])
        found[-1].append((index, value))
        in_gap = False
    return found


def _value(point: tuple[int, float]) -> float:
    return point[1]


def thinned(run: Run[float], limit: int) -> Run[float]:
    """At most about `limit` points of a run: the lowest and the highest of each bucket, so that no
    peak is lost, and both ends."""
    if len(run) <= limit or limit < 4:
        return run
    buckets = limit // 2 - 1
    kept = {run[0], run[-1]}
    for number in range(buckets):
        bucket = run[number * len(run) // buckets : (number + 1) * len(run) // buckets]
        kept |= {min(bucket, key=_value), max(bucket, key=_value)}
    return sorted(kept)


def line(values: Values, scale: Scale) -> str:
    """A line through the middle of each session, broken at gaps; a single value is a dot."""
    found = runs(values)
    length = sum(map(len, found))
    parts = []
    for run in found:
        limit = max(4, LINE_POINTS * len(run) // length)
        points = [(index + 0.5, scale.y(value)) for index, value in thinned(run, limit)]
        if len(points) == 1:
            parts.append(f"M{_number(points[0][0])} {_number(points[0][1])}h.01")
        else:
            parts.append("M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points))
    return "".join(parts)


def _changes(run: Run[T]) -> Run[T]:
    """The points of a run at which a step line has to draw: the first of each stretch of equal
    values."""
    return [
        point for number, point in enumerate(run) if number == 0 or point[1] != run[number - 1][1]
    ]


def steps(values: Values, scale: Scale) -> str:
    """A step line: each value holds for the width of its session."""
    parts = []
    for run in runs(values):
        (start, first), *rest = _changes(run)
        path = f"M{start} {_number(scale.y(first))}"
        for index, value in rest:
            path += f"H{index}V{_number(scale.y(value))}"
        parts.append(f"{path}H{run[-1][0] + 1}")
    return "".join(parts)


def band(lows: Values, highs: Values, scale: Scale) -> str:
    """The area between two step lines; drawn where both are known."""
    both = [
        None if low is None or high is None else (low, high)
        for low, high in zip(lows, highs, strict=True)
    ]
    parts = []
    for run in runs(both):
        changed, end = _changes(run), run[-1][0] + 1
        start, (_, first_high) = changed[0]
        path = f"M{start} {_number(scale.y(first_high))}"
        for index, (_, high) in changed[1:]:
            path += f"H{index}V{_number(scale.y(high))}"
        path += f"H{end}"
        for index, (low, _) in reversed(changed):
            path += f"V{_number(scale.y(low))}H{index}"
        parts.append(path + "Z")
    return "".join(parts)


def columns(values: Values, scale: Scale) -> str:
    """Bars from the bottom, one a session, or one for the mean of a bucket where there are many."""
    width = max(1, -(-len(values) // LINE_POINTS))
    parts = []
    for start in range(0, len(values), width):
        bucket = [value for value in values[start : start + width] if value is not None]
        if bucket and (mean := sum(bucket) / len(bucket)) > 0:
            height = _number(scale.bottom - scale.y(mean))
            left, right = _number(start + 0.15 * width), _number(0.7 * width)
            parts.append(f"M{left} {_number(scale.bottom)}v-{height}h{right}v{height}")
    return "".join(parts)
