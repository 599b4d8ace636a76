"""Writes what a scoring said as cross-sections: of an edition, and of a session of an exchange."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np

from stockscore.scoring.engine import Scoring
from stockscore.scoring.method import CHANGE_DAYS, KINDS
from stockscore.scoring.methods import Method, method_of
from stockscore.scoring.score_columns import receipts, score_columns
from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.stored_score import day_receipt, derived_keys
from stockscore.services.earlier import EarlierScores
from stockscore.services.market_inputs import MarketInputs
from stockscore.store import cross_sections
from stockscore.store.columns import MISSING
from stockscore.store.cross_sections import Column, Section

RECEIPT_RULE = "1"
"""Receipts hash every value with its key (`scoring.stored_score.receipt`)."""

EDITION_ONLY = (
    *(f"change_{days}" for days in CHANGE_DAYS),
    *("previous_signal", "previous_rank", "price_change", "ticker_order", "name_order"),
    "market_cap_base",
)
"""Columns that help to order lists and are no part of the record."""

CONTEXT = ("quoted_price", "price_session", "statements_end", "sector", "exchange")
"""Columns of the record beside those that the method gives; receipts are made without them."""

_DTYPES: dict[str, np.dtype[Any]] = {
    "d": np.dtype(np.float64),
    "i": np.dtype(np.int32),
    "h": np.dtype(np.int16),
}
_TYPES = {dtype: typecode for typecode, dtype in _DTYPES.items()}


@dataclass(frozen=True)
class ScoredMarket:
    """What a method said of a market: `columns` (in the market's order) and the words that codes
    stand for."""

    method: Method
    scoring: Scoring
    columns: dict[str, np.ndarray]
    labels: Mapping[str, Sequence[str]]

    @cached_property
    def receipts(self) -> list[str]:
        """The receipts in the same order, made when they are first asked for."""
        own = {key: values for key, values in self.columns.items() if key not in CONTEXT}
        return receipts(self.method.version, self.scoring.tickers, own)


def with_columns(market: MarketInputs, scoring: Scoring) -> ScoredMarket:
    """The columns of a scoring of a market by its method."""
    method = market.method
    columns = score_columns(market.universe, scoring)
    sectors = _words(market.universe.sectors)
    exchanges = _words(market.universe.exchanges)
    context = {
        "quoted_price": market.panel.last_closes,
        "price_session": _ordinals(market.panel.sessions),
        "statements_end": _ordinals(
            [end.toordinal() if (end := reported.newest_end) else 0 for reported in market.reported]
        ),
        "sector": _codes(market.universe.sectors, sectors),
        "exchange": _codes(market.universe.exchanges, exchanges),
    }
    labels = {"signal": SIGNALS, "kind": KINDS, "sector": sectors, "exchange": exchanges}
    return ScoredMarket(method, scoring, columns | context, labels)


def order_columns(
    market: MarketInputs, scoring: Scoring, before: Mapping[int, EarlierScores]
) -> dict[str, np.ndarray]:
    """The columns of `EDITION_ONLY`; `before` are the earlier scores by `CHANGE_DAYS`."""
    last = before[1]
    names = [stock.name for stock in market.stocks]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = market.panel.last_closes / market.panel.previous_closes - 1
    return {
        **{f"change_{days}": before[days].changes(scoring.total) for days in CHANGE_DAYS},
        "previous_signal": last.signal.astype(np.int16),
        "previous_rank": last.rank.astype(np.int32),
        "price_change": np.where(np.isfinite(change), change, np.nan),
        "ticker_order": np.arange(len(names), dtype=np.int32),
        "name_order": name_places(names),
    }


def write_edition(
    edition_id: int,
    market: MarketInputs,
    scored: ScoredMarket,
    more: Mapping[str, np.ndarray],
    now: datetime,
) -> None:
    """Writes what an edition says by one method; `more` are columns beside those of the record."""
    ids = np.array([stock.id for stock in market.stocks], dtype=np.int32)
    order = np.argsort(ids)
    published = bool(more)
    # What a shadow says has no receipt before it is recorded at a session.
    made = dict(zip(market.universe.tickers, scored.receipts, strict=True)) if published else {}
    cross_sections.write(
        _column(ids[order]),
        {key: _column(values[order]) for key, values in {**scored.columns, **more}.items()},
        kind=cross_sections.EDITION,
        method=scored.method.version,
        published=published,
        known_at=now,
        labels=scored.labels,
        receipt_rule=RECEIPT_RULE,
        day_receipt=day_receipt(made) if published else None,
        edition_id=edition_id,
    )


def write_session(
    market: MarketInputs,
    scored: ScoredMarket,
    places: Sequence[int],
    exchange: str,
    known_at: datetime,
    published: bool = True,
) -> None:
    """Writes the snapshot of an exchange at the session that the market is of: what was scored of
    the stocks in some `places` of the market."""
    ids = np.array([market.stocks[place].id for place in places], dtype=np.int32)
    order = np.asarray(places, dtype=np.int64)[np.argsort(ids)]
    tickers = {market.stocks[place].ticker: scored.receipts[place] for place in places}
    cross_sections.write(
        _column(np.sort(ids)),
        _kept({key: values[order] for key, values in scored.columns.items()}, scored.method),
        kind=cross_sections.SNAPSHOT,
        method=scored.method.version,
        published=published,
        known_at=known_at,
        labels=scored.labels,
        receipt_rule=RECEIPT_RULE,
        day_receipt=day_receipt(tickers),
        exchange=exchange,
        session=market.day,
    )


def copy_session(
    edition: Section,
    tickers: Mapping[int, str],
    receipts_of: Mapping[int, str],
    exchange: str,
    session: date,
) -> None:
    """Copies what an edition says of the stocks in `tickers` (by id) into the snapshot of a session
    of their exchange. `receipts_of` are the receipts of what was published, by stock id; those of a
    shadow are made here."""
    ids = np.array(edition.stock_ids, dtype=np.int64)
    places = np.flatnonzero(np.isin(ids, np.array(sorted(tickers), dtype=np.int64)))
    columns = {
        key: np.array(column)[places].astype(_DTYPES[column.typecode])
        for key, column in edition.all_columns().items()
        if key not in EDITION_ONLY
    }
    named = [tickers[stock_id] for stock_id in ids[places].tolist()]
    if edition.published:
        made = [receipts_of[stock_id] for stock_id in ids[places].tolist()]
    else:
        own = {key: values for key, values in columns.items() if key not in CONTEXT}
        made = receipts(edition.method, named, own)
    as_now = edition.receipt_rule == RECEIPT_RULE
    cross_sections.write(
        _column(ids[places].astype(np.int32)),
        # A receipt of 0.1 is of all values, also of those that follow from others.
        _kept(columns, method_of(edition.method)) if as_now else _columns(columns),
        kind=cross_sections.SNAPSHOT,
        method=edition.method,
        published=edition.published,
        known_at=edition.known_at,
        labels=edition.labels,
        receipt_rule=edition.receipt_rule,
        day_receipt=day_receipt(dict(zip(named, made, strict=True))),
        exchange=exchange,
        session=session,
    )


def _kept(columns: Mapping[str, np.ndarray], method: Method) -> dict[str, Column]:
    """The columns that a snapshot keeps: without those that follow from its inputs."""
    derived = derived_keys(method)
    return _columns({key: values for key, values in columns.items() if key not in derived})


def _columns(columns: Mapping[str, np.ndarray]) -> dict[str, Column]:
    return {key: _column(values) for key, values in columns.items()}


def _column(values: np.ndarray) -> Column:
    column: Column = array(_TYPES[values.dtype])
    column.frombytes(np.ascontiguousarray(values).tobytes())
    return column


def _words(values: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _codes(values: Sequence[str | None], words: Sequence[str]) -> np.ndarray:
    places = {word: place for place, word in enumerate(words)}
    return np.array([places.get(value or "", MISSING) for value in values], dtype=np.int16)


def _ordinals(days: np.ndarray | Sequence[int]) -> np.ndarray:
    """Ordinals of dates, `MISSING` in place of 0."""
    ordinals = np.asarray(days, dtype=np.int32)
    return np.where(ordinals > 0, ordinals, MISSING).astype(np.int32)


def name_places(names: Sequence[str]) -> np.ndarray:
    """The place of each name among all different ones: equal names share theirs, so that lists
    order them by ticker in both directions."""
    places = {name: place for place, name in enumerate(sorted(set(names)))}
    return np.array([places[name] for name in names], dtype=np.int32)
