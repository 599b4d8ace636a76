"""Whose the personal pages are: whoever brings the key that a browser was given."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from stockscore.store import readers
from stockscore.store.transactions import transaction

KEEP = timedelta(days=400)
"""How long what a browser kept stays after its last visit; browsers keep a cookie no longer."""

NOTED_EVERY = timedelta(days=1)


def known(key: str, now: datetime) -> int | None:
    """The reader of a key, None for a key that nothing is kept under. Notes the visit."""
    reader = readers.find(key)
    if reader is None:
        return None
    found, last = reader.id, reader.seen_at
    if now - last >= NOTED_EVERY:
        with transaction():
            readers.seen(found, now)
    return found


def welcome(now: datetime) -> tuple[int, str]:
    """A new reader: the id, and the key that the browser is to keep."""
    key = secrets.token_urlsafe(24)
    with transaction():
        return readers.add(key, now), key


def forget(reader_id: int) -> None:
    """Deletes all that is kept for a reader."""
    with transaction():
        readers.forget(reader_id)


def forget_unseen(now: datetime) -> int:
    """Deletes readers whose cookies have ended long ago; their number."""
    with transaction():
        return readers.forget_unseen(now - KEEP)
