"""The stocks that lists are made of, as a request sees them."""

from __future__ import annotations

from collections.abc import Iterable

from stockscore.scoring.stored_score import StoredScore
from stockscore.services import market_columns
from stockscore.services.market_columns import MarketColumns
from stockscore.services.past_market import PastLists
from stockscore.services.stock_lists import StockLists
from stockscore.store import stored_scores
from stockscore.store.pages.editions import EditionRow
from stockscore.web.http.as_of import current_past
from stockscore.web.ui import market_strip


def listed_stocks() -> StockLists:
    """Those of the newest edition and those added since; of a past day those recorded then."""
    past = current_past()
    return PastLists(past.market) if past else StockLists(market_of_request())


def market_of_request() -> MarketColumns | None:
    """The market that a request is about, None before the first edition."""
    past = current_past()
    if past:
        return past.market
    return market_columns.of_edition(market_strip.moment().edition)


def edition_of_request() -> EditionRow | None:
    """The newest edition; none where a past day is asked for, which is no part of any."""
    return None if current_past() else market_strip.moment().edition


def has_market() -> bool:
    """Whether anything is published, or recorded of the day that is asked for."""
    return current_past() is not None or market_strip.moment().edition is not None


def scores_of_request(ids: Iterable[int]) -> dict[int, StoredScore]:
    """What is said of these stocks in the market that a request is about."""
    if past := current_past():
        return past.market.scores(list(ids))
    market = market_of_request()
    return stored_scores.of(market.section, ids) if market else {}
