"""The names of the series that are kept of each date."""

from __future__ import annotations

from stockscore.scoring.method import FACTORS

HORIZONS = (21, 63, 252)
"""In sessions."""

MAIN_HORIZON = 63
"""That of the verdict."""

SCORES = ("total", *FACTORS)

RETURNS = ("neutral", "raw")
UNIVERSES = ("all", "large")
WEIGHTS = ("equal", "capped")
FIFTHS = (1, 2, 3, 4, 5)
"""From the lowest scores to the highest."""

SHUFFLED, LOOK_AHEAD = "placebo.shuffled", "placebo.look_ahead"
UNASSUMED = "ic.total.neutral.all.unassumed"
"""The main line without the returns that were assumed of stocks that vanished."""

STOCKS, RATED = "stocks", "rated"
BOUGHT, BEAT = "hits.count", "hits.beat"


def ic(score: str, returns: str = "neutral", universe: str = "all") -> str:
    """The cohort IC of a score."""
    return f"ic.{score}.{returns}.{universe}"


def earned(fifth: int, weights: str) -> str:
    """The return of a fifth before costs."""
    return f"return.{fifth}.{weights}"


def traded(fifth: int, weights: str) -> str:
    """What was bought and sold of a fifth before the session, as a share of it (2: all of it)."""
    return f"traded.{fifth}.{weights}"


def earned_unassumed(fifth: int) -> str:
    """The return of a fifth of equal weights where nothing is assumed of stocks that vanished."""
    return f"return.{fifth}.equal.unassumed"


UNIVERSE = "return.universe.equal"
"""The return of all stocks with a cohort score, equally weighted."""
