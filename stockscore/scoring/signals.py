"""From the total to one of five words (scoring.md, section 6)."""

from __future__ import annotations

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
