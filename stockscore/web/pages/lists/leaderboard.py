"""/leaderboard: the rated stocks by score, or the best of each signal or sector."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response

from stockscore.scoring.signals import SIGNALS
from stockscore.services.stock_lists import SORTS
from stockscore.store.pages import lists
from stockscore.web.http import params
from stockscore.web.http.as_of import AS_OF, SINCE, current_past
from stockscore.web.http.list_query import (
    ask_list,
    check_page,
    filter_of,
    ids_of_list,
    is_about,
    page_of_list,
)
from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.pages.lists.view import (
    LEADER_COLUMNS,
    as_data,
    grouped_data,
    grouped_view,
    in_order,
    leaderboard_view,
)
from stockscore.web.ui import column_choice, columns, exports, market_strip, past, stock_rows
from stockscore.web.ui.empty import empty
from stockscore.web.ui.filter_form import list_head
from stockscore.web.ui.listed import edition_of_request, has_market, listed_stocks

bp = Blueprint("leaderboard", __name__)

DATA_PARAMETERS = (
    params.choice("by", ("signal", "sector")),
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
    path="/leaderboard",
    title="Leaderboard",
    menu=Menu("Market", 1),
    family="leaderboard",
    parameters=(*DATA_PARAMETERS, column_choice.parameter(LEADER_COLUMNS)),
    # JSON and CSV have all columns whatever the page shows.
    data_parameters=DATA_PARAMETERS,
    formats=("html", "json", "csv"),
    in_sitemap=True,
)

EACH = {"signal": 10, "sector": 4}
"""How many stocks of each group are shown; CSV has all of them."""

TRAIL = timedelta(days=7)


@bp.get(PAGE.path)
@public_page(PAGE)
def page() -> tuple[str, int]:
    """The leaderboard as a page."""
    query, choices = ask_list(PAGE.parameters)
    edition = edition_of_request()
    nothing = empty(has_market(), bool(choices["exchanges"]))
    if query["by"]:
        found, sizes = _groups(query)
        view = grouped_view(query, choices, found, sizes, edition, nothing)
    else:
        found, total = page_of_list(query, listed_stocks(), rated_only=True)
        view = leaderboard_view(query, choices, found, _trails(found), total, edition, nothing)
    head = list_head(PAGE, query, view.subtitle)
    return exports.html("lists/leaderboard.html", head, view)


def _trails(found: list[lists.StockLine]) -> dict[int, list[int]]:
    """The totals of a week up to the scores that are shown."""
    ids = [line.id for line in found]
    if asked := current_past():
        day = asked.market.day.session
        return lists.trails(ids, day - TRAIL, day - timedelta(days=1))
    moment = market_strip.moment()
    last = moment.edition.published_at if moment.edition else moment.now
    return lists.trails(ids, last.date() - TRAIL)


@bp.get(PAGE.address("json"))
@public_page(PAGE, data=True)
def data() -> Response:
    """The same as JSON; grouped, one list of the items of all groups."""
    query, _ = ask_list(PAGE.of_data)
    edition = edition_of_request()
    if query["by"]:
        found, sizes = _groups(query)
        return exports.as_json(past.with_past(grouped_data(query["by"], found, sizes, edition)))
    found, total = page_of_list(query, listed_stocks(), rated_only=True)
    return exports.as_json(past.with_past(as_data(query, found, total, edition)))


@bp.get(PAGE.address("csv"))
@public_page(PAGE, data=True)
def table() -> Response:
    """All rated stocks that fit, on one sheet."""
    query, _ = ask_list(PAGE.of_data)
    if query["by"]:
        groups = _all_groups(query)
        ids = [stock_id for name in in_order(query["by"], groups) for stock_id in groups[name]]
    else:
        ids = ids_of_list(query, listed_stocks(), rated_only=True)
    return stock_rows.as_csv("leaderboard.csv", ids, listed_stocks())


def _all_groups(query: params.Query) -> dict[str, list[int]]:
    groups = listed_stocks().groups(filter_of(query, rated_only=True), query["by"])
    is_about([stock_id for ids in groups.values() for stock_id in ids])
    return groups


def _groups(query: params.Query) -> tuple[list[lists.StockLine], dict[str, int]]:
    groups = _all_groups(query)
    if query["page"] > 1:
        check_page(query, 0)
    best = [stock_id for ids in groups.values() for stock_id in ids[: EACH[query["by"]]]]
    return listed_stocks().lines(best), {name: len(ids) for name, ids in groups.items()}
