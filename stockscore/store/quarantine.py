"""Quarantined values: the last good ones stay in use instead."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select, update

from stockscore.extensions import db
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.store import stocks, written
from stockscore.store.models import Quarantine


def add(stock_id: int, rejected: RejectedValue, source: str, now: datetime) -> bool:
    """Quarantines a value; True where it is a new case.

    While a case of the same stock, field and session is open, another value only brings it up to
    date: the case keeps the moment at which the first one was seen.
    """
    stocks.lock(stock_id)
    field, session = rejected.field, rejected.session
    case = db.session.scalars(_open(stock_id, field).where(_same_session(session))).first()
    is_new = case is None
    if case is None:
        case = Quarantine(stock_id=stock_id, field=field, session=session, seen_at=now)
        db.session.add(case)
    case.rule, case.value, case.last_good = rejected.rule, rejected.value, rejected.last_good
    case.reason, case.source = rejected.reason, source
    db.session.flush()
    return is_new


def resolve(stock_id: int, field: str, now: datetime, session: date | None = None) -> int:
    """Closes the open cases of a field, of one session or (None) of all, because a later answer
    was accepted; their number."""
    query = update(Quarantine).where(*_conditions(stock_id, field))
    if session is not None:
        query = query.where(_same_session(session))
    return written.execute(query.values(resolved_at=now))


def sessions(stock_id: int, field: str, value: str) -> list[date]:
    """The sessions, or ends of periods, of the open cases of a field that have a value."""
    query = select(Quarantine.session).where(
        *_conditions(stock_id, field), Quarantine.value == value, Quarantine.session.is_not(None)
    )
    return [session for session in db.session.scalars(query) if session is not None]


def open_items() -> list[Quarantine]:
    """All open cases, the newest first."""
    query = select(Quarantine).where(Quarantine.resolved_at.is_(None))
    return list(db.session.scalars(query.order_by(Quarantine.seen_at.desc(), Quarantine.id.desc())))


def _conditions(stock_id: int, field: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Quarantine.stock_id == stock_id,
        Quarantine.field == field,
        Quarantine.resolved_at.is_(None),
    )


def _open(stock_id: int, field: str) -> Select[Quarantine]:
    return select(Quarantine).where(*_conditions(stock_id, field))


def _same_session(session: date | None) -> ColumnElement[bool]:
    return Quarantine.session.is_(None) if session is None else Quarantine.session == session
