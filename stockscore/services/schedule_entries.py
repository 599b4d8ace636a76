"""The schedule in the queues' Redis: its entries with their next times, and those that could not be
read and were set aside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from redis import Redis, RedisError

from stockscore.services.heartbeats import page_connection

ENTRIES = "rq:scheduler:scheduled_jobs"
"""The sorted set of rq-scheduler: ids by the seconds of their next time."""

JOB = "rq:job:"
"""Before the id of an entry: where RQ keeps what it is."""

SET_ASIDE = "stockscore:set-aside"

REPORTED_SECONDS = 30 * 24 * 3600
"""How long after the last one the entries set aside are shown."""

_SHOWN = 400


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """An entry of the schedule, with the moment at which it is due."""

    id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class SetAside:
    """An entry that could not be read or handled: when it was set aside, why, and the beginning of
    its content."""

    id: str
    set_aside_at: datetime
    reason: str
    content: str


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """All of it, the next entry first."""

    entries: tuple[ScheduleEntry, ...]
    set_aside: tuple[SetAside, ...]


def read(settings: Mapping[str, Any]) -> ScheduleState | None:
    """The schedule as it is now; None where Redis is switched off or does not answer."""
    if not settings["REDIS_ENABLED"]:
        return None
    try:
        with page_connection(settings) as connection:
            entries = connection.zrange(ENTRIES, 0, -1, withscores=True)
            aside = connection.hgetall(SET_ASIDE)
    except RedisError:
        return None
    return ScheduleState(
        tuple(
            ScheduleEntry(_text(entry_id), datetime.fromtimestamp(seconds, UTC))
            for entry_id, seconds in entries
        ),
        tuple(
            sorted(
                map(_set_aside, aside.items()),
                key=lambda entry: entry.set_aside_at,
                reverse=True,
            )
        ),
    )


def set_aside(connection: Redis, entry_id: bytes, reason: str, now: datetime) -> bool:
    """Takes an entry out of the schedule and keeps its content for people to see; False where one
    of that id has been set aside before. Raises `redis.RedisError`."""
    key = JOB.encode() + entry_id
    kind = connection.type(key)
    content = connection.hgetall(key) if kind == b"hash" else f"no hash but {_text(kind)}"
    line = {"at": now.isoformat(), "reason": reason, "content": str(content)[:_SHOWN]}
    with connection.pipeline() as commands:
        commands.hset(SET_ASIDE, entry_id, json.dumps(line))
        commands.expire(SET_ASIDE, REPORTED_SECONDS)
        commands.zrem(ENTRIES, entry_id)
        commands.delete(key)
        return bool(commands.execute()[0])


def _set_aside(item: tuple[bytes, bytes]) -> SetAside:
    line = json.loads(item[1])
    moment = datetime.fromisoformat(line["at"])
    return SetAside(_text(item[0]), moment, line["reason"], line["content"])


def _text(raw: bytes | str) -> str:
    return raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
