"""Cohort scores: of each stock the mean of its standardised scores over the snapshots of the last
sessions. Sums are of whole numbers, so that adding day by day gives the bits of adding at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stockscore.scoring.evidence.days import Exchange, Recorded
from stockscore.scoring.evidence.series import HORIZONS, SCORES

UNIT = 2**20
"""Standardised scores are whole numbers of this part of a standard deviation."""

LOG_UNIT = 2**40
"""Logarithms of returns are whole numbers of this part."""

LONGEST_CLOSURE = 14
"""Days after which an exchange without a session counts as no longer followed."""

LAG = 2
"""A snapshot of the session before last is the newest that may be traded at the last close."""


def standardised(scores: np.ndarray) -> np.ndarray:
    """Scores (-1 unknown) less their mean over the known ones, in standard deviations, times
    `UNIT`; 0 where unknown, and where all are equal."""
    known = scores >= 0
    values = scores[known].astype(np.int64)
    found = np.zeros(len(scores), dtype=np.int32)
    count = len(values)
    if not count:
        return found
    total = int(values.sum())
    # Exact: no order of adding matters.
    variance = (count * int(np.dot(values, values)) - total * total) / count**2
    if variance > 0:
        found[known] = np.rint((values - total / count) * (UNIT / variance**0.5))
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of an exchange's stocks after a session; `scores` are standardised."""

    scores: np.ndarray
    known: np.ndarray
    signals: np.ndarray
    sectors: np.ndarray
    market_values: np.ndarray
    present: np.ndarray


@dataclass(frozen=True, slots=True)
class Past:
    """A session of an exchange: what was said after it (None: a gap), and the sums of the
    logarithms of what the stocks had earned up to it."""

    said: Said | None
    growth: np.ndarray


class ExchangeCohorts:
    """The rolling sums of one exchange."""

    def __init__(self, exchange: Exchange) -> None:
        count = exchange.end - exchange.first
        self.exchange = exchange
        self.here = slice(exchange.first, exchange.end)
        self.sums = {h: np.zeros((len(SCORES), count), dtype=np.int64) for h in HORIZONS}
        self.counts = {h: np.zeros((len(SCORES), count), dtype=np.int32) for h in HORIZONS}
        self.growth = np.zeros(count, dtype=np.int64)
        self.opened = 0
        self._kept: deque[Past] = deque(maxlen=max(HORIZONS) + LAG + 1)

    def open(self, returns: np.ndarray) -> None:
        """Begins a session: brings the cohorts up to its date and adds its returns."""
        for horizon in HORIZONS:
            self._roll(horizon)
        own = returns[self.here]
        known = ~np.isnan(own)
        self.growth[known] += np.rint(np.log1p(own[known]) * LOG_UNIT).astype(np.int64)

    def _roll(self, horizon: int) -> None:
        for back, sign in ((LAG, 1), (horizon + LAG, -1)):
            entry = self.back(back)
            if entry is not None and entry.said is not None:
                self.sums[horizon] += sign * entry.said.scores.astype(np.int64)
                self.counts[horizon] += sign * entry.said.known.astype(np.int32)

    def back(self, sessions: int) -> Past | None:
        """What is kept of so many sessions before the open one (1: the one before)."""
        return self._kept[-sessions] if sessions <= len(self._kept) else None

    def close(self, recorded: Recorded | None, scores: np.ndarray | None) -> None:
        """Ends a session with what was recorded after it (None: a gap); `scores` are the
        standardised ones of all stocks."""
        growth, here = self.growth.copy(), self.here
        if recorded is None or scores is None or self.exchange.mic not in recorded.exchanges:
            if self._kept:  # a record begins with its first snapshot, not with a gap
                self._kept.append(Past(None, growth))
            return
        said = Said(
            scores[:, here].copy(),
            recorded.scores[:, here] >= 0,
            recorded.signals[here].copy(),
            recorded.sectors[here].copy(),
            recorded.market_values[here].copy(),
            recorded.present[here].copy(),
        )
        self._kept.append(Past(said, growth))

    def reaches(self, horizon: int) -> bool:
        """Whether the record is as long as the cohort of this horizon."""
        return len(self._kept) >= horizon + 1


class Cohorts:
    """The cohorts of all exchanges, and what was known of each stock in its newest snapshot that
    counts: its sector and its market value."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        count = max((exchange.end for exchange in exchanges), default=0)
        self.parts = [ExchangeCohorts(exchange) for exchange in exchanges]
        self.sectors = np.full(count, -1, dtype=np.int32)
        self.market_values = np.full(count, np.nan)
        self.count = count
        self._session = 0

    def open(
        self, session: int, trading: frozenset[str], returns: np.ndarray
    ) -> list[ExchangeCohorts]:
        """Begins a date (an ordinal); the exchanges that trade on it."""
        self._session = session
        trades = [part for part in self.parts if part.exchange.mic in trading]
        for part in trades:
            part.open(returns)
            part.opened = session
            newest = part.back(LAG)
            if newest is None or newest.said is None:
                continue
            there = newest.said.present
            self.sectors[part.here][there] = newest.said.sectors[there]
            self.market_values[part.here][there] = newest.said.market_values[there]
        return trades

    def close(self, trades: Sequence[ExchangeCohorts], recorded: Recorded | None) -> None:
        """Ends a date with what was recorded after it."""
        scores = None
        if recorded is not None:
            scores = np.stack([standardised(row) for row in recorded.scores])
        for part in trades:
            part.close(recorded, scores)

    def scores(self, horizon: int, score: int) -> np.ndarray:
        """The cohort scores of all stocks, NaN where less than half of a cohort is known."""
        found = np.full(self.count, np.nan)
        for part in self.parts:
            if not part.reaches(horizon) or self._session - part.opened > LONGEST_CLOSURE:
                continue
            counts = part.counts[horizon][score]
            enough = 2 * counts >= horizon
            values = part.sums[horizon][score][enough] / counts[enough]
            found[part.here][enough] = values
        return found
