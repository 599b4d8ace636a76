"""The rated stocks by how well they fit weights of the factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Ranking:
    """Stocks in the order asked for: their positions in the market, the places by fit that they
    have, and their fits by position."""

    market: MarketColumns | None
    positions: Sequence[int]
    places: Mapping[int, int]
    fits: Mapping[int, int]

    def __len__(self) -> int:
        return len(self.positions)

    def part(self, first: int = 0, end: int | None = None) -> list[Ranked]:
        """The stocks from one index up to another."""
        if self.market is None:
            return []
        return [
            Ranked(self.places[position], self.market.id_at(position), self.fits[position])
            for position in self.positions[first:end]
        ]


def ranked(
    market: MarketColumns | None,
    wanted: Filter,
    weights: Sequence[int],
    sort: str = "fit",
    descending: bool = True,
) -> Ranking:
    """All rated stocks that `wanted` admits with their places by fit, ties by rank, in the order
    of `sort` (one of `SORTS`). A stock that has no fit under these weights (percentages in the
    order of the factors), because the factors that count are not rated, is left out."""
    if market is None:
        return Ranking(None, (), {}, {})
    market.load(("rank", "signal", "sector", "exchange", "total", "ticker_order", *FACTORS))
    fits = _fits(market, market.among(wanted, market.by_rank), weights)
    # Sorting is stable, and the positions come best rank first.
    by_fit = sorted(fits, key=fits.__getitem__, reverse=True)
    places = {position: place for place, position in enumerate(by_fit, 1)}
    return Ranking(market, _sorted(market, by_fit, sort, descending), places, fits)


def _fits(
    market: MarketColumns, positions: Sequence[int], weights: Sequence[int]
) -> dict[int, int]:
    """The fit of each of the stocks that has one, by position."""
    value, quality, momentum, health = (market.whole(factor) for factor in FACTORS)
    of_value, of_quality, of_momentum, of_health = weights
    share = sum(weights)
    fits = {}
    for position in positions:
        points = value[position], quality[position], momentum[position], health[position]
        # The usual case, by hand because it is that of nearly every stock of the market.
        if min(points) >= 0 and share:
            weighted = (
                of_value * points[0]
                + of_quality * points[1]
                + of_momentum * points[2]
                + of_health * points[3]
            )
            fits[position] = (8 * weighted + share) // (2 * share)
        elif (found := fit_of([_known(factor) for factor in points], weights)) is not None:
            fits[position] = found
    return fits


def _sorted(market: MarketColumns, by_fit: list[int], sort: str, descending: bool) -> list[int]:
    """In the order asked for, ties by place, factors that are not rated last."""
    if sort == "fit":
        return by_fit if descending else by_fit[::-1]
    if sort == "score":
        return sorted(by_fit, key=market.whole("rank").__getitem__, reverse=not descending)
    column = market.whole(sort)
    known = [position for position in by_fit if column[position] >= 0]
    # Sorting is stable in reverse too, so that ties stay in the order of places.
    known.sort(key=column.__getitem__, reverse=descending)
    return known + [position for position in by_fit if column[position] < 0]


def _known(points: int) -> int | None:
    return None if points < 0 else points
