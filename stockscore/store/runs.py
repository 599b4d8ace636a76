"""Runs of jobs and commands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import overload

from sqlalchemy import String, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from stockscore.extensions import db
from stockscore.store.models import JobRun, RefreshChunk
from stockscore.store.upserts import insert_ignoring

RUNNING, DONE, FAILED, SKIPPED = "running", "done", "failed", "skipped"

_REFRESHES = 0x73636F7265
"""Key of PostgreSQL's advisory lock under which refreshes are planned."""


@overload
def start(
    job: str, slot: None, now: datetime, expected: int = 0, exchange: str | None = None
) -> int: ...


@overload
def start(
    job: str, slot: str | None, now: datetime, expected: int = 0, exchange: str | None = None
) -> int | None: ...


def start(
    job: str,
    slot: str | None,
    now: datetime,
    expected: int = 0,
    exchange: str | None = None,
) -> int | None:
    """Notes that a run began, and gives its id; None where the slot has had its run: it may have
    only one, whoever asks. Without a slot a run is always new."""
    row = {"job": job, "slot": slot, "state": RUNNING, "started_at": now, "expected": expected}
    statement = insert_ignoring(JobRun).values(row | {"exchange": exchange}).returning(JobRun.id)
    return db.session.execute(statement).scalar()


def claim(job: str, slot: str, now: datetime, exchange: str | None = None) -> JobRun | None:
    """The run of a slot, for the job of the same name: a new one, or the one that this job began
    and did not end, which is running again. None where the run has ended well or was skipped.

    Queues let one job of a name run at a time, so nobody else holds an unfinished run.
    """
    run_id = start(job, slot, now, exchange=exchange)
    if run_id is not None:
        return db.session.get_one(JobRun, run_id)
    run = db.session.scalars(select(JobRun).where(JobRun.slot == slot).with_for_update()).one()
    if run.state not in (RUNNING, FAILED):
        return None
    run.state, run.ended_at, run.error = RUNNING, None, None
    db.session.flush()
    return run


def finish(
    run_id: int,
    now: datetime,
    state: str = DONE,
    *,
    updated: int = 0,
    unchanged: int = 0,
    failed: int = 0,
    quarantined: int = 0,
    message: str | None = None,
    error: str | None = None,
) -> None:
    """Notes how a run ended: "done", "failed" (`error` is the traceback) or "skipped", and what it
    did; `message` is the sentence that pages show."""
    run = db.session.get_one(JobRun, run_id)
    run.ended_at, run.state, run.message, run.error = now, state, message, error
    run.updated, run.unchanged = updated, unchanged
    run.failed, run.quarantined = failed, quarantined
    db.session.flush()


def note(run_id: int, message: str) -> None:
    """Notes what a run that goes on is waiting for."""
    db.session.get_one(JobRun, run_id).message = message
    db.session.flush()


def locked(run_id: int) -> JobRun:
    """A run as it is now, which nobody else changes before this transaction ends."""
    query = select(JobRun).where(JobRun.id == run_id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def of_id(run_id: int) -> JobRun:
    """The run of an id."""
    return db.session.get_one(JobRun, run_id)


def of_slot(slot: str) -> JobRun | None:
    """The run of a slot; None where it has had none."""
    return db.session.scalar(select(JobRun).where(JobRun.slot == slot))


def slot_of(run: JobRun) -> str:
    """The slot of a run that a job does. Raises `ValueError` for a run of a command."""
    if run.slot is None:
        raise ValueError(f"run {run.id} ({run.job}) has no slot")
    return run.slot


def lock_planning() -> None:
    """Lets one transaction at a time plan a refresh (SQLite has one writer anyway)."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_REFRESHES)))


def refreshing(exchange: str | None) -> list[JobRun]:
    """Refreshes of an exchange (None: of any) that are cut into chunks and have not ended, the
    oldest first."""
    cut = exists().where(RefreshChunk.run_id == JobRun.id)
    query = select(JobRun).where(JobRun.job == "refresh", JobRun.state == RUNNING, cut)
    if exchange is not None:
        query = query.where(or_(JobRun.exchange == exchange, JobRun.exchange.is_(None)))
    return list(db.session.scalars(query.order_by(JobRun.id)))


def refreshes_since(exchange: str, moment: datetime) -> list[JobRun]:
    """The refreshes of slots or by hand of an exchange that began at a moment or later, the oldest
    first."""
    query = select(JobRun).where(
        JobRun.job == "refresh",
        JobRun.slot.is_not(None),
        JobRun.started_at >= moment,
        or_(JobRun.exchange == exchange, JobRun.exchange.is_(None)),
    )
    return list(db.session.scalars(query.order_by(JobRun.started_at, JobRun.id)))


def unfinished() -> list[JobRun]:
    """The runs of slots (or by hand, by a job) that have not ended, the oldest first."""
    query = select(JobRun).where(JobRun.state == RUNNING, JobRun.slot.is_not(None))
    return list(db.session.scalars(query.order_by(JobRun.id)))


def unscored(since: datetime) -> list[int]:
    """Ids of the refreshes of jobs that ended at `since` or later, well or badly, and after which
    no score has begun."""
    score = aliased(JobRun)
    begun = exists().where(score.slot == literal("score-") + cast(JobRun.id, String))
    query = select(JobRun.id).where(
        JobRun.job == "refresh",
        JobRun.slot.is_not(None),
        JobRun.state.in_((DONE, FAILED)),
        JobRun.ended_at >= since,
        ~begun,
    )
    return list(db.session.scalars(query.order_by(JobRun.id)))


def failed_since(moment: datetime) -> list[JobRun]:
    """The runs of jobs that failed at a moment or later, the oldest first."""
    query = select(JobRun).where(
        JobRun.state == FAILED, JobRun.slot.is_not(None), JobRun.ended_at >= moment
    )
    return list(db.session.scalars(query.order_by(JobRun.id)))


def all_failed_since(moment: datetime) -> list[JobRun]:
    """All runs that failed at a moment or later, of commands too, the newest first."""
    query = select(JobRun).where(JobRun.state == FAILED, JobRun.ended_at >= moment)
    return list(db.session.scalars(query.order_by(JobRun.id.desc())))


def recent(limit: int = 20) -> list[JobRun]:
    """The last runs, the newest first."""
    query = select(JobRun).order_by(JobRun.started_at.desc(), JobRun.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def with_run(slots: Iterable[str]) -> set[str]:
    """Those of the slots (by id) that have had their run, or have it now."""
    return set(db.session.scalars(select(JobRun.slot).where(JobRun.slot.in_(list(slots)))))
