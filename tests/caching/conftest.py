"""Sites with the real cache, alone, several in one process, and on real Redis servers."""

from __future__ import annotations

import threading
import time

import pytest

from stockscore.caching.wiring import site_of
from stockscore.extensions import db
from tests.caching import scratch
from tests.caching.redis_server import RedisServer
from tests.servers import MissingError

DEADLINE = 15.0


class Clock:
    """A clock that the test moves."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def wait_until():
    """`wait_until(condition)`: waits until it is true, and fails where it never is."""
    pause = threading.Event()

    def wait(condition):
        last = time.monotonic() + DEADLINE
        while not (met := condition()):
            assert time.monotonic() < last, f"{condition} never came true"
            pause.wait(0.01)
        return met

    return wait


@pytest.fixture
def site(sqlite_url, tmp_path):
    """`site(**config)`: a site on this test's database; several stand for several processes."""
    apps = []

    def make(url=sqlite_url, **config):
        app = scratch.make(url, tmp_path, **config)
        apps.append(app)
        return app

    yield make
    for app in apps:
        app.extensions["hooks"].gate.set()
        with app.app_context():
            db.engine.dispose()
        backend = site_of(app).lookup.shared.backend
        if backend is not None:
            backend.client.close()


@pytest.fixture
def redis_server(tmp_path):
    """A Redis server of this test's own."""
    try:
        server = RedisServer(tmp_path)
    except MissingError as reason:
        pytest.skip(str(reason))
    yield server
    server.end()


@pytest.fixture
def on_redis(redis_server):
    """Settings that make a site use this test's Redis."""
    return {"REDIS_ENABLED": True, "REDIS_URL": redis_server.url}
