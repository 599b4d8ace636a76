"""What lists show of stocks that were chosen by their ids (see `services.stock_lists`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from stockscore.extensions import db
from stockscore.scoring.method import CHANGE_DAYS, FACTORS
from stockscore.store.models import ExchangeSession, Fetch, Score, Snapshot, Stock
from stockscore.store.pages.search import EVERYTHING, Sought
from stockscore.store.portions import portions


@dataclass(frozen=True, slots=True)
class StockLine:
    """What lists show of one stock. Everything from `kind` on is None for a stock that no edition
    has scored yet, and the points of a stock that is not rated are None, with its `reason`.

    `price_as_of` is the moment of the price: the close of its session, or the moment it was
    fetched where that came first. `market_cap_currency` is None where the reports' currency is not
    known to differ from the price's; `market_cap_base` is the same value in `base_currency`, None
    where no rate is known. `changes` are keyed by calendar days.
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
    market_cap_base: float | None
    base_currency: str | None
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
    "market_cap_base": Score.market_cap_base,
    "base_currency": Score.base_currency,
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
"""The fields of a `StockLine` that are columns as they are, in its order."""


def line_columns() -> list[ColumnElement[Any]]:
    """The columns of a `StockLine`, under the labels by which `line_of` takes them."""
    return [
        *(column.label(field) for field, column in PLAIN.items()),
        ExchangeSession.closes_at.label("closes_at"),
        # Of an answer of which a part was held back the rest was saved all the same.
        func.coalesce(Fetch.succeeded_at, Fetch.attempted_at).label("succeeded_at"),
        *(getattr(Score, factor).label(factor) for factor in FACTORS),
        *(getattr(Score, f"change_{days}").label(f"change_{days}") for days in CHANGE_DAYS),
    ]


_PRICE_SESSION = list(PLAIN).index("price_session")
_FIRST = list(StockLine.__dataclass_fields__).index("price_as_of")
_PLAIN_END, _FACTORS_END = len(PLAIN), len(PLAIN) + 2 + len(FACTORS)
_CHANGES_END = _FACTORS_END + len(CHANGE_DAYS)


def line_of(row: Row[Any]) -> StockLine:
    """The stock of a row that begins with `line_columns`; lists have thousands of them, so that
    they are taken by their places."""
    known = [moment for moment in row[_PLAIN_END : _PLAIN_END + 2] if moment is not None]
    as_of = min(known) if known and row[_PRICE_SESSION] else None
    factors = dict(zip(FACTORS, row[_PLAIN_END + 2 : _FACTORS_END], strict=True))
    changes = dict(zip(CHANGE_DAYS, row[_FACTORS_END:_CHANGES_END], strict=True))
    middle, last = row[_FIRST : _PLAIN_END - 2], row[_PLAIN_END - 2 : _PLAIN_END]
    values: list[Any] = [*row[:_FIRST], as_of, *middle, factors, changes, *last]
    return StockLine(*values)


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


def tickers_of(ids: Iterable[int]) -> dict[int, str]:
    """The tickers of these stocks by id, of removed ones too."""
    return {
        row.id: row.ticker
        for some in portions(ids)
        for row in db.session.execute(select(Stock.id, Stock.ticker).where(Stock.id.in_(some)))
    }


WHOLE_MARKET = 2_000
"""Stocks from which on all are read in place of these by their ids."""


def fields_of(ids: Sequence[int], names: Collection[str]) -> dict[str, Sequence[Any]]:
    """Some fields of these stocks, each with a value for each id in their order: for files of all
    stocks, in which a `StockLine` of each would cost more than all else. The factors and the
    changes have fields of their own ("value", "change_7")."""
    wanted = {"id", "price_session", "closes_at", "succeeded_at", *names}
    asked = [column for column in line_columns() if column.key in wanted]
    statement = joined(select(*asked))
    # Rows of the connection are plain ones: nothing of them is kept in the session.
    connection = db.session.connection()
    found: dict[int, Sequence[Any]] = {}
    for some in [()] if len(ids) >= WHOLE_MARKET else portions(ids):
        chosen = statement.where(Stock.id.in_(some)) if some else statement
        found.update((row[0], row) for row in connection.execute(chosen))
    rows = [found[stock_id] for stock_id in ids]
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else ((),) * len(asked)
    fields = dict(zip([str(column.key) for column in asked], columns, strict=True))
    moments = zip(
        fields["price_session"], fields.pop("closes_at"), fields.pop("succeeded_at"), strict=True
    )
    as_of = [_earlier(closed, asked) if day else None for day, closed, asked in moments]
    return {**fields, "price_as_of": as_of}


def _earlier(closed: datetime | None, asked: datetime | None) -> datetime | None:
    if closed is None or asked is None:
        return closed or asked
    return min(closed, asked)


@dataclass(frozen=True, slots=True)
class NamedStock:
    """A listed stock as orders and filters of lists need it."""

    id: int
    ticker: str
    name: str
    sector: str | None
    exchange: str


_NAMED = tuple(getattr(Stock, name) for name in NamedStock.__dataclass_fields__)


def names() -> list[NamedStock]:
    """All listed stocks."""
    query = select(*_NAMED).where(Stock.removed_at.is_(None))
    return [NamedStock(*row) for row in db.session.execute(query)]


def changed_since_scoring() -> tuple[list[NamedStock], frozenset[int]]:
    """The listed stocks that no edition has scored yet, by ticker, and the ids of those that are
    scored and were removed since."""
    added = and_(Stock.removed_at.is_(None), Score.stock_id.is_(None))
    removed = and_(Stock.removed_at.is_not(None), Score.stock_id.is_not(None))
    query = (
        select(*_NAMED, Stock.removed_at.is_not(None))
        .outerjoin(Score, Score.stock_id == Stock.id)
        .where(or_(added, removed))
    )
    rows = list(db.session.execute(query))
    stocks = [NamedStock(*row) for *row, is_removed in rows if not is_removed]
    stocks.sort(key=lambda stock: stock.ticker)
    return stocks, frozenset(row[0] for row in rows if row[-1])


def choices() -> dict[str, tuple[str, ...]]:
    """The sectors and exchanges that listed stocks have, by name, in alphabetical order."""
    statement = select(Stock.sector, Stock.exchange).where(Stock.removed_at.is_(None)).distinct()
    rows = list(db.session.execute(statement))
    return {
        "sectors": tuple(sorted({row.sector for row in rows if row.sector})),
        "exchanges": tuple(sorted({row.exchange for row in rows})),
    }


def trails(ids: Iterable[int], since: date, until: date = date.max) -> dict[int, list[int]]:
    """Totals of the snapshots from `since` to `until`, oldest first, by stock."""
    statement = (
        select(Snapshot.stock_id, Snapshot.total)
        .where(Snapshot.stock_id.in_(list(ids)), Snapshot.session.between(since, until))
        .where(Snapshot.total.is_not(None))
        .order_by(Snapshot.stock_id, Snapshot.session)
    )
    found: dict[int, list[int]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.stock_id, []).append(row.total)
    return found
