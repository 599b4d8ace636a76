"""The rows that an edition and its snapshots keep of each stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

import numpy as np

from stockscore.scoring.explain import not_rated_sentence
from stockscore.scoring.method import FACTORS
from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.stored_score import stored_score
from stockscore.services.market_inputs import MarketInputs
from stockscore.services.score_sections import ScoredMarket
from stockscore.store import sessions

_FRACTIONS = ("coverage", "percentile", "sector_percentile")


def shared_columns(market: MarketInputs, scored: ScoredMarket) -> dict[str, list[Any]]:
    """What scores and snapshots both keep of each stock (`store.models.ScoreColumns`), in the
    market's order."""
    columns: dict[str, list[Any]] = {
        name: _whole(scored.columns[name])
        for name in ("total", "uncertainty", *FACTORS, "rank", "sector_rank")
    }
    return columns | {
        "signal": scored.scoring.signals,
        "price": _floats(market.panel.last_closes),
        "method": [scored.method.version] * len(market.stocks),
        "receipt": scored.receipts,
    }


def score_rows(
    market: MarketInputs,
    scored: ScoredMarket,
    more: Mapping[str, np.ndarray],
    edition_id: int,
    base_currency: str,
) -> list[dict[str, Any]]:
    """The current scores of all stocks; `more` are those of `score_sections.EDITION_ONLY`, the
    market values among them in `base_currency`."""
    changes = [name for name in more if name.startswith("change_")]
    columns: dict[str, Sequence[Any]] = {
        **shared_columns(market, scored),
        "stock_id": [stock.id for stock in market.stocks],
        "edition_id": [edition_id] * len(market.stocks),
        "kind": scored.scoring.kinds,
        "sector": market.universe.sectors,
        **{name: _floats(scored.columns[name]) for name in _FRACTIONS},
        "price_session": [_day(ordinal) for ordinal in _whole(scored.columns["price_session"])],
        "price_change": _floats(more["price_change"]),
        "market_cap": _floats(scored.columns["market_cap"]),
        "market_cap_base": _floats(more["market_cap_base"]),
        "base_currency": [base_currency] * len(market.stocks),
        "statements_end": [reported.newest_end for reported in market.reported],
        "reason": _reasons(scored),
        "previous_signal": [
            SIGNALS[code] if code >= 0 else None for code in more["previous_signal"].tolist()
        ],
        "previous_rank": _whole(more["previous_rank"]),
        **{
            name: [None if value != value else int(value) for value in more[name].tolist()]
            for name in changes
        },
    }
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _reasons(scored: ScoredMarket) -> list[str | None]:
    """Why a stock is not rated; None for those that are."""
    totals: list[int] = scored.columns["total"].tolist()
    # An array is as good as a sequence where single numbers are taken out of it.
    columns = cast("Mapping[str, Sequence[float]]", scored.columns)
    return [
        None
        if total >= 0
        else not_rated_sentence(
            stored_score(columns, index, scored.method.version), scored.scoring.kinds[index]
        )
        for index, total in enumerate(totals)
    ]


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


def _whole(values: np.ndarray) -> list[int | None]:
    return [None if value < 0 else value for value in values.tolist()]


def _floats(values: np.ndarray) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)
