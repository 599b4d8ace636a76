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
    """The columns that scores and snapshots share (`store.models.ScoreColumns`), by stock."""
    return [
        {
            "kind": scoring.kinds[index],
            "total": _points(scoring.total[index]),
            "uncertainty": _points(scoring.uncertainty[index]),
            "coverage": float(scoring.coverage[index]),
            "signal": scoring.signals[index],
            **{
                factor: _points(scoring.factor_points[index, factor_index])
                for factor_index, factor in enumerate(method.FACTORS)
            },
            "rank": _rank(scoring.rank[index]),
            "percentile": _number(scoring.percentile[index]),
            "sector": stock.sector,
            "sector_rank": _rank(scoring.sector_rank[index]),
            "sector_percentile": _number(scoring.sector_percentile[index]),
            "price": _number(market.panel.last_closes[index]),
            "method": method.VERSION,
            "receipt": scoring.receipts[index],
            "record": scoring.records[index],
        }
        for index, stock in enumerate(market.stocks)
    ]


def current_columns(market: MarketInputs, scoring: Scoring, index: int) -> dict[str, Any]:
    """The columns that only the current score of a stock has."""
    panel = market.panel
    session = int(panel.sessions[index])
    change = panel.last_closes[index] / panel.previous_closes[index] - 1
    return {
        "price_session": date.fromordinal(session) if session else None,
        "price_change": _number(change),
        "market_cap": _number(market.universe.inputs["market_cap"][index]),
        "statements_end": market.reported[index].newest_end,
        "reason": None
        if scoring.total[index] != NOT_RATED
        else not_rated_sentence(record.unpack(scoring.records[index]), scoring.kinds[index]),
    }


def changes(
    market: MarketInputs, scoring: Scoring, before: Mapping[int, SnapshotScore]
) -> list[int | None]:
    """The change of each total (hundredths) against that of the snapshots `before`, which are by
    stock id; None where either total is missing."""
    result: list[int | None] = []
    for index, stock in enumerate(market.stocks):
        earlier, total = before.get(stock.id), int(scoring.total[index])
        if earlier is None or earlier.total is None or total == NOT_RATED:
            result.append(None)
        else:
            result.append(total - earlier.total)
    return result


def prices_as_of(market: MarketInputs, now: datetime) -> datetime | None:
    """The newest moment of the prices: the close of the newest session, or now while it runs."""
    moments = []
    for mic in set(market.universe.exchanges):
        indices = [
            index for index, exchange in enumerate(market.universe.exchanges) if exchange == mic
        ]
        newest = int(market.panel.sessions[indices].max())
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
