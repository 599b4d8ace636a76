"""Everything that the page of one stock reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, extract, func, or_, select

from stockscore.extensions import db
from stockscore.store import stocks
from stockscore.store.models import Fetch, Score, Snapshot, Stock, StoredBar
from stockscore.store.pages.lists import StockLine, joined, line_columns, line_of


@dataclass(frozen=True, slots=True)
class StockDetail:
    """A stock with its current score. `method`, `receipt` and `edition_id` are None for a stock
    that no edition has scored yet."""

    line: StockLine
    isin: str | None
    delisted_on: date | None
    added_at: datetime
    removed_at: datetime | None
    method: str | None
    receipt: str | None
    edition_id: int | None


@dataclass(frozen=True, slots=True)
class BarRow:
    """One session, raw, with its actions (see `providers.base.StoredBar`)."""

    session: date
    close: float
    volume: float | None
    dividend: float
    split: float
    adjustment: float
    source: str


@dataclass(frozen=True, slots=True)
class HistoryScore:
    """The score of a daily snapshot."""

    session: date
    total: int | None
    uncertainty: int | None
    signal: str | None
    rank: int | None
    price: float | None
    method: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """The last attempt to fetch `what`, and the last success."""

    what: str
    state: str
    message: str | None
    attempted_at: datetime
    succeeded_at: datetime | None
    source: str


def by_key(key: str) -> StockDetail | None:
    """The stock with this `ticker_key`, listed or removed."""
    extra = (
        Stock.isin,
        Stock.delisted_on,
        Stock.added_at,
        Stock.removed_at,
        Score.method,
        Score.receipt,
        Score.edition_id,
    )
    statement = joined(select(*line_columns(), *extra)).where(Stock.ticker_key == key)
    row = db.session.execute(statement).first()
    if row is None:
        return None
    return StockDetail(line_of(row), **{column.key: getattr(row, column.key) for column in extra})


def by_ticker_or_isin(text: str) -> StockDetail | None:
    """The stock with this ticker, in any spelling, else with this ISIN; removed ones too."""
    detail = by_key(stocks.ticker_key(text))
    if detail is None and (other := stocks.find(text)):
        return by_key(other.ticker_key)
    return detail


def bars(stock_id: int, limit: int) -> list[BarRow]:
    """The last `limit` sessions, oldest first."""
    columns = [getattr(StoredBar, name) for name in BarRow.__dataclass_fields__]
    newest = select(*columns).where(StoredBar.stock_id == stock_id)
    newest = newest.order_by(StoredBar.session.desc()).limit(limit)
    return [BarRow(**row) for row in db.session.execute(newest).mappings()][::-1]


def splits(stock_id: int) -> list[tuple[date, float]]:
    """All splits as (session, new shares for one old), oldest first."""
    statement = (
        select(StoredBar.session, StoredBar.split)
        .where(StoredBar.stock_id == stock_id, StoredBar.split != 1)
        .order_by(StoredBar.session)
    )
    return [(session, ratio) for session, ratio in db.session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Action:
    """A session with a dividend (money per share, 0 for none) or a split (1 for none)."""

    session: date
    dividend: float
    split: float


def actions(stock_id: int) -> list[Action]:
    """All dividends and splits, oldest first."""
    statement = (
        select(StoredBar.session, StoredBar.dividend, StoredBar.split)
        .where(StoredBar.stock_id == stock_id, or_(StoredBar.dividend != 0, StoredBar.split != 1))
        .order_by(StoredBar.session)
    )
    return [Action(**row) for row in db.session.execute(statement).mappings()]


@dataclass(frozen=True, slots=True)
class Traded:
    """A calendar year of a stock: its first and last known session, and the last raw close."""

    first: date
    last: date
    close: float


def years(stock_id: int) -> list[Traded]:
    """The calendar years with prices, oldest first."""
    spans = (
        select(
            func.min(StoredBar.session).label("first"), func.max(StoredBar.session).label("last")
        )
        .where(StoredBar.stock_id == stock_id)
        .group_by(extract("year", StoredBar.session))
        .subquery()
    )
    statement = (
        select(spans.c.first, spans.c.last, StoredBar.close)
        .join(StoredBar, StoredBar.session == spans.c.last)
        .where(StoredBar.stock_id == stock_id)
        .order_by(spans.c.last)
    )
    return [Traded(**row) for row in db.session.execute(statement).mappings()]


def history(stock_id: int, since: date) -> list[HistoryScore]:
    """The daily snapshots from `since` on, oldest first."""
    columns = [getattr(Snapshot, name) for name in HistoryScore.__dataclass_fields__]
    statement = (
        select(*columns)
        .where(Snapshot.stock_id == stock_id, Snapshot.session >= since)
        .order_by(Snapshot.session)
    )
    return [HistoryScore(**row) for row in db.session.execute(statement).mappings()]


def attempts(stock_id: int) -> list[Attempt]:
    """The last fetches, by what was fetched."""
    columns = [getattr(Fetch, name) for name in Attempt.__dataclass_fields__]
    statement = select(*columns).where(Fetch.stock_id == stock_id).order_by(Fetch.what)
    return [Attempt(**row) for row in db.session.execute(statement).mappings()]


def peers(of: StockLine, limit: int) -> list[StockLine]:
    """The rated stocks of its sector nearest in size (by the ratio of market values), or the best
    of the sector where its own size is unknown; best score first. Only stocks whose reports are in
    the same currency are compared by size, because market values are kept in it."""
    if of.sector is None:
        return []
    statement = joined(select(*line_columns())).where(*_others_of(of))
    if of.market_cap:
        cap = Score.market_cap
        ratio = case((cap >= of.market_cap, cap / of.market_cap), else_=of.market_cap / cap)
        statement = statement.where(cap > 0, _same_currency(of)).order_by(ratio, Stock.ticker)
    else:
        statement = statement.order_by(Score.rank)
    found = [line_of(row) for row in db.session.execute(statement.limit(limit))]
    return sorted(found, key=lambda line: line.rank or 0)


@dataclass(frozen=True, slots=True)
class SectorComparison:
    """How many other rated stocks of a sector there are, and how many of them have fewer points:
    in the total, and by factor among those whose factor is rated (`others` says of how many)."""

    others: dict[str, int]
    below: dict[str, int]


def standing(of: StockLine) -> SectorComparison | None:
    """Where a rated stock stands in its sector; None without a sector or a rating."""
    if of.sector is None or of.total is None:
        return None
    mine = {"total": of.total, **of.factors}
    known = {name: points for name, points in mine.items() if points is not None}
    counts = []
    for name, points in known.items():
        column = getattr(Score, name)
        counts += [
            func.count(column).label(f"others_{name}"),
            func.count().filter(column < points).label(f"below_{name}"),
        ]
    statement = select(*counts).join(Stock, Stock.id == Score.stock_id).where(*_others_of(of))
    row = db.session.execute(statement).mappings().one()
    return SectorComparison(
        others={name: row[f"others_{name}"] for name in known},
        below={name: row[f"below_{name}"] for name in known},
    )


def _others_of(of: StockLine) -> tuple[ColumnElement[bool], ...]:
    """The other rated stocks of its sector."""
    return (
        Stock.removed_at.is_(None),
        Stock.sector == of.sector,
        Stock.id != of.id,
        Score.rank.is_not(None),
    )


def _same_currency(of: StockLine) -> ColumnElement[bool]:
    own = select(Stock.financial_currency).where(Stock.id == of.id).scalar_subquery()
    return Stock.financial_currency.is_not_distinct_from(own)
