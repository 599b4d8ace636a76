"""The stocks that lists are made of, as a request sees them."""

from __future__ import annotations

from stockscore.services import market_columns, stock_lists
from stockscore.services.stock_lists import StockLists
from stockscore.web.ui import market_strip


def listed_stocks() -> StockLists:
    """Those of the newest edition, and those added since. One statement."""
    return stock_lists.listed(market_columns.of_edition(market_strip.moment().edition))
