"""Numbered events on a line: where their marks, numbers and texts stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.web.ui.charts.boxes import Box, clear_of, hits, room_beside
from stockscore.web.ui.charts.scale import DESK_WIDTH, PHONE_WIDTH, Scale, share
from stockscore.web.ui.format import decimal

MARK = 14
"""Pixels of an event's mark, and of its number beside it."""


@dataclass(frozen=True, slots=True)
class ChartEvent:
    """Something that happened at the session of `index`; `direction` "up", "down" or None."""

    index: int
    label: str
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """An event with its number, as drawn (y of the mark's middle, baselines of number and text) and
    as listed. `anchor` is empty where the text has no room and only the list explains it."""

    number: int
    x: float
    y: float
    number_y: float
    anchor: str
    label: str
    direction: str | None
    day: date
    value: str


@dataclass(slots=True)
class Spot:
    """The mark of an event before it is drawn, in pixels at the width of a phone; `close` is the
    price it belongs to."""

    event: ChartEvent
    close: float
    x: float
    y: float

    @property
    def below(self) -> bool:
        """Whether the mark stands under the line, as those of rises do."""
        return self.event.direction == "up"

    def box(self, width: float) -> Box:
        """The mark with its number, which stands on the far side from the line."""
        x = self.x / PHONE_WIDTH * width
        above, under = (MARK / 2, MARK + 8) if self.below else (MARK + 8, MARK / 2)
        return Box(x - 9, self.y - above, x + 9, self.y + under)


def stacked(
    events: Sequence[tuple[ChartEvent, float]],
    sessions: int,
    scale: Scale,
    labels: Sequence[Box],
) -> list[Spot]:
    """The marks of events, each given with its close, on a line of so many sessions. They stand
    clear of the line, below it for "up" and above it otherwise; one that would touch an earlier
    mark or a label moves further away from the line."""
    spots: list[Spot] = []
    for event, close in events:
        away = 1 if event.direction == "up" else -1
        x = (event.index + 0.5) / sessions * PHONE_WIDTH
        spot = Spot(event, close, x, scale.y(close) + away * 20)
        taken = [*labels, *(other.box(PHONE_WIDTH) for other in spots)]
        while hits(spot.box(PHONE_WIDTH), taken):
            spot.y += away * 3
        spots.append(spot)
    return spots


def room(spots: Sequence[Spot], scale: Scale) -> tuple[float, float]:
    """Pixels by which marks and their numbers stick out above and below the plot."""
    boxes = [spot.box(PHONE_WIDTH) for spot in spots]
    highest = min((box.top for box in boxes), default=scale.top)
    lowest = max((box.bottom for box in boxes), default=scale.bottom)
    return max(0.0, 4 - highest), max(0.0, lowest - scale.bottom)


def anchors(
    spots: Sequence[Spot],
    closes: Sequence[float | None],
    scale: Scale,
    labels: Sequence[Box],
) -> list[str]:
    """Where each text has room on a desk, clear of marks, labels, other texts and the price."""
    taken = [*labels, *(spot.box(DESK_WIDTH) for spot in spots)]
    heights = [None if value is None else scale.y(value) for value in closes]
    free = clear_of(heights, DESK_WIDTH)
    chosen = []
    for spot in spots:
        x = spot.x / PHONE_WIDTH * DESK_WIDTH
        anchor, box = room_beside(x, spot.y, spot.event.label, DESK_WIDTH, taken, free)
        taken += [box] if box else []
        chosen.append(anchor)
    return chosen


def marked(
    spots: Sequence[Spot],
    anchors: Sequence[str],
    days: Sequence[date],
    places: int,
) -> tuple[Marked, ...]:
    """The events as drawn and listed, numbered in the order of their spots; closes are written with
    `places` decimals."""
    return tuple(
        Marked(
            number=number,
            x=share(spot.event.index + 0.5, len(days)),
            y=round(spot.y, 1),
            number_y=round(spot.y + (20 if spot.below else -11), 1),
            anchor=anchor,
            label=spot.event.label,
            direction=spot.event.direction,
            day=days[spot.event.index],
            value=decimal(spot.close, places),
        )
        for number, (spot, anchor) in enumerate(zip(spots, anchors, strict=True), start=1)
    )
