"""Changes of signals in the record, the newest first, as feeds show them."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import compress, repeat

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
    wanted = None if stock_ids is None else frozenset(stock_ids)
    turns = _turns(cross_sections.published_since(since, exchange), wanted, limit)
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


RecordedSignals = tuple[Section, Mapping[str, Column]]
"""A cross-section with its columns `signal` and `total`."""


def _turns(sections: Sequence[Section], wanted: Collection[int] | None, limit: int) -> list[_Turn]:
    """The changes from one of these cross-sections of an exchange to the next, of some stocks
    (None: of all), the newest sessions first: all of a session, until there are `limit`."""
    parts = [Excerpt(section, None, ("signal", "total")) for section in sections]
    by_exchange: dict[str, list[RecordedSignals]] = {}
    for section, columns in zip(sections, cross_sections.excerpts(parts), strict=True):
        if section.exchange is not None and columns.keys() == {"signal", "total"}:
            by_exchange.setdefault(section.exchange, []).append((section, columns))
    recorded = [
        (session, mic, place)
        for mic, sections_of in by_exchange.items()
        for place, session in enumerate(_in_order(sections_of))
    ]
    recorded.sort(reverse=True)
    found: list[_Turn] = []
    for index, (session, mic, place) in enumerate(recorded):
        if len(found) >= limit and session != recorded[index - 1][0]:
            break
        turns = _turns_at(session, mic, by_exchange[mic][: place + 1])
        found += [turn for turn in turns if wanted is None or turn.stock_id in wanted]
    return found


def _in_order(recorded: list[RecordedSignals]) -> list[date]:
    """Puts cross-sections of one exchange into the order of their sessions; those sessions."""
    recorded.sort(key=lambda pair: pair[0].session or date.min)
    return [section.session or date.min for section, _ in recorded]


def _turns_at(session: date, exchange: str, recorded: Sequence[RecordedSignals]) -> Iterator[_Turn]:
    """The changes at the last of these sessions from those before; one in which a stock was not
    rated is passed over."""
    *earlier, (section, columns) = recorded
    if not earlier:
        return
    ids, now = section.stock_ids, columns["signal"]
    before: Sequence[int] = earlier[-1][1]["signal"]
    if earlier[-1][0].stock_ids != ids:
        known = dict(zip(earlier[-1][0].stock_ids, before, strict=True))
        before = list(map(known.get, ids, repeat(MISSING)))
    for index in compress(range(len(now)), map(operator.ne, now, before)):
        was = _last_rated(ids[index], earlier) if now[index] != MISSING else None
        if was is not None and was[0] != now[index]:
            total = columns["total"][index]
            yield _Turn(
                ids[index], exchange, session, section.known_at, was[0], now[index], total, was[1]
            )


def _last_rated(stock_id: int, recorded: Sequence[RecordedSignals]) -> tuple[int, int] | None:
    """Signal and total of a stock at the last of these sessions at which it was rated."""
    for section, columns in reversed(recorded):
        index = section.index_of(stock_id)
        if index is not None and columns["signal"][index] != MISSING:
            return columns["signal"][index], columns["total"][index]
    return None


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
