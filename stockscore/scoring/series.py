"""Indicators and events of one price series, for a chart (`indicators` has them for all stocks).

Series are lists, oldest first; where there are too few bars before a place, it holds None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SHORT, LONG = 50, 200
RSI_PERIOD = 14
OVERSOLD, OVERBOUGHT = 30.0, 70.0
_SAME = 1e-12
"""Averages closer than this part of their size are equal: their difference is rounding."""


@dataclass(frozen=True, slots=True)
class Event:
    """`index` is the place in the series; `kind` is "golden_cross", "death_cross", "rsi_oversold"
    (leaving it) or "rsi_overbought"; `direction` is "up" or "down"."""

    index: int
    kind: str
    direction: str


EVENT_LABELS = {
    "golden_cross": "Golden cross",
    "death_cross": "Death cross",
    "rsi_oversold": "RSI back above 30",
    "rsi_overbought": "RSI back below 70",
}


def adjusted(closes: Sequence[float], adjustments: Sequence[float]) -> list[float]:
    """Closes comparable with the last one: each times the adjustments of all later bars."""
    result = list(closes)
    factor = 1.0
    for index in range(len(result) - 1, -1, -1):
        result[index] *= factor
        factor *= adjustments[index]
    return result


def sma(closes: Sequence[float], window: int) -> list[float | None]:
    """Simple moving average of the last `window` closes at each place."""
    exact, unit = _whole_numbers(closes)
    total = sum(exact[: window - 1])
    found: list[float | None] = [None] * min(window - 1, len(closes))
    for index in range(window - 1, len(closes)):
        total += exact[index]
        # Dividing whole numbers rounds once, so that this is the sum as `math.fsum` gives it.
        found.append(total / unit / window)
        total -= exact[index - window + 1]
    return found


def _whole_numbers(values: Sequence[float]) -> tuple[list[int], int]:
    """The values as exact multiples of a unit, and how many of it make one: sums of them can run
    on without rounding."""
    ratios = [value.as_integer_ratio() for value in values]
    unit = max((below for _, below in ratios), default=1)
    return [above * (unit // below) for above, below in ratios], unit


def rsi(closes: Sequence[float], period: int = RSI_PERIOD) -> list[float | None]:
    """Wilder's relative strength index, 0 to 100.

    The first average is the mean of the first `period` changes, every later one is
    (before · (period − 1) + change) / period. No losses give 100, no changes at all 50.
    """
    result: list[float | None] = [None] * min(period, len(closes))
    if len(closes) <= period:
        return result
    changes = [later - earlier for earlier, later in pairwise(closes)]
    gain = sum(max(change, 0.0) for change in changes[:period]) / period
    loss = sum(max(-change, 0.0) for change in changes[:period]) / period
    result.append(_index(gain, loss))
    for change in changes[period:]:
        gain = (gain * (period - 1) + max(change, 0.0)) / period
        loss = (loss * (period - 1) + max(-change, 0.0)) / period
        result.append(_index(gain, loss))
    return result


def crossings(
    first: Sequence[float | None], second: Sequence[float | None]
) -> list[tuple[int, str]]:
    """Places where `first` comes to lie on the other side of `second`: (index, "up" or "down").

    A touch is no crossing, and nothing is before both are known."""
    found = []
    side = 0
    for index, (left, right) in enumerate(zip(first, second, strict=True)):
        if left is None or right is None:
            continue
        apart = abs(left - right) > _SAME * max(abs(left), abs(right))
        now = ((left > right) - (left < right)) if apart else side
        if side and now != side:
            found.append((index, "up" if now > 0 else "down"))
        side = now
    return found


def events(
    short: Sequence[float | None], long: Sequence[float | None], strength: Sequence[float | None]
) -> list[Event]:
    """Chart events, oldest first: the average of `SHORT` sessions crossing that of `LONG`, the RSI
    leaving the zones below 30 and above 70."""
    found = [
        Event(index, "golden_cross" if way == "up" else "death_cross", way)
        for index, way in crossings(short, long)
    ]
    for index in range(1, len(strength)):
        before, now = strength[index - 1], strength[index]
        if before is None or now is None:
            continue
        if before < OVERSOLD <= now:
            found.append(Event(index, "rsi_oversold", "up"))
        elif before > OVERBOUGHT >= now:
            found.append(Event(index, "rsi_overbought", "down"))
    return sorted(found, key=lambda event: event.index)


def _index(gain: float, loss: float) -> float:
    if gain == loss == 0:
        return 50.0
    return 100 * gain / (gain + loss)
