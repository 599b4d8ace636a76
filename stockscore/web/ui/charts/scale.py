"""Scales and ticks: from values to per cent of a chart's width, or to pixels of its height."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stockscore.scoring.numerals import MONTHS, SPACE

PHONE_WIDTH = 300
"""Pixels a chart has at least on a phone of 390 (less the gutters and the room for end labels).
What does not collide here collides nowhere."""

DESK_WIDTH = 520
"""Pixels a chart of the main column has at least from 720 px on."""

CHARACTER = 6.7
"""Mean width of a character of 12 px sans, in pixels, on the generous side."""

SMALLEST = 1e-8
"""What differs by less is equal, and what is less is zero: no price is quoted so finely."""

GAP = 6
"""Pixels between two labels that stand side by side."""


def share(part: float, whole: float) -> float:
    """`part` of `whole` in per cent, to hundredths: the x of an SVG without viewBox."""
    return round(100 * part / whole, 2) if whole else 0.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Linear from `low`..`high` to pixels `bottom`..`top` (y grows downwards)."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        """The pixel of a value, to tenths."""
        part = (value - self.low) / (self.high - self.low)
        return round(self.bottom - part * (self.bottom - self.top), 1)


@dataclass(frozen=True, slots=True)
class Level:
    """A line of the grid with its label. `border`: a signal begins there. `more` of the label is
    left out on phones."""

    y: float
    label: str
    border: bool = False
    more: str = ""


def nice_step(span: float, count: int) -> float:
    """The 1, 2, 2.5 or 5 times a power of ten that cuts `span` into at most about `count` parts."""
    rough = span / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1, 2, 2.5, 5):
        if factor * power >= rough * 0.999:
            return factor * power
    return 10 * power


def ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Round values from at or below `low` to at or above a greater `high`."""
    step = nice_step(high - low, count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(number * step, 12) for number in range(first, last + 1))


def step_places(values: Sequence[float]) -> int:
    """Decimals needed to tell these equally spaced values apart."""
    step = abs(values[1] - values[0]) if len(values) > 1 else 1.0
    for places in range(12):
        if abs(round(step, places) - step) < step * 1e-6:
            return places
    return 12


def domain(values: Sequence[float]) -> tuple[float, float]:
    """The range of an axis for these values, with a little air at both ends. Equal values get a
    range around them, so that a constant series runs through the middle."""
    low, high = min(values), max(values)
    size = max(abs(low), abs(high))
    room = (high - low) * 0.04
    if high - low <= max(size * 1e-9, SMALLEST):
        room = size * 0.05 if size > SMALLEST else 1.0
    return low - room, high + room


def ticks_inside(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Round values from `low` to `high`, at least two."""
    while len(inside := [v for v in ticks(low, high, count) if low <= v <= high]) < 2:
        count += 1
    return tuple(inside)


@dataclass(frozen=True, slots=True)
class TimeTick:
    """`x` in per cent. A `roomy` label is shown from 720 px on; an empty label is a bare tick."""

    x: float
    label: str
    roomy: bool = False


Period = Callable[[date], object]
"""Names the period that a day lies in, such as its (year, month)."""


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _year(day: date) -> int:
    return day.year


def _first_of(days: Sequence[date], period: Period) -> Iterable[tuple[int, date]]:
    """Index and day of the first session of each period but that of the first day."""
    names = [period(day) for day in days]
    for index in range(1, len(days)):
        if names[index] != names[index - 1]:
            yield index, days[index]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month_label(day: date) -> str:
    """The year stands for its January."""
    return str(day.year) if day.month == 1 else MONTHS[day.month - 1]


def _day_label(day: date) -> str:
    return f"{day.day}{SPACE}{MONTHS[day.month - 1]}"


def _periods(days: Sequence[date]) -> list[tuple[int, str, bool]]:
    """(index, label, preferred on phones) of the periods that suit the length of the series."""
    length = (days[-1] - days[0]).days
    if length <= 12:
        return [(i, _day_label(d), True) for i, d in enumerate(days)]
    if length <= 75:
        return [(i, _day_label(d), True) for i, d in _first_of(days, _monday)]
    if length <= 430:
        begins = list(_first_of(days, _month))
        few = len(begins) <= 7
        return [(i, _month_label(d), few or d.month % 3 == 1) for i, d in begins]
    if length <= 1100:
        begins = list(_first_of(days, _quarter))
        return [(i, _month_label(d), d.month == 1) for i, d in begins]
    return [(i, str(d.year), True) for i, d in _first_of(days, _year)]


def _fits(taken: list[tuple[float, float]], start: float, label: str, limit: float) -> bool:
    end = start + len(label) * CHARACTER
    return end <= limit and all(end + GAP <= a or start >= b + GAP for a, b in taken)


def _thinned(
    marks: list[tuple[float, str, bool]], width: float, overhang: float
) -> dict[float, str]:
    """The labels that stand side by side in `width` pixels; those that name a year come first."""
    taken: list[tuple[float, float]] = []
    kept: dict[float, str] = {}
    for x, label, _ in sorted(marks, key=lambda mark: (not mark[1].isdigit(), mark[0])):
        start = x / 100 * width + 3
        if _fits(taken, start, label, width + overhang):
            taken.append((start, start + len(label) * CHARACTER))
            kept[x] = label
    return kept


def time_ticks(
    days: Sequence[date], overhang: tuple[float, float] = (40, 80)
) -> tuple[TimeTick, ...]:
    """Ticks where periods begin, for sessions at equal distances. `overhang` is the room in pixels
    that a label may use to the right of the plot, on a phone and on a desk."""
    if not days:
        return ()
    if len(days) == 1:
        return (TimeTick(50.0, _day_label(days[0])),)
    marks = [(share(i + 0.5, len(days)), label, first) for i, label, first in _periods(days)]
    desk = _thinned(marks, DESK_WIDTH, overhang[1])
    few = [mark for mark in marks if mark[2] and mark[0] in desk]
    phone = _thinned(few, PHONE_WIDTH, overhang[0])
    return tuple(TimeTick(x, desk.get(x, ""), roomy=x not in phone) for x, _, _ in marks)


def milestones(days: Sequence[date], limit: int = 26) -> list[int]:
    """Indices for a table of figures: all sessions if few, else the last of each month, quarter or
    year, and always the newest."""
    if len(days) <= limit:
        return list(range(len(days)))
    last = len(days) - 1
    periods: tuple[Period, ...] = (_month, _quarter, _year)
    for period in periods:
        ends = [index - 1 for index, _ in _first_of(days, period)] + [last]
        if len(ends) <= limit:
            break
    return ends
