"""Path data for curves in a stretched inner SVG: x in sessions, y in pixels."""

from __future__ import annotations

from collections.abc import Sequence

from stockscore.web.ui.charts.scale import Scale

Values = Sequence[float | None]

LINE_POINTS = 260
"""Points a line keeps at most: one for every three pixels of the widest chart."""


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def runs(values: Values) -> list[list[int]]:
    """Indices of consecutive known values; a gap ends a run."""
    found: list[list[int]] = []
    open_run = False
    for index, value in enumerate(values):
        if value is None:
            open_run = False
        elif open_run:
            found[-1].append(index)
        else:
            found.append([index])
            open_run = True
    return found


def thinned(run: list[int], values: Values, limit: int) -> list[int]:
    """At most about `limit` indices of a run: the lowest and the highest of each bucket, so that no
    peak is lost, and both ends."""
    if len(run) <= limit or limit < 4:
        return run
    buckets = limit // 2 - 1
    kept = {run[0], run[-1]}
    for number in range(buckets):
        bucket = run[number * len(run) // buckets : (number + 1) * len(run) // buckets]
        kept.add(min(bucket, key=values.__getitem__))
        kept.add(max(bucket, key=values.__getitem__))
    return sorted(kept)


def line(values: Values, scale: Scale) -> str:
    """A line through the middle of each session, broken at gaps; one value alone is a dot."""
    found = runs(values)
    length = sum(map(len, found))
    parts = []
    for run in found:
        limit = max(4, LINE_POINTS * len(run) // length)
        points = [(i + 0.5, scale.y(values[i])) for i in thinned(run, values, limit)]
        if len(points) == 1:
            parts.append(f"M{_number(points[0][0])} {_number(points[0][1])}h.01")
        else:
            parts.append("M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points))
    return "".join(parts)


def _changes(run: list[int], rows: Sequence[object]) -> list[int]:
    """Where a step line has to draw: the first of each run of equal rows."""
    return [i for n, i in enumerate(run) if n == 0 or rows[i] != rows[run[n - 1]]]


def steps(values: Values, scale: Scale) -> str:
    """A step line: each value holds for the width of its session."""
    parts = []
    for run in runs(values):
        first, *rest = _changes(run, values)
        path = f"M{first} {_number(scale.y(values[first]))}"
        for index in rest:
            path += f"H{index}V{_number(scale.y(values[index]))}"
        parts.append(f"{path}H{run[-1] + 1}")
    return "".join(parts)


def band(lows: Values, highs: Values, scale: Scale) -> str:
    """The area between two step lines; drawn where both are known."""
    both = [None if a is None or b is None else (a, b) for a, b in zip(lows, highs, strict=True)]
    parts = []
    for run in runs(both):  # type: ignore[arg-type]  # only whether a value is None matters
        changed, end = _changes(run, both), run[-1] + 1
        path = f"M{changed[0]} {_number(scale.y(both[changed[0]][1]))}"
        for index in changed[1:]:
            path += f"H{index}V{_number(scale.y(both[index][1]))}"
        path += f"H{end}"
        for index in reversed(changed):
            path += f"V{_number(scale.y(both[index][0]))}H{index}"
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
