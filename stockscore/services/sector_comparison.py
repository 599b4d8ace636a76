"""Where a stock stands among the others of its sector, by column."""

from __future__ import annotations

from dataclasses import dataclass

from stockscore.scoring.method import FACTORS
from stockscore.services.market_columns import MarketColumns
from stockscore.store.pages.lists import StockLine


@dataclass(frozen=True, slots=True)
class SectorComparison:
    """How many other rated stocks of a sector there are, and how many of them have fewer points:
    in the total, and by factor among those whose factor is rated (`others` says of how many)."""

    others: dict[str, int]
    below: dict[str, int]


def standing(of: StockLine, market: MarketColumns) -> SectorComparison | None:
    """Where a rated stock stands in its sector; None without a sector or a rating."""
    own = market.section.index_of(of.id)
    if of.sector is None or of.total is None or own is None:
        return None
    market.load(("sector", "rank", "total", *FACTORS))
    sector = market.whole("sector")
    code = sector[own]
    others = [
        position for position in market.by_rank if sector[position] == code and position != own
    ]
    found = SectorComparison({}, {})
    for name, points in {"total": of.total, **of.factors}.items():
        if points is not None:
            column = market.whole(name)
            known = [column[position] for position in others if column[position] >= 0]
            found.others[name] = len(known)
            found.below[name] = sum(1 for other in known if other < points)
    return found
