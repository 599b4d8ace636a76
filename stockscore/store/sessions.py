"""The sessions of the exchanges, kept so that pages need no calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from stockscore.extensions import db
from stockscore.market.hours import Session
from stockscore.store.models import ExchangeSession
from stockscore.store.upserts import upsert

_NEAR = timedelta(days=21)
"""Longer than any closure of an exchange (ten days, in Tokyo and Shanghai)."""

_COLUMNS = tuple(getattr(ExchangeSession, field.name) for field in fields(Session))


def save(sessions: Iterable[Session]) -> int:
    """Saves sessions over those of the same exchange and date; the number new or changed."""
    rows = [asdict(session) for session in sessions]
    return upsert(ExchangeSession, rows, keys=("exchange", "session"))


def of(exchange: str, session: date) -> Session | None:
    """The session of an exchange on a date of its own; None where it is closed or unknown."""
    return _first(_of(exchange).where(ExchangeSession.session == session))


def around(exchange: str, now: datetime) -> list[Session]:
    """The known sessions of three weeks before and after a moment, in order: all that
    `market.hours.status` needs."""
    query = _of(exchange).where(
        ExchangeSession.closes_at >= now - _NEAR, ExchangeSession.opens_at <= now + _NEAR
    )
    return _all(query)


def between(exchange: str, first: date, last: date) -> list[Session]:
    """The known sessions from one date to another, both included, in order."""
    return _all(_of(exchange).where(ExchangeSession.session.between(first, last)))


def last_closed(exchange: str, now: datetime) -> Session | None:
    """The newest session that has closed by a moment; None before the first known one."""
    query = _of(exchange).where(ExchangeSession.closes_at <= now)
    return _first(query.order_by(ExchangeSession.session.desc()).limit(1))


def next_after(exchange: str, session: date) -> Session | None:
    """The first known session after one; None where none is known."""
    query = _of(exchange).where(ExchangeSession.session > session)
    return _first(query.order_by(ExchangeSession.session).limit(1))


def span(exchange: str) -> tuple[date, date] | None:
    """The first and the last known session; None where there are none."""
    session = ExchangeSession.session
    query = select(func.min(session).label("first"), func.max(session).label("last"))
    row = db.session.execute(query.where(ExchangeSession.exchange == exchange)).one()
    return None if row.first is None else (row.first, row.last)


def _of(exchange: str) -> Select[Any]:
    return select(*_COLUMNS).where(ExchangeSession.exchange == exchange)


def _all(query: Select[Any]) -> list[Session]:
    rows = db.session.execute(query.order_by(ExchangeSession.session)).mappings()
    return [Session(**row) for row in rows]


def _first(query: Select[Any]) -> Session | None:
    row = db.session.execute(query).mappings().first()
    return None if row is None else Session(**row)
