"""From the total to one of five words (scoring.md, section 6)."""

from __future__ import annotations

from collections.abc import Sequence

THRESHOLDS: dict[str, int] = {
    "STRONG BUY": 7000,
    "BUY": 6000,
    "HOLD": 4500,
    "SELL": 3500,
    "STRONG SELL": 0,
}
"""Signals and the least total (hundredths) of each, best first."""

SIGNALS = tuple(THRESHOLDS)

FULL_POINT = 100
"""How far past a boundary (hundredths) a total must be before it changes an earlier signal."""

DISCLAIMER = "A signal is a label on a research score, not advice."


def signal_of(total: int | None, previous: str | None = None) -> str | None:
    """The signal of a total in hundredths; None where the stock is not rated.

    Against a previous signal every boundary on the way counts only once it is crossed by a full
    point: upwards from its line plus 1.00 (71.00 is STRONG BUY), downwards below its line less 1.00
    (69.00 still is, 68.99 is not). So a stock that was HOLD is BUY at 70.50: it is well past 60,
    and not yet past 70. Without a previous signal, or with a word that is none, the plain table
    counts.
    """
    if total is None:
        return None
    if previous not in THRESHOLDS:
        return next((name for name, least in THRESHOLDS.items() if total >= least), SIGNALS[-1])
    level = SIGNALS.index(previous)
    while level > 0 and total >= THRESHOLDS[SIGNALS[level - 1]] + FULL_POINT:
        level -= 1
    while level < len(SIGNALS) - 1 and total < THRESHOLDS[SIGNALS[level]] - FULL_POINT:
        level += 1
    return SIGNALS[level]


def went_up(before: str, after: str) -> bool:
    """Whether a signal is better than another one: from STRONG SELL to SELL is up."""
    return SIGNALS.index(after) < SIGNALS.index(before)


def next_up(total: int, previous: str | None) -> tuple[str, int] | None:
    """The better signal that is nearest, and the least total (hundredths) that brings it; None for
    the best one."""
    now = signal_of(total, previous)
    better = SIGNALS[: SIGNALS.index(now or SIGNALS[-1])]
    for least in _turns(better):
        then = signal_of(least, previous)
        if least > total and then in better:
            return then, least
    return None


def next_down(total: int, previous: str | None) -> tuple[str, int] | None:
    """The worse signal that is nearest, and the highest total that brings it; None for the last."""
    now = signal_of(total, previous)
    place = SIGNALS.index(now or SIGNALS[-1])
    worse = SIGNALS[place + 1 :]
    for most in (least - 1 for least in reversed(_turns(SIGNALS[place:-1]))):
        then = signal_of(most, previous)
        if most < total and then in worse:
            return then, most
    return None


def _turns(signals: Sequence[str]) -> list[int]:
    """The totals at which the lower ends of these signals may count, rising: at the line, and a
    full point to either side of it where an earlier signal has to change."""
    past = (-FULL_POINT, 0, FULL_POINT)
    return sorted({THRESHOLDS[name] + extra for name in signals for extra in past})
