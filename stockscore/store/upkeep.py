"""What a database needs now and then: old rows go, and its own upkeep is run."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select, text

from stockscore.extensions import db
from stockscore.scoring.doctor.decisions import ACCEPTED, REFUSED
from stockscore.store import runs, written
from stockscore.store.models import Fetch, JobRun, Quarantine, RefreshChunk, Stock

UPKEEP = {
    "sqlite": ("PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"),
    "postgresql": ("VACUUM (ANALYZE)",),
}
"""Statements by dialect; a checkpoint that readers keep from finishing is finished by a later one,
and tables that PostgreSQL does not let us vacuum (another user's) it skips by itself."""


def forget_chunks(before: datetime) -> int:
    """Deletes the chunks of refreshes that began before a moment and have ended; their number."""
    old = select(JobRun.id).where(JobRun.started_at < before, JobRun.state != runs.RUNNING)
    return written.execute(delete(RefreshChunk).where(RefreshChunk.run_id.in_(old)))


def forget_runs(before: datetime) -> int:
    """Deletes runs without chunks that began before a moment and have ended; their number."""
    cut = select(RefreshChunk.run_id)
    query = delete(JobRun).where(JobRun.started_at < before, JobRun.state != runs.RUNNING)
    return written.execute(query.where(JobRun.id.not_in(cut)))


def forget_resolved(before: datetime) -> int:
    """Deletes cases of the quarantine that were resolved before a moment; their number. What a
    person has decided stays: the same value may come again."""
    decided = Quarantine.decision.in_((ACCEPTED, REFUSED))
    old = delete(Quarantine).where(Quarantine.resolved_at < before)
    return written.execute(old.where(Quarantine.decision.is_(None) | ~decided))


def without_success_since(moment: datetime) -> int:
    """How many active stocks have a kind of fetch that was tried and has not succeeded since a
    moment."""
    query = (
        select(func.count(Fetch.stock_id.distinct()))
        .join(Stock, Stock.id == Fetch.stock_id)
        .where(Stock.removed_at.is_(None))
        .where(Fetch.succeeded_at.is_(None) | (Fetch.succeeded_at < moment))
    )
    return db.session.scalar(query) or 0


def size() -> int:
    """How many bytes the database takes on disk."""
    url = db.engine.url
    if db.engine.dialect.name == "sqlite":
        files = (Path(f"{url.database}{ending}") for ending in ("", "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())
    query = select(func.pg_database_size(func.current_database()))
    return int(db.session.scalar(query) or 0)


def run_upkeep() -> None:
    """Runs the database's own upkeep, which must not be inside a transaction."""
    engine = db.engine
    db.session.commit()
    if engine.dialect.name == "sqlite":
        # Past SQLAlchemy, which begins a transaction with whatever it is told first.
        with closing(engine.raw_connection()) as connection:
            for statement in UPKEEP["sqlite"]:
                connection.cursor().execute(statement)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in UPKEEP["postgresql"]:
            connection.execute(text(statement))
