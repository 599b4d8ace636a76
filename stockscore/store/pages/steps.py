"""What explains a change of a score: the two records, and the reports and splits between them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select

from stockscore.extensions import db
from stockscore.scoring.statements import Period
from stockscore.store.models import Snapshot, Stock, StoredBar, StoredStatement

PORTION = 5_000
"""Ids in one statement, well under the parameters that a database takes."""


@dataclass(frozen=True, slots=True)
class RecordedScore:
    """A rated snapshot with its packed record. Reports that became known until `known_at` are in
    it."""

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


def recorded_scores(wanted: Collection[tuple[int, date]]) -> dict[tuple[int, date], RecordedScore]:
    """The rated snapshots among the `wanted` pairs of stock id and session, by that pair."""
    columns = [getattr(Snapshot, name) for name in RecordedScore.__dataclass_fields__]
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
                found[row.stock_id, row.session] = RecordedScore(*row)
    return found


def arrivals(ids: Sequence[int], after: datetime, until: datetime) -> list[Arrival]:
    """The reports of these stocks that became known after `after` and not later than `until`."""
    found = []
    for portion in _portions(ids):
        statement = _arrivals(after, until).where(StoredStatement.stock_id.in_(portion))
        found += [_arrival(row) for row in db.session.execute(statement)]
    return found


def arrivals_in(sector: str, after: datetime, until: datetime) -> list[Arrival]:
    """The same for all listed stocks of a sector."""
    statement = (
        _arrivals(after, until)
        .join(Stock, Stock.id == StoredStatement.stock_id)
        .where(Stock.sector == sector, Stock.removed_at.is_(None))
    )
    return [_arrival(row) for row in db.session.execute(statement)]


def splits_after(ids: Sequence[int], day: date) -> dict[int, list[tuple[date, float]]]:
    """Splits after a day as (session, new shares for one old), by stock id."""
    found: dict[int, list[tuple[date, float]]] = {}
    for portion in _portions(ids):
        statement = select(StoredBar.stock_id, StoredBar.session, StoredBar.split).where(
            StoredBar.stock_id.in_(portion), StoredBar.session > day, StoredBar.split != 1
        )
        for stock_id, session, ratio in db.session.execute(statement):
            found.setdefault(stock_id, []).append((session, ratio))
    return found


def _arrivals(after: datetime, until: datetime) -> Select[Any]:
    columns = [getattr(StoredStatement, name) for name in Arrival.__dataclass_fields__]
    return select(*columns).where(
        StoredStatement.known_at > after, StoredStatement.known_at <= until
    )


def _arrival(row: Row[Any]) -> Arrival:
    return Arrival(row.stock_id, row.known_at, Period(row.period), row.period_end)


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), PORTION):
        yield ids[start : start + PORTION]
