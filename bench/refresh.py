"""What refreshing costs in CPU of our own: `python -m bench.refresh [TICKERS]`.

Refreshes the whole S&P 500 (or the first TICKERS of it) from the replayed Yahoo Finance, which runs
in a process of its own, into an empty SQLite database. All CPU of this process is measured, and
that of yfinance's own calls (requests, parsing, its tables) is taken away: what stays is ours.
Waiting is not counted at all.
"""

from __future__ import annotations

import functools
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate

from stockscore import clock, create_app
from stockscore.services import refresh, universe
from tests.support.replay import FOLDER, served_market


class CpuClock:
    """Adds up CPU seconds of this process that are spent inside wrapped calls, outermost only."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.calls = 0
        self._inside = False

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, measured."""

        @functools.wraps(call)
        def measured(*args: Any, **kwargs: Any) -> Any:
            if self._inside:
                return call(*args, **kwargs)
            self._inside, started = True, time.process_time()
            try:
                return call(*args, **kwargs)
            finally:
                self._inside = False
                self.seconds += time.process_time() - started
                self.calls += 1

        return measured


@contextmanager
def yfinance_measured() -> Iterator[CpuClock]:
    """Measures yfinance's calls. The program leaves it unpatched; a measurement may wrap it."""
    import yfinance as yf

    spent = CpuClock()
    names = ("history", "get_income_stmt", "get_balance_sheet", "get_cash_flow", "__init__")
    originals = {name: getattr(yf.Ticker, name) for name in names}
    info = yf.Ticker.info
    for name, original in originals.items():
        setattr(yf.Ticker, name, spent.around(original))
    yf.Ticker.info = property(spent.around(info.fget))
    try:
        yield spent
    finally:
        for name, original in originals.items():
            setattr(yf.Ticker, name, original)
        yf.Ticker.info = info


def main(limit: int | None = None) -> None:
    """Runs the benchmark and prints its lines."""
    if not FOLDER.is_dir():
        print("Left out: the replayed Yahoo Finance (../shared/yahoo) is not on this machine.")
        return
    logging.disable(logging.WARNING)
    with served_market() as environment, tempfile.TemporaryDirectory() as folder:
        os.environ.update(environment)
        app = create_app({"DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.db'}"})
        with app.app_context():
            flask_migrate.upgrade()
            _measure(limit)


def _measure(limit: int | None) -> None:
    from stockscore.providers.yahoo import YahooProvider

    provider = YahooProvider(10_000.0, cooldown_seconds=0.01, timeout_seconds=10.0)
    universe.add("sp500", provider, clock.now())
    tickers = [member.ticker for member in universe.listing()][:limit]
    for title in ("first", "again"):
        with yfinance_measured() as spent:
            cpu, wall = time.process_time(), time.perf_counter()
            counts = refresh.refresh(provider, clock.now, tickers, force=True)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        ours = cpu - spent.seconds
        print(
            f"refresh, {title}: {counts.expected} tickers, {counts.updated} updated, "
            f"{counts.unchanged} unchanged, {counts.failed} failed; CPU a ticker: "
            f"ours {1000 * ours / counts.expected:.1f} ms, yfinance "
            f"{1000 * spent.seconds / counts.expected:.1f} ms ({wall:.0f} s on the clock)"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
