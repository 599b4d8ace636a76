"""Measures markets of several sizes and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_migrate

from bench.market import machine, process, report
from bench.market.databases import FOLDER, DatabaseMarkets, takes_sizes
from bench.market.process import Measured
from stockscore import create_app
from stockscore.config import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"


@dataclasses.dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds of the day's jobs and of each page, the most stocks that are
    refreshed, and the stocks and years of bars that are written anew."""

    rounds: int
    page_rounds: int
    refreshed: int
    new_stocks: int
    years: int


FULL = Effort(rounds=3, page_rounds=20, refreshed=200, new_stocks=200, years=5)
SHORT = Effort(rounds=1, page_rounds=1, refreshed=6, new_stocks=2, years=1)

NAIVE_SCORED = 2_000
"""The largest market that the naive program scores: beyond it takes minutes and gigabytes."""


def measure(url: str, effort: Effort, run: Callable[..., Measured] = process.run) -> report.Results:
    """What a market's jobs and pages take. The database is written to.

    `run` takes a module, a function, the address and arguments: a step, as `process.run` does it.
    """
    steps: dict[str, list[dict[str, Any]]] = {}

    def step(name: str, module: str, function: str, **arguments: Any) -> Measured:
        measured = run(module, function, url, **arguments)
        steps.setdefault(name, []).append(dataclasses.asdict(measured))
        print(f"  {name:<16} {measured.cpu:8.2f} s of CPU {measured.megabytes:8.0f} MB", flush=True)
        return measured

    step("start", "jobs", "nothing")
    for _ in range(effort.rounds):
        now = step("refresh", "jobs", "refresh", most=effort.refreshed).result["now"]
        published = step("score", "jobs", "score", now=now).result
        again = step("score again", "jobs", "score", now=now).result
        if published["edition"] is None or again["edition"] is not None:
            raise RuntimeError("a score publishes an edition where prices are new, and only there")
        step("snapshot", "jobs", "snapshot", now=now)
    pages = step("pages", "pages", "measure", rounds=effort.page_rounds).result["pages"]
    naive = ["page", "snapshot"]
    if published["stocks"] <= NAIVE_SCORED:
        naive.insert(0, "score")
    for name in naive:
        step(f"naive {name}", "naive", name)
    years = effort.years
    step("first refresh", "jobs", "first_refresh", count=effort.new_stocks, years=years)
    step("naive write", "naive", "write", count=effort.new_stocks, bars_each=250 * years)
    return {"stocks": published["stocks"], "steps": steps, "pages": pages, "load": None}


def measure_sizes(markets: DatabaseMarkets, sizes: list[int], years: int) -> list[report.Results]:
    """Measures a market of each size and keeps what was found, so that sizes add up over runs."""
    found = []
    for size in sizes:
        print(f"{markets.kind}, {size:,} stocks, {years} years", flush=True)
        kept = _kept(markets.kind, size, years)
        before = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
        url, loaded = markets.loaded(size, years)
        disk = markets.megabytes(url)
        with markets.copy(size, years) as copied:
            results = measure(copied, FULL)
        results["disk_mb"] = disk
        results["load"] = dataclasses.asdict(loaded) if loaded else before.get("load")
        kept.write_text(json.dumps(results), "utf-8")
        found.append(results)
    return found


def _kept(kind: str, size: int | str, years: int) -> Path:
    return FOLDER / f"{kind.lower()}-{size}-{years}.json"


def kept_results(kind: str, years: int, without: list[int]) -> list[report.Results]:
    """What earlier runs found of other sizes."""
    left_out = {_kept(kind, size, years) for size in without}
    paths = set(FOLDER.glob(_kept(kind, "*", years).name)) - left_out
    return [json.loads(path.read_text("utf-8")) for path in sorted(paths)]


def measure_small() -> report.Results:
    """The same on twelve companies, in seconds: that it works, not how fast."""
    from stockscore.services import calendars, scores
    from tests.support import small_market

    with tempfile.TemporaryDirectory(prefix="stockscore-bench-") as made:
        url = f"sqlite:///{Path(made) / 'small.db'}"
        with create_app({"DATABASE_URL": url}).app_context():
            flask_migrate.upgrade()
            small_market.save()
            calendars.sync(["XNYS"], small_market.NOW)
            scores.publish(small_market.NOW)
        results = measure(url, SHORT)
        results["disk_mb"] = DatabaseMarkets().megabytes(url)
    return results


def main() -> None:
    """Ends with status 1 where a promise was not kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.market", description=__doc__)
    parser.add_argument("--sizes", default="500,2000,5000,10000", help="stocks, by commas")
    parser.add_argument("--years", type=int, default=5, help="of bars")
    parser.add_argument(
        "--server", default="", help="a PostgreSQL server's address; without: SQLite"
    )
    parser.add_argument("--short", action="store_true", help="twelve stocks, nothing is written")
    parser.add_argument(
        "--kept", action="store_true", help="the table also shows sizes that were measured before"
    )
    given = parser.parse_args()
    if given.short:
        results = [measure_small()]
        print(report.tables("SQLite", machine.described(), results))
        return
    markets = DatabaseMarkets(given.server)
    sizes = [int(size) for size in given.sizes.split(",")] if takes_sizes() else [0]
    results = measure_sizes(markets, sizes, given.years)
    if given.kept:
        results += kept_results(markets.kind, given.years, without=sizes)
    report.write(DOCUMENT, markets.kind, report.tables(markets.kind, machine.described(), results))
    print(f"{DOCUMENT.relative_to(ROOT)} is written.")
    if unkept := report.broken(results):
        sys.exit("Promises that were not kept:\n" + "\n".join(unkept))


if __name__ == "__main__":
    main()
