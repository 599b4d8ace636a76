"""Keeps a row of what ran, when, and how it ended, and writes a log line of it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from stockscore.services.errors import ServiceError
from stockscore.store import runs
from stockscore.store.transactions import transaction

logger = logging.getLogger(__name__)


class AlreadyRun(Exception):
    """The run of the slot has ended already; nothing is to be done."""


@dataclass(slots=True)
class RunCounts:
    """What is recorded of a run: numbers of stocks, and a sentence.

    `waits` is for a job that could not begin and will come again: the row stays "running" and says
    what is waited for."""

    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    message: str | None = None
    waits: str | None = None


@contextmanager
def recorded(
    job: str, clock: Callable[[], datetime], slot: str | None = None
) -> Iterator[RunCounts]:
    """Records a run of `job`: done with what the block noted of it, or failed with the error (and
    its traceback where nobody foresaw it), which goes on to the caller.

    With a slot it is that slot's one run, begun or gone on with. Raises `AlreadyRun`.
    """
    with transaction():
        run_id = _begin(job, clock(), slot)
    run = RunCounts()
    try:
        yield run
    except BaseException as error:
        foreseen = isinstance(error, ServiceError)
        with transaction():
            runs.finish(
                run_id,
                clock(),
                runs.FAILED,
                message=str(error) or type(error).__name__,
                error=None if foreseen else traceback.format_exc(),
            )
        logged(run_id)
        raise
    with transaction():
        if run.waits:
            runs.note(run_id, run.waits)
            return
        runs.finish(
            run_id,
            clock(),
            updated=run.updated,
            unchanged=run.unchanged,
            failed=run.failed,
            message=run.message,
        )
    logged(run_id)


def _begin(job: str, now: datetime, slot: str | None) -> int:
    if slot is None:
        return runs.start(job, None, now)
    claimed = runs.claim(job, slot, now)
    if claimed is None:
        raise AlreadyRun(f"{slot} has had its run.")
    return claimed.id


def logged(run_id: int) -> None:
    """Writes the log line of a run that has ended: one object, where lines are JSON."""
    run = runs.of_id(run_id)
    data = {
        "run": run.id,
        "job": run.job,
        "job_id": run.slot,
        "state": run.state,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "expected": run.expected,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "failed": run.failed,
        "quarantined": run.quarantined,
    }
    level = logging.WARNING if run.state == runs.FAILED else logging.INFO
    name = run.slot or run.job
    logger.log(level, "%s %s: %s", name, run.state, run.message or "", extra={"data": data})


def failed(job: str, now: datetime, sentence: str, error: Exception) -> None:
    """Records what went wrong at a moment, outside of any run, as a run that failed."""
    trace = "".join(traceback.format_exception(error))
    with transaction():
        run_id = runs.start(job, None, now)
        runs.finish(run_id, now, runs.FAILED, message=sentence, error=trace)
