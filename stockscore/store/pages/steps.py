"""What explains why a score moved: the records of two moments, and what came in between them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from stockscore.extensions import db
from stockscore.scoring.statements import Period
from stockscore.store.models import Bar, Snapshot, Statement, Stock

PORTION = 5_000
"""Ids in one statement, well under the parameters that a database takes."""


@dataclass(frozen=True, slots=True)
class SaidRecord:
    """A rated snapshot with its packed record; `known_at` is the moment up to which reports
    counted."""

    stock_id: int
    session: date
    total: int
    method: str
    known_at: datetime
    record: bytes


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report of a stock, and the moment at which it became known."""

    stock_id: int
    known_at: datetime
    period: Period
    period_end: date


def said_records(wanted: Collection[tuple[int, date]]) -> dict[tuple[int, date], SaidRecord]:
    """The rated snapshots of these stocks at these sessions, by (stock id, session)."""
    columns = [getattr(Snapshot, name) for name in SaidRecord.__dataclass_fields__]
    sessions = {session for _, session in wanted}
    found = {}
    for ids in _portions(sorted({stock_id for stock_id, _ in wanted})):
        statement = select(*columns).where(
            Snapshot.stock_id.in_(ids),
            Snapshot.session.in_(sessions),
            Snapshot.total.is_not(None),
        )
        for row in db.session.execute(statement):
            if (row.stock_id, row.session) in wanted:
                found[row.stock_id, row.session] = SaidRecord(*row)
    return found


def arrivals(ids: Sequence[int], after: datetime, until: datetime) -> list[Arrival]:
    """The reports of these stocks that became known after one moment, up to another."""
    found = []
    for portion in _portions(ids):
        statement = _arrivals(after, until).where(Statement.stock_id.in_(portion))
        found += [_arrival(row) for row in db.session.execute(statement)]
    return found


def arrivals_in(sector: str, after: datetime, until: datetime) -> list[Arrival]:
    """The reports of all listed stocks of a sector in that time."""
    statement = (
        _arrivals(after, until)
        .join(Stock, Stock.id == Statement.stock_id)
        .where(Stock.sector == sector, Stock.removed_at.is_(None))
    )
    return [_arrival(row) for row in db.session.execute(statement)]


def splits_after(ids: Sequence[int], day: date) -> dict[int, list[tuple[date, float]]]:
    """Splits after a day as (session, new shares for one old), by stock id."""
    found: dict[int, list[tuple[date, float]]] = {}
    for portion in _portions(ids):
        statement = select(Bar.stock_id, Bar.session, Bar.split).where(
            Bar.stock_id.in_(portion), Bar.session > day, Bar.split != 1
        )
        for stock_id, session, ratio in db.session.execute(statement):
            found.setdefault(stock_id, []).append((session, ratio))
    return found


def _arrivals(after: datetime, until: datetime):
    columns = [getattr(Statement, name) for name in Arrival.__dataclass_fields__]
    return select(*columns).where(Statement.known_at > after, Statement.known_at <= until)


def _arrival(row) -> Arrival:
    return Arrival(row.stock_id, row.known_at, Period(row.period), row.period_end)


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for at in range(0, len(ids), PORTION):
        yield ids[at : at + PORTION]
