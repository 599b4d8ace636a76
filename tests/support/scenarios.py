"""A storm of flips, and every accident that can befall Redis or a worker, while readers read.

The tests run them for seconds, `make bench-cache` for as long as the figures ask for."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from tests.support import cached_site
from tests.support.granian import Server
from tests.support.readers import Readers, Report
from tests.support.redis_server import RedisServer
from tests.support.waiting import wait_until

RESPAWN_SECONDS = 1.0
"""How long a site with a dead worker is read at least."""

Accident = Callable[["Scene"], None]


class Scene:
    """A served site with its database and Redis, and readers at work."""

    def __init__(
        self, app: Flask, server: Server, redis: RedisServer | None, seconds: float
    ) -> None:
        self.app = app
        self.server = server
        self.redis = redis
        self.seconds = seconds
        self.readers: Readers | None = None
        self.flips = 0
        self._pause = threading.Event()

    def wait(self, seconds: float) -> None:
        """Lets the readers read."""
        self._pause.wait(seconds)

    def flip(self) -> None:
        """Publishes an edition, as another process does."""
        edition = cached_site.publish(self.app)
        self.flips += 1
        if self.readers is not None:
            self.readers.published(edition)


@contextmanager
def scene(
    url: str,
    folder: Path,
    redis: RedisServer | None,
    workers: int,
    seconds: float,
    patient_with: str = "",
) -> Iterator[Scene]:
    """A site served by some workers, with an edition out; what it is `patient_with` ("database",
    "redis") may take as long as it takes."""
    app = cached_site.make(url, folder)
    environ = {"DATABASE_URL": url, "PATIENT_WITH": patient_with}
    if redis:
        environ["REDIS_URL"] = redis.url
    server = Server(folder, workers=workers, **environ)
    try:
        made = Scene(app, server, redis, seconds)
        made.flip()
        yield made
    finally:
        server.end()


def read_through(made: Scene, accident: Accident, *, pages: int = 20, count: int = 50) -> Report:
    """What readers saw while `accident` happened, and until one got a page that was kept."""
    names = [f"/pages/p{number}" for number in range(pages)]
    made.readers = Readers(made.server.port, names, count)
    with made.readers:
        made.wait(min(1.0, made.seconds / 5))
        accident(made)
        wait_until(lambda: made.readers.report.words["HIT"], "a page is kept")
    return made.readers.report


def storm(made: Scene) -> None:
    """A flip each second."""
    last = time.monotonic() + made.seconds
    while time.monotonic() < last:
        made.flip()
        made.wait(1.0)


def redis_is_killed(made: Scene) -> None:
    """Redis crashes, and is started again."""
    made.redis.kill()
    _flips(made, made.seconds / 2)
    made.redis.start()
    _flips(made, made.seconds / 2)


def redis_hangs(made: Scene) -> None:
    """Redis takes connections and never answers, and then goes on."""
    made.redis.stop()
    _flips(made, made.seconds)
    made.redis.go_on()
    _flips(made, made.seconds / 2)


def redis_is_flushed(made: Scene) -> None:
    """Redis forgets everything, again and again."""
    last = time.monotonic() + made.seconds
    while time.monotonic() < last:
        made.redis.client.flushall()
        made.flip()
        made.wait(0.4)
        made.redis.client.flushall()
        made.wait(0.4)


def redis_is_full(made: Scene) -> None:
    """Redis takes nothing more, and then has room again."""
    made.redis.client.config_set("maxmemory-policy", "noeviction")
    made.redis.client.config_set("maxmemory", "1")
    _flips(made, made.seconds / 2)
    made.redis.client.config_set("maxmemory", "0")
    _flips(made, made.seconds / 2)


def redis_evicts(made: Scene) -> None:
    """Redis has room for a few pages only."""
    used = made.redis.client.info("memory")["used_memory"]
    made.redis.client.config_set("maxmemory-policy", "allkeys-lru")
    made.redis.client.config_set("maxmemory", str(used + 20_000))
    _flips(made, made.seconds)
    made.redis.client.config_set("maxmemory", "0")


def worker_is_killed(made: Scene) -> None:
    """A worker dies in the middle of a render, again and again."""
    mark = made.server.folder / cached_site.RENDERING
    last = time.monotonic() + made.seconds
    while time.monotonic() < last:
        mark.unlink(missing_ok=True)
        made.flip()
        os.kill(int(wait_until(lambda: _written(mark), "a worker renders")), signal.SIGKILL)
        # The other worker goes on alone until the next one has started.
        made.wait(RESPAWN_SECONDS)
        made.server.wait_until_all_answer()


def _written(mark: Path) -> str:
    """The number of the process that rendered last; empty where none has yet."""
    try:
        return mark.read_text()
    except FileNotFoundError:
        return ""


def _flips(made: Scene, seconds: float) -> None:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        made.flip()
        made.wait(0.7)


ACCIDENTS: dict[str, Accident] = {
    "Redis is killed and started again": redis_is_killed,
    "Redis hangs": redis_hangs,
    "Redis is flushed": redis_is_flushed,
    "Redis is full": redis_is_full,
    "Redis evicts": redis_evicts,
    "a worker is killed mid-render": worker_is_killed,
}
