"""Clearing a cache of 100,000 entries, and what the next readers notice of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from flask import Flask

from bench.cache.table import Table
from stockscore.caching.encodings import GZIP
from stockscore.caching.entries import key_of
from stockscore.caching.keys import PREFIX
from stockscore.caching.wiring import site_of
from stockscore.services import cache
from tests.support import cached_site
from tests.support.redis_server import RedisServer

ENTRIES = 100_000
REQUESTS = 1_000
PAGES = 20
CLEARS = 5


def run(table: Table, folder: Path, url: str, redis: RedisServer) -> None:
    """Fills Redis with entries of this epoch, clears, and reads."""
    app = cached_site.make(url, folder, REDIS_ENABLED=True, REDIS_URL=redis.url)
    browse(app)
    _fill(app, redis)
    table.heading(f"Clearing a cache of {redis.client.dbsize():,} entries")
    before = browse(app)
    seconds, after = [], []
    for _ in range(CLEARS):
        with app.app_context():
            began = perf_counter()
            cache.clear(datetime.now(UTC))
            seconds.append(perf_counter() - began)
        rendered = app.extensions["hooks"].renders
        after += browse(app)
        renders = app.extensions["hooks"].renders - rendered
        if renders != PAGES:
            raise RuntimeError(f"{renders} renders of {PAGES} pages after a clear")
    table.row("a clear", f"{max(seconds) * 1e3:.2f} ms", "below 5 ms", max(seconds) < 0.005)
    table.row("renders of each page after it", "1", "1", True)
    slower = median(after) / median(before)
    table.row(
        "a request after it, beside one before", f"{slower:.2f} times", "no slower", slower < 1.1
    )


def browse(app: Flask) -> list[float]:
    """Seconds of requests to a few pages."""
    client = app.test_client()
    times = []
    for number in range(REQUESTS):
        began = perf_counter()
        answer = client.get(f"/pages/p{number % PAGES}")
        times.append(perf_counter() - began)
        if answer.status_code != 200:
            raise RuntimeError(answer.status)
    return times


def _fill(app: Flask, redis: RedisServer) -> None:
    """Entries that differ in their keys alone, as many pages of one epoch."""
    lookup = site_of(app).lookup
    slot = lookup.memory.slots()[0]
    data = lookup.shared.get(key_of(slot.key, GZIP))
    stem = PREFIX + slot.key.rsplit(":", 1)[0]
    pipe = redis.client.pipeline(transaction=False)
    for number in range(ENTRIES):
        pipe.set(f"{stem}:{number:032x}", data[:1_000], ex=3_600)
        if number % 5_000 == 4_999:
            pipe.execute()
    pipe.execute()
