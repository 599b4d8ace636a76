"""Changes of signals in the record, the newest first, as feeds show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Over, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from stockscore.extensions import db
from stockscore.store.models import ExchangeSession, Snapshot, SnapshotDay, Stock


@dataclass(frozen=True, slots=True)
class SignalChange:
    """A stock whose signal of a session differs from the one of its snapshot before; `recorded_at`
    is when the snapshot was taken. Totals are in hundredths."""

    ticker: str
    name: str
    exchange: str
    session: date
    before: str
    after: str
    total: int
    total_before: int
    recorded_at: datetime


def changes(
    since: date, limit: int, exchange: str = "", stock_ids: Collection[int] | None = None
) -> list[SignalChange]:
    """The changes of sessions after `since`, at most `limit` of them; of one exchange, or of some
    stocks, where they are named."""
    rows = select(
        Snapshot.stock_id,
        Snapshot.session,
        Snapshot.signal,
        Snapshot.total,
        _one_before(Snapshot.signal).label("before"),
        _one_before(Snapshot.total).label("total_before"),
    ).where(Snapshot.session >= since, Snapshot.signal.is_not(None))
    if stock_ids is not None:
        rows = rows.where(Snapshot.stock_id.in_(list(stock_ids)))
    rated = rows.subquery()
    statement = (
        select(
            Stock.ticker,
            Stock.name,
            Stock.exchange,
            rated.c.session,
            rated.c.before,
            rated.c.signal.label("after"),
            rated.c.total,
            rated.c.total_before,
            func.coalesce(SnapshotDay.recorded_at, ExchangeSession.closes_at).label("recorded_at"),
        )
        .join(Stock, Stock.id == rated.c.stock_id)
        .outerjoin(
            SnapshotDay,
            and_(SnapshotDay.exchange == Stock.exchange, SnapshotDay.session == rated.c.session),
        )
        .outerjoin(
            ExchangeSession,
            and_(
                ExchangeSession.exchange == Stock.exchange,
                ExchangeSession.session == rated.c.session,
            ),
        )
        .where(rated.c.before.is_not(None), rated.c.signal != rated.c.before)
        .order_by(rated.c.session.desc(), rated.c.total.desc(), Stock.ticker)
        .limit(limit)
    )
    if exchange:
        statement = statement.where(Stock.exchange == exchange)
    return [SignalChange(**row) for row in db.session.execute(statement).mappings()]


def _one_before(column: InstrumentedAttribute[Any]) -> Over[Any]:
    """The same column of the stock's snapshot before."""
    return func.lag(column).over(partition_by=Snapshot.stock_id, order_by=Snapshot.session)
