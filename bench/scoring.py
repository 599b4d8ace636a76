"""Scores 10,000 synthetic stocks with 253 bars each; prints seconds of CPU and the peak memory.

Run from the root of the checkout: `python -m bench.scoring [STOCKS]`.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import date

import numpy as np

from stockscore.scoring.engine import NOT_RATED, score
from stockscore.scoring.inputs import INPUTS
from stockscore.scoring.methods import default_method
from stockscore.scoring.score_columns import receipts, score_columns
from stockscore.scoring.universe import Universe

BARS = 253
RUNS = 5
SECTORS = (
    ("Technology", "Software - Infrastructure"),
    ("Financial Services", "Banks - Regional"),
    ("Healthcare", "Biotechnology"),
    ("Industrials", "Specialty Industrial Machinery"),
    ("Real Estate", "REIT - Office"),
    ("Utilities", "Utilities - Regulated Electric"),
    ("Energy", "Oil & Gas E&P"),
    ("Consumer Cyclical", "Specialty Retail"),
)


def synthetic(stocks: int, seed: int = 1) -> Universe:
    """A universe of `stocks` with one input in twenty and one bar history in ten incomplete."""
    random = np.random.default_rng(seed)
    inputs = {entry.name: random.lognormal(3.0, 1.0, stocks) for entry in INPUTS}
    inputs["net_income_ttm"] -= 15
    inputs["eps_growth"] = random.normal(0.1, 0.3, stocks)
    inputs["tax_rate"] = random.uniform(0, 0.4, stocks)
    for column in inputs.values():
        column[random.random(stocks) < 0.05] = np.nan
    closes = 100 * np.exp(np.cumsum(random.normal(0.0003, 0.02, (stocks, BARS)), axis=1))
    short = np.flatnonzero(random.random(stocks) < 0.1)
    for index, length in zip(short, random.integers(0, BARS, len(short)), strict=True):
        closes[index, : BARS - length] = np.nan
    profiles = [SECTORS[index % len(SECTORS)] for index in range(stocks)]
    return Universe(
        tickers=[f"T{index:05d}" for index in range(stocks)],
        exchanges=["XNYS" if index % 2 else "XSTO" for index in range(stocks)],
        sectors=[sector for sector, _ in profiles],
        industries=[industry for _, industry in profiles],
        inputs=inputs,
        closes=closes,
        volumes=random.lognormal(12, 1, (stocks, BARS)),
        last_sessions=np.full(stocks, date(2026, 11, 23).toordinal()),
    )


def main() -> None:
    """Prints the best and the median of a few runs, columns and receipts included."""
    stocks = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    universe = synthetic(stocks)
    seconds = []
    for _ in range(RUNS):
        start = time.process_time()
        scoring = score(universe, default_method())
        columns = score_columns(universe, scoring)
        receipts(scoring.method.version, scoring.tickers, columns)
        seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rated = int((scoring.total != NOT_RATED).sum())
    print(
        f"score {stocks:,} stocks x {BARS} bars ({rated:,} rated): "
        f"best {min(seconds):.3f} s of CPU, median {sorted(seconds)[RUNS // 2]:.3f} s, "
        f"peak memory {peak:.0f} MB"
    )


if __name__ == "__main__":
    main()
