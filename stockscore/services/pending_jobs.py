"""What the database says is still to be done by jobs, whatever the queues know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from stockscore.services.refresh import finish
from stockscore.services.runlog import logged
from stockscore.store import chunks, runs
from stockscore.store.models import JobRun
from stockscore.store.transactions import transaction

UNSCORED_FOR = timedelta(days=1)
"""How long after its end a refresh is still scored by its own job; a later score has it as well."""

RETRIED_FOR = timedelta(minutes=30)
"""How long after its end a failed run may still be waiting for its next try."""


DEAD_AFTER = timedelta(minutes=20)
"""Longer than any job may take: a run that began earlier and has not ended lost its worker."""


@dataclass(frozen=True, slots=True)
class PendingJob:
    """A job that must be in the queues: its kind, id and arguments. `run_id` is the run that it
    belongs to, None where that has not begun."""

    kind: str
    job_id: str
    arguments: tuple[str | int, ...]
    run_id: int | None = None


def pending(now: datetime) -> list[PendingJob]:
    """Chunks that nobody holds, other runs that ended with their workers, refreshes that were not
    scored, and runs that failed and may be tried again."""
    found = [job for run in runs.unfinished() for job in _pending_of(run, now)]
    for run_id in runs.unscored(now - UNSCORED_FOR):
        slot = f"score-{run_id}"
        found.append(PendingJob("score", slot, (slot,)))
    failed = runs.failed_since(now - RETRIED_FOR)
    found += [_next_try(run) for run in failed if run.job != "refresh"]
    return found


def _pending_of(run: JobRun, now: datetime) -> list[PendingJob]:
    parts = chunks.of_run(run.id)
    if not parts:
        return [_next_try(run)] if run.started_at <= now - DEAD_AFTER else []
    return [
        PendingJob("chunk", part.job_id, (run.id, part.number), run.id)
        for part in parts
        if part.is_open and not part.is_held(now)
    ]


def _next_try(run: JobRun) -> PendingJob:
    slot = runs.slot_of(run)
    return PendingJob(run.job, slot, (slot,), run.id)


def give_up(job: PendingJob, reason: str, now: datetime) -> None:
    """Notes that a job will not be done: its chunk or its run has failed. What has ended meanwhile
    stays as it is."""
    if job.run_id is None:
        return
    with transaction():
        run = runs.locked(job.run_id)
        if run.state != runs.RUNNING:
            return
        if job.kind == "chunk":
            ended = finish.give_up(run, int(job.arguments[1]), now, reason)
        else:
            runs.finish(run.id, now, runs.FAILED, message=reason)
            ended = True
    if ended:
        logged(job.run_id)
