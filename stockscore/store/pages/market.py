"""The state of the market and of its data: sessions, freshness, runs, quarantined values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select

from stockscore.extensions import db
from stockscore.market.hours import Session
from stockscore.store.models import (
    ExchangeSession,
    Fetch,
    JobRun,
    Quarantine,
    Score,
    SnapshotDay,
    Stock,
)

AHEAD = timedelta(days=14)
"""Longer than any closure of an exchange, so that the next session is always among those read."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The data of one exchange's listed stocks.

    `newest` and `oldest` are sessions of last prices, `on_newest` how many stocks have the newest,
    `statements_fresh` how many have a statement whose period ended in the last 100 days,
    `fetched_at` the last successful fetch of prices, `failing` how many stocks' last fetch of
    prices or fundamentals failed.
    """

    exchange: str
    stocks: int
    rated: int
    priced: int
    newest: date | None
    oldest: date | None
    on_newest: int
    with_statements: int
    statements_fresh: int
    fetched_at: datetime | None
    failing: int


@dataclass(frozen=True, slots=True)
class Failure:
    """How many last fetches of `what` ended in `state`, with one of their sentences."""

    what: str
    state: str
    stocks: int
    message: str | None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run of a job or a command."""

    job: str
    slot: str | None
    state: str
    started_at: datetime
    ended_at: datetime | None
    expected: int
    updated: int
    unchanged: int
    failed: int
    quarantined: int
    message: str | None


@dataclass(frozen=True, slots=True)
class QuarantinedValue:
    """A value in quarantine."""

    ticker: str
    name: str
    field: str
    value: str | None
    last_good: str | None
    reason: str
    source: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SnapshotState:
    """The last recorded snapshot day of an exchange."""

    exchange: str
    session: date
    state: str
    stocks: int
    reason: str | None


def sessions_around(now: datetime) -> dict[str, list[Session]]:
    """Sessions of all exchanges from a fortnight before `now` to a fortnight after, by exchange."""
    first, last = (now - AHEAD).date(), (now + AHEAD).date()
    statement = (
        select(
            ExchangeSession.exchange,
            ExchangeSession.session,
            ExchangeSession.opens_at,
            ExchangeSession.closes_at,
            ExchangeSession.break_starts_at,
            ExchangeSession.break_ends_at,
        )
        .where(ExchangeSession.session.between(first, last))
        .order_by(ExchangeSession.exchange, ExchangeSession.session)
    )
    found: dict[str, list[Session]] = {}
    for row in db.session.execute(statement).mappings():
        found.setdefault(row["exchange"], []).append(Session(**row))
    return found


def freshness(now: datetime) -> list[Freshness]:
    """The freshness of each exchange, in order of MICs. Three statements."""
    recent = now.date() - timedelta(days=100)
    newest = (
        select(Stock.exchange, func.max(Score.price_session).label("session"))
        .join(Score, Score.stock_id == Stock.id)
        .where(Stock.removed_at.is_(None))
        .group_by(Stock.exchange)
        .subquery()
    )
    statement = (
        select(
            Stock.exchange,
            func.count().label("stocks"),
            func.count(Score.rank).label("rated"),
            func.count(Score.price_session).label("priced"),
            func.max(Score.price_session).label("newest"),
            func.min(Score.price_session).label("oldest"),
            func.sum(case((Score.price_session == newest.c.session, 1), else_=0)).label(
                "on_newest"
            ),
            func.count(Score.statements_end).label("with_statements"),
            func.sum(case((Score.statements_end >= recent, 1), else_=0)).label("statements_fresh"),
        )
        .select_from(Stock)
        .outerjoin(Score, Score.stock_id == Stock.id)
        .outerjoin(newest, newest.c.exchange == Stock.exchange)
        .where(Stock.removed_at.is_(None))
        .group_by(Stock.exchange)
        .order_by(Stock.exchange)
    )
    fetched, failing = _fetched(), _failing()
    return [
        Freshness(
            **row,
            fetched_at=fetched.get(row["exchange"]),
            failing=failing.get(row["exchange"], 0),
        )
        for row in db.session.execute(statement).mappings()
    ]


def _fetched() -> dict[str, datetime | None]:
    statement = (
        select(
            Stock.exchange,
            func.max(Fetch.succeeded_at, type_=Fetch.succeeded_at.type).label("fetched_at"),
        )
        .join(Fetch, Fetch.stock_id == Stock.id)
        .where(Stock.removed_at.is_(None), Fetch.what == "prices")
        .group_by(Stock.exchange)
    )
    return {row.exchange: row.fetched_at for row in db.session.execute(statement)}


def _failing() -> dict[str, int]:
    statement = (
        select(Stock.exchange, func.count(Stock.id.distinct()).label("stocks"))
        .join(Fetch, Fetch.stock_id == Stock.id)
        .where(Stock.removed_at.is_(None), Fetch.state != "ok")
        .group_by(Stock.exchange)
    )
    return {row.exchange: row.stocks for row in db.session.execute(statement)}


def failures() -> list[Failure]:
    """The kinds of failed last fetches, most frequent first."""
    stocks = func.count()
    statement = (
        select(
            Fetch.what,
            Fetch.state,
            stocks.label("stocks"),
            func.max(Fetch.message).label("message"),
        )
        .join(Stock, Stock.id == Fetch.stock_id)
        .where(Stock.removed_at.is_(None), Fetch.state != "ok")
        .group_by(Fetch.what, Fetch.state)
        .order_by(stocks.desc(), Fetch.what, Fetch.state)
    )
    return [Failure(**row) for row in db.session.execute(statement).mappings()]


def runs(limit: int) -> list[RunSummary]:
    """The last runs, newest first."""
    columns = [getattr(JobRun, name) for name in RunSummary.__dataclass_fields__]
    statement = select(*columns).order_by(JobRun.started_at.desc(), JobRun.id.desc()).limit(limit)
    return [RunSummary(**row) for row in db.session.execute(statement).mappings()]


def quarantined_count() -> int:
    """How many values are quarantined."""
    statement = select(func.count()).select_from(Quarantine)
    return db.session.scalar(statement.where(Quarantine.resolved_at.is_(None))) or 0


def quarantined(limit: int, stock_id: int | None = None) -> list[QuarantinedValue]:
    """Quarantined values of all stocks or of one, newest first."""
    statement = (
        select(
            Stock.ticker,
            Stock.name,
            Quarantine.field,
            Quarantine.value,
            Quarantine.last_good,
            Quarantine.reason,
            Quarantine.source,
            Quarantine.seen_at,
        )
        .join(Stock, Stock.id == Quarantine.stock_id)
        .where(Quarantine.resolved_at.is_(None))
        .order_by(Quarantine.seen_at.desc(), Quarantine.id.desc())
        .limit(limit)
    )
    if stock_id is not None:
        statement = statement.where(Quarantine.stock_id == stock_id)
    return [QuarantinedValue(**row) for row in db.session.execute(statement).mappings()]


def snapshot_states() -> list[SnapshotState]:
    """The last recorded snapshot day of each exchange."""
    last = (
        select(SnapshotDay.exchange, func.max(SnapshotDay.session).label("session"))
        .group_by(SnapshotDay.exchange)
        .subquery()
    )
    columns = [getattr(SnapshotDay, name) for name in SnapshotState.__dataclass_fields__]
    statement = (
        select(*columns)
        .join(
            last,
            (last.c.exchange == SnapshotDay.exchange) & (last.c.session == SnapshotDay.session),
        )
        .order_by(SnapshotDay.exchange)
    )
    return [SnapshotState(**row) for row in db.session.execute(statement).mappings()]


def tickers(limit: int) -> list[str]:
    """The tickers of listed stocks in alphabetical order, at most so many."""
    query = select(Stock.ticker).where(Stock.removed_at.is_(None)).order_by(Stock.ticker)
    return list(db.session.scalars(query.limit(limit)))


def stocks_listed() -> int:
    """How many stocks are listed (added and not removed)."""
    statement = select(func.count()).select_from(Stock).where(Stock.removed_at.is_(None))
    return db.session.scalar(statement) or 0
