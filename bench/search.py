"""How long a search of 10,000 names takes, from the text to what is suggested.

Run from the root of the checkout: `python -m bench.search [STOCKS]`.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate

from stockscore import create_app
from stockscore.providers.base import Listing
from stockscore.services.search import suggest
from stockscore.store import stocks
from stockscore.store.transactions import transaction

RUNS = 50
PROMISED_MS = 10
TEXTS = ("a", "in", "group", "hold gro", "brk b", "volvb", "nothing like it", "US00000", "örs")
"""From what nearly every name contains to what none does."""

PARTS = (
    "Berk",
    "Volv",
    "Ørst",
    "Nord",
    "Haut",
    "Kita",
    "Lind",
    "Marl",
    "Ost",
    "Pal",
    "Quin",
    "Ros",
)
LETTERS, SUFFIXES = "ABCDEKLMNORSTV", ("", ".L", "-B.ST")
KINDS = ("Group", "Holdings", "Industries", "Financial", "Société", "Energy", "Software", "Inc.")


def listings(count: int) -> list[Listing]:
    """Names of two invented words and a kind, tickers with suffixes of exchanges, and ISINs."""
    chance = random.Random(1)  # noqa: S311  names, not secrets
    return [
        Listing(
            ticker="".join((*chance.choices(LETTERS, k=4), str(number), chance.choice(SUFFIXES))),
            name=f"{chance.choice(PARTS)}{chance.choice(PARTS)} {chance.choice(KINDS)} {number}",
            exchange="XNYS",
            currency="USD",
            isin=f"US{number:010d}",
        )
        for number in range(count)
    ]


def main() -> None:
    """Prints for each text the median and the slowest of many runs."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"DATABASE_URL": f"sqlite:///{Path(folder) / 'names.db'}"})
        with app.app_context():
            flask_migrate.upgrade()
            with transaction():
                stocks.save_listings(listings(count), "bench", datetime.now(UTC))
            for text in TEXTS:
                suggest(text)
                times = sorted(_milliseconds(text) for _ in range(RUNS))
                print(
                    f"search {count:,} names for {text!r:18} median {times[RUNS // 2]:5.1f} ms, "
                    f"slowest {times[-1]:5.1f} ms (promised: {PROMISED_MS} ms)"
                )


def _milliseconds(text: str) -> float:
    before = time.perf_counter()
    suggest(text)
    return 1000 * (time.perf_counter() - before)


if __name__ == "__main__":
    main()
