"""The record of one method, read date by date: what each date has shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stockscore.scoring.evidence.cohorts import LAG, Cohorts, ExchangeCohorts
from stockscore.scoring.evidence.days import Day, Exchange, Result
from stockscore.scoring.evidence.hits import matured
from stockscore.scoring.evidence.portfolios import Portfolios
from stockscore.scoring.evidence.ranks import (
    Ranked,
    correlation,
    less_group_means,
    rank_correlation,
)
from stockscore.scoring.evidence.series import (
    HORIZONS,
    LOOK_AHEAD,
    RATED,
    RETURNS,
    SCORES,
    SHUFFLED,
    STOCKS,
    UNASSUMED,
    UNIVERSES,
    ic,
)

SMALLEST = 0.2
"""The share of stocks, by market value, that "without the smallest" leaves out."""

MIXED_IN = 0.2
"""How much of the coming day the look-ahead placebo knows."""

WARM_UP = max(HORIZONS) + LAG + 2
"""Sessions of every exchange that have to be read before a date whose result is wanted."""


class Record:
    """What the snapshots of one method have shown. Dates are added in order; `measured` tells
    whether the result of a date is wanted, or whether it is only read for those after it (the last
    of these is to be measured too, because portfolios trade from what they held)."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._cohorts = Cohorts(exchanges)
        self._portfolios = {h: Portfolios(self._cohorts.count) for h in HORIZONS}

    def add(self, day: Day, measured: bool = True) -> Result:
        """Reads the next date; what it has shown."""
        trades = self._cohorts.open(day.session, day.trading, day.returns)
        result = self._measure(day, trades) if measured else Result(day.session)
        self._cohorts.close(trades, day.recorded)
        return result

    def _measure(self, day: Day, trades: Sequence[ExchangeCohorts]) -> Result:
        lines = _Lines(day, self._cohorts.sectors, self._cohorts.market_values)
        values: dict[int, dict[str, float]] = {}
        cohort_known = np.zeros(self._cohorts.count, dtype=bool)
        for horizon in HORIZONS:
            scores = [self._cohorts.scores(horizon, place) for place in range(len(SCORES))]
            cohort_known |= ~np.isnan(scores[0])
            found = lines.of(scores, horizon)
            found |= self._portfolios[horizon].day(
                scores[0], self._cohorts.market_values, day.returns, day.assumed
            )
            found |= matured(trades, horizon)
            if found:
                values[horizon] = found
        if day.recorded is not None:
            rated = day.recorded.scores[0] >= 0
            values[0] = {
                STOCKS: float(np.count_nonzero(day.recorded.present)),
                RATED: float(np.count_nonzero(rated)),
            }
        charged = np.flatnonzero(day.assumed & cohort_known)
        return Result(day.session, values, charged.tolist())


class _Lines:
    """The correlations of one date."""

    def __init__(self, day: Day, sectors: np.ndarray, market_values: np.ndarray) -> None:
        self._session = day.session
        large = _without_smallest(day.returns, market_values)
        self._universes: dict[str, np.ndarray | None] = {"all": None, "large": large}
        self._returns: dict[tuple[str, str], Ranked] = {}
        for universe, among in self._universes.items():
            own = day.returns if among is None else np.where(among, day.returns, np.nan)
            self._returns["raw", universe] = Ranked(own)
            self._returns["neutral", universe] = Ranked(less_group_means(own, sectors))
        self._plain = None
        if day.assumed.any():
            plain = np.where(day.assumed, np.nan, day.returns)
            self._plain = Ranked(less_group_means(plain, sectors))

    def of(self, scores: Sequence[np.ndarray], horizon: int) -> dict[str, float]:
        """The values of all lines of one horizon that have one."""
        found: dict[str, float | None] = {}
        ranked = [Ranked(own) for own in scores]
        for score, own in zip(SCORES, ranked, strict=True):
            for universe in UNIVERSES:
                for kind in RETURNS:
                    other = self._returns[kind, universe]
                    found[ic(score, kind, universe)] = rank_correlation(own, other)
        total, main = ranked[0], self._returns["neutral", "all"]
        found[UNASSUMED] = (
            found[ic("total")] if self._plain is None else rank_correlation(total, self._plain)
        )
        found |= self._placebos(total, main, horizon)
        known = {key: value for key, value in found.items() if value is not None}
        if known:
            known[STOCKS] = float(np.count_nonzero(total.known & main.known))
        return known

    def _placebos(self, total: Ranked, main: Ranked, horizon: int) -> dict[str, float | None]:
        both = total.known & main.known
        own, other = total.among(both), main.among(both)
        dealt = np.random.default_rng((self._session, horizon)).permutation(own)
        # Both are ranks of the same number of stocks, and so of nearly the same spread.
        mixed = Ranked(own + MIXED_IN * other)
        return {
            SHUFFLED: correlation(dealt, other),
            LOOK_AHEAD: correlation(mixed.among(mixed.known), other),
        }


def _without_smallest(returns: np.ndarray, market_values: np.ndarray) -> np.ndarray:
    """The stocks with a return whose market value is known and not among the smallest."""
    known = ~np.isnan(returns) & (market_values > 0)
    if known.any():
        known &= market_values >= np.quantile(market_values[known], SMALLEST)
    found: np.ndarray = known
    return found
