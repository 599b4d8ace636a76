"""Where writes begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from stockscore.extensions import db
from stockscore.store.engine import BEGIN

_OPEN = "stockscore_transaction"


@contextmanager
def transaction() -> Iterator[Session]:
    """All that is written inside is kept at the end, or nothing of it where an error leaves.

    SQLite gives the write lock at once, so that two writers queue up instead of failing halfway.
    A transaction within one is a part of it, and is undone alone where an error leaves it.
    """
    session = db.session()
    if session.info.get(_OPEN):
        with session.begin_nested():
            yield session
        return
    if session.in_transaction():
        # What was read before belongs to an older moment, from which SQLite lets nobody write.
        session.commit()
    session.connection(execution_options={BEGIN: "IMMEDIATE"})
    session.info[_OPEN] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.info[_OPEN]
