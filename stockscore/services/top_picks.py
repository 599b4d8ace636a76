"""The rated stocks by how well they fit weights of the factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.scoring.horizons import fit_of
from stockscore.scoring.method import FACTORS
from stockscore.services.market_columns import MarketColumns
from stockscore.store.pages.lists import Filter

SORTS = ("fit", "score", *FACTORS)
"""What picks can be ordered by."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A stock in the order of fit; `fit` in hundredths of 0 to 100."""

    place: int
    stock_id: int
    fit: int


def ranked(
    market: MarketColumns | None,
    wanted: Filter,
    weights: Sequence[int],
    sort: str = "fit",
    descending: bool = True,
) -> list[Ranked]:
    """All rated stocks that `wanted` admits with their places by fit, ties by rank, in the order
    of `sort` (one of `SORTS`). A stock that has no fit under these weights (percentages in the
    order of the factors), because the factors that count are not rated, is left out."""
    if market is None:
        return []
    market.load(("rank", "signal", "sector", "exchange", "total", "ticker_order", *FACTORS))
    positions = market.among(wanted, market.by_rank)
    columns = [market.whole(factor) for factor in FACTORS]
    fitted = [
        (found, position)
        for position, *points in zip(
            positions,
            *([column[position] for position in positions] for column in columns),
            strict=True,
        )
        if (found := fit_of([None if known < 0 else known for known in points], weights))
        is not None
    ]
    # Sorting is stable, and the positions come best rank first.
    fitted.sort(key=lambda pair: -pair[0])
    places = [
        (Ranked(place, market.id_at(position), found), position)
        for place, (found, position) in enumerate(fitted, 1)
    ]
    if sort == "fit":
        return [pick for pick, _ in (places if descending else reversed(places))]
    return [pick for pick, _ in _sorted(market, places, sort, descending)]


def _sorted(
    market: MarketColumns, places: list[tuple[Ranked, int]], sort: str, descending: bool
) -> list[tuple[Ranked, int]]:
    """In the order asked for, ties by place, factors that are not rated last."""
    if sort == "score":
        rank = market.whole("rank")
        return sorted(places, key=lambda pair: rank[pair[1]], reverse=not descending)
    column = market.whole(sort)
    known = [pair for pair in places if column[pair[1]] >= 0]
    # Sorting is stable in reverse too, so that ties stay in the order of places.
    known.sort(key=lambda pair: column[pair[1]], reverse=descending)
    return known + [pair for pair in places if column[pair[1]] < 0]


def _known(points: int) -> int | None:
    return None if points < 0 else points
