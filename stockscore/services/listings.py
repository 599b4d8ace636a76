"""Between the stocks that are kept and the listings that providers are asked with."""

from __future__ import annotations

from collections.abc import Iterable

from stockscore.providers.base import Listing
from stockscore.scoring.sectors import unknown_name
from stockscore.store.models import Stock


def listing_of(stock: Stock) -> Listing:
    """What providers are asked with: the listing as it is kept."""
    return Listing(
        ticker=stock.ticker,
        name=stock.name,
        exchange=stock.exchange,
        currency=stock.currency,
        sector=stock.sector,
        industry=stock.industry,
        symbol=stock.symbol,
        isin=stock.isin,
        financial_currency=stock.financial_currency,
        listed_on=stock.listed_on,
        delisted_on=stock.delisted_on,
    )


def unknown_names(listings: Iterable[Listing]) -> tuple[str, ...]:
    """Sentences about the sectors and industries of these listings that the method does not know,
    each once."""
    named = {(listing.sector, listing.industry) for listing in listings}
    return tuple(sorted({note for pair in named if (note := unknown_name(*pair))}))
