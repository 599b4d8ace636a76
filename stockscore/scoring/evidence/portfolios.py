"""Fifths of the cohort scores as portfolios: what each earns and trades, day by day."""

from __future__ import annotations

import numpy as np

from stockscore.scoring.evidence.ranks import LEAST_STOCKS
from stockscore.scoring.evidence.series import (
    FIFTHS,
    UNIVERSE,
    WEIGHTS,
    earned,
    earned_unassumed,
    traded,
)

CAP_QUANTILE = 0.8
"""Weights follow market values up to that of this share of the stocks."""


def fifths(scores: np.ndarray) -> np.ndarray:
    """The fifth (1 the lowest) of each stock by its score, 0 where it has none."""
    known = np.flatnonzero(~np.isnan(scores))
    order = known[np.argsort(scores[known], kind="stable")]
    found = np.zeros(len(scores), dtype=np.int8)
    found[order] = 1 + np.arange(len(order)) * len(FIFTHS) // max(1, len(order))
    return found


def capped_values(market_values: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Market values of the members, cut at `CAP_QUANTILE` of them; 0 for all others and where
    unknown."""
    known = members & (market_values > 0)
    found = np.zeros(len(market_values))
    if known.any():
        values = market_values[known]
        found[known] = np.minimum(values, np.quantile(values, CAP_QUANTILE))
    return found


def _weights(sizes: np.ndarray, fifth: np.ndarray) -> np.ndarray:
    """Sizes as shares of their fifth."""
    held = np.flatnonzero((sizes > 0) & (fifth > 0))
    groups = fifth[held]
    sums = np.bincount(groups, sizes[held], minlength=len(FIFTHS) + 1)
    found = np.zeros(len(sizes))
    found[held] = sizes[held] / sums[groups]
    return found


class Portfolios:
    """The five portfolios of one horizon under each of `WEIGHTS`, as they stand after a date."""

    def __init__(self, count: int) -> None:
        self._fifth = np.zeros(count, dtype=np.int8)
        self._held = {weights: np.zeros(count) for weights in WEIGHTS}

    def day(
        self,
        scores: np.ndarray,
        market_values: np.ndarray,
        returns: np.ndarray,
        assumed: np.ndarray,
    ) -> dict[str, float]:
        """What the portfolios by these scores trade before a date and earn on it. A stock without
        a return on the date (its exchange is closed) earns nothing."""
        fifth = fifths(scores)
        members = fifth > 0
        found: dict[str, float] = {}
        if np.count_nonzero(members) < LEAST_STOCKS:
            self._fifth[:] = 0
            for held in self._held.values():
                held[:] = 0
            return found
        earnings = np.where(np.isnan(returns), 0.0, returns)
        sizes = {"equal": members.astype(float), "capped": capped_values(market_values, members)}
        for weights in WEIGHTS:
            wanted = _weights(sizes[weights], fifth)
            found |= self._traded(weights, wanted, fifth)
            gains = _by_fifth(wanted * earnings, wanted, fifth)
            found |= {earned(place, weights): gains[place] for place in FIFTHS}
            if weights == "equal":
                plain = np.where(assumed, 0.0, earnings)
                without = _by_fifth(wanted * plain, wanted, fifth)
                found |= {earned_unassumed(place): without[place] for place in FIFTHS}
            grown = wanted * (1 + earnings)
            # What the market moved stays until the next trade.
            self._held[weights] = _weights(grown, fifth)
        found[UNIVERSE] = float(earnings[members].mean())
        self._fifth = fifth
        return found

    def _traded(self, weights: str, wanted: np.ndarray, fifth: np.ndarray) -> dict[str, float]:
        before = self._held[weights]
        touched = np.flatnonzero((before > 0) | (wanted > 0))
        was, now_in = self._fifth[touched], fifth[touched]
        stays = was == now_in
        change = np.abs(wanted[touched] - before[touched])
        most = len(FIFTHS) + 1
        bought = np.bincount(now_in, np.where(stays, change, wanted[touched]), minlength=most)
        moved = np.flatnonzero(~stays)
        sold = np.bincount(was[moved], before[touched][moved], minlength=most)
        return {traded(place, weights): float(bought[place] + sold[place]) for place in FIFTHS}


def _by_fifth(values: np.ndarray, held: np.ndarray, fifth: np.ndarray) -> list[float]:
    places = np.flatnonzero(held > 0)
    sums = np.bincount(fifth[places], values[places], minlength=len(FIFTHS) + 1)
    return [float(value) for value in sums]
