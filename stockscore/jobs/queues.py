"""The queues of RQ: their Redis, their names, what may be enqueued and for how long it may run.

Everything that enqueues and everything that works reads this one table, so that no job can be sent
to a queue that nobody listens to. Jobs and results are JSON, never pickle: whoever can write to
Redis must not be able to run code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import redis.retry
from redis import Redis
from redis.backoff import NoBackoff
from rq import Queue, Retry
from rq.exceptions import DuplicateJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from stockscore.services.errors import ServiceError

MARKET, CHUNKS = "market", "chunks"
NAMES = (MARKET, CHUNKS)
"""In the order in which a worker looks at them: a score must not wait behind the chunks of the next
refresh."""

RETRIES = (60, 300, 900)
"""Seconds before each further try of a job that failed."""

RESULT_SECONDS = 2 * 24 * 3600
"""How long a finished job's id stays taken: longer than any slot may be enqueued again."""

FAILURE_SECONDS = 14 * 24 * 3600
"""How long a failed job stays in the registry of failed jobs."""

ANSWER_SECONDS = 2.0
"""How long a page or a command waits for Redis."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be enqueued: the dotted name of its function, its queue, and the seconds after which
    it is stopped (the soft limit; the worker's hard limit comes a little later)."""

    function: str
    queue: str
    timeout: int


KINDS: Mapping[str, Kind] = {
    "refresh": Kind("stockscore.jobs.tasks.refresh", MARKET, 300),
    "chunk": Kind("stockscore.jobs.tasks.chunk", CHUNKS, 600),
    "score": Kind("stockscore.jobs.tasks.score", MARKET, 600),
    "warm": Kind("stockscore.jobs.tasks.warm", MARKET, 300),
    "snapshot": Kind("stockscore.jobs.tasks.snapshot", MARKET, 300),
    "evidence": Kind("stockscore.jobs.tasks.evidence", MARKET, 900),
    "housekeeping": Kind("stockscore.jobs.tasks.housekeeping", MARKET, 900),
    "verify": Kind("stockscore.jobs.tasks.verify", MARKET, 900),
}
"""By name. All but "chunk" can be asked for by hand (`flask jobs enqueue NAME`)."""


def connect(settings: Mapping[str, Any], patient: bool = False) -> Redis:
    """A client of the queues' Redis; nothing is connected yet.

    `patient` is for workers, which wait for work; all others give up after `ANSWER_SECONDS`. Raises
    `ServiceError` where Redis is switched off.
    """
    if not settings["REDIS_ENABLED"]:
        raise ServiceError(
            "Background jobs need Redis: set REDIS_ENABLED=true and QUEUE_REDIS_URL. Without it, "
            "`flask refresh`, `flask score` and `flask snapshot` do the same work at once."
        )
    url = settings["QUEUE_REDIS_URL"]
    if patient:
        return Redis.from_url(url, socket_connect_timeout=ANSWER_SECONDS)
    return Redis.from_url(
        url,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        # Once, because a connection kept from before may be to a server that has gone since.
        # redis-py's own ten tries would make half a minute of the two seconds.
        retry=redis.retry.Retry(NoBackoff(), 1),
    )


def queue_of(connection: Redis, name: str) -> Queue:
    """One of the queues (`NAMES`)."""
    return Queue(name, connection=connection, serializer=JSONSerializer)


def enqueue(connection: Redis, kind: str, job_id: str, *arguments: Any) -> bool:
    """Enqueues a job once: False where a job of that id waits, runs, or has ended lately.

    Ids take letters, digits, `_` and `-`; the id of a slot's job is the slot's.
    """
    what = KINDS[kind]
    try:
        queue_of(connection, what.queue).enqueue_call(
            what.function,
            args=arguments,
            job_id=job_id,
            timeout=what.timeout,
            result_ttl=RESULT_SECONDS,
            failure_ttl=FAILURE_SECONDS,
            retry=Retry(max=len(RETRIES), interval=list(RETRIES)),
            description=f"{kind} {job_id}",
            unique=True,
        )
    except DuplicateJobError:
        return False
    return True


def failed_jobs(connection: Redis) -> int:
    """How many jobs are in the registries of failed ones, without those that have been there for
    `FAILURE_SECONDS`, which go now."""
    registries = [queue_of(connection, name).failed_job_registry for name in NAMES]
    return sum(registry.get_job_count(cleanup=True) for registry in registries)


def job_of(connection: Redis, job_id: str) -> Job:
    """The job of an id. Raises `rq.exceptions.NoSuchJobError`."""
    return Job.fetch(job_id, connection=connection, serializer=JSONSerializer)
