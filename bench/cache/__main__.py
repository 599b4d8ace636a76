"""Runs the parts of the benchmark that are named, else all of them."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import flask_migrate

from bench.cache import accidents, clearing, market, throughput
from bench.cache.table import Table
from stockscore import create_app
from stockscore.extensions import db
from tests.support.redis_server import RedisServer


def empty_database(folder: Path) -> str:
    """The address of a migrated database."""
    url = f"sqlite:///{folder / 'stockscore.db'}"
    with create_app({"DATABASE_URL": url}).app_context():
        flask_migrate.upgrade()
        # The last connection to close puts everything into the one file, which parts copy.
        db.engine.dispose()
    return url


def main() -> None:
    """Ends with status 1 where a promise was not kept."""
    parts: dict[str, Callable[[Table, Path, str, RedisServer], None]] = {
        "throughput": throughput.run,
        "latency": lambda table, folder, url, _redis: throughput.latency(table, folder, url),
        "clearing": clearing.run,
        "storm": accidents.storm,
        "accidents": accidents.accidents,
        "market": market.run,
    }
    wanted = sys.argv[1:] or list(parts)
    unknown = set(wanted) - set(parts)
    if unknown:
        sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(parts)}.")
    table = Table()
    for name in wanted:
        with tempfile.TemporaryDirectory(prefix="stockscore-bench-") as made:
            folder = Path(made)
            redis = RedisServer(folder)
            try:
                parts[name](table, folder, empty_database(folder), redis)
            finally:
                redis.end()
    if table.broken:
        sys.exit(f"\n{table.broken} promises were not kept.")
    print("\nAll promises were kept.")


main()
