"""How much waits in the queues and how much has failed, as RQ keeps it in Redis.

Read from RQ's own keys (`rq:queues`, `rq:queue:…`, `rq:wip:…`, `rq:failed:…`), because a page that
only counts does not need RQ loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis import RedisError

from stockscore.services.heartbeats import page_connection


@dataclass(frozen=True, slots=True)
class Backlog:
    """Numbers of jobs of one queue: waiting, being worked on, failed for good."""

    queue: str
    waiting: int
    started: int
    failed: int


def backlogs(settings: Mapping[str, Any]) -> tuple[Backlog, ...] | None:
    """Of every queue that was ever used, by name; None where Redis is switched off or does not
    answer."""
    if not settings["REDIS_ENABLED"]:
        return None
    try:
        with page_connection(settings) as connection:
            known = connection.smembers("rq:queues")
            names = sorted(name.decode().removeprefix("rq:queue:") for name in known)
            with connection.pipeline(transaction=False) as commands:
                for name in names:
                    commands.llen(f"rq:queue:{name}")
                    commands.zcard(f"rq:wip:{name}")
                    commands.zcard(f"rq:failed:{name}")
                counts = commands.execute()
    except RedisError:
        return None
    return tuple(
        Backlog(name, *counts[3 * place : 3 * place + 3]) for place, name in enumerate(names)
    )
