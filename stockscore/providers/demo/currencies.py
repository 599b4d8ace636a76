"""Simulated exchange rates: what a currency is worth in US dollars, weekday by weekday."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from stockscore.providers.demo.draws import reverting, stream

QUOTED = {
    "USD": 1.0,
    "EUR": 1.10,
    "GBP": 1.28,
    "JPY": 0.0071,
    "CHF": 1.13,
    "SEK": 0.098,
    "CAD": 0.74,
}
"""The currencies the market shows rates of, and the long-run dollars for one of each."""

_UNQUOTED = {"ISK": 0.0074}
"""Currencies that have a worth which the market shows nobody."""


@lru_cache(maxsize=64)
def dollars(currency: str, days: int, seed: int) -> np.ndarray:
    """US dollars for one unit of `currency` on each of the first `days` weekdays since the
    genesis; more days only append. The array is shared: read it only."""
    usual = (QUOTED | _UNQUOTED)[currency]
    if currency == "USD":
        return np.ones(days)
    shocks = 0.0045 * stream(seed, "exchange rate", currency).standard_normal(days)
    path = usual * np.exp(reverting(shocks, 500, 0.0))
    path.setflags(write=False)
    return path


def rate_between(base: str, quote: str, day: int, seed: int) -> float:
    """Units of `quote` for one `base` at the fixing of a weekday, to six significant digits."""
    ratio = dollars(base, day + 1, seed)[day] / dollars(quote, day + 1, seed)[day]
    return float(f"{ratio:.6g}")
