"""Lists of stocks: filtered, ordered and cut by the database, on columns computed at publishing.

A removed stock is on no list. A stock that is not rated is on lists of all stocks, after the rated
ones whatever the direction of the order, and on no list of rated ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select

from stockscore.extensions import db
from stockscore.scoring.method import CHANGE_DAYS, FACTORS
from stockscore.store.models import ExchangeSession, Fetch, Score, Snapshot, Stock
from stockscore.store.pages.search import EVERYTHING, Sought, exactly, matches
from stockscore.store.portions import portions


@dataclass(frozen=True, slots=True)
class StockLine:
    """What lists show of one stock. Everything from `kind` on is None for a stock that no edition
    has scored yet, and the points of a stock that is not rated are None, with its `reason`.

    `price_as_of` is the moment of the price: the close of its session, or the moment it was
    fetched where that came first. `market_cap_currency` is None where the reports' currency is not
    known to differ from the price's. `changes` are keyed by calendar days.
    """

    id: int
    ticker: str
    name: str
    exchange: str
    currency: str
    sector: str | None
    industry: str | None
    source: str
    kind: str | None
    price: float | None
    price_session: date | None
    price_as_of: datetime | None
    price_change: float | None
    market_cap: float | None
    market_cap_currency: str | None
    total: int | None
    uncertainty: int | None
    coverage: float | None
    signal: str | None
    rank: int | None
    percentile: float | None
    sector_rank: int | None
    factors: dict[str, int | None]
    changes: dict[int, int | None]
    previous_signal: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which stocks. `text` is what somebody searched for; `min_total` is in hundredths."""

    text: Sought = EVERYTHING
    sector: str = ""
    exchange: str = ""
    signal: str = ""
    min_total: int | None = None
    rated_only: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A column to order by; ties are ordered by ticker. `first` is a ticker key or an ISIN
    whose stock comes first where it is on the list, because it is what somebody typed."""

    column: str = "score"
    descending: bool = True
    first: str = ""


SORTS: dict[str, Any] = {
    "score": Score.rank,
    "ticker": Stock.ticker,
    "name": Stock.name,
    "sector": Stock.sector,
    "exchange": Stock.exchange,
    "value": Score.value,
    "quality": Score.quality,
    "momentum": Score.momentum,
    "health": Score.health,
    "coverage": Score.coverage,
    "market_cap": Score.market_cap,
    "change_1": Score.change_1,
    "change_7": Score.change_7,
    "change_30": Score.change_30,
    "change_90": Score.change_90,
}

"""What each order looks at. Ranks are descending totals with ties by ticker, and have an index."""


PLAIN: dict[str, Any] = {
    "id": Stock.id,
    "ticker": Stock.ticker,
    "name": Stock.name,
    "exchange": Stock.exchange,
    "currency": Stock.currency,
    "sector": Stock.sector,
    "industry": Stock.industry,
    "source": Stock.source,
    "kind": Score.kind,
    "price": Score.price,
    "price_session": Score.price_session,
    "price_change": Score.price_change,
    "market_cap": Score.market_cap,
    "market_cap_currency": Stock.financial_currency,
    "total": Score.total,
    "uncertainty": Score.uncertainty,
    "coverage": Score.coverage,
    "signal": Score.signal,
    "rank": Score.rank,
    "percentile": Score.percentile,
    "sector_rank": Score.sector_rank,
    "previous_signal": Score.previous_signal,
    "reason": Score.reason,
}
"""The fields of a `StockLine` that are columns as they are."""


def line_columns() -> list[ColumnElement[Any]]:
    """The columns of a `StockLine`, under the labels by which `line_of` takes them."""
    return [
        *(column.label(field) for field, column in PLAIN.items()),
        ExchangeSession.closes_at.label("closes_at"),
        Fetch.succeeded_at.label("succeeded_at"),
        *(getattr(Score, factor).label(factor) for factor in FACTORS),
        *(getattr(Score, f"change_{days}").label(f"change_{days}") for days in CHANGE_DAYS),
    ]


def line_of(row: Row[Any]) -> StockLine:
    """The stock of a row that has `line_columns`, by their labels, and maybe others."""
    known = [moment for moment in (row.closes_at, row.succeeded_at) if moment is not None]
    return StockLine(
        **{field: getattr(row, field) for field in PLAIN},
        price_as_of=min(known) if known and row.price_session else None,
        factors={factor: getattr(row, factor) for factor in FACTORS},
        changes={days: getattr(row, f"change_{days}") for days in CHANGE_DAYS},
    )


def joined(statement: Select[Any]) -> Select[Any]:
    """Joins what `line_columns` needs to a selection from stocks."""
    return (
        statement.select_from(Stock)
        .outerjoin(Score, Score.stock_id == Stock.id)
        .outerjoin(
            ExchangeSession,
            and_(
                ExchangeSession.exchange == Stock.exchange,
                ExchangeSession.session == Score.price_session,
            ),
        )
        .outerjoin(Fetch, and_(Fetch.stock_id == Stock.id, Fetch.what == "prices"))
    )


def count(wanted: Filter) -> int:
    """How many stocks fit."""
    statement = select(func.count()).select_from(Stock)
    statement = statement.outerjoin(Score, Score.stock_id == Stock.id).where(*_where(wanted))
    return db.session.scalar(statement) or 0


def lines(
    wanted: Filter, order: Order, limit: int | None = None, offset: int = 0
) -> list[StockLine]:
    """The stocks that fit, in order; all of them without a limit."""
    statement = (
        joined(select(*line_columns())).where(*_where(wanted)).order_by(*_order(order, wanted))
    )
    if limit is not None:
        statement = statement.limit(limit).offset(offset)
    return [line_of(row) for row in db.session.execute(statement)]


def lines_by_id(ids: Iterable[int]) -> dict[int, StockLine]:
    """These stocks by id, removed ones too."""
    found = (
        line_of(row)
        for some in portions(ids)
        for row in db.session.execute(joined(select(*line_columns())).where(Stock.id.in_(some)))
    )
    return {line.id: line for line in found}


def lines_of(ids: Sequence[int]) -> list[StockLine]:
    """These stocks in the order of the ids, removed ones too."""
    found = lines_by_id(ids)
    return [found[stock_id] for stock_id in ids]


def leaders_of_groups(wanted: Filter, group: str, each: int | None) -> list[StockLine]:
    """The best rated stocks of each group ("signal" or "sector") that fit, `each` of a group or
    all of them; ordered by group name, then rank."""
    column = {"signal": Score.signal, "sector": Score.sector}[group]
    place = func.row_number().over(partition_by=column, order_by=Score.rank)
    rated = (
        select(Score.stock_id, place.label("place"))
        .join(Stock, Stock.id == Score.stock_id)
        .where(*_where(wanted), Score.rank.is_not(None), column.is_not(None))
        .subquery()
    )
    statement = joined(select(*line_columns())).join(rated, rated.c.stock_id == Stock.id)
    if each is not None:
        statement = statement.where(rated.c.place <= each)
    return [line_of(row) for row in db.session.execute(statement.order_by(column, Score.rank))]


def sizes_of_groups(wanted: Filter, group: str) -> dict[str, int]:
    """How many rated stocks that fit each group has."""
    column = {"signal": Score.signal, "sector": Score.sector}[group]
    statement = (
        select(column, func.count())
        .select_from(Score)
        .join(Stock, Stock.id == Score.stock_id)
        .where(*_where(wanted), Score.rank.is_not(None), column.is_not(None))
        .group_by(column)
    )
    return {name: size for name, size in db.session.execute(statement) if name is not None}


def choices() -> dict[str, tuple[str, ...]]:
    """The sectors and exchanges that listed stocks have, by name, in alphabetical order."""
    statement = select(Stock.sector, Stock.exchange).where(Stock.removed_at.is_(None)).distinct()
    rows = list(db.session.execute(statement))
    return {
        "sectors": tuple(sorted({row.sector for row in rows if row.sector})),
        "exchanges": tuple(sorted({row.exchange for row in rows})),
    }


def signal_changes() -> list[StockLine]:
    """Rated stocks whose signal differs from the one of the last daily snapshot, best first."""
    statement = (
        joined(select(*line_columns()))
        .where(
            Stock.removed_at.is_(None),
            Score.signal.is_not(None),
            Score.previous_signal.is_not(None),
            Score.signal != Score.previous_signal,
        )
        .order_by(Score.rank)
    )
    return [line_of(row) for row in db.session.execute(statement)]


def trails(ids: Iterable[int], since: date) -> dict[int, list[int]]:
    """Totals of the snapshots from `since` on, oldest first, by stock."""
    statement = (
        select(Snapshot.stock_id, Snapshot.total)
        .where(Snapshot.stock_id.in_(list(ids)), Snapshot.session >= since)
        .where(Snapshot.total.is_not(None))
        .order_by(Snapshot.stock_id, Snapshot.session)
    )
    found: dict[int, list[int]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.stock_id, []).append(row.total)
    return found


def _where(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Stock.removed_at.is_(None)]
    if wanted.text.words:
        conditions.append(matches(wanted.text))
    if wanted.sector:
        conditions.append(Stock.sector == wanted.sector)
    if wanted.exchange:
        conditions.append(Stock.exchange == wanted.exchange)
    if wanted.signal:
        conditions.append(Score.signal == wanted.signal)
    if wanted.min_total is not None:
        conditions.append(Score.total >= wanted.min_total)
    if wanted.rated_only:
        conditions.append(Score.rank.is_not(None))
    return conditions


def _order(order: Order, wanted: Filter) -> list[ColumnElement[Any]]:
    column = SORTS[order.column]
    descending = order.descending != (column is Score.rank)
    ordered: list[ColumnElement[Any]] = []
    if order.first:
        ordered.append(case((exactly(order.first), 0), else_=1))
    placed = column.desc() if descending else column.asc()
    if wanted.rated_only and column is Score.rank:
        # Every rated stock has a rank of its own, so that the index alone gives the order.
        return [*ordered, placed]
    # NULL sorts first on SQLite and last on PostgreSQL; what is unknown comes last on both.
    ordered += [case((column.is_(None), 1), else_=0), placed]
    return [*ordered, Stock.ticker.expression]
