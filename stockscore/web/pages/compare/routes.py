"""/compare: two to four stocks side by side, best figure of each row marked."""

from __future__ import annotations

from flask import Blueprint, request

from stockscore.caching.pages import cached_page
from stockscore.services import comparison, market_columns
from stockscore.services.comparison import Compared
from stockscore.store import stocks
from stockscore.store.pages import market
from stockscore.web.http.page import Menu, PageDeclaration
from stockscore.web.http.params import BadParameterError
from stockscore.web.pages.compare import export
from stockscore.web.pages.compare.question import (
    MOST,
    PATH,
    Question,
    canonical,
    question_of,
    url_of,
)
from stockscore.web.pages.compare.view import Unknown, compare_view
from stockscore.web.ui import error_pages, exports, market_strip
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.empty import empty

bp = Blueprint("compare", __name__)

PAGE = PageDeclaration(
    path=PATH,
    title="Compare",
    menu=Menu("Tools", 2),
    family="detail",
    formats=("html", "json", "csv"),
    in_sitemap=True,
)


@bp.get(PAGE.path)
@cached_page(PAGE.family, canonical)
def page():
    """The comparison as a page; 404 where a ticker is unknown, with the other stocks all the
    same."""
    question = question_of(request.query_string)
    found, unknown = _found(question)
    moment = market_strip.moment()
    nothing = empty(moment.edition is not None, market.stocks_listed()) if not found else None
    view = compare_view(found, unknown, question.repeated, nothing)
    address = url_of([stock.line.ticker for stock in found])
    complete = len(found) > 1
    head = PageHead(
        title=view.title,
        canonical=address,
        section=PAGE.path,
        description=view.subtitle,
        json=address.replace(PATH, f"{PATH}.json", 1) if complete else None,
        csv=address.replace(PATH, f"{PATH}.csv", 1) if complete else None,
    )
    return exports.html("compare/compare.html", head, view, 404 if unknown else 200)


@bp.get(PAGE.address("json"))
@cached_page(PAGE.family, canonical)
def data():
    """The comparison as JSON."""
    return exports.as_json(export.as_data(_complete(), market_strip.moment().edition))


@bp.get(PAGE.address("csv"))
@cached_page(PAGE.family, canonical)
def table():
    """The comparison on one sheet: a line a figure, a column a stock."""
    found = _complete()
    return exports.as_csv("compare.csv", export.csv_header(found), export.csv_rows(found))


def _complete() -> list[Compared]:
    """What a script asked for: at least two stocks, all of them known. Raises
    `BadParameterError` and `UnknownTickerError`."""
    question = question_of(request.query_string)
    if len(question.keys) < 2:
        raise BadParameterError(
            f"Give 2 to {MOST} stocks as “t”, such as {PATH}.json?t=AAPL&t=MSFT."
        )
    found, unknown = _found(question)
    if unknown:
        raise error_pages.UnknownTickerError(unknown[0].text, unknown[0].near)
    return found


def _found(question: Question) -> tuple[list[Compared], list[Unknown]]:
    found: dict[int, Compared] = {}
    unknown: list[Unknown] = []
    columns = market_columns.of_edition(market_strip.moment().edition)
    for key, stock in zip(question.keys, comparison.find(question.keys, columns), strict=True):
        if stock is None:
            unknown.append(Unknown(key, error_pages.links(stocks.near(key))))
        else:
            # An ISIN and a ticker may mean the same stock.
            found[stock.line.id] = stock
    return list(found.values()), unknown
