"""Price indicators of all stocks at once, for the engine (`series` has them for one chart).

Every function takes bars by time, oldest first: `closes` (k, n) with NaN above the first bar of a
stock, and `bars` (n,), the number of bars of each. Sums run over time with one addition a step, so
that a stock's numbers do not depend on where it stands among the others. Where there are too few
bars the result is NaN; so is a result that overflows.
"""

from __future__ import annotations

import numpy as np

RSI_PERIOD = 14
RSI_BARS = 250
VOLUME_SESSIONS = 50


def total_return(closes: np.ndarray, recent: int, distant: int) -> np.ndarray:
    """P[t − recent] / P[t − distant] − 1, in sessions."""
    k, n = closes.shape
    if k <= distant:
        return np.full(n, np.nan)
    with np.errstate(all="ignore"):
        return _finite(closes[-1 - recent] / closes[-1 - distant] - 1)


def to_average(closes: np.ndarray, window: int) -> np.ndarray:
    """The last close over the mean of the last `window` closes, less 1."""
    k, n = closes.shape
    if k < window:
        return np.full(n, np.nan)
    with np.errstate(all="ignore"):
        average = _total(closes[-window:]) / window
        return np.where(np.isfinite(average), _finite(closes[-1] / average - 1), np.nan)


def rsi(closes: np.ndarray, bars: np.ndarray) -> np.ndarray:
    """Wilder's RSI of 14, 0 to 100, over the last 250 bars.

    The first average is the mean of the first 14 changes, later ones (13 · before + change) / 14.
    Written out, of N changes one that is `age` changes old counts (13/14)^min(age, N − 14) / 14,
    which lets stocks with fewer bars share the same pass. No losses: 100, no changes at all: 50.
    """
    k, n = closes.shape
    changes = np.minimum(bars, RSI_BARS) - 1
    gains, losses = np.zeros(n), np.zeros(n)
    decay = (1 - 1 / RSI_PERIOD) ** np.arange(RSI_BARS) / RSI_PERIOD
    oldest = np.maximum(changes - RSI_PERIOD, 0)
    with np.errstate(all="ignore"):
        for age in range(min(k, RSI_BARS) - 1):
            change = closes[k - 1 - age] - closes[k - 2 - age]
            change *= decay[np.minimum(age, oldest)]
            change[np.isnan(change)] = 0.0
            gains += np.maximum(change, 0.0)
            losses -= np.minimum(change, 0.0)
        index = 100 * _share(gains, losses)
    index[(gains == 0) & (losses == 0)] = 50.0
    return np.where(changes >= RSI_PERIOD, _finite(index), np.nan)


def volume_share(closes: np.ndarray, volumes: np.ndarray, bars: np.ndarray) -> np.ndarray:
    """Volume of rising days over the volume of rising and falling days, of the last 50 sessions.

    A volume that is unknown or below zero counts for nothing; NaN where none is left, or with fewer
    than 51 bars."""
    k, n = closes.shape
    if k <= VOLUME_SESSIONS:
        return np.full(n, np.nan)
    with np.errstate(all="ignore"):
        change = closes[-VOLUME_SESSIONS:] - closes[-VOLUME_SESSIONS - 1 : -1]
        traded = volumes[-VOLUME_SESSIONS:]
        traded = np.where(np.isfinite(traded) & (traded > 0), traded, 0.0)
        rising = _total(np.where(change > 0, traded, 0.0))
        falling = _total(np.where(change < 0, traded, 0.0))
        share = _finite(_share(rising, falling))
    return np.where(bars > VOLUME_SESSIONS, share, np.nan)


def _total(rows: np.ndarray) -> np.ndarray:
    total = np.zeros(rows.shape[1])
    for row in rows:
        total += row
    return total


def _share(part: np.ndarray, rest: np.ndarray) -> np.ndarray:
    share: np.ndarray = part / (part + rest)
    return share


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)
