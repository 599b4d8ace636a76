"""A made-up market for tests of the evidence: scores that persist, returns with a style factor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from stockscore.scoring.evidence.days import Day, Exchange, Recorded
from stockscore.scoring.evidence.series import SCORES

SECTORS = 8


def scored_market(
    seed: int, dates: int, count: int = 200, skill: float = 0.0, exchanges: int = 1
) -> Iterator[Day]:
    """Days of a market whose scores have this daily correlation with what comes two sessions
    later."""
    rng = np.random.default_rng(seed)
    sectors = rng.integers(0, SECTORS, count).astype(np.int32)
    values = np.exp(rng.normal(22, 1.5, count))
    style = rng.normal(size=count)
    latent = rng.normal(size=(len(SCORES), count))
    unknown = rng.random((len(SCORES), count)) < 0.03
    unknown[0] = False
    edges = markets(count, exchanges)
    for session in range(dates):
        latent = 0.98 * latent + np.sqrt(1 - 0.98**2) * rng.normal(size=latent.shape)
        market, factor = rng.normal(0, 0.01), rng.normal(0, 0.003)
        # What moves a stock is itself persistent, so that a cohort sees it.
        own = rng.normal(0, 0.02, count)
        returns = market + factor * style + own + 0.02 * skill * latent[0]
        scores = np.clip(np.rint(5000 + 1200 * latent), 0, 10_000).astype(np.int32)
        scores[unknown] = -1
        codes = np.digitize(-scores[0], [-6999, -5999, -4499, -3499]).astype(np.int8)
        trading = frozenset(
            edge.mic for place, edge in enumerate(edges) if (session + place) % 17 or not place
        )
        day = Recorded.empty(count)
        for edge in edges:
            if edge.mic in trading:
                here = slice(edge.first, edge.end)
                day.present[here] = True
                day.scores[:, here] = scores[:, here]
                day.signals[here], day.sectors[here] = codes[here], sectors[here]
                day.market_values[here] = values[here]
            else:
                returns[edge.first : edge.end] = np.nan
        said = replace(day, exchanges=trading)
        yield Day(session + 1, trading, returns, np.zeros(count, dtype=bool), said)


def markets(count: int, exchanges: int = 1) -> list[Exchange]:
    """The exchanges that a market of so many stocks is divided into."""
    borders = [place * count // exchanges for place in range(exchanges + 1)]
    return [
        Exchange(f"X{place}", first, end) for place, (first, end) in enumerate(pairwise(borders))
    ]
