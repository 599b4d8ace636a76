"""The background half measured: `python -m bench.jobs [PARTS]`.

- `refresh`: all of the S&P 500 from the replayed Yahoo Finance, by one, two and four workers on
  PostgreSQL, once as fast as they can and once under a rate that binds. CPU is of the workers and
  all their children, yfinance's own and the start included, for each stock.
- `snapshot`: one of 10,000 stocks, on SQLite and on PostgreSQL.
- `memory`: of a worker after 100 and after 1,000 jobs.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import flask_migrate
from flask import Flask

from bench import large_market
from bench.cache.table import Table
from stockscore import clock, create_app
from stockscore.jobs import queues
from stockscore.providers.base import Listing
from stockscore.services import universe
from stockscore.services.sources import provider_of
from stockscore.store import runs, snapshots, stocks
from stockscore.store.transactions import transaction
from tests.support import worker_processes
from tests.support.postgresql import new_database, shared_postgresql
from tests.support.redis_server import RedisServer
from tests.support.replay import FOLDER
from tests.support.servers import Run
from tests.support.waiting import wait_until

RATE = 50.0
"""Requests a second that bind the workers on this kind of machine."""

SNAPSHOT_DAYS = 5
SNAPSHOT_SECONDS = 0.5
MOST_GROWTH = 1.02
"""Two readings of the memory of one idle process differ by a percent."""


def migrated(url: str, **more: object) -> Flask:
    """An application on an empty database."""
    app = create_app({"DATABASE_URL": url, **more})
    with app.app_context():
        flask_migrate.upgrade()
    return app


def refresh(table: Table, folder: Path) -> None:
    """Wall time, CPU and requests of a whole refresh by several numbers of workers."""
    sys.path.insert(0, str(FOLDER))
    from replay import ReplayMarket

    table.heading("A refresh of the S&P 500: seconds, CPU a stock, requests")
    for count, rate in ((1, 100_000.0), (2, 100_000.0), (4, 100_000.0), (4, RATE)):
        with ReplayMarket() as market:
            _refresh(table, folder / f"{count}-{rate:.0f}", market, count, rate)


def _refresh(table: Table, folder: Path, market, count: int, rate: float) -> None:
    folder.mkdir()
    redis = RedisServer(folder)
    url = new_database(shared_postgresql(), f"refresh_{count}_{rate:.0f}")
    settings = {
        **worker_processes.FAST_SOURCE,
        **market.env,
        "PROVIDER_RATE_PER_SECOND": str(rate),
        "DATABASE_URL": url,
        "REDIS_ENABLED": "true",
        "REDIS_URL": redis.url,
        "QUEUE_REDIS_URL": redis.url,
    }
    app = migrated(url, DATA_PROVIDER="yahoo")
    os.environ.update(market.env)
    with app.app_context():
        universe.add("sp500", provider_of(app.config), clock.now())
        followed = len(stocks.active())
    market.clear_requests()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with app.app_context(), worker_processes.workers(settings, folder / "log", count) as workers:
        began = time.monotonic()
        worker_processes.enqueue(redis.client, "refresh", "refresh-by-hand-1")
        run = wait_until(lambda: _ended("refresh-by-hand-1"), "no end", 900)
        seconds = time.monotonic() - began
        score = f"score-{run.id}"
        wait_until(lambda: _ended(score), "no score")
        updated = runs.of_slot("refresh-by-hand-1").updated
        workers.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    redis.end()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    moments = sorted(request.time for request in market.requests)
    limited = f", {rate:.0f} requests/s" if rate == RATE else ""
    table.row(
        f"{count} workers{limited}: {updated} of {followed} updated",
        f"{seconds:.1f} s, {cpu / followed * 1e3:.0f} ms, {len(moments):,}",
    )
    if limited:
        most = _most_in_a_second(moments)
        # The burst of a second's worth, and that second's own.
        table.row(
            "  most requests in any second", f"{most}", f"at most {2 * rate:.0f}", most <= 2 * rate
        )
        spread = len(moments) / (moments[-1] - moments[0])
        table.row("  mean rate", f"{spread:.0f}/s", f"at most {rate:.0f}/s", spread <= rate * 1.05)


def _ended(slot: str):
    runs.db.session.rollback()
    run = runs.of_slot(slot)
    return run if run is not None and run.state != runs.RUNNING else None


def _most_in_a_second(moments: list[float]) -> int:
    first, most = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def snapshot(table: Table, folder: Path) -> None:
    """Seconds of a snapshot of 10,000 stocks."""
    table.heading(f"A snapshot of {large_market.STOCKS:,} stocks, the slowest of {SNAPSHOT_DAYS}")
    for name, url in (
        ("SQLite", f"sqlite:///{folder / 'snapshot.db'}"),
        ("PostgreSQL", new_database(shared_postgresql(), "snapshot")),
    ):
        with migrated(url).app_context():
            large_market.fill()
            days = [date(2026, 12, 1 + day) for day in range(SNAPSHOT_DAYS)]
            seconds = [_snapshot(day) for day in days]
        slowest = max(seconds)
        table.row(name, f"{slowest:.3f} s", "below 0.5 s", slowest < SNAPSHOT_SECONDS)


def _snapshot(day: date) -> float:
    began = time.perf_counter()
    with transaction():
        taken = snapshots.take("XNYS", day, datetime.now(UTC))
    if taken != large_market.STOCKS:
        raise RuntimeError(f"{taken} snapshots")
    return time.perf_counter() - began


def memory(table: Table, folder: Path) -> None:
    """Of a worker's own process, which outlives its jobs."""
    table.heading("Memory of a worker")
    redis = RedisServer(folder)
    url = f"sqlite:///{folder / 'memory.db'}"
    app = migrated(url)
    settings = {
        "DATABASE_URL": url,
        "REDIS_ENABLED": "true",
        "REDIS_URL": redis.url,
        "QUEUE_REDIS_URL": redis.url,
    }
    slot = "snapshot-XNYS-20261124"
    with app.app_context(), transaction():
        stocks.save_listings([Listing("KO", "KO", "XNYS", "USD")], "bench", datetime.now(UTC))
        runs.finish(runs.start("snapshot", slot, datetime.now(UTC)), datetime.now(UTC))
    sizes = []
    with worker_processes.workers(settings, folder / "log") as workers:
        done = 0
        for wanted in (100, 1_000):
            for number in range(done, wanted):
                queues.enqueue(redis.client, "snapshot", f"job-{number}", slot)
            done = wanted
            registry = queues.queue_of(redis.client, queues.MARKET).finished_job_registry
            wait_until(
                lambda wanted=wanted, registry=registry: registry.count == wanted, "not done", 600
            )
            sizes.append(_resident(workers.running[0].pid))
        workers.stop()
    redis.end()
    growth = sizes[1] / sizes[0]
    table.row("after 100 jobs", f"{sizes[0] / 1e6:.1f} MB")
    table.row("after 1,000 jobs", f"{sizes[1] / 1e6:.1f} MB", "no higher", growth <= MOST_GROWTH)


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Ends with status 1 where a promise was not kept."""
    parts: dict[str, Callable[[Table, Path], None]] = {
        "refresh": refresh,
        "snapshot": snapshot,
        "memory": memory,
    }
    wanted = sys.argv[1:] or list(parts)
    unknown = set(wanted) - set(parts)
    if unknown:
        sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(parts)}.")
    if "refresh" in wanted and not (FOLDER / "replay.py").is_file():
        print("The replayed Yahoo Finance is not on this machine; the refresh is left out.")
        wanted.remove("refresh")
    logging.disable(logging.WARNING)
    table, run = Table(), Run()
    try:
        for name in wanted:
            with tempfile.TemporaryDirectory(prefix="stockscore-bench-") as made:
                parts[name](table, Path(made))
    finally:
        run.end()
    if table.broken:
        sys.exit(f"\n{table.broken} promises were not kept.")


if __name__ == "__main__":
    main()
