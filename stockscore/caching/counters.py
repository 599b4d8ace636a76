"""What the cache counts, and the board on which the processes of a site add it up."""

from __future__ import annotations

import fcntl
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from stockscore.caching.keys import PREFIX
from stockscore.caching.shared import RedisPages, SharedPages
from stockscore.caching.ticks import Tick

COUNTED = {
    "hits_memory": "Answers from the process's own memory",
    "hits_redis": "Answers from Redis",
    "hits_flight": "Answers that waited for another request's render",
    "misses": "Answers that were rendered",
    "stale": "Answers from an earlier edition, or past their time, at once",
    "bypass": "Answers that the cache has no part in",
    "not_modified": "Of all answers, those that were 304",
    "renders": "Renders for the cache",
    "renders_failed": "Renders that the cache could not keep",
    "lock_waits": "Requests that waited for a render of another request or process",
    "damaged": "Entries in Redis that were not ours, or damaged",
}
"""Name of a counter: what it counts."""

SECONDS = {
    "render_seconds": "Time spent in renders for the cache",
    "lock_wait_seconds": "Time spent waiting for renders of others",
}


class Counters:
    """The counters of a process, attributes by name: `counters.misses.add()`."""

    def __init__(self) -> None:
        self._counters = {name: Tick() for name in COUNTED}
        self._seconds = dict.fromkeys(SECONDS, 0.0)
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Tick:
        try:
            counter: Tick = self.__dict__["_counters"][name]
        except KeyError:
            raise AttributeError(name) from None
        return counter

    def spend(self, name: str, seconds: float) -> None:
        """Adds to one of `SECONDS`."""
        with self._lock:
            self._seconds[name] += seconds

    def values(self) -> dict[str, float]:
        """All of them, by name."""
        return {name: counter.value for name, counter in self._counters.items()} | self._seconds


class Board(Protocol):
    """Where processes add up what they counted."""

    def add(self, amounts: Mapping[str, float]) -> bool:
        """Adds to the sums; False where that was not possible."""

    def sums(self) -> dict[str, float] | None:
        """The sums of all processes; None where they cannot be had."""


class NoBoard:
    """For a site that is one process: a database in memory is nobody else's."""

    def add(self, amounts: Mapping[str, float]) -> bool:
        """See `Board`."""
        return not amounts

    def sums(self) -> dict[str, float] | None:
        """See `Board`."""
        return None


class RedisBoard:
    """Sums in a Redis hash."""

    def __init__(self, shared: SharedPages, site: str) -> None:
        self._shared = shared
        self._name = f"{PREFIX}counters:{site}"

    def add(self, amounts: Mapping[str, float]) -> bool:
        """See `Board`."""

        def add_all(backend: RedisPages) -> bool:
            pipe = backend.client.pipeline(transaction=False)
            for name, amount in amounts.items():
                pipe.hincrbyfloat(self._name, name, amount)
            pipe.execute()
            return True

        return self._shared.write(add_all, False)

    def sums(self) -> dict[str, float] | None:
        """See `Board`."""
        found = self._shared.ask(lambda backend: backend.client.hgetall(self._name), None)
        return None if found is None else _numbers({k.decode(): v for k, v in found.items()})


class FileBoard:
    """Sums in a small file, for sites without Redis: their processes share a machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, amounts: Mapping[str, float]) -> bool:
        """See `Board`."""
        lock, half = self._path.with_suffix(".lock"), self._path.with_suffix(".half")
        try:
            self._path.parent.mkdir(exist_ok=True)
            with lock.open("w") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                sums = self.sums() or {}
                for name, amount in amounts.items():
                    sums[name] = sums.get(name, 0) + amount
                half.write_text(json.dumps(sums), "ascii")
                half.replace(self._path)
        except OSError:
            return False
        return True

    def sums(self) -> dict[str, float] | None:
        """See `Board`."""
        try:
            sums = json.loads(self._path.read_text("ascii"))
        except FileNotFoundError:
            return {}
        except OSError:
            return None
        except ValueError:
            # Somebody else's, or damaged: counting begins anew.
            return {}
        return _numbers(sums) if isinstance(sums, dict) else {}


class Tally:
    """A process's counters with what the other processes of the site counted."""

    def __init__(self, counters: Counters, board: Board) -> None:
        self._counters = counters
        self._board = board
        self._posted: dict[str, float] = {}
        self._lock = threading.Lock()

    def post(self) -> None:
        """Adds what was counted since the last time to the board."""
        with self._lock:
            values = self._counters.values()
            news = {k: v - self._posted.get(k, 0) for k, v in values.items()}
            news = {k: v for k, v in news.items() if v}
            if news and self._board.add(news):
                self._posted = values

    def totals(self) -> tuple[dict[str, float], bool]:
        """The sums over all processes, and True; this process's own and False where the board is
        out of reach."""
        self.post()
        sums = self._board.sums()
        own = self._counters.values()
        if sums is None:
            return own, False
        return {name: sums.get(name, 0) for name in own}, True


def _numbers(found: Mapping[str, Any]) -> dict[str, float]:
    numbers = {}
    for name, value in found.items():
        try:
            numbers[name] = float(value)
        except (TypeError, ValueError):
            continue
    return numbers
