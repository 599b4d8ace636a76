"""/stocks: every listed stock, searched, filtered, sorted and paged."""

from __future__ import annotations

from flask import Blueprint

from stockscore.scoring.signals import SIGNALS
from stockscore.store import stocks
from stockscore.store.pages import lists
from stockscore.store.pages.lists import SORTS
from stockscore.web.http import params
from stockscore.web.http.list_query import ask_list, filter_of, order_of, page_of_list
from stockscore.web.http.public_page import public_page
from stockscore.web.pages.lists import view as context
from stockscore.web.ui import columns, error_pages, exports, market_strip, stock_rows
from stockscore.web.ui.empty import empty
from stockscore.web.ui.filter_form import list_head

bp = Blueprint("stocks", __name__)

DATA_PARAMETERS = (
    params.words("q"),
    params.member("sector", of="sectors"),
    params.member("exchange", of="exchanges"),
    params.choice("signal", SIGNALS),
    params.points("min_score"),
    params.choice("sort", tuple(SORTS), "score"),
    params.choice("dir", ("asc", "desc"), lambda given: context.natural_direction(given["sort"])),
    params.whole("page", 1, 999_999_999, 1),
    params.whole("per_page", 1, 200, 25),
)

PARAMETERS = (*DATA_PARAMETERS, columns.parameter(context.STOCK_COLUMNS))
"""JSON and CSV have all columns whatever the page shows."""


@bp.get("/stocks")
@public_page("list", PARAMETERS)
def page():
    """The list as a page."""
    query, choices = ask_list(PARAMETERS)
    at = market_strip.moment()
    found, total = page_of_list(query)
    nothing = None if found else empty(at.edition is not None, bool(choices["exchanges"]))
    near = error_pages.links(stocks.near(query["q"])) if query["q"] and not total else ()
    view = context.stocks_view(query, choices, found, total, at.edition, nothing, near)
    head = list_head("/stocks", "Stocks", query, view.subtitle)
    return exports.html("lists/stocks.html", head, view)


@bp.get("/stocks.json")
@public_page("list", DATA_PARAMETERS)
def data():
    """The same page of the list as JSON."""
    query, _ = ask_list(DATA_PARAMETERS)
    found, total = page_of_list(query)
    return exports.as_json(context.as_data(query, found, total, market_strip.moment().edition))


@bp.get("/stocks.csv")
@public_page("list", DATA_PARAMETERS)
def table():
    """All stocks that fit, on one sheet."""
    query, _ = ask_list(DATA_PARAMETERS)
    wanted = filter_of(query)
    found = lists.lines(wanted, order_of(query, wanted))
    return exports.as_csv("stocks.csv", stock_rows.CSV_HEADER, map(stock_rows.csv_line, found))
