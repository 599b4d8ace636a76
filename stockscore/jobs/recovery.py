"""Brings what the database says is to be done back into the queues.

A job is enqueued after the transaction that makes it due. Whoever dies in between, and a Redis that
comes back without what it knew, lose jobs, but never the knowledge of them.
"""

from __future__ import annotations

import logging
from datetime import datetime

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import JobStatus

from stockscore.jobs import queues
from stockscore.services import pending_jobs
from stockscore.services.pending_jobs import Owed

log = logging.getLogger(__name__)

UNDER_WAY = frozenset(
    {
        JobStatus.CREATED,
        JobStatus.QUEUED,
        JobStatus.STARTED,
        JobStatus.DEFERRED,
        JobStatus.SCHEDULED,
    }
)


def tend(connection: Redis, now: datetime) -> list[str]:
    """Enqueues what is owed and not under way; the ids. What RQ has given up after all its tries
    has failed for good."""
    lost = [pending for pending in pending_jobs.owed(now) if _is_lost(connection, pending, now)]
    return [
        pending.job_id
        for pending in lost
        if queues.enqueue(connection, pending.kind, pending.job_id, *pending.arguments)
    ]


def _is_lost(connection: Redis, pending: Owed, now: datetime) -> bool:
    """Whether the queues have nothing (more) of a job that is to be done."""
    try:
        job = queues.job_of(connection, pending.job_id)
    except NoSuchJobError:
        log.warning("%s was lost and is enqueued again.", pending.job_id)
        return True
    status = job.get_status(refresh=False)
    if status in UNDER_WAY:
        return False
    if status == JobStatus.FINISHED:
        # It ended without an error and without its work: what it held had been taken from it.
        job.delete()
        return True
    pending_jobs.give_up(pending, f"{pending.job_id} failed for good; see the failed jobs.", now)
    return False
