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
    n, last = len(sessions), sessions[:, -1]
    # Few bars have a dividend, so only those are looked at.
    stocks, places = np.nonzero(dividends > 0)
    days = sessions[stocks, places]
    of_year = days > last[stocks] - YEAR
    stocks, places, days = stocks[of_year], places[of_year], days[of_year]
    count = np.bincount(stocks, minlength=n)
    newest, oldest = np.zeros(n, dtype=np.int64), last.copy()
    np.maximum.at(newest, stocks, days)
    np.minimum.at(oldest, stocks, days)
    usual = (newest - oldest) / np.maximum(count - 1, 1)
    begins = newest - YEAR + np.minimum(SHORTER, usual / 2)
    counts = (days > begins[stocks]) | (count[stocks] == 1)
    paid = np.where(counts, dividends[stocks, places], 0.0)
    sums = np.bincount(stocks, weights=paid, minlength=n)
    return np.where(last > 0, sums, np.nan)
