"""Total returns of sessions from raw closes, and what is assumed of stocks that vanish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

VANISHED = -0.30
"""The last return of a stock that vanished without a final price (Shumway 1997)."""

ABSENT_SESSIONS = 5
"""Recorded sessions of its exchange without a price, after which a stock counts as vanished."""

LONGEST_GAP = 21
"""Calendar days between two closes, beyond which they make no return."""


@dataclass(frozen=True, slots=True)
class Closes:
    """Raw bars of one stock in order: ordinals, closes, and by what each bar multiplies all closes
    before it (dividends and splits)."""

    sessions: np.ndarray
    closes: np.ndarray
    adjustments: np.ndarray


def stock_returns(
    bars: Closes, recorded: np.ndarray, last: int, no_end_from: int
) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """The ordinals and total returns of a stock's sessions (NaN: none), and the ordinals up to
    `last` at which its end is assumed.

    `recorded` are the ordinals of its exchange's recorded sessions in rising order. From
    `no_end_from` on nothing is assumed: the stock was removed by hand, or was bought for cash. A
    stock that trades again after its end was assumed starts from what was left of it.
    """
    sessions = bars.sessions
    if not len(sessions):
        return sessions, np.empty(0), []
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = bars.closes[1:] / (bars.closes[:-1] * bars.adjustments[1:]) - 1
    gaps = np.diff(sessions)
    ends = []
    for place in np.flatnonzero(gaps > ABSENT_SESSIONS).tolist():
        ended = _end(recorded, int(sessions[place]), no_end_from)
        if ended is not None and ended < sessions[place + 1]:
            found[place] = (1 + found[place]) / (1 + VANISHED) - 1
            ends.append(ended)
    found[gaps > LONGEST_GAP] = np.nan
    found[~np.isfinite(found) | (found <= -1)] = np.nan
    ended = _end(recorded, int(sessions[-1]), no_end_from)
    if ended is not None:
        ends.append(ended)
    return sessions[1:], found, [end for end in ends if end <= last]


def _end(recorded: np.ndarray, last_bar: int, no_end_from: int) -> int | None:
    """The recorded session at which a stock has been without a price for `ABSENT_SESSIONS`."""
    place = int(np.searchsorted(recorded, last_bar, side="right")) + ABSENT_SESSIONS - 1
    if place >= len(recorded):
        return None
    session = int(recorded[place])
    return session if session < no_end_from and session - last_bar <= LONGEST_GAP else None
