"""Jobs that a person asks for: which there are, and who enqueues them.

Pages know no queues; they find whoever does here (`create_app` puts it there where Redis is on).
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from flask import Flask

from stockscore.services.errors import InputError, ServiceError

JOBS = ("refresh", "score", "snapshot", "evidence", "warm", "housekeeping", "verify")
"""What can be asked for."""

_EXTENSION = "stockscore-enqueuer"


class Enqueuer(Protocol):
    """Enqueues one of `JOBS` to be run as soon as a worker is free."""

    def __call__(self, job: str, now: datetime) -> str:
        """The id of the job. Raises `ServiceError` where the queues cannot be reached."""


def provide(app: Flask, enqueuer: Enqueuer) -> None:
    """Lets pages of an application enqueue jobs."""
    app.extensions[_EXTENSION] = enqueuer


def is_on(app: Flask) -> bool:
    """Whether there is anybody who enqueues jobs."""
    return _EXTENSION in app.extensions


def enqueue(app: Flask, job: str, now: datetime) -> str:
    """Enqueues one of `JOBS`; the id of the job. Raises `InputError` for another name,
    `ServiceError` where there are no queues, or they cannot be reached."""
    if job not in JOBS:
        raise InputError(f"{job!r} is no job; there are {', '.join(JOBS)}.")
    if not is_on(app):
        raise ServiceError(
            "Background jobs need Redis: set REDIS_ENABLED=true and QUEUE_REDIS_URL. Without it, "
            "`flask refresh`, `flask score` and `flask snapshot` do the same work at once."
        )
    enqueuer: Enqueuer = app.extensions[_EXTENSION]
    return enqueuer(job, now)
