"""Changes of signals in the record, the newest first, as feeds show them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal, select, union_all

from stockscore.extensions import db
from stockscore.scoring.signals import SIGNALS
from stockscore.store import cross_sections
from stockscore.store.columns import MISSING
from stockscore.store.cross_sections import Column, Excerpt, Section
from stockscore.store.models import ExchangeSession, SnapshotDay, Stock
from stockscore.store.portions import portions


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
    """The changes of sessions after `since`, at most `limit` of them, the newest first, of one
    session the highest scores first; of one exchange, or of some stocks, where they are named."""
    turns = _turns(cross_sections.published_since(since, exchange))
    if stock_ids is not None:
        wanted = frozenset(stock_ids)
        turns = [turn for turn in turns if turn.stock_id in wanted]
    turns.sort(key=lambda turn: (turn.session, turn.total), reverse=True)
    if len(turns) > limit:
        # Ties are ordered by ticker, which is read of those that may be shown alone.
        last = turns[limit - 1]
        turns = [turn for turn in turns if (turn.session, turn.total) >= (last.session, last.total)]
    named = _named({turn.stock_id for turn in turns})
    recorded = _recorded({turn.session for turn in turns})
    found = [
        SignalChange(
            *named[turn.stock_id],
            turn.session,
            SIGNALS[turn.before],
            SIGNALS[turn.after],
            turn.total,
            turn.total_before,
            recorded.get((turn.exchange, turn.session), turn.known_at),
        )
        for turn in turns
    ]
    found.sort(key=lambda change: change.ticker)
    found.sort(key=lambda change: (change.session, change.total), reverse=True)
    return found[:limit]


@dataclass(frozen=True, slots=True)
class _Turn:
    """A change of a signal, as columns have it."""

    stock_id: int
    exchange: str
    session: date
    known_at: datetime
    before: int
    after: int
    total: int
    total_before: int


def _turns(sections: Sequence[Section]) -> list[_Turn]:
    """All changes from one of these cross-sections of an exchange to the next, by exchange."""
    parts = [Excerpt(section, None, ("signal", "total")) for section in sections]
    excerpts = cross_sections.excerpts(parts)
    by_exchange: dict[str, list[tuple[Section, dict[str, Column]]]] = {}
    for section, columns in zip(sections, excerpts, strict=True):
        if section.exchange is not None and columns.keys() == {"signal", "total"}:
            by_exchange.setdefault(section.exchange, []).append((section, columns))
    return [turn for mic, recorded in by_exchange.items() for turn in _turns_of(mic, recorded)]


def _turns_of(
    exchange: str, recorded: Sequence[tuple[Section, Mapping[str, Column]]]
) -> Iterator[_Turn]:
    """The changes of one exchange; a session in which a stock was not rated is passed over."""
    rated: dict[int, tuple[int, int]] = {}
    ids: Sequence[int] = ()
    before: Sequence[int] = ()
    totals: Sequence[int] = ()
    for section, columns in sorted(recorded, key=lambda pair: pair[0].session or date.min):
        now, session = columns["signal"], section.session
        if section.stock_ids != ids:
            rated |= _rated(ids, before, totals)
            ids = section.stock_ids
            before = [rated.get(stock_id, (MISSING, MISSING))[0] for stock_id in ids]
            totals = [rated.get(stock_id, (MISSING, MISSING))[1] for stock_id in ids]
        if now != before:
            for index, (earlier, later) in enumerate(zip(before, now, strict=True)):
                if MISSING != later != earlier != MISSING and session is not None:
                    yield _Turn(
                        ids[index],
                        exchange,
                        session,
                        section.known_at,
                        earlier,
                        later,
                        columns["total"][index],
                        totals[index],
                    )
        before = _last_rated(now, now, before)
        totals = _last_rated(now, columns["total"], totals)


def _rated(
    ids: Sequence[int], signals: Sequence[int], totals: Sequence[int]
) -> dict[int, tuple[int, int]]:
    pairs = zip(ids, zip(signals, totals, strict=True), strict=True)
    return {stock_id: pair for stock_id, pair in pairs if pair[0] != MISSING}


def _last_rated(signals: Sequence[int], now: Sequence[int], before: Sequence[int]) -> Sequence[int]:
    """What is said now of the stocks that are rated, and of others what was said last."""
    if MISSING not in signals:
        return now
    return [
        earlier if signal == MISSING else later
        for signal, later, earlier in zip(signals, now, before, strict=True)
    ]


def _named(ids: Collection[int]) -> dict[int, tuple[str, str, str]]:
    query = select(Stock.id, Stock.ticker, Stock.name, Stock.exchange)
    return {
        stock_id: (ticker, name, exchange)
        for some in portions(ids)
        for stock_id, ticker, name, exchange in db.session.execute(query.where(Stock.id.in_(some)))
    }


def _recorded(sessions: Collection[date]) -> dict[tuple[str, date], datetime]:
    """When the snapshots of these sessions were taken, else when the sessions ended, by exchange
    and session."""
    taken = select(
        literal(1).label("place"),
        SnapshotDay.exchange,
        SnapshotDay.session,
        SnapshotDay.recorded_at,
    ).where(SnapshotDay.session.in_(sessions))
    ended = select(
        literal(0), ExchangeSession.exchange, ExchangeSession.session, ExchangeSession.closes_at
    ).where(ExchangeSession.session.in_(sessions))
    rows = sorted(db.session.execute(union_all(taken, ended)), key=lambda row: row[0])
    return {(exchange, session): moment for _, exchange, session, moment in rows}
