"""What the evidence costs at 10,000 stocks, and how often it is wrong: scores without skill looked
at every day for ten years, and a planted one over two.

Run from the root of the checkout: `python -m bench.evidence [STOCKS [DATES [RUNS]]]`.
"""

from __future__ import annotations

import math
import resource
import sys
import time
from collections.abc import Iterator

import numpy as np

from stockscore.scoring.evidence.cohorts import LAG, UNIT, standardised
from stockscore.scoring.evidence.interval import ENOUGH, sequence
from stockscore.scoring.evidence.ranks import Ranked, rank_correlation
from stockscore.scoring.evidence.record import WARM_UP, Record
from stockscore.scoring.evidence.series import HORIZONS
from tests.support.scored_market import markets, scored_market

YEARS = 10
SESSIONS = 252
SIMULATED = 130
"""Stocks of a simulated market: with so many the noise of a date is about 0.10."""

PERSISTENCE = 0.98
PLANTED = 0.08
"""IC of a session's score with the returns of the next 21."""


def cost(stocks: int, dates: int) -> None:
    """Prints what a record of so many stocks and dates takes to read from nothing, and what one
    more date takes after that, without the database."""
    record = Record(markets(stocks, 2))
    spent = longest = 0.0
    for number, day in enumerate(scored_market(1, dates, stocks, exchanges=2)):
        began = time.process_time()
        record.add(day)
        took = time.process_time() - began
        spent, longest = spent + took, max(longest, took) if number > WARM_UP else longest
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{stocks} stocks x {dates} dates: {spent:.1f} s of CPU, the longest date {longest:.3f} s, "
        f"peak {peak:.0f} MB",
        flush=True,
    )


def series(seed: int, dates: int, horizon: int, daily: float = 0.0) -> Iterator[float]:
    """The cohort ICs of a market with persistent scores and a style factor that scores lean on;
    `daily` is the correlation of a score with the returns of each date after it."""
    rng = np.random.default_rng((seed, horizon))
    style = rng.normal(size=SIMULATED)
    score = rng.normal(size=SIMULATED)
    window: list[np.ndarray] = []
    for _ in range(dates + horizon + LAG):
        noise = rng.normal(size=SIMULATED)
        # The factor is worth nothing in the mean, but moves all scores of its kind together.
        returns = 0.3 * rng.normal() * style + rng.normal(size=SIMULATED) + daily * score
        if len(window) > horizon:
            cohort = np.mean(window[-horizon - 1 : -1], axis=0)
            value = rank_correlation(Ranked(cohort), Ranked(returns))
            if value is not None:
                yield value
        score = PERSISTENCE * score + math.sqrt(1 - PERSISTENCE**2) * noise
        shown = 5000 + 1000 * (score + 0.3 * style)
        window = [*window[-horizon:], standardised(shown.astype(np.int32)) / UNIT]


def proven(values: Iterator[float]) -> bool:
    """Whether the record was ever called proven, looked at every day."""
    return any(interval.excludes_zero for interval in sequence(values)[ENOUGH - 1 :])


def simulations(runs: int) -> None:
    """Prints how often worthless scores were ever called proven, and a planted one was found."""
    for horizon in HORIZONS:
        wrong = sum(proven(series(seed, YEARS * SESSIONS, horizon)) for seed in range(runs))
        print(
            f"no skill, {YEARS} years, H = {horizon}: ever called proven in {wrong} of {runs} runs "
            f"({wrong / runs:.1%}, at most 5 % are allowed)",
            flush=True,
        )
    # Over 21 sessions a correlation with each date's returns grows with the square root.
    daily = PLANTED / math.sqrt(21)
    found = sum(proven(series(seed, 504, 21, daily / _kept(21))) for seed in range(runs))
    print(
        f"planted IC {PLANTED}, 504 dates, H = 21: found in {found} of {runs} runs "
        f"({found / runs:.1%}, at least 65 % are asked)",
        flush=True,
    )


def _kept(horizon: int) -> float:
    """The correlation of a cohort with the score that returns follow."""
    lags = np.arange(LAG, horizon + LAG)
    together = PERSISTENCE ** np.abs(lags[:, None] - lags[None, :])
    kept = (PERSISTENCE ** (lags - 1)).mean() / math.sqrt(together.mean())
    # Ranks see 0.955 of a correlation; the style adds 0.09 to the variance of scores and returns.
    return float(kept * 0.955 / 1.09)


def main() -> None:
    """Runs both."""
    given = [int(argument) for argument in sys.argv[1:]]
    stocks, dates, runs = [*given, *(10_000, 1_250, 200)[len(given) :]]
    cost(stocks, dates)
    simulations(runs)


if __name__ == "__main__":
    main()
