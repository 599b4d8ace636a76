"""Chunks of refreshes: who does which, how far it is, and what came of it.

A chunk is held by one execution at a time. Every further write of a holder says its name, so that
one that was taken for dead, and goes on all the same, changes nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarResult, Select, func, insert, select, update

from stockscore.extensions import db
from stockscore.store.models import RefreshChunk

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
OPEN = (WAITING, RUNNING)

Task = tuple[int, Sequence[str]]
"""The id of a stock, and what is to be fetched of it."""


class LostLease(Exception):
    """Somebody else does this chunk now, or its run has ended; nothing was written."""


@dataclass(frozen=True, slots=True)
class ChunkCounts:
    """What came of stocks, in numbers of them."""

    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    quarantined: int = 0


def add(run_id: int, parts: Sequence[Sequence[Task]], job_ids: Sequence[str]) -> None:
    """Adds the chunks of a run, numbered from 1, each with the id of the job that is to do it."""
    rows = [
        {
            "run_id": run_id,
            "number": number,
            "tasks": [[stock_id, list(what)] for stock_id, what in tasks],
            "size": len(tasks),
            "state": WAITING,
            "job_id": job_id,
        }
        for number, (tasks, job_id) in enumerate(zip(parts, job_ids, strict=True), 1)
    ]
    db.session.execute(insert(RefreshChunk), rows)


def of_run(run_id: int) -> list[RefreshChunk]:
    """All chunks of a run, in order."""
    query = select(RefreshChunk).where(RefreshChunk.run_id == run_id)
    return list(_fresh(query.order_by(RefreshChunk.number)))


def open_chunks(run_id: int) -> list[RefreshChunk]:
    """The chunks of a run that have not ended, in order."""
    return [chunk for chunk in of_run(run_id) if chunk.is_open]


def locked(run_id: int, number: int) -> RefreshChunk | None:
    """A chunk as it is now, which nobody else changes before this transaction ends; None where
    there is none of that number."""
    query = (
        select(RefreshChunk)
        .where(RefreshChunk.run_id == run_id, RefreshChunk.number == number)
        .with_for_update()
    )
    return _fresh(query).one_or_none()


def is_held(run_id: int, now: datetime) -> bool:
    """Whether any chunk of a run is being done."""
    query = select(func.count()).where(
        RefreshChunk.run_id == run_id,
        RefreshChunk.state == RUNNING,
        RefreshChunk.lease_until > now,
    )
    return bool(db.session.scalar(query))


def gave_up(run_id: int) -> str | None:
    """Why a chunk of a run was given up; None where none was."""
    query = select(RefreshChunk.message).where(
        RefreshChunk.run_id == run_id, RefreshChunk.state == FAILED
    )
    return db.session.scalar(query.limit(1))


def advance(
    chunk: tuple[int, int], holder: str, counts: ChunkCounts, lease_until: datetime
) -> None:
    """Notes that the next stock of a chunk (run id, number) is dealt with, and renews the lease.
    Raises `LostLease`."""
    table = RefreshChunk
    _write(
        chunk,
        holder,
        done=table.done + 1,
        updated=table.updated + counts.updated,
        unchanged=table.unchanged + counts.unchanged,
        failed=table.failed + counts.failed,
        quarantined=table.quarantined + counts.quarantined,
        attempts=1,
        lease_until=lease_until,
    )


def give_back(chunk: tuple[int, int], holder: str) -> None:
    """Lets another execution go on with a chunk. Raises `LostLease`."""
    _write(chunk, holder, state=WAITING, holder=None, lease_until=None, attempts=0)


def finish(chunk: tuple[int, int], holder: str, state: str, message: str | None = None) -> None:
    """Ends a chunk as "done" or "failed". Raises `LostLease`."""
    _write(chunk, holder, state=state, message=message, holder=None, lease_until=None)


def abandon(run_id: int, message: str) -> int:
    """Ends all chunks of a run that have not ended, whoever holds them; how many stocks of them
    were left."""
    left = select(func.coalesce(func.sum(RefreshChunk.size - RefreshChunk.done), 0)).where(
        RefreshChunk.run_id == run_id, RefreshChunk.state.in_(OPEN)
    )
    stocks = db.session.scalar(left)
    query = update(RefreshChunk).where(RefreshChunk.run_id == run_id, RefreshChunk.state.in_(OPEN))
    db.session.execute(
        query.values(state=FAILED, message=message, holder=None, lease_until=None),
        execution_options={"synchronize_session": False},
    )
    return stocks


def totals(run_id: int) -> ChunkCounts:
    """What came of the stocks of all chunks of a run."""
    columns = [
        func.coalesce(func.sum(getattr(RefreshChunk, name)), 0) for name in ChunkCounts.__slots__
    ]
    return ChunkCounts(*db.session.execute(select(*columns).filter_by(run_id=run_id)).one())


def _fresh(query: Select[tuple[RefreshChunk]]) -> ScalarResult[RefreshChunk]:
    # `_write` goes past the objects that the session knows.
    return db.session.scalars(query, execution_options={"populate_existing": True})


def _write(chunk: tuple[int, int], by: str, **values: object) -> None:
    run_id, number = chunk
    query = update(RefreshChunk).where(
        RefreshChunk.run_id == run_id,
        RefreshChunk.number == number,
        RefreshChunk.holder == by,
        RefreshChunk.state == RUNNING,
    )
    done = db.session.execute(
        query.values(values), execution_options={"synchronize_session": False}
    )
    if done.rowcount != 1:
        raise LostLease(f"chunk {number} of run {run_id} is no longer held by {by}")
