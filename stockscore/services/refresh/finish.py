"""Closes a refresh that was cut into chunks."""

from __future__ import annotations

from datetime import datetime

from stockscore.extensions import db
from stockscore.services.refresh.stock import RefreshCounts
from stockscore.store import chunks, runs
from stockscore.store.models import JobRun


def close_if_done(run_id: int, now: datetime) -> bool:
    """Closes a run of which no chunk is left; whether it is closed, now or before.

    Belongs into the transaction that ends a chunk, after `runs.locked`: of two chunks that end at
    the same moment each would otherwise see the other one open.
    """
    run = runs.locked(run_id)
    if run.state == runs.RUNNING and not chunks.open_chunks(run_id):
        close(run, now)
    return run.state != runs.RUNNING


def close(run: JobRun, now: datetime, message: str | None = None) -> None:
    """Writes the sums of a run's chunks: done, or failed where a part was given up."""
    sums = chunks.totals(run.id)
    given_up = message or chunks.gave_up(run.id)
    counted = RefreshCounts(
        run.expected, sums.updated, sums.unchanged, sums.failed, sums.quarantined
    )
    runs.finish(
        run.id,
        now,
        runs.FAILED if given_up else runs.DONE,
        updated=sums.updated,
        unchanged=sums.unchanged,
        failed=sums.failed,
        quarantined=sums.quarantined,
        message=f"{counted.sentence}. {given_up}" if given_up else counted.sentence,
    )


def give_up(run: JobRun, number: int, now: datetime, reason: str) -> bool:
    """Ends a chunk that nobody will do; whether its run, which is locked, ended with it."""
    chunk = chunks.locked(run.id, number)
    if chunk is None or not chunk.is_open:
        return False
    chunk.state, chunk.message, chunk.holder, chunk.lease_until = chunks.FAILED, reason, None, None
    db.session.flush()
    return close_if_done(run.id, now)


def take_over(run: JobRun, now: datetime, slot_id: str) -> None:
    """Ends a run that nobody works on, because a newer one does what is left of it."""
    message = f"Ended by {slot_id}, which does the rest."
    chunks.abandon(run.id, message)
    close(run, now, message)
