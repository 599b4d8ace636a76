"""Confidence sequences: intervals for a mean that hold at every look, however often one looks
(asymptotic; Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021)."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LEVEL = 0.05
"""How often a worthless score may ever be called proven, over all methods together."""

BEST_AT = 252
"""The number of values at which the interval is narrowest for what it promises."""

EARLY, ENOUGH = 63, 126
"""Values from which on an interval is shown, and from which on there may be a verdict."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The mean of the first `count` values, their standard deviation, and half the width of the
    interval around the mean (infinite for a single value)."""

    count: int
    mean: float
    deviation: float
    half: float

    @property
    def low(self) -> float:
        """The lower end."""
        return self.mean - self.half

    @property
    def high(self) -> float:
        """The upper end."""
        return self.mean + self.half

    @property
    def excludes_zero(self) -> bool:
        """Whether zero lies outside of it."""
        return self.low > 0 or self.high < 0


def level_of(methods: int) -> float:
    """The level of each of so many methods, so that all together keep `LEVEL`."""
    return LEVEL / max(1, methods)


def factor(count: int, level: float = LEVEL) -> float:
    """Half the width of the interval after so many values, in standard deviations."""
    log = -2 * math.log(level)
    spread = (log + math.log(log + 1)) / BEST_AT
    weight = count * spread + 1
    return math.sqrt(2 * weight / (count * count * spread) * math.log(math.sqrt(weight) / level))


def sequence(values: Iterable[float], level: float = LEVEL) -> list[Interval]:
    """The interval after each value."""
    return [_interval(*moments, level) for moments in _moments(values)]


def last(values: Iterable[float], level: float = LEVEL) -> Interval | None:
    """The interval after all values, None without any."""
    newest = deque(_moments(values), maxlen=1)
    return _interval(*newest[0], level) if newest else None


def _moments(values: Iterable[float]) -> Iterator[tuple[int, float, float]]:
    """After each value the count, the mean, and the sum of squares around it."""
    mean = squares = 0.0
    for count, value in enumerate(values, start=1):
        step = value - mean
        mean += step / count
        squares += step * (value - mean)
        yield count, mean, squares


def _interval(count: int, mean: float, squares: float, level: float) -> Interval:
    if count < 2:
        return Interval(count, mean, 0.0, math.inf)
    deviation = math.sqrt(squares / (count - 1))
    return Interval(count, mean, deviation, deviation * factor(count, level))


def values_needed(effect: float, deviation: float, level: float = LEVEL) -> int:
    """After how many values of this standard deviation a mean of `effect` excludes zero."""
    low, high = 1, 2
    while deviation * factor(high, level) > effect:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if deviation * factor(middle, level) > effect:
            low = middle
        else:
            high = middle
    return high
