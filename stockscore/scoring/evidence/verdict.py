"""What the record of a method says, in the order in which it must be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.scoring.evidence.interval import (
    EARLY,
    ENOUGH,
    LEVEL,
    Interval,
    last,
    sequence,
    values_needed,
)

LIKELY_EFFECT = 0.04
"""The mean IC that a good score may have."""

SESSIONS_OF_A_YEAR = 252

HIGHER, LOWER, EARLY_DAYS, OUT_OF_ORDER = "higher", "lower", "too early", "out of order"


@dataclass(frozen=True, slots=True)
class Placebos:
    """Whether a worthless score looks worthless, and one that knows the coming day is found; None
    while it cannot be told yet."""

    shuffled: Interval | None
    look_ahead: Interval | None
    shuffled_is_nothing: bool | None
    look_ahead_is_found: bool | None

    @property
    def in_order(self) -> bool:
        """Whether neither has failed."""
        return self.shuffled_is_nothing is not False and self.look_ahead_is_found is not False


def placebos(
    shuffled: Sequence[float], look_ahead: Sequence[float], level: float = LEVEL
) -> Placebos:
    """What became of the two placebos: the shuffled score must cover zero, the one with the coming
    day in it must be found by the 126th value."""
    nothing, found = last(shuffled, level), sequence(look_ahead[:ENOUGH], level)
    is_found = any(interval.low > 0 for interval in found[EARLY - 1 :])
    return Placebos(
        nothing,
        last(look_ahead, level),
        None if nothing is None or nothing.count < EARLY else not nothing.excludes_zero,
        True if is_found else None if len(found) < ENOUGH else False,
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """`says` is one of the words above. `smallest` is the smallest mean that could be seen today,
    `years` how long it still takes to see `LIKELY_EFFECT` at the noise so far; None while the noise
    is not known."""

    says: str
    interval: Interval | None
    smallest: float | None
    years: float | None


def verdict(values: Sequence[float], tests: Placebos, level: float = LEVEL) -> Verdict:
    """The verdict on the values of the main line."""
    interval = last(values, level)
    smallest = years = None
    if interval is not None and interval.count >= EARLY:
        smallest = interval.half
        needed = values_needed(LIKELY_EFFECT, interval.deviation, level)
        years = max(0, needed - interval.count) / SESSIONS_OF_A_YEAR
    if not tests.in_order:
        says = OUT_OF_ORDER
    elif interval is None or interval.count < ENOUGH or not interval.excludes_zero:
        says = EARLY_DAYS
    else:
        says = HIGHER if interval.mean > 0 else LOWER
    return Verdict(says, interval, smallest, years)
