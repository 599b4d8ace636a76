"""Imports a price file of 50 MB (some 900,000 rows) into a new SQLite database, and once more.

Run from the root of the checkout: `python -m bench.imports [STOCKS]`.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from stockscore import create_app
from stockscore.extensions import db
from stockscore.market.calendars import trading_days
from stockscore.providers.base import Listing
from stockscore.services.price_import import import_prices
from stockscore.store import stocks
from stockscore.store.transactions import transaction

BARS = 1_250
NOW = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


def write_prices(path: Path, tickers: list[str]) -> None:
    """A random walk a ticker, day by day, as an export of a market would have it."""
    chance = random.Random(1)  # noqa: S311 - the same file each time is what a benchmark needs
    closes = dict.fromkeys(tickers, 100.0)
    past = (day for day in trading_days("XNYS", NOW.year) if day <= NOW.date())
    with path.open("w") as file:
        file.write("ticker,date,open,high,low,close,adj_close,volume\n")
        for day in sorted(past)[-BARS:]:
            file.writelines(_line(ticker, day, closes, chance) for ticker in tickers)


def _line(ticker: str, day: date, closes: dict[str, float], chance: random.Random) -> str:
    opened = closes[ticker]
    close = closes[ticker] = max(1.0, opened * chance.uniform(0.97, 1.0305))
    low, high = sorted((opened, close))
    adjusted = close * (0.95 if day.year < 2025 else 1.0)
    figures = f"{opened:.2f},{high:.2f},{low:.2f},{close:.2f},{adjusted:.4f}"
    return f"{ticker},{day},{figures},{chance.randrange(10**6)}\n"


def main() -> None:
    """Prints the seconds of a first and a second import, and the peak memory."""
    tickers = [f"T{number:03d}" for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 720)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "prices.csv")
        write_prices(path, tickers)
        app = create_app({"DATABASE_URL": f"sqlite:///{folder}/bench.db", "TESTING": True})
        with app.app_context():
            db.create_all()
            with transaction():
                listings = [Listing(ticker, ticker, "XNYS", "USD") for ticker in tickers]
                stocks.save_listings(listings, "bench", NOW)
            for what in ("first", "second"):
                start, cpu_start = time.perf_counter(), time.process_time()
                counts = import_prices(path, NOW)
                seconds, cpu = time.perf_counter() - start, time.process_time() - cpu_start
                print(
                    f"{what} import of {counts.rows:,} rows ({path.stat().st_size / 1e6:.0f} MB): "
                    f"{seconds:.1f} s ({cpu:.1f} s of CPU), {counts.added:,} added, "
                    f"{counts.unchanged:,} unchanged"
                )
            db.session.remove()
            db.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
