"""The state of the market and of its data: sessions, freshness, runs, quarantined values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from stockscore.extensions import db
from stockscore.market.hours import Session
from stockscore.scoring.doctor.decisions import ACCEPTED, REFUSED
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
    prices or fundamentals failed. `quality` is the share of what the method asks of these stocks
    that is known of a stock with the newest price and without a quarantined value; None without
    stocks.
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
    quality: float | None


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
    """A value in quarantine, or one that was. `decision` is "accepted" or "refused" by a person,
    None where nobody has decided; `resolved_at` is None while the case is open."""

    id: int
    ticker: str
    name: str
    field: str
    session: date | None
    rule: str | None
    value: str | None
    last_good: str | None
    reason: str
    source: str
    seen_at: datetime
    resolved_at: datetime | None
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None


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


@dataclass(frozen=True, slots=True)
class DataState:
    """The freshness of each exchange, in order of MICs, and the kinds of failed last fetches, most
    frequent first."""

    freshness: Sequence[Freshness]
    failures: Sequence[Failure]


def data_state(now: datetime) -> DataState:
    """The state of the data of all listed stocks. One statement, which counts the stocks by
    exchange, session of the last price, and how their last fetches ended."""
    recent = now.date() - timedelta(days=100)
    prices, reports = aliased(Fetch), aliased(Fetch)
    held = select(Quarantine.stock_id).where(Quarantine.resolved_at.is_(None)).distinct().subquery()
    groups = Stock.exchange, Score.price_session, prices.state, reports.state
    statement = (
        select(
            *(column.label(name) for column, name in zip(groups, _GROUPS, strict=True)),
            func.count().label("stocks"),
            func.count(Score.rank).label("rated"),
            func.count(Score.statements_end).label("with_statements"),
            func.sum(case((Score.statements_end >= recent, 1), else_=0)).label("statements_fresh"),
            func.max(prices.succeeded_at, type_=Fetch.succeeded_at.type).label("fetched_at"),
            func.sum(case((held.c.stock_id.is_(None), Score.coverage), else_=0.0)).label("sound"),
            func.max(prices.message).label("of_prices"),
            func.max(reports.message).label("of_reports"),
        )
        .select_from(Stock)
        .outerjoin(Score, Score.stock_id == Stock.id)
        .outerjoin(held, held.c.stock_id == Stock.id)
        .outerjoin(prices, and_(prices.stock_id == Stock.id, prices.what == "prices"))
        .outerjoin(reports, and_(reports.stock_id == Stock.id, reports.what == "fundamentals"))
        .where(Stock.removed_at.is_(None))
        .group_by(*groups)
    )
    rows = db.session.execute(statement).mappings().all()
    exchanges = sorted({row["exchange"] for row in rows})
    return DataState(
        [_freshness(mic, [row for row in rows if row["exchange"] == mic]) for mic in exchanges],
        _failures(rows),
    )


_GROUPS = ("exchange", "session", "prices", "reports")


def _freshness(exchange: str, rows: Sequence[RowMapping]) -> Freshness:
    priced = [row for row in rows if row["session"] is not None]
    newest = max((row["session"] for row in priced), default=None)
    fetched = [row["fetched_at"] for row in rows if row["fetched_at"] is not None]
    stocks = sum(row["stocks"] for row in rows)
    sound = sum(row["sound"] or 0.0 for row in priced if row["session"] == newest)
    return Freshness(
        exchange,
        stocks=stocks,
        rated=sum(row["rated"] for row in rows),
        priced=sum(row["stocks"] for row in priced),
        newest=newest,
        oldest=min((row["session"] for row in priced), default=None),
        on_newest=sum(row["stocks"] for row in priced if row["session"] == newest),
        with_statements=sum(row["with_statements"] for row in rows),
        statements_fresh=sum(row["statements_fresh"] for row in rows),
        fetched_at=max(fetched, default=None),
        failing=sum(
            row["stocks"] for row in rows if _failed(row["prices"]) or _failed(row["reports"])
        ),
        quality=sound / stocks if stocks else None,
    )


def _failed(state: str | None) -> bool:
    return state is not None and state != "ok"


def _failures(rows: Sequence[RowMapping]) -> list[Failure]:
    stocks: Counter[tuple[str, str]] = Counter()
    messages: dict[tuple[str, str], str] = {}
    for row in rows:
        for what, state, message in (
            ("prices", row["prices"], row["of_prices"]),
            ("fundamentals", row["reports"], row["of_reports"]),
        ):
            if _failed(state):
                stocks[what, state] += row["stocks"]
                messages[what, state] = max(messages.get((what, state), ""), message or "")
    kinds = sorted(stocks, key=lambda kind: (-stocks[kind], kind))
    return [Failure(*kind, stocks[kind], messages[kind] or None) for kind in kinds]


def runs(limit: int) -> list[RunSummary]:
    """The last runs, newest first."""
    columns = [getattr(JobRun, name) for name in RunSummary.__dataclass_fields__]
    statement = select(*columns).order_by(JobRun.started_at.desc(), JobRun.id.desc()).limit(limit)
    return [RunSummary(**row) for row in db.session.execute(statement).mappings()]


def quarantined_count() -> int:
    """How many values are quarantined."""
    statement = select(func.count()).select_from(Quarantine)
    return db.session.scalar(statement.where(Quarantine.resolved_at.is_(None))) or 0


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What a rule has caught: cases that are open, that a person has decided, and all that are
    kept."""

    rule: str
    open: int
    decided: int
    kept: int


def caught(limit: int) -> tuple[list[QuarantinedValue], list[RuleCount]]:
    """The newest quarantined values, newest first, and what each rule has caught ("" where the rule
    was not kept). One statement."""
    rule = func.coalesce(Quarantine.rule, "")
    is_decided = Quarantine.decision.in_((ACCEPTED, REFUSED))
    counts = (
        select(
            rule.label("of_rule"),
            func.sum(case((Quarantine.resolved_at.is_(None), 1), else_=0)).label("open"),
            func.sum(case((is_decided, 1), else_=0)).label("decided"),
            func.count().label("kept"),
        )
        .group_by(rule)
        .subquery()
    )
    newest = _cases(Quarantine.seen_at).where(Quarantine.resolved_at.is_(None)).limit(limit)
    cases = newest.subquery()
    names = list(QuarantinedValue.__dataclass_fields__)
    statement = (
        select(counts, *(cases.c[name] for name in names))
        .outerjoin(cases, func.coalesce(cases.c.rule, "") == counts.c.of_rule)
        .order_by(cases.c.seen_at.desc(), cases.c.id.desc())
    )
    rules: dict[str, RuleCount] = {}
    found = []
    for of_rule, opened, decided_number, kept, *values in db.session.execute(statement):
        rules[of_rule] = RuleCount(of_rule, opened, decided_number, kept)
        if values[0] is not None:
            found.append(QuarantinedValue(*values))
    return found, list(rules.values())


def quarantined(limit: int, stock_id: int | None = None) -> tuple[list[QuarantinedValue], int]:
    """The newest quarantined values of all stocks or of one, newest first, and how many there are
    altogether."""
    statement = _cases(Quarantine.seen_at).where(Quarantine.resolved_at.is_(None)).limit(limit)
    if stock_id is not None:
        statement = statement.where(Quarantine.stock_id == stock_id)
    rows = db.session.execute(statement).all()
    return [QuarantinedValue(*values) for *values, _ in rows], rows[0][-1] if rows else 0


def decided(limit: int) -> list[QuarantinedValue]:
    """The values about which a person has decided, the last decision first."""
    statement = _cases(Quarantine.decided_at).where(Quarantine.decision.in_((ACCEPTED, REFUSED)))
    rows = db.session.execute(statement.limit(limit))
    return [QuarantinedValue(*values) for *values, _ in rows]


def _cases(moment: Any) -> Select[Any]:
    """Cases of the quarantine, those with the latest `moment` first, and their number."""
    columns = [
        getattr(Stock if name in ("ticker", "name") else Quarantine, name)
        for name in QuarantinedValue.__dataclass_fields__
    ]
    return (
        select(*columns, func.count().over())
        .join(Stock, Stock.id == Quarantine.stock_id)
        .order_by(moment.desc(), Quarantine.id.desc())
    )


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
