"""The rows that an edition and its snapshots keep of each stock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np

from stockscore.scoring import method, record
from stockscore.scoring.engine import NOT_RATED, Scoring
from stockscore.scoring.explain import not_rated_sentence
from stockscore.services.market_inputs import MarketInputs
from stockscore.store import sessions
from stockscore.store.snapshots import SnapshotScore


def score_columns(market: MarketInputs, scoring: Scoring) -> list[dict[str, Any]]:
    """What scores and snapshots have in common (`store.models.ScoreColumns`), one row a stock."""
    return [
        {
            "kind": scoring.kinds[at],
            "total": _points(scoring.total[at]),
            "uncertainty": _points(scoring.uncertainty[at]),
            "coverage": float(scoring.coverage[at]),
            "signal": scoring.signals[at],
            **{
                factor: _points(scoring.factor_points[at, place])
                for place, factor in enumerate(method.FACTORS)
            },
            "rank": _rank(scoring.rank[at]),
            "percentile": _number(scoring.percentile[at]),
            "sector": stock.sector,
            "sector_rank": _rank(scoring.sector_rank[at]),
            "sector_percentile": _number(scoring.sector_percentile[at]),
            "price": _number(market.panel.last_closes[at]),
            "method": scoring.method.version,
            "receipt": scoring.receipts[at],
            "record": scoring.records[at],
        }
        for at, stock in enumerate(market.stocks)
    ]


def current_columns(market: MarketInputs, scoring: Scoring, at: int) -> dict[str, Any]:
    """What only the current score of a stock has."""
    panel = market.panel
    session = int(panel.sessions[at])
    change = panel.last_closes[at] / panel.previous_closes[at] - 1
    return {
        "price_session": date.fromordinal(session) if session else None,
        "price_change": _number(change),
        "market_cap": _number(market.universe.inputs["market_cap"][at]),
        "statements_end": market.reported[at].newest_end,
        "reason": None
        if scoring.total[at] != NOT_RATED
        else not_rated_sentence(record.unpack(scoring.records[at]), scoring.kinds[at]),
    }


def changes(
    market: MarketInputs, scoring: Scoring, before: Mapping[int, SnapshotScore]
) -> list[int | None]:
    """The change of each total (hundredths) against what was said `before`, by stock id; None where
    either is missing."""
    result: list[int | None] = []
    for at, stock in enumerate(market.stocks):
        then, total = before.get(stock.id), int(scoring.total[at])
        known = then is not None and then.total is not None and total != NOT_RATED
        result.append(total - then.total if known else None)
    return result


def prices_as_of(market: MarketInputs, now: datetime) -> datetime | None:
    """The newest moment of the prices: the close of the newest session, or now while it runs."""
    moments = []
    for mic in set(market.universe.exchanges):
        at = [place for place, one in enumerate(market.universe.exchanges) if one == mic]
        newest = int(market.panel.sessions[at].max())
        row = sessions.of(mic, date.fromordinal(newest)) if newest else None
        if row is not None:
            moments.append(min(row.closes_at, now))
    return max(moments, default=None)


def _points(value: Any) -> int | None:
    return None if value == NOT_RATED else int(value)


def _rank(value: Any) -> int | None:
    return int(value) or None


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
