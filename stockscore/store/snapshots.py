"""The daily snapshots of the scores: appended once a session, never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import repeat
from typing import Any

from sqlalchemy import func, literal, select

from stockscore.extensions import db
from stockscore.store import written
from stockscore.store.bulk import is_sqlite, upsert_tuples
from stockscore.store.models import (
    Score,
    ScoreColumns,
    Snapshot,
    SnapshotDay,
    Stock,
)
from stockscore.store.upserts import insert_ignoring, upsert

SCORE_COLUMNS = tuple(ScoreColumns.__annotations__)
"""Names of the columns that a snapshot copies from a score."""


SnapshotRow = tuple[Any, ...]
"""A snapshot: the values of all columns in the table's order, as the driver takes them."""


def take(exchange: str, session: date, now: datetime) -> int:
    """Copies the current scores of an exchange's stocks into that session's snapshots; the number
    of new ones.

    One statement, whatever the number of stocks; a second run adds nothing.
    """
    columns = [getattr(Score, name) for name in SCORE_COLUMNS]
    rows = (
        select(
            Score.stock_id,
            literal(session, Snapshot.session.type),
            *columns,
        )
        .join(Stock, Stock.id == Score.stock_id)
        .where(Stock.exchange == exchange, Stock.removed_at.is_(None))
    )
    names = ["stock_id", "session", *SCORE_COLUMNS]
    taken = written.execute(insert_ignoring(Snapshot).from_select(names, rows))
    record_day(exchange, session, "taken", now)
    return taken


def tickers_and_receipts(exchange: str, session: date) -> tuple[dict[int, str], dict[int, str]]:
    """Of the stocks of an exchange that have a snapshot of a session the tickers and the receipts,
    by stock id."""
    query = (
        select(Snapshot.stock_id, Stock.ticker, Snapshot.receipt)
        .join(Stock, Stock.id == Snapshot.stock_id)
        .where(Snapshot.session == session, Stock.exchange == exchange)
    )
    rows = db.session.execute(query).all()
    tickers = {row.stock_id: row.ticker for row in rows}
    return tickers, {row.stock_id: row.receipt for row in rows}


def rows_of(
    session: date, stock_ids: Sequence[int], values: Mapping[str, Sequence[Any]]
) -> list[SnapshotRow]:
    """The snapshots of a session as `append` takes them. `values` has a value for each stock under
    each name of `SCORE_COLUMNS`."""
    given: dict[str, Iterable[Any]] = {
        **values,
        "stock_id": stock_ids,
        "session": repeat(session.isoformat() if is_sqlite() else session, len(stock_ids)),
    }
    names = [column.name for column in Snapshot.__table__.columns]
    return list(zip(*(given[name] for name in names), strict=True))


def append(rows: Iterable[SnapshotRow]) -> int:
    """Adds snapshots that were replayed from what was known at the time (see `services.replay`);
    the number of new ones.

    SQLite keeps the rows of a stock together, so that those of many sessions are best added at
    once: each session alone would write a page of the file for every stock."""
    return upsert_tuples(Snapshot, rows, keys=("stock_id", "session"), update=())


def record_day(
    exchange: str,
    session: date,
    state: str,
    now: datetime,
    reason: str | None = None,
    stocks: int | None = None,
) -> None:
    """Notes that a session's snapshot was taken, or that it is a gap and why; a snapshot that was
    taken is never turned into a gap. `stocks` is how many it has; without, they are counted."""
    if state == "gap" and db.session.get(SnapshotDay, (exchange, session)) is not None:
        return
    if stocks is None:
        stocks = db.session.scalar(
            select(func.count())
            .select_from(Snapshot)
            .join(Stock, Stock.id == Snapshot.stock_id)
            .where(Snapshot.session == session, Stock.exchange == exchange)
        )
    row = {
        "exchange": exchange,
        "session": session,
        "state": state,
        "stocks": stocks,
        "recorded_at": now,
        "reason": reason,
    }
    upsert(SnapshotDay, [row], keys=("exchange", "session"))


def of_stock(stock_id: int, session: date) -> Snapshot | None:
    """The snapshot of one stock at one session."""
    return db.session.get(Snapshot, (stock_id, session))


def of_session(session: date, stock_ids: Collection[int]) -> dict[int, Snapshot]:
    """What was recorded of these stocks at a session, by stock id."""
    query = select(Snapshot).where(Snapshot.session == session)
    wanted = set(stock_ids)
    return {row.stock_id: row for row in db.session.scalars(query) if row.stock_id in wanted}


def days_of(exchange: str) -> set[date]:
    """Sessions of an exchange whose snapshot was taken."""
    return set(
        db.session.scalars(
            select(SnapshotDay.session).where(
                SnapshotDay.exchange == exchange, SnapshotDay.state == "taken"
            )
        )
    )


def recorded_days(exchange: str) -> set[date]:
    """Sessions of an exchange whose snapshot was taken or is a recorded gap."""
    query = select(SnapshotDay.session).where(SnapshotDay.exchange == exchange)
    return set(db.session.scalars(query))
