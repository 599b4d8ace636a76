"""The real site on a market of 10,000 stocks, beside the figures of its nearest peer.

The peer (FastAPI and Redis, one worker, 8 connections, this kind of machine) is the mark: each row
names what it does there."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from bench import large_market
from bench.cache.load import measure
from bench.cache.table import Table
from stockscore import create_app
from stockscore.caching.keys import PREFIX
from stockscore.caching.lookup import TRIAL_SECONDS
from tests.support import cached_site
from tests.support.granian import Server
from tests.support.redis_server import RedisServer

SITE = "stockscore:create_app"
CONNECTIONS = 8
UNCACHED = 32
SECONDS = 4
LIST = "/stocks.json?per_page=200"
HEAVY = ("/", "/leaderboard?per_page=200", "/leaderboard.json?by=sector", "/stocks?sort=change_7")


def run(table: Table, folder: Path, url: str, redis: RedisServer) -> None:
    """All rows, on one server with Redis, and one that starts while Redis is down."""
    app = create_app({"DATABASE_URL": url})
    with app.app_context():
        large_market.fill()
    table.heading(
        f"The site on {large_market.STOCKS:,} stocks, one worker, beside its nearest peer"
    )
    environ = {"DATABASE_URL": url, "REDIS_URL": redis.url, "REDIS_ENABLED": "true"}
    server = Server(folder, SITE, **environ)
    try:
        _renders(table, server)
        _cached_list(table, server)
        _health(table, server)
        _filters(table, server, redis)
        _consistency(table, server, app)
        _hung(table, server, redis)
    finally:
        server.end()
    redis.kill()
    server = Server(folder, SITE, **environ)
    try:
        _recovery(table, server, redis)
    finally:
        server.end()


def _get(port: int, path: str) -> tuple[float, int, str | None, bytes]:
    """Seconds, status, what `X-Cache` says and the body of one answer."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    return time.monotonic() - began, answer.status, answer.headers["X-Cache"], body


def _renders(table: Table, server: Server) -> None:
    slowest = max((_get(server.port, path)[0], path) for path in HEAVY)
    table.row(
        f"slowest first render of heavy pages ({slowest[1]})",
        f"{slowest[0] * 1e3:.0f} ms",
        "peer: 7.9 s and 14 s",
        slowest[0] < 1,
    )


def _cached_list(table: Table, server: Server) -> None:
    measure(server.port, LIST, CONNECTIONS, 1)
    found = measure(server.port, LIST, CONNECTIONS, SECONDS)
    table.row(
        "cached JSON list of 200 stocks",
        f"{found.rate:,.0f} requests/s",
        "peer: 1,185 requests/s",
        found.rate > 1_185,
    )


def _health(table: Table, server: Server) -> None:
    """Every reader asks for pages that nobody has asked for before."""
    stop, answers = threading.Event(), []

    def read(number: int) -> None:
        count = 0
        while not stop.is_set():
            count += 1
            query = urlencode({"q": f"nobody {number} {count}"})
            answers.append(_get(server.port, f"/stocks?{query}")[1:3])

    readers = [threading.Thread(target=read, args=(number,)) for number in range(UNCACHED)]
    for reader in readers:
        reader.start()
    waits, last = [], time.monotonic() + SECONDS
    while time.monotonic() < last:
        waits.append(_get(server.port, "/healthz")[0])
    stop.set()
    for reader in readers:
        reader.join()
    fine = {status for status, _ in answers} == {200}
    table.row(
        f"slowest health check under {UNCACHED} uncached readers",
        f"{max(waits) * 1e3:.0f} ms",
        "peer: freezes",
        fine and max(waits) < 5,
    )


def _filters(table: Table, server: Server, redis: RedisServer) -> None:
    """Strangers go through the values of a filter, and make parameters up."""
    chance = random.Random(1)  # noqa: S311  any values will do
    for number in range(300):
        value = f"{chance.randrange(10_000) / 100:.2f}"
        _get(server.port, f"/stocks.json?min_score={value}")
        _get(server.port, f"/stocks.json?utm_source={number}")
    lives = [redis.client.pttl(key) for key in redis.client.scan_iter(f"{PREFIX}page:*")]
    lasting = sum(life > TRIAL_SECONDS * 1000 for life in lives)
    table.row(
        f"entries of 600 made-up questions that last over {TRIAL_SECONDS:.0f} s",
        f"{lasting} in all",
        "peer: one each",
        lasting < 20,
    )


def _consistency(table: Table, server: Server, app: Flask) -> None:
    """Pages of a list, of a leaderboard and of a stock, right after an edition is out."""
    paths = ("/stocks.json", "/leaderboard.json", "/stocks/T01.json")
    contradictions = 0
    for _ in range(3):
        for path in paths:
            _get(server.port, path)
        edition = cached_site.publish(app)
        time.sleep(1)
        found = [json.loads(_get(server.port, path)[3])["edition"] for path in paths]
        contradictions += set(found) != {edition}
    table.row(
        "flips after which pages contradict each other",
        f"{contradictions} of 3",
        "peer: detail, leaderboard",
        contradictions == 0,
    )


def _hung(table: Table, server: Server, redis: RedisServer) -> None:
    redis.stop()
    try:
        seconds = [_get(server.port, f"/stocks?page={page}")[0] for page in range(1, 21)]
    finally:
        redis.go_on()
    table.row(
        "slowest of 20 uncached requests while Redis hangs",
        f"{max(seconds) * 1e3:.0f} ms",
        "peer: 10 s each",
        max(seconds) < 0.25 + 0.5,
    )


def _recovery(table: Table, server: Server, redis: RedisServer) -> None:
    """Redis is down when the site starts, and comes up then."""
    statuses = {_get(server.port, f"/stocks?page={page}")[1] for page in range(1, 6)}
    redis.start()
    began, page = datetime.now(UTC), 10
    while not redis.client.keys(f"{PREFIX}page:*"):
        page += 1
        _get(server.port, f"/stocks?page={page}")
        time.sleep(0.05)
    seconds = (datetime.now(UTC) - began).total_seconds()
    table.row(
        "Redis down at the start is used once it is up",
        f"after {seconds:.1f} s",
        "peer: after a restart",
        statuses == {200} and seconds < 10,
    )
