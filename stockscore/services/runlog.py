"""Keeps a row of what ran, when, and how it ended."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from stockscore.services.errors import ServiceError
from stockscore.store import runs
from stockscore.store.transactions import transaction


@dataclass(slots=True)
class Run:
    """What the row will say of a run: numbers of stocks, and a sentence."""

    updated: int = 0
    unchanged: int = 0
    message: str | None = None


@contextmanager
def recorded(job: str, clock: Callable[[], datetime]) -> Iterator[Run]:
    """Records a run of `job`: done with what the block noted of it, or failed with the error (and
    its traceback where nobody foresaw it), which goes on to the caller."""
    with transaction():
        run_id = runs.start(job, None, clock())
    run = Run()
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
        raise
    with transaction():
        runs.finish(
            run_id, clock(), updated=run.updated, unchanged=run.unchanged, message=run.message
        )


def failed(job: str, now: datetime, sentence: str, error: Exception) -> None:
    """Records what went wrong at a moment, outside of any run, as a run that failed."""
    trace = "".join(traceback.format_exception(error))
    with transaction():
        run_id = runs.start(job, None, now)
        runs.finish(run_id, now, runs.FAILED, message=sentence, error=trace)
