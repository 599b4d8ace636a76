"""The epoch of the page cache: a number that grows with every clear, seen by all processes.

It stands beside the editions, and is read with them in one statement, because the database is the
one thing that every process shares: Redis may be off, down or emptied.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from stockscore.extensions import db
from stockscore.store.models import CacheEpoch, Edition

CURRENT = select(
    select(func.max(Edition.id)).scalar_subquery(),
    select(func.max(CacheEpoch.id)).scalar_subquery(),
)


def current(connection: Connection) -> tuple[int, int]:
    """Numbers of the newest edition and of the epoch, 0 before the first."""
    edition, epoch = connection.execute(CURRENT).one()
    return edition or 0, epoch or 0


def advance(now: datetime) -> int:
    """Begins a new epoch and gives its number; it is public once the transaction commits."""
    epoch = CacheEpoch(cleared_at=now)
    db.session.add(epoch)
    db.session.flush()
    return epoch.id
