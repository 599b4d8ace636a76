"""How old a price is, in sessions of its exchange, and which bars are of a trade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from stockscore.scoring.arrays import Flags, Floats, Integers


def sessions_behind(
    exchanges: Sequence[str], last: Integers, sessions: Mapping[str, Integers]
) -> Integers:
    """Sessions between the last bar of each of n stocks (ordinals, 0: none) and the newest of its
    exchange; 0 where there is none. `sessions` may give the sorted ordinals of an exchange's
    sessions; weekdays stand in where it does not."""
    lag = np.zeros(len(last), dtype=np.int64)
    places = np.array([str(exchange) for exchange in exchanges], dtype=str)
    for exchange in np.unique(places):
        positions = np.flatnonzero((places == exchange) & (last > 0))
        if len(positions):
            own = last[positions]
            lag[positions] = _sessions_between(own, int(own.max()), sessions.get(exchange))
    return lag


def _sessions_between(last: Integers, newest: int, sessions: Integers | None) -> Integers:
    """How many sessions follow each ordinal of `last` up to `newest`: the known ones, and weekdays
    where those do not reach."""
    # Proleptic ordinal 719163 is 1970-01-01, where numpy's days begin.
    days = (last - 719163).astype("datetime64[D]")
    weekdays = np.busday_count(days, np.datetime64(newest - 719163, "D"))
    if sessions is None or len(sessions) == 0 or newest > sessions[-1]:
        return weekdays
    counted = np.searchsorted(sessions, newest, side="right") - np.searchsorted(
        sessions, last, side="right"
    )
    return np.where(last >= sessions[0], counted, weekdays)


def traded(closes: Floats, volumes: Floats) -> Flags:
    """Which bars are of a trade, (n, k): all but those without volume that repeat the close before.

    Sources fill the days of a suspension with such bars. An unknown volume proves nothing.
    """
    is_one: Flags = ~np.isnan(closes)
    without_volume = volumes[:, 1:] == 0
    if without_volume.any():
        is_one[:, 1:] &= ~(without_volume & (closes[:, 1:] == closes[:, :-1]))
    return is_one
