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
"""Longer than any job may take: one that began before, has not ended, and that no queue knows of,
ended with its worker."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A job that ought to be in the queues: its kind, its id, and what it is called with. `run_id`
    is the run that it belongs to, None where that has not begun."""

    kind: str
    job_id: str
    arguments: tuple[str | int, ...]
    run_id: int | None = None


def owed(now: datetime) -> list[Owed]:
    """Chunks that nobody holds, other runs that ended with their workers, refreshes that were not
    scored, and runs that failed and may be tried again."""
    found = [one for run in runs.unfinished() for one in _left_of(run, now)]
    for run_id in runs.unscored(now - UNSCORED_FOR):
        slot = f"score-{run_id}"
        found.append(Owed("score", slot, (slot,)))
    found += [_again(run) for run in runs.failed_since(now - RETRIED_FOR) if run.job != "refresh"]
    return found


def _left_of(run: JobRun, now: datetime) -> list[Owed]:
    parts = chunks.of_run(run.id)
    if not parts:
        return [_again(run)] if run.started_at <= now - DEAD_AFTER else []
    return [
        Owed("chunk", part.job_id, (run.id, part.number), run.id)
        for part in parts
        if part.is_open and not part.is_held(now)
    ]


def _again(run: JobRun) -> Owed:
    return Owed(run.job, run.slot, (run.slot,), run.id)


def give_up(one: Owed, reason: str, now: datetime) -> None:
    """Notes that a job will not be done: its chunk or its run has failed. What has ended meanwhile
    stays as it is."""
    if one.run_id is None:
        return
    with transaction():
        run = runs.locked(one.run_id)
        if run.state != runs.RUNNING:
            return
        if one.kind == "chunk":
            ended = finish.give_up(run, int(one.arguments[1]), now, reason)
        else:
            runs.finish(run.id, now, runs.FAILED, message=reason)
            ended = True
    if ended:
        logged(one.run_id)
