"""/screener: five ready-made screens, and a custom one over every metric; the URL is the screen."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug import Response as AnyResponse

from stockscore.caching.pages import cached_page
from stockscore.services import screening
from stockscore.services.screening import Screening
from stockscore.web.http.as_of import current_past
from stockscore.web.http.list_query import ask_list, check_page, is_about
from stockscore.web.http.page import Menu, PageDeclaration
from stockscore.web.http.params import Query
from stockscore.web.pages.screener.question import (
    DATA_PARAMETERS,
    PARAMETERS,
    PATH,
    canonical,
    data_canonical,
    is_untidy,
    screen_of,
    tidied,
)
from stockscore.web.pages.screener.view import (
    Hit,
    as_data,
    csv_header,
    csv_line,
    csv_lines,
    screener_view,
)
from stockscore.web.ui import exports, past
from stockscore.web.ui.empty import empty
from stockscore.web.ui.filter_form import list_head
from stockscore.web.ui.listed import (
    edition_of_request,
    has_market,
    listed_stocks,
    market_of_request,
)

bp = Blueprint("screener", __name__)

PAGE = PageDeclaration(
    path=PATH,
    title="Screener",
    menu=Menu("Tools", 2),
    family="list",
    parameters=PARAMETERS,
    data_parameters=DATA_PARAMETERS,
    formats=("html", "json", "csv"),
    in_sitemap=True,
)


@bp.get(PAGE.path)
@cached_page(PAGE.family, canonical)
def page() -> AnyResponse | tuple[str, int]:
    """The screener as a page; what comes from its form is sent on to the tidy address."""
    if is_untidy(request.query_string):
        return redirect(tidied(request.query_string), 303)
    query, choices = ask_list(PAGE.parameters)
    result = _screened(query)
    check_page(query, len(result.found))
    nothing, edition = empty(has_market(), bool(choices["exchanges"])), edition_of_request()
    view = screener_view(query, choices, result, _shown(query, result), nothing, edition)
    head = list_head(PAGE, query, view.subtitle, view.title)
    return exports.html("screener/screener.html", head, view)


@bp.get(PAGE.address("json"))
@cached_page(PAGE.family, data_canonical)
def data() -> AnyResponse:
    """The same page of the result as JSON; what comes from the form is sent on here too."""
    if is_untidy(request.query_string):
        return redirect(tidied(request.query_string, PAGE.address("json")), 303)
    query, _ = ask_list(PAGE.of_data)
    result = _screened(query)
    check_page(query, len(result.found))
    hits = _shown(query, result)
    return exports.as_json(past.with_past(as_data(query, result, hits, edition_of_request())))


@bp.get(PAGE.address("csv"))
@cached_page(PAGE.family, data_canonical)
def table() -> Response:
    """The whole result on one sheet."""
    query, _ = ask_list(PAGE.of_data)
    result = _screened(query)
    header = csv_header(result)
    if current_past() is None:
        return exports.as_written_csv("screener.csv", header, csv_lines(result))
    rows = ((*csv_line(hit), *past.csv_cells(hit.line.id)) for hit in _hits(result, 0, None))
    return exports.as_csv("screener.csv", (*header, *past.csv_columns()), rows)


def _screened(query: Query) -> Screening:
    market = market_of_request()
    found = screening.run(screen_of(query), market)
    if market is not None and current_past():
        is_about(market.ids_at(found.found))
    return found


def _shown(query: Query, result: Screening) -> list[Hit]:
    """One page of the result; nothing of one that is only counted."""
    if query["show"] == "count":
        return []
    first = (query["page"] - 1) * query["per_page"]
    return _hits(result, first, first + query["per_page"])


def _hits(result: Screening, first: int, end: int | None) -> list[Hit]:
    part = result.shown(first, end)
    lines = listed_stocks().lines([screened.stock_id for screened in part])
    return [Hit(line, screened) for line, screened in zip(lines, part, strict=True)]
