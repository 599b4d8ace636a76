"""The storm of flips and every accident, as long as the figures ask for, each answer checked."""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.cache.table import Table
from tests.support import scenarios
from tests.support.readers import Report
from tests.support.redis_server import RedisServer

WORKERS = 2
STORM_READERS, STORM_SECONDS, STORM_PAGES = 200, 30, 20
READERS, SECONDS = 50, 10


def storm(table: Table, folder: Path, url: str, redis: RedisServer) -> None:
    """Two hundred readers, twenty pages, an edition each second."""
    table.heading(
        f"Storm: {STORM_READERS} readers, {STORM_PAGES} pages, {WORKERS} workers, a flip a second "
        f"for {STORM_SECONDS} s"
    )
    with scenarios.scene(url, folder, redis, WORKERS, STORM_SECONDS) as made:
        report = scenarios.read_through(
            made, scenarios.storm, pages=STORM_PAGES, count=STORM_READERS
        )
    _answers(table, report)
    most = STORM_PAGES * made.flips
    renders = report.words["MISS"]
    table.row("renders", f"{renders} in {made.flips} flips", f"at most {most}", renders <= most)
    share = (report.words["HIT"] + report.words["STALE"]) / max(1, report.answers)
    table.row("hit or stale", f"{share:.2%}", "at least 99 %", share >= 0.99)


def accidents(table: Table, folder: Path, url: str, redis: RedisServer) -> None:
    """Each accident on its own, for ten seconds and more."""
    for number, (name, accident) in enumerate(scenarios.ACCIDENTS.items()):
        table.heading(f"{name[0].upper()}{name[1:]}: {READERS} readers, {WORKERS} workers")
        place = folder / f"accident-{number}"
        place.mkdir()
        copy = place / "stockscore.db"
        shutil.copyfile(url.removeprefix("sqlite:///"), copy)
        with scenarios.scene(f"sqlite:///{copy}", place, redis, WORKERS, SECONDS) as made:
            report = scenarios.read_through(made, accident, count=READERS)
        _answers(table, report)
        if "worker" in name:
            table.row("connections of killed workers that were reset", f"{report.resets}")


def _answers(table: Table, report: Report) -> None:
    words = ", ".join(f"{count:,} {word}" for word, count in sorted(report.words.items()))
    table.row(f"answers ({words})", f"{report.answers:,}")
    for problem in report.problems[:5]:
        table.row(f"! {problem[:120]}", "")
    table.row(
        "failed, wrong, going back or stale without a word",
        f"{len(report.problems)}",
        "0",
        not report.problems,
    )
    times = sorted(report.times)
    if times:
        p99 = times[int(len(times) * 0.99)]
        table.row("p99 and slowest answer", f"{p99 * 1e3:.0f} ms, {times[-1] * 1e3:.0f} ms")
