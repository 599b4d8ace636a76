"""Sites with the real cache, alone, several in one process, and on real Redis servers."""

from __future__ import annotations

import pytest

from stockscore.caching.wiring import site_of
from stockscore.extensions import db
from tests.support import cached_site, patience


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
def patient_redis(monkeypatch):
    """Redis is given all the time that it needs."""
    patience.with_redis(monkeypatch.setattr)


@pytest.fixture
def patient(monkeypatch, patient_redis):
    """So are the database and renders."""
    patience.with_the_database(monkeypatch.setattr)
    patience.with_renders(monkeypatch.setattr)


@pytest.fixture
def site(patient, sqlite_url, tmp_path):
    """`site(**config)`: a site on this test's database; several stand for several processes."""
    apps = []

    def make(url=sqlite_url, **config):
        app = cached_site.make(url, tmp_path, **config)
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
def on_redis(own_redis):
    """Settings that make a site use this test's Redis."""
    return {"REDIS_ENABLED": True, "REDIS_URL": own_redis.url}
