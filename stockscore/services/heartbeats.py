"""Signs of life of the worker and the scheduler, kept in the queues' Redis by the real clock.

A beat ends by itself, so a process that was killed is missed without anybody noticing its end.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis import Redis, RedisError

SCHEDULER, WORKER = "scheduler", "worker"
PROCESSES = (SCHEDULER, WORKER)

REMEMBERED_SECONDS = 24 * 3600
"""How long the last beat is remembered, to say since when a process is silent."""

ALIVE_SECONDS = 60.0
"""A process that has not beaten for longer is taken for dead."""

ANSWER_SECONDS = 0.25
"""How long a page waits for Redis."""

_PREFIX = "stockscore:beat:"


@dataclass(frozen=True, slots=True)
class Pulse:
    """The newest beat of any process of a kind: its age in seconds, None where none is known."""

    process: str
    age: float | None

    @property
    def alive(self) -> bool:
        """Whether it has beaten within the minute."""
        return self.age is not None and self.age <= ALIVE_SECONDS


def beat(connection: Redis, process: str) -> None:
    """Notes that a process of this kind lives, here and anywhere. Raises `redis.RedisError`."""
    now = f"{time.time():.3f}"
    with connection.pipeline(transaction=False) as commands:
        for key in (_PREFIX + process, _here(process)):
            commands.set(key, now, ex=REMEMBERED_SECONDS)
        commands.execute()


def pulses(settings: Mapping[str, Any]) -> tuple[Pulse, ...] | None:
    """The pulse of each kind of process; None where Redis is switched off or does not answer."""
    if not settings["REDIS_ENABLED"]:
        return None
    try:
        with page_connection(settings) as connection:
            beats = connection.mget([_PREFIX + process for process in PROCESSES])
    except RedisError:
        return None
    return tuple(map(_pulse, PROCESSES, beats))


def pulse_here(settings: Mapping[str, Any], process: str) -> Pulse:
    """The pulse of a kind of process on this machine (or in this container) alone. Raises
    `redis.RedisError`."""
    with page_connection(settings) as connection:
        return _pulse(process, connection.get(_here(process)))


def page_connection(settings: Mapping[str, Any]) -> Redis:
    """A client of the queues' Redis for who has no time to wait; close it."""
    return Redis.from_url(
        settings["QUEUE_REDIS_URL"],
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
    )


def _here(process: str) -> str:
    return f"{_PREFIX}{process}:{socket.gethostname()}"


def _pulse(process: str, beaten: bytes | None) -> Pulse:
    return Pulse(process, None if beaten is None else max(0.0, time.time() - float(beaten)))
