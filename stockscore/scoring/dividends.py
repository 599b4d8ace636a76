"""What a stock pays in a year."""

from __future__ import annotations

import numpy as np

from stockscore.scoring.arrays import Floats, Integers

YEAR = 365
SHORTER = 20
"""Days by which the dividends of two years may lie less than a year apart."""


def of_twelve_months(sessions: Integers, dividends: Floats) -> Floats:
    """The dividends per share of the year before the last bar, of n stocks from their windows of k
    bars (ordinals of sessions, 0 where there is no bar), NaN without bars.

    At most as many as the stock pays: a dividend that lies about a year before the newest one is
    that of the year before, although both are within 365 days. Dividends that come more often than
    every forty days are counted apart by half the days between them.
    """
    last = sessions[:, -1]
    paid = np.where((sessions > last[:, None] - YEAR) & (sessions > 0), dividends, 0.0)
    sums = paid.sum(axis=1)
    for place in np.flatnonzero((paid > 0).sum(axis=1) > 1).tolist():
        days = sessions[place][paid[place] > 0]
        usual = float(np.median(np.diff(days)))
        begins = days[-1] - YEAR + min(SHORTER, usual / 2)
        if days[0] <= begins:
            sums[place] = paid[place][sessions[place] > begins].sum()
    return np.where(last > 0, sums, np.nan)
