"""Enqueues again what the database says is still to be done and no queue holds any more.

A job is enqueued after the transaction that makes it due. A process that dies in between, or a
Redis that comes back empty, loses the job; the database still tells that it is due.
"""

from __future__ import annotations

import logging
from datetime import datetime

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import JobStatus

from stockscore.jobs import queues
from stockscore.services import pending_jobs
from stockscore.services.pending_jobs import PendingJob

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
    """Enqueues the jobs that are to be done and not under way, and returns their ids. A job that RQ
    has given up after all its tries is noted as failed for good."""
    lost = [pending for pending in pending_jobs.pending(now) if _is_lost(connection, pending, now)]
    return [
        pending.job_id
        for pending in lost
        if queues.enqueue(connection, pending.kind, pending.job_id, *pending.arguments)
    ]


def _is_lost(connection: Redis, pending: PendingJob, now: datetime) -> bool:
    """Whether no queue holds a job any more that must still be done."""
    try:
        job = queues.job_of(connection, pending.job_id)
    except NoSuchJobError:
        log.warning("%s was lost and is enqueued again.", pending.job_id)
        return True
    status = job.get_status(refresh=False)
    if status in UNDER_WAY:
        return False
    if status == JobStatus.FINISHED:
        # It ended without an error and without its work, because its chunk had been taken from it.
        job.delete()
        return True
    pending_jobs.give_up(pending, f"{pending.job_id} failed for good; see the failed jobs.", now)
    return False
