"""The rule: a score as a reading on the graduated line from 0 to 100."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.web.ui.charts.labels import OFFSET, Flag, extent, flags
from stockscore.web.ui.charts.scale import DESK_WIDTH
from stockscore.web.ui.charts.zones import ZONES, zone_at
from stockscore.web.ui.components import Table
from stockscore.web.ui.format import plus_minus, points

ROW = 16
"""Pixels of a row of labels above the scale."""

HILL = 46
"""Pixels of the market's outline."""


@dataclass(frozen=True, slots=True)
class Band:
    """What missing data could still change, in per cent of the scale, cut at its ends."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """Per cent of the scale from end to end."""
        return round(self.high - self.low, 2)


@dataclass(frozen=True, slots=True)
class Ruler:
    """The rule as its macro draws it. `base` is the y of the scale's upper edge, `hill` path data,
    `here` the zone to stress; `reading`, `band` and `here` are None for a stock without a
    rating."""

    title: str
    description: str
    height: int
    base: int
    hill: str
    reading: Flag | None
    band: Band | None
    medians: tuple[Flag, ...]
    band_ends: tuple[Flag, ...]
    here: str | None
    table: Table

    def top_of(self, flag: Flag) -> int:
        """y where the mark of a label begins: just under a label that stands over it, and at the
        height of one that stands beside it."""
        line = self.baseline_of(flag)
        return line + 6 if flag.anchor == "middle" else line - 9

    def baseline_of(self, flag: Flag) -> int:
        """y of the label's letters."""
        return self.base - HILL - ROW * flag.row - 10


def _hill(counts: Sequence[int]) -> str:
    """The outline of the market: counts smoothed twice by 1-2-1, as a curve from 0 to 100 whose top
    is 0 and whose foot is HILL."""
    if not any(counts):
        return ""
    levels = [float(count) for count in counts]
    for _ in range(2):
        padded = [levels[0], *levels, levels[-1]]
        levels = [
            (padded[i - 1] + 2 * padded[i] + padded[i + 1]) / 4 for i in range(1, len(padded) - 1)
        ]
    highest, width = max(levels), 100 / len(levels)
    nodes = [
        (width * (index + 0.5), HILL * (1 - level / highest)) for index, level in enumerate(levels)
    ]
    path = f"M0 {HILL}L0 {nodes[0][1]:.1f}L{nodes[0][0]:.2f} {nodes[0][1]:.1f}"
    for (x, y), (next_x, next_y) in zip(nodes, [*nodes[1:], (100.0, nodes[-1][1])], strict=True):
        path += f"Q{x:.2f} {y:.1f} {(x + next_x) / 2:.2f} {(y + next_y) / 2:.1f}"
    return f"{path}L100 {nodes[-1][1]:.1f}V{HILL}Z"


def band_of(total: int, uncertainty: int | None) -> Band | None:
    """The interval of a score in per cent of the scale, cut at 0 and 100; None for ± 0."""
    if not uncertainty:
        return None
    return Band(max(0, total - uncertainty) / 100, min(10_000, total + uncertainty) / 100)


def _band_ends(
    total: int | None, uncertainty: int | None, marks: Sequence[Flag]
) -> tuple[Flag, ...]:
    """The figures at the ends of the band, where neither a mark nor the end of the scale is in
    their way; they have room on wide screens only."""
    band = None if total is None else band_of(total, uncertainty)
    if band is None:
        return ()
    ends = (
        Flag(band.low, points(round(100 * band.low)), 0, "end", -OFFSET),
        Flag(band.high, points(round(100 * band.high)), 0, "start", OFFSET),
    )
    free = []
    for end in ends:
        left, right = extent(end.x, end.text, end.anchor, DESK_WIDTH)
        crossed = any(left - 3 < mark.x / 100 * DESK_WIDTH < right + 3 for mark in marks)
        if not crossed and left >= 0 and right <= DESK_WIDTH:
            free.append(end)
    return tuple(free)


def _table(total: int | None, uncertainty: int | None, medians: Sequence[tuple[str, int]]) -> Table:
    rows: list[tuple[str, ...]] = []
    if total is not None:
        rows.append(("Score", points(total, 2)))
        if uncertainty:
            low, high = max(0, total - uncertainty), min(10_000, total + uncertainty)
            rows.append(("Low end of the band", points(low, 2)))
            rows.append(("High end of the band", points(high, 2)))
    rows += [(label, points(value, 2)) for label, value in medians]
    rows += [(f"{zone.name} from", points(100 * zone.low, 2)) for zone in reversed(ZONES[1:])]
    return Table("The scale from 0 to 100", (("Mark", False), ("Points", True)), tuple(rows))


def _description(
    total: int | None,
    uncertainty: int | None,
    medians: Sequence[tuple[str, int]],
    signal: str | None,
) -> str:
    sentences = [f"{label} {points(value)}." for label, value in medians]
    if total is None:
        return " ".join(["There is no rating, so no mark.", *sentences])
    zone = zone_at(total / 100).name
    exception = f", its signal is {signal}" if signal and signal != zone else ""
    sentences.insert(0, f"The mark stands at {points(total, 2)}, in the zone {zone}{exception}.")
    if uncertainty:
        low, high = max(0, total - uncertainty), min(10_000, total + uncertainty)
        sentences.insert(
            1, f"Missing data could move it between {points(low, 2)} and {points(high, 2)}."
        )
    return " ".join(sentences)


def ruler(
    total: int | None,
    uncertainty: int | None = None,
    *,
    counts: Sequence[int] = (),
    medians: Sequence[tuple[str, int | None]] = (),
    signal: str | None = None,
) -> Ruler:
    """The large rule of the stock page. All points in hundredths.

    `counts`: rated stocks of the market in equal steps from 0 to 100, for the outline behind the
    scale. `medians`: at most three (label, points) to mark; unknown ones are left out. `signal` is
    the zone to name as this stock's (hysteresis may hold it beside the zone of its total).
    """
    known = [(label, value) for label, value in medians if value is not None][:3]
    marks = [(value / 100, f"{label} {points(value)}") for label, value in known]
    if total is not None:
        marks.insert(0, (total / 100, points(total, 2)))
    placed = flags(marks) if marks else ()
    rows = max((flag.row for flag in placed), default=-1) + 1
    base = 12 + ROW * max(1, rows) + HILL - 6
    reading = (
        "not rated" if total is None else f"{points(total, 2)} {plus_minus(uncertainty or 0, 2)}"
    )
    return Ruler(
        title=f"Score {reading} on a scale from 0 to 100",
        description=_description(total, uncertainty, known, signal),
        height=base + 66,
        base=base,
        hill=_hill(counts),
        reading=placed[0] if total is not None else None,
        band=None if total is None else band_of(total, uncertainty),
        medians=placed if total is None else placed[1:],
        band_ends=_band_ends(total, uncertainty, placed),
        here=None if total is None else signal or zone_at(total / 100).name,
        table=_table(total, uncertainty, known),
    )
