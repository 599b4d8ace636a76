"""How many hits a second one worker with four threads answers, beside a bare Flask view and an
empty WSGI function under the same server; and how long a reader among fifty waits."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPMessage
from pathlib import Path
from statistics import median

from bench.cache import targets
from bench.cache.load import Measured, measure
from bench.cache.table import Table
from tests.support.granian import Server
from tests.support.redis_server import RedisServer

ROUNDS = 3
SECONDS = 4
CONNECTIONS = 8


@dataclass(frozen=True)
class Case:
    """A target with its settings, and what the reader sends."""

    name: str
    target: str
    environ: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@contextmanager
def served(folder: Path, case: Case, url: str) -> Iterator[Server]:
    """A target under granian, its page warm."""
    target = f"bench.cache.targets:{case.target}"
    server = Server(folder, target, DATABASE_URL=url, **case.environ)
    try:
        measure(server.port, targets.URL, CONNECTIONS, 1)
        yield server
    finally:
        server.end()


def ask(port: int, path: str) -> HTTPMessage:
    """The headers of one answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers


def run(table: Table, folder: Path, url: str, redis: RedisServer) -> None:
    """Throughput in rounds, so that what else the machine does falls on all cases alike."""
    on_redis = {"REDIS_URL": redis.url}
    cases = (
        Case("empty WSGI function", "empty"),
        Case("bare Flask view", "bare"),
        Case("hit in memory, plain", "cached"),
        Case("hit in memory, gzip", "cached", headers={"Accept-Encoding": "gzip"}),
        Case("hit in memory, br", "cached", headers={"Accept-Encoding": "br"}),
        Case("hit in memory, 304", "cached", headers={"If-None-Match": "?"}),
        Case("hit in memory, Redis on", "cached", on_redis),
        Case("hit in Redis, plain", "cached", on_redis | {"CACHE_MEMORY_MB": "0"}),
        Case(
            "hit in Redis, gzip",
            "cached",
            on_redis | {"CACHE_MEMORY_MB": "0"},
            {"Accept-Encoding": "gzip"},
        ),
    )
    table.heading(f"Throughput: {CONNECTIONS} connections, median of {ROUNDS} rounds, requests/s")
    measured: dict[str, list[Measured]] = {case.name: [] for case in cases}
    for _ in range(ROUNDS):
        for case in cases:
            measured[case.name].append(_measure(folder, case, url))
    rates = {name: [load.rate for load in loads] for name, loads in measured.items()}
    errors = {name: sum(load.errors for load in loads) for name, loads in measured.items()}
    found = {name: median(values) for name, values in rates.items()}
    _rows(table, found, rates)
    # The server itself drops a connection now and then, also of what it is compared with.
    ours = sum(errors[case.name] for case in cases if case.target == "cached")
    table.row(
        "errors of ours, of the others", f"{ours}, {sum(errors.values()) - ours}", "none", ours == 0
    )


def _measure(folder: Path, case: Case, url: str) -> Measured:
    with served(folder, case, url) as server:
        headers = dict(case.headers)
        if "If-None-Match" in headers:
            headers["If-None-Match"] = ask(server.port, targets.URL)["ETag"]
        return measure(server.port, targets.URL, CONNECTIONS, SECONDS, headers)


def _rows(table: Table, found: dict[str, float], rates: dict[str, list[float]]) -> None:
    empty, flask = found["empty WSGI function"], found["bare Flask view"]
    plain = found["hit in memory, plain"]
    promises = {
        "hit in memory, plain": (
            min(plain / flask / 1.5, plain / empty / 0.7),
            "1.5 Flask, 0.7 empty",
        ),
        "hit in memory, gzip": (found["hit in memory, gzip"] / plain, "as fast as plain"),
        "hit in memory, 304": (found["hit in memory, 304"] / plain, "as fast as plain"),
        "hit in memory, Redis on": (found["hit in memory, Redis on"] / flask / 1.5, "1.5 Flask"),
        "hit in Redis, plain": (found["hit in Redis, plain"] / flask / 0.6, "0.6 Flask"),
        "hit in Redis, gzip": (found["hit in Redis, gzip"] / flask / 0.6, "0.6 Flask"),
    }
    for name, rate in found.items():
        figure = f"{rate:,.0f} = {rate / flask:.2f} Flask, {rate / empty:.2f} empty"
        share, promise = promises.get(name, (None, ""))
        # Two medians of the same thing differ by a few hundredths on a machine that others use.
        table.row(name, figure, promise, None if share is None else share >= 0.95)
    spread = max(max(values) / min(values) for values in rates.values())
    table.row("largest spread of a case between rounds", f"{spread:.2f} times")


def latency(table: Table, folder: Path, url: str) -> None:
    """Fifty readers of a page in memory."""
    table.heading("Latency: 50 concurrent readers of a page in memory")
    with served(folder, Case("timed", "timed"), url) as server:
        found = measure(server.port, targets.URL, 50, SECONDS)
        ask(server.port, "/times")
        measure(server.port, targets.URL, 50, SECONDS)
        ask(server.port, "/times")
    times = sorted(float(line) for line in (folder / "times").read_text().split())
    own = times[int(len(times) * 0.99)]
    table.row("p99 of an answer", f"{found.p99 * 1e3:.1f} ms", "below 50 ms", found.p99 < 0.05)
    table.row("p99 of our own time", f"{own * 1e6:.0f} µs", "below 1 ms", own < 0.001)
    table.row("median of our own time", f"{times[len(times) // 2] * 1e6:.1f} µs")
