"""The receipts of recorded days, and of the stocks of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from stockscore.extensions import db
from stockscore.store.cross_sections import PUBLISHED
from stockscore.store.models import CrossSection, JobRun, Snapshot
from stockscore.store.pages.market import RunSummary
from stockscore.store.portions import portions


@dataclass(frozen=True, slots=True)
class DayReceipt:
    """What was recorded at a session of an exchange: of how many stocks, by which method, what was
    known when, and the receipt of all of it with the rule by which it is made."""

    exchange: str
    session: date
    method: str
    stocks: int
    known_at: datetime
    receipt_rule: str
    day_receipt: str


_COLUMNS = [getattr(CrossSection, name) for name in DayReceipt.__dataclass_fields__]


def day_receipts(first: int, limit: int) -> tuple[list[DayReceipt], int]:
    """The receipts of days from a place on, newest first, and how many there are altogether."""
    query = (
        select(*_COLUMNS, func.count().over())
        .where(*PUBLISHED)
        .order_by(CrossSection.session.desc(), CrossSection.exchange)
        .offset(first)
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    if first and not rows:
        count = select(func.count()).select_from(CrossSection).where(*PUBLISHED)
        return [], db.session.scalar(count) or 0
    return [DayReceipt(*row[:-1]) for row in rows], rows[0][-1] if rows else 0


def of_day(session: date) -> list[DayReceipt]:
    """The receipts of one session, by exchange."""
    query = select(*_COLUMNS).where(*PUBLISHED, CrossSection.session == session)
    return [DayReceipt(*row) for row in db.session.execute(query.order_by(CrossSection.exchange))]


def stock_receipts(session: date, stock_ids: Sequence[int]) -> dict[int, str]:
    """What each of these stocks got as its receipt at a session."""
    query = select(Snapshot.stock_id, Snapshot.receipt).where(Snapshot.session == session)
    return {
        row.stock_id: row.receipt
        for some in portions(stock_ids)
        for row in db.session.execute(query.where(Snapshot.stock_id.in_(some)))
    }


def last_run(job: str) -> RunSummary | None:
    """The last run of a job that has ended."""
    columns = [getattr(JobRun, name) for name in RunSummary.__dataclass_fields__]
    query = select(*columns).where(JobRun.job == job, JobRun.ended_at.is_not(None))
    found = db.session.execute(query.order_by(JobRun.started_at.desc()).limit(1)).mappings().first()
    return RunSummary(**found) if found else None
