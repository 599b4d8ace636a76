"""/search.json: suggestions for a text that is being typed; the search itself is /stocks?q=."""

from __future__ import annotations

from flask import Blueprint, Response

from stockscore.services.search import suggest
from stockscore.store.text import fold
from stockscore.web.http import params
from stockscore.web.http.list_query import ask
from stockscore.web.http.page import PageDeclaration, public_page
from stockscore.web.ui import exports
from stockscore.web.ui.format import stock_url

bp = Blueprint("search", __name__)

PARAMETERS = (params.words("q", 80, kept_as=fold),)
"""Folded, so that all spellings of a text are one page to the cache."""

PAGE = PageDeclaration(
    path="/search",
    title="Search",
    family="list",
    parameters=PARAMETERS,
    formats=("json",),
)


@bp.get(PAGE.address("json"))
@public_page(PAGE)
def data() -> Response:
    """The likeliest stocks, each with the address of its page."""
    found = suggest(ask(PAGE.parameters)["q"])
    items = [
        {
            "ticker": stock.ticker,
            "name": stock.name,
            "exchange": stock.exchange,
            "isin": stock.isin,
            "ended": stock.ended,
            "url": stock_url(stock.ticker),
        }
        for stock in found.items
    ]
    return exports.as_json({"items": items, "more": found.more})
