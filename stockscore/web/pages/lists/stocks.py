"""/stocks: every listed stock, searched, filtered, sorted and paged."""

from __future__ import annotations

from flask import Blueprint, Response

from stockscore.scoring.signals import SIGNALS
from stockscore.services.stock_lists import SORTS
from stockscore.store import stocks
from stockscore.web.http import params
from stockscore.web.http.as_of import AS_OF, SINCE, current_past
from stockscore.web.http.list_query import ask_list, ids_of_list, page_of_list
from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.pages.lists.view import STOCK_COLUMNS, as_data, stocks_view
from stockscore.web.ui import column_choice, columns, error_pages, exports, past, stock_rows
from stockscore.web.ui.empty import empty
from stockscore.web.ui.filter_form import list_head
from stockscore.web.ui.listed import edition_of_request, has_market, listed_stocks

bp = Blueprint("stocks", __name__)

DATA_PARAMETERS = (
    params.words("q"),
    params.member("sector", of="sectors"),
    params.member("exchange", of="exchanges"),
    params.choice("signal", SIGNALS),
    params.points("min_score"),
    params.choice("sort", tuple(SORTS), "score"),
    params.choice("dir", ("asc", "desc"), lambda given: columns.natural_direction(given["sort"])),
    params.whole("page", 1, 999_999_999, 1),
    params.whole("per_page", 1, 200, 25),
    AS_OF,
    SINCE,
)

PAGE = PageDeclaration(
    path="/stocks",
    title="Stocks",
    menu=Menu("Market", 1),
    family="list",
    parameters=(*DATA_PARAMETERS, column_choice.parameter(STOCK_COLUMNS)),
    # JSON and CSV have all columns whatever the page shows.
    data_parameters=DATA_PARAMETERS,
    formats=("html", "json", "csv"),
    in_sitemap=True,
)


@bp.get(PAGE.path)
@public_page(PAGE)
def page() -> tuple[str, int]:
    """The list as a page."""
    query, choices = ask_list(PAGE.parameters)
    found, total = page_of_list(query, listed_stocks())
    nothing = None if found else empty(has_market(), bool(choices["exchanges"]))
    # What is spelled alike today is no part of a past day.
    looks = query["q"] and not total and not current_past()
    near = error_pages.links(stocks.near(query["q"])) if looks else ()
    view = stocks_view(query, choices, found, total, edition_of_request(), nothing, near)
    head = list_head(PAGE, query, view.subtitle)
    return exports.html("lists/stocks.html", head, view)


@bp.get(PAGE.address("json"))
@public_page(PAGE, data=True)
def data() -> Response:
    """The same page of the list as JSON."""
    query, _ = ask_list(PAGE.of_data)
    found, total = page_of_list(query, listed_stocks())
    return exports.as_json(past.with_past(as_data(query, found, total, edition_of_request())))


@bp.get(PAGE.address("csv"))
@public_page(PAGE, data=True)
def table() -> Response:
    """All stocks that fit, on one sheet."""
    query, _ = ask_list(PAGE.of_data)
    stocks_of_list = listed_stocks()
    return stock_rows.as_csv("stocks.csv", ids_of_list(query, stocks_of_list), stocks_of_list)
