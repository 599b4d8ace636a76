"""Between the stocks that are kept and the listings that providers are asked with."""

from __future__ import annotations

from stockscore.providers.base import Listing
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
