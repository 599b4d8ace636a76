"""Chunks of refreshes: who does which, how far each is, and its counts.

A chunk is held by one execution at a time. Every further write gives the name of its holder, so
that an execution that was taken for dead, and goes on nevertheless, changes nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarResult, Select, func, insert, select, update

from stockscore.extensions import db
from stockscore.store import written
from stockscore.store.models import RefreshChunk

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
OPEN = (WAITING, RUNNING)

Task = tuple[int, Sequence[str]]
"""The id of a stock, and what is to be fetched of it."""


class LostLease(Exception):
    """Somebody else does this chunk now, or its run has ended; nothing was written."""


@dataclass(frozen=True, slots=True)
class ChunkCounts:
    """What became of stocks, in numbers of them."""

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
    stocks = db.session.scalar(left) or 0
    query = update(RefreshChunk).where(RefreshChunk.run_id == run_id, RefreshChunk.state.in_(OPEN))
    written.execute(query.values(state=FAILED, message=message, holder=None, lease_until=None))
    return stocks


def totals(run_id: int) -> ChunkCounts:
    """What came of the stocks of all chunks of a run."""
    columns = [
        func.coalesce(func.sum(getattr(RefreshChunk, field.name)), 0).label(field.name)
        for field in fields(ChunkCounts)
    ]
    query = select(*columns).where(RefreshChunk.run_id == run_id)
    return ChunkCounts(**db.session.execute(query).mappings().one())


def _fresh(query: Select[RefreshChunk]) -> ScalarResult[RefreshChunk]:
    # `_write` goes past the objects that the session knows.
    return db.session.scalars(query, execution_options={"populate_existing": True})


def _write(chunk: tuple[int, int], by: str, **values: Any) -> None:
    run_id, number = chunk
    query = update(RefreshChunk).where(
        RefreshChunk.run_id == run_id,
        RefreshChunk.number == number,
        RefreshChunk.holder == by,
        RefreshChunk.state == RUNNING,
    )
    if written.execute(query.values(values)) != 1:
        raise LostLease(f"chunk {number} of run {run_id} is no longer held by {by}")
