"""What each session has shown of the record of a method, and what it is derived from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from stockscore.extensions import db
from stockscore.scoring.currency import major_unit
from stockscore.store import written
from stockscore.store.cross_sections import PUBLISHED
from stockscore.store.models import (
    CrossSection,
    EvidenceDay,
    EvidenceReturns,
    ExchangeSession,
    FxRate,
    ReportedFigures,
    SnapshotDay,
    Stock,
)
from stockscore.store.upserts import upsert


@dataclass(frozen=True, slots=True)
class FollowedStock:
    """A stock as the evidence needs it; one that was removed too. `currency` is that of its market
    value."""

    id: int
    ticker: str
    exchange: str
    currency: str
    removed_on: date | None
    delisted_on: date | None


def followed() -> list[FollowedStock]:
    """All stocks that ever were, by exchange and id."""
    query = (
        select(
            Stock.id,
            Stock.ticker,
            Stock.exchange,
            Stock.currency,
            Stock.financial_currency,
            Stock.removed_at,
            Stock.delisted_on,
            ReportedFigures.currency.label("reported"),
        )
        .join(ReportedFigures, ReportedFigures.stock_id == Stock.id, isouter=True)
        .order_by(Stock.exchange, Stock.id)
    )
    return [
        FollowedStock(
            row.id,
            row.ticker,
            row.exchange,
            row.reported or row.financial_currency or major_unit(row.currency)[0],
            row.removed_at.date() if row.removed_at else None,
            row.delisted_on,
        )
        for row in db.session.execute(query)
    ]


Sessions = dict[str, set[date]]
"""Dates by exchange."""


@dataclass(frozen=True, slots=True)
class RecordedSessions:
    """By exchange the sessions that have a snapshot, those that are a recorded gap, and all of its
    calendar from its first snapshot to the newest one of any exchange."""

    taken: Mapping[str, set[date]]
    gaps: Mapping[str, set[date]]
    calendar: Mapping[str, set[date]]


def recorded_sessions() -> RecordedSessions:
    """The sessions of the whole record."""
    taken: Sessions = {}
    of_snapshots = select(CrossSection.exchange, CrossSection.session).where(*PUBLISHED)
    for exchange, session in db.session.execute(of_snapshots):
        if exchange is None or session is None:
            continue
        taken.setdefault(exchange, set()).add(session)
    gaps: Sessions = {}
    of_gaps = select(SnapshotDay.exchange, SnapshotDay.session).where(SnapshotDay.state == "gap")
    for exchange, session in db.session.execute(of_gaps):
        if exchange in taken and session > min(taken[exchange]):
            gaps.setdefault(exchange, set()).add(session)
    calendar = {mic: taken[mic] | gaps.get(mic, set()) for mic in taken}
    if not taken:
        return RecordedSessions({}, {}, {})
    firsts = {mic: min(days) for mic, days in taken.items()}
    newest = max(max(days) for days in taken.values())
    of_calendar = select(ExchangeSession.exchange, ExchangeSession.session).where(
        ExchangeSession.exchange.in_(calendar),
        ExchangeSession.session.between(min(firsts.values()), newest),
    )
    for exchange, session in db.session.execute(of_calendar):
        if session >= firsts[exchange]:
            calendar[exchange].add(session)
    return RecordedSessions(taken, gaps, calendar)


def last_days() -> dict[str, date]:
    """The last session that is kept of each method."""
    query = select(EvidenceDay.method, func.max(EvidenceDay.session)).group_by(EvidenceDay.method)
    return {row[0]: row[1] for row in db.session.execute(query)}


def save(rows: Iterable[Mapping[str, Any]]) -> int:
    """Keeps what sessions have shown: `method`, `session`, `figures`, `charged`."""
    return upsert(EvidenceDay, rows, keys=("method", "session"), update=())


def save_returns(session: date, stock_ids: bytes, returns: bytes) -> None:
    """Keeps the total returns of a session."""
    row = {"session": session, "stock_ids": stock_ids, "returns": returns}
    upsert(EvidenceReturns, [row], keys=("session",))


def returns_of(first: date, last: date) -> dict[date, tuple[bytes, bytes]]:
    """The kept returns from one session to another: ids and returns."""
    query = select(EvidenceReturns.session, EvidenceReturns.stock_ids, EvidenceReturns.returns)
    rows = db.session.execute(query.where(EvidenceReturns.session.between(first, last)))
    return {row.session: (row.stock_ids, row.returns) for row in rows}


def forget_returns(before: date) -> None:
    """Deletes the returns of sessions before a day."""
    written.execute(delete(EvidenceReturns).where(EvidenceReturns.session < before))


def clear() -> None:
    """Deletes everything that is derived here."""
    written.execute(delete(EvidenceDay))
    written.execute(delete(EvidenceReturns))


def rates(currencies: Collection[str], base: str) -> dict[str, list[tuple[date, float]]]:
    """By currency what one unit of it was worth in the base currency, in order of the days; of a
    day that has both directions the straight one."""
    found: dict[str, dict[date, float]] = {currency: {} for currency in currencies}
    inverse = select(FxRate).where(FxRate.base == base, FxRate.quote.in_(currencies))
    for row in db.session.scalars(inverse):
        found[row.quote][row.day] = 1 / row.rate
    straight = select(FxRate).where(FxRate.quote == base, FxRate.base.in_(currencies))
    for row in db.session.scalars(straight):
        found[row.base][row.day] = row.rate
    return {currency: sorted(days.items()) for currency, days in found.items()}
