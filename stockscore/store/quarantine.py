"""Quarantined values: the last good ones stay in use instead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select, update

from stockscore.extensions import db
from stockscore.scoring.doctor.decisions import ACCEPTED, REFUSED, Decisions
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.store import stocks, written
from stockscore.store.models import Quarantine, Stock

MENDED = "mended"
"""The decision of a case that the program has put right by itself."""


def add(stock_id: int, rejected: RejectedValue, source: str, now: datetime) -> bool:
    """Quarantines a value; True where it is a new case.

    While a case of the same stock, field and session is open, another value only brings it up to
    date: the case keeps the moment at which the first one was seen. A value that was refused for
    good opens no case again.
    """
    stocks.lock(stock_id)
    if decisions_on(stock_id).refuses(rejected.field, rejected.session, rejected.value):
        return False
    return _case(stock_id, rejected, source, now)[1]


def _case(
    stock_id: int, rejected: RejectedValue, source: str, now: datetime
) -> tuple[Quarantine, bool]:
    """The open case of a value, brought up to date, and whether it is a new one."""
    field, session = rejected.field, rejected.session
    case = db.session.scalars(_open(stock_id, field).where(_same_session(session))).first()
    is_new = case is None
    if case is None:
        case = Quarantine(stock_id=stock_id, field=field, session=session, seen_at=now)
        db.session.add(case)
    case.rule, case.value, case.last_good = rejected.rule, rejected.value, rejected.last_good
    case.reason, case.source = rejected.reason, source
    db.session.flush()
    return case, is_new


def add_accepted(
    stock_id: int, doubtful: RejectedValue, source: str, now: datetime, decided_by: str
) -> None:
    """Records that a doubtful value is taken because somebody said so; its case is closed."""
    stocks.lock(stock_id)
    case, _ = _case(stock_id, doubtful, source, now)
    case.decision, case.decided_by, case.decided_at, case.resolved_at = (
        ACCEPTED,
        decided_by,
        now,
        now,
    )
    db.session.flush()


def note(stock_id: int, finding: RejectedValue, source: str, now: datetime) -> bool:
    """Records what was mended or left out of an answer, as a closed case; True the first time.

    The same finding in a later answer is not noted again."""
    stocks.lock(stock_id)
    same = select(Quarantine.id).where(
        Quarantine.stock_id == stock_id,
        Quarantine.field == finding.field,
        Quarantine.rule == finding.rule,
        Quarantine.value == finding.value,
        Quarantine.decision == MENDED,
        _same_session(finding.session),
    )
    if db.session.scalar(same.limit(1)) is not None:
        return False
    db.session.add(
        Quarantine(
            stock_id=stock_id,
            field=finding.field,
            session=finding.session,
            rule=finding.rule,
            value=finding.value,
            last_good=finding.last_good,
            reason=finding.reason,
            source=source,
            seen_at=now,
            resolved_at=now,
            decision=MENDED,
        )
    )
    db.session.flush()
    return True


def decisions_on(stock_id: int) -> Decisions:
    """What was accepted and refused of the values of a stock."""
    query = select(
        Quarantine.field, Quarantine.session, Quarantine.value, Quarantine.decision
    ).where(Quarantine.stock_id == stock_id, Quarantine.decision.in_((ACCEPTED, REFUSED)))
    found: dict[str, dict[tuple[str, date | None], tuple[str, ...]]] = {ACCEPTED: {}, REFUSED: {}}
    for field, session, value, decision in db.session.execute(query):
        of_day = found[str(decision)].get((field, session), ())
        found[str(decision)][field, session] = (*of_day, value or "")
    return Decisions(found[ACCEPTED], found[REFUSED])


def resolve(stock_id: int, field: str, now: datetime, session: date | None = None) -> int:
    """Closes the open cases of a field, of one session or (None) of all, because a later answer
    was accepted; their number."""
    query = update(Quarantine).where(*_conditions(stock_id, field))
    if session is not None:
        query = query.where(_same_session(session))
    return written.execute(query.values(resolved_at=now))


def resolve_all(stock_id: int, fields: Collection[str], now: datetime) -> int:
    """Closes the open cases of several fields, of all sessions; their number. One statement for all
    of them: each answer about a stock asks it of every field that it may bring."""
    query = update(Quarantine).where(
        Quarantine.stock_id == stock_id,
        Quarantine.field.in_(fields),
        Quarantine.resolved_at.is_(None),
    )
    return written.execute(query.values(resolved_at=now))


def sessions(stock_id: int, field: str, value: str) -> list[date]:
    """The sessions, or ends of periods, of the open cases of a field that have a value."""
    query = select(Quarantine.session).where(
        *_conditions(stock_id, field), Quarantine.value == value, Quarantine.session.is_not(None)
    )
    return [session for session in db.session.scalars(query) if session is not None]


def locked(case_ids: Collection[int]) -> dict[int, tuple[Quarantine, str]]:
    """Those of the cases that there are, each with its stock's ticker, by id; nobody else decides
    about them before this transaction ends."""
    query = (
        select(Quarantine, Stock.ticker)
        .join(Stock, Stock.id == Quarantine.stock_id)
        .where(Quarantine.id.in_(case_ids))
        .order_by(Quarantine.id)
        .with_for_update(of=Quarantine)
    )
    return {case.id: (case, ticker) for case, ticker in db.session.execute(query)}


def decide(case: Quarantine, decision: str, decided_by: str, now: datetime) -> None:
    """Closes an open case as accepted or refused."""
    case.decision, case.decided_by, case.decided_at = decision, decided_by, now
    case.resolved_at = now
    db.session.flush()


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
