"""Everything that the page of one stock reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter

from sqlalchemy import (
    ColumnElement,
    Date,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from stockscore.extensions import db
from stockscore.store import stocks
from stockscore.store.models import Fetch, Score, ScoreStep, Snapshot, Stock, StoredBar
from stockscore.store.pages.lists import StockLine, joined, line_columns, line_of
from stockscore.store.score_steps import KeptStep


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
    """The score of a daily snapshot; `step` says why it is another one than before, where that is
    kept."""

    session: date
    total: int | None
    uncertainty: int | None
    signal: str | None
    rank: int | None
    price: float | None
    method: str
    step: KeptStep | None = None


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
    return by_keys([key]).get(key)


def by_keys(keys: Collection[str]) -> dict[str, StockDetail]:
    """The stocks with these `ticker_key`, listed or removed, by it."""
    statement = joined(select(*line_columns(), Stock.ticker_key, *_DETAILS))
    rows = db.session.execute(statement.where(Stock.ticker_key.in_(keys)))
    return {
        row.ticker_key: StockDetail(
            line_of(row), **{column.key: getattr(row, column.key) for column in _DETAILS}
        )
        for row in rows
    }


_DETAILS = (
    Stock.isin,
    Stock.delisted_on,
    Stock.added_at,
    Stock.removed_at,
    Score.method,
    Score.receipt,
    Score.edition_id,
)


def by_ticker_or_isin(text: str) -> StockDetail | None:
    """The stock with this ticker, in any spelling, else with this ISIN; removed ones too."""
    return by_tickers_or_isins([text])[0]


def by_tickers_or_isins(texts: Sequence[str]) -> list[StockDetail | None]:
    """The same for several texts, with one statement where all of them are tickers."""
    keys = [stocks.ticker_key(text) for text in texts]
    found = by_keys(keys)
    for key, text in zip(keys, texts, strict=True):
        if key not in found and (other := stocks.find(text)):
            found[key] = by_keys([other.ticker_key])[other.ticker_key]
    return [found.get(key) for key in keys]


def bars(stock_id: int, limit: int, until: date = date.max) -> list[BarRow]:
    """The last `limit` sessions up to a day, oldest first."""
    columns = [getattr(StoredBar, name) for name in BarRow.__dataclass_fields__]
    newest = select(*columns).where(StoredBar.stock_id == stock_id, StoredBar.session <= until)
    newest = newest.order_by(StoredBar.session.desc()).limit(limit)
    return [BarRow(**row) for row in db.session.execute(newest).mappings()][::-1]


@dataclass(frozen=True, slots=True)
class Action:
    """A session with a dividend (money per share, 0 for none) or a split (1 for none)."""

    session: date
    dividend: float
    split: float


@dataclass(frozen=True, slots=True)
class Traded:
    """A calendar year of a stock: its first and last known session, and the last raw close."""

    first: date
    last: date
    close: float


@dataclass(frozen=True, slots=True)
class PriceRecord:
    """What is known of the prices of a stock, all oldest first: the last sessions, all dividends
    and splits, and the calendar years with prices."""

    bars: Sequence[BarRow]
    actions: Sequence[Action]
    years: Sequence[Traded]

    @property
    def splits(self) -> list[tuple[date, float]]:
        """All splits as (session, new shares for one old)."""
        return [(action.session, action.split) for action in self.actions if action.split != 1]


def prices(stock_id: int, limit: int) -> PriceRecord:
    """The prices of a stock, with the last `limit` sessions. One statement."""
    columns = [getattr(StoredBar, name) for name in BarRow.__dataclass_fields__]
    nothing = cast(null(), Date).label("first")
    newest = select(*columns).where(StoredBar.stock_id == stock_id)
    newest_bars = newest.order_by(StoredBar.session.desc()).limit(limit).subquery()
    actions = or_(StoredBar.dividend != 0, StoredBar.split != 1)
    spans = (
        select(
            func.min(StoredBar.session).label("first"), func.max(StoredBar.session).label("last")
        )
        .where(StoredBar.stock_id == stock_id)
        .group_by(extract("year", StoredBar.session))
        .subquery()
    )
    years = select(literal("year"), spans.c.first, *columns).join(
        StoredBar, StoredBar.session == spans.c.last
    )
    statement = union_all(
        select(literal("bar").label("kind"), nothing, *newest_bars.c),
        select(literal("action"), nothing, *columns).where(StoredBar.stock_id == stock_id, actions),
        years.where(StoredBar.stock_id == stock_id),
    )
    rows = sorted(db.session.execute(statement).all(), key=itemgetter(2))
    return PriceRecord(
        [BarRow(*row[2:]) for row in rows if row.kind == "bar"],
        [Action(row.session, row.dividend, row.split) for row in rows if row.kind == "action"],
        [Traded(row.first, row.session, row.close) for row in rows if row.kind == "year"],
    )


def history(stock_id: int, since: date) -> list[HistoryScore]:
    """The daily snapshots from `since` on, oldest first."""
    columns = [getattr(Snapshot, name) for name in _OF_A_SCORE]
    of_step = [getattr(ScoreStep, name) for name in KeptStep.__dataclass_fields__]
    same = and_(ScoreStep.stock_id == Snapshot.stock_id, ScoreStep.session == Snapshot.session)
    statement = (
        select(*columns, *of_step)
        .outerjoin(ScoreStep, same)
        .where(Snapshot.stock_id == stock_id, Snapshot.session >= since)
        .order_by(Snapshot.session)
    )
    found = []
    for session, total, uncertainty, signal, rank, price, method, *kept in db.session.execute(
        statement
    ):
        step = None if kept[0] is None else KeptStep(*kept)
        found.append(HistoryScore(session, total, uncertainty, signal, rank, price, method, step))
    return found


_OF_A_SCORE = tuple(name for name in HistoryScore.__dataclass_fields__ if name != "step")


def attempts(stock_id: int) -> list[Attempt]:
    """The last fetches, by what was fetched."""
    columns = [getattr(Fetch, name) for name in Attempt.__dataclass_fields__]
    statement = select(*columns).where(Fetch.stock_id == stock_id).order_by(Fetch.what)
    return [Attempt(**row) for row in db.session.execute(statement).mappings()]


def peers(of: StockLine, limit: int) -> list[StockLine]:
    """The rated stocks of its sector nearest in size (by the ratio of market values), or the best
    of the sector where its own size is unknown; best score first."""
    if of.sector is None:
        return []
    statement = joined(select(*line_columns())).where(*_others_of(of))
    if size := of.market_cap_base:
        cap = Score.market_cap_base
        ratio = case((cap >= size, cap / size), else_=size / cap)
        statement = statement.where(cap > 0).order_by(ratio, Stock.ticker)
    else:
        statement = statement.order_by(Score.rank)
    found = [line_of(row) for row in db.session.execute(statement.limit(limit))]
    return sorted(found, key=lambda line: line.rank or 0)


def _others_of(of: StockLine) -> tuple[ColumnElement[bool], ...]:
    """The other rated stocks of its sector."""
    return (
        Stock.removed_at.is_(None),
        Stock.sector == of.sector,
        Stock.id != of.id,
        Score.rank.is_not(None),
    )
