"""Runs of jobs and commands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from stockscore.extensions import db
from stockscore.store.models import JobRun
from stockscore.store.upserts import insert_ignoring

RUNNING, DONE, FAILED, SKIPPED = "running", "done", "failed", "skipped"


def start(job: str, slot: str | None, now: datetime, expected: int = 0) -> int | None:
    """Notes that a run began, and gives its id; None where the slot has had its run: it may have
    only one, whoever asks. Without a slot a run is always new."""
    row = {"job": job, "slot": slot, "state": RUNNING, "started_at": now, "expected": expected}
    statement = insert_ignoring(JobRun).values(row).returning(JobRun.id)
    return db.session.execute(statement).scalar()


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


def recent(limit: int = 20) -> list[JobRun]:
    """The last runs, the newest first."""
    query = select(JobRun).order_by(JobRun.started_at.desc(), JobRun.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def with_run(slots: Iterable[str]) -> set[str]:
    """Those of the slots (by id) that have had their run, or have it now."""
    return set(db.session.scalars(select(JobRun.slot).where(JobRun.slot.in_(list(slots)))))
