"""The last attempt to get something of a stock, and the last success."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select

from stockscore.extensions import db
from stockscore.store.models import Fetch, Stock
from stockscore.store.upserts import upsert

OK = "ok"
"""The state of a success; others are the `state` of a provider's error."""


def record(
    stock_id: int, what: str, state: str, message: str | None, source: str, now: datetime
) -> None:
    """Notes an attempt to get `what` ("prices", "fundamentals"); only `OK` is a success."""
    row = {
        "stock_id": stock_id,
        "what": what,
        "attempted_at": now,
        "state": state,
        "message": message,
        "source": source,
    }
    if state == OK:
        row["succeeded_at"] = now
    upsert(Fetch, [row], keys=("stock_id", "what"))


def reported(what: str, now: datetime) -> list[int]:
    """Ids of active stocks whose companies have published figures since the last success of `what`,
    those that did first."""
    query = (
        select(Stock.id)
        .outerjoin(Fetch, and_(Fetch.stock_id == Stock.id, Fetch.what == what))
        .where(Stock.removed_at.is_(None), Stock.reports_at <= now)
        .where(or_(Fetch.succeeded_at.is_(None), Fetch.succeeded_at < Stock.reports_at))
        .order_by(Stock.reports_at, Stock.id)
    )
    return list(db.session.scalars(query))


def due(what: str, before: datetime) -> list[Stock]:
    """Active stocks whose last success lies before a moment, or that never had one: first those
    never tried, then those tried longest ago, so that an interrupted run goes on where it
    stopped."""
    query = (
        select(Stock)
        .outerjoin(Fetch, and_(Fetch.stock_id == Stock.id, Fetch.what == what))
        .where(Stock.removed_at.is_(None))
        .where(or_(Fetch.succeeded_at.is_(None), Fetch.succeeded_at < before))
        .order_by(Fetch.attempted_at.asc().nulls_first(), Stock.ticker)
    )
    return list(db.session.scalars(query))
