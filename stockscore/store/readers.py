"""Browsers that keep something here, known by the digests of their keys."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from stockscore.extensions import db
from stockscore.store import written
from stockscore.store.models import Position, Reader, Watchlist, WatchlistEntry


def digest(key: str) -> str:
    """The form in which a key is stored, of which nobody can make a cookie again."""
    return hashlib.sha256(key.encode()).hexdigest()


def find(key: str) -> Reader | None:
    """The reader of a key."""
    return db.session.scalar(select(Reader).where(Reader.key_digest == digest(key)))


def add(key: str, now: datetime) -> int:
    """A new reader; its id."""
    reader = Reader(key_digest=digest(key), created_at=now, seen_at=now)
    db.session.add(reader)
    db.session.flush()
    return reader.id


def seen(reader_id: int, now: datetime) -> None:
    """Notes that a reader was here."""
    db.session.execute(update(Reader).where(Reader.id == reader_id).values(seen_at=now))


def forget(reader_id: int) -> None:
    """Deletes a reader with everything kept for it."""
    _delete(Reader.id == reader_id)


def forget_unseen(before: datetime) -> int:
    """Deletes the readers that were last here before a moment; their number."""
    return _delete(Reader.seen_at < before)


def _delete(which: ColumnElement[bool]) -> int:
    readers = select(Reader.id).where(which).scalar_subquery()
    lists = select(Watchlist.id).where(Watchlist.reader_id.in_(readers)).scalar_subquery()
    written.execute(delete(WatchlistEntry).where(WatchlistEntry.watchlist_id.in_(lists)))
    written.execute(delete(Watchlist).where(Watchlist.reader_id.in_(readers)))
    written.execute(delete(Position).where(Position.reader_id.in_(readers)))
    return written.execute(delete(Reader).where(which))
