"""The rated stocks by how well they fit weights of the factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.scoring.horizons import fit
from stockscore.scoring.method import FACTORS
from stockscore.store.pages import records
from stockscore.store.pages.lists import Filter
from stockscore.store.pages.records import FactorStanding

SORTS = ("fit", "score", *FACTORS)
"""What picks can be ordered by."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A stock in the order of fit; `fit` in hundredths of 0 to 100."""

    place: int
    stock_id: int
    fit: int


def ranked(
    wanted: Filter, weights: Sequence[int], sort: str = "fit", descending: bool = True
) -> list[Ranked]:
    """All rated stocks that `wanted` admits with their places by fit, ties by rank, in the order
    of `sort` (one of `SORTS`). A stock that has no fit under these weights (percentages in the
    order of the factors), because the factors that count are not rated, is left out."""
    fitted = [
        (found, stock)
        for stock in records.standings(wanted)
        if (found := fit(stock.factors, tuple(weights))) is not None
    ]
    fitted.sort(key=lambda pair: (-pair[0], pair[1].rank))
    places = [
        (Ranked(place, stock.id, found), stock) for place, (found, stock) in enumerate(fitted, 1)
    ]
    return [pick for pick, _ in _sorted(places, sort, descending)]


def _sorted(
    places: list[tuple[Ranked, FactorStanding]], sort: str, descending: bool
) -> list[tuple[Ranked, FactorStanding]]:
    """In the order asked for, ties by place, factors that are not rated last."""

    def key(pair: tuple[Ranked, FactorStanding]) -> int | None:
        pick, stock = pair
        by_name = {"fit": -pick.place, "score": -stock.rank, **stock.factors}
        return by_name[sort]

    known = [(value, pair) for pair in places if (value := key(pair)) is not None]
    # Sorting is stable in reverse too, so that ties stay in the order of places.
    known.sort(key=lambda entry: entry[0], reverse=descending)
    return [pair for _, pair in known] + [pair for pair in places if key(pair) is None]
