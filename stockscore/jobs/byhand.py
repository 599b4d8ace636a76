"""Jobs that a person asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from redis import RedisError

from stockscore.jobs import queues
from stockscore.services.errors import ServiceError


def enqueue(settings: Mapping[str, Any], job: str, now: datetime) -> str:
    """Enqueues a job of `services.background.JOBS` and returns its id, which is the same for
    everybody who asks in the same second. Raises `ServiceError` where Redis is off or does not
    answer."""
    job_id = f"{job}-by-hand-{now:%Y%m%dT%H%M%SZ}"
    connection = queues.connect(settings)
    try:
        queues.enqueue(connection, job, job_id, job_id)
    except RedisError as error:
        raise ServiceError(
            f"The Redis of the background jobs does not answer ({type(error).__name__}); check "
            "QUEUE_REDIS_URL and that it runs."
        ) from error
    finally:
        connection.close()
    return job_id
