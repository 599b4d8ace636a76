"""The last attempt to get something of a stock, and the last success."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from stockscore.extensions import db
from stockscore.store.models import Fetch, Stock
from stockscore.store.upserts import upsert

OK = "ok"
"""The state of a success; others are the `state` of a provider's error."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to get `what` ("prices", "fundamentals") of a stock; only `OK` is a success."""

    stock_id: int
    what: str
    state: str
    message: str | None


def record(
    stock_id: int, what: str, state: str, message: str | None, source: str, moment: datetime
) -> None:
    """Notes an attempt (see `Attempt`)."""
    record_many([Attempt(stock_id, what, state, message)], source, moment)


def record_many(attempts: Iterable[Attempt], source: str, moment: datetime) -> None:
    """Notes attempts that were made at one moment."""
    succeeded: list[dict[str, object]] = []
    others: list[dict[str, object]] = []
    for attempt in attempts:
        row = {**asdict(attempt), "attempted_at": moment, "source": source}
        if attempt.state == OK:
            succeeded.append({**row, "succeeded_at": moment})
        else:
            others.append(row)
    for rows in (succeeded, others):
        upsert(Fetch, rows, keys=("stock_id", "what"))


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
