"""/top-picks: the rated stocks by how well they fit a horizon, or the reader's own weights."""

from __future__ import annotations

from flask import Blueprint, Response

from stockscore.scoring.horizons import BY_KEY, own_weights
from stockscore.scoring.signals import SIGNALS
from stockscore.services import top_picks
from stockscore.services.top_picks import SORTS, Ranked, Ranking
from stockscore.web.http import params
from stockscore.web.http.as_of import AS_OF, SINCE, current_past
from stockscore.web.http.list_query import ask_list, check_page, filter_of, is_about
from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.http.params import BadParameterError, Parameter, Query
from stockscore.web.pages.top_picks.view import (
    CSV_HEADER,
    PATH,
    Pick,
    as_data,
    csv_line,
    pick,
    top_picks_view,
    weights_of,
)
from stockscore.web.ui import exports, past
from stockscore.web.ui.empty import empty
from stockscore.web.ui.filter_form import list_head
from stockscore.web.ui.listed import (
    edition_of_request,
    has_market,
    listed_stocks,
    market_of_request,
    scores_of_request,
)

bp = Blueprint("top_picks", __name__)


def _weights(text: str) -> tuple[int, ...]:
    try:
        return own_weights(text)
    except ValueError as reason:
        raise BadParameterError(f"The parameter “w” cannot be used. {reason}") from None


PARAMETERS = (
    Parameter("w", _weights, "four whole percentages", None, lambda w: ",".join(map(str, w))),
    # Without a default beside own weights, so that both together can be told from one alone.
    params.choice("horizon", tuple(BY_KEY), lambda given: "" if given["w"] else "medium"),
    params.member("sector", of="sectors"),
    params.member("exchange", of="exchanges"),
    params.choice("signal", SIGNALS),
    params.points("min_score"),
    params.choice("sort", SORTS, "fit"),
    params.choice("dir", ("asc", "desc"), "desc"),
    params.whole("page", 1, 999_999_999, 1),
    params.whole("per_page", 1, 200, 25),
    AS_OF,
    SINCE,
)

PAGE = PageDeclaration(
    path=PATH,
    title="Top picks",
    menu=Menu("Market", 2),
    family="leaderboard",
    parameters=PARAMETERS,
    formats=("html", "json", "csv"),
    in_sitemap=True,
)


@bp.get(PAGE.path)
@public_page(PAGE)
def page() -> tuple[str, int]:
    """The picks as a page."""
    query, choices = _ask()
    ranked = _ranked(query)
    picks = _picks(query, ranked)
    nothing = empty(has_market(), bool(choices["exchanges"]))
    view = top_picks_view(query, choices, picks, len(ranked), edition_of_request(), nothing)
    head = list_head(PAGE, query, view.subtitle)
    return exports.html("top_picks/top_picks.html", head, view)


@bp.get(PAGE.address("json"))
@public_page(PAGE)
def data() -> Response:
    """The same picks as JSON."""
    query, _ = _ask()
    ranked = _ranked(query)
    picks = _picks(query, ranked)
    found = as_data(query, picks, len(ranked), edition_of_request())
    return exports.as_json(past.with_past(found))


@bp.get(PAGE.address("csv"))
@public_page(PAGE)
def table() -> Response:
    """All stocks in order of fit, on one sheet."""
    query, _ = _ask()
    picks = _explained(query, _ranked(query).part())
    rows = ((*csv_line(pick), *past.csv_cells(pick.line.id)) for pick in picks)
    return exports.as_csv("top-picks.csv", (*CSV_HEADER, *past.csv_columns()), rows)


def _ask() -> tuple[Query, dict[str, tuple[str, ...]]]:
    query, choices = ask_list(PAGE.parameters)
    if query["w"] and query["horizon"]:
        raise BadParameterError(
            "The parameters “w” and “horizon” exclude each other: a horizon has weights of its "
            "own. Give one of the two."
        )
    return query, choices


def _ranked(query: Query) -> Ranking:
    wanted = filter_of(query, rated_only=True)
    found = top_picks.ranked(
        market_of_request(), wanted, weights_of(query), query["sort"], query["dir"] == "desc"
    )
    if current_past():
        is_about([place.stock_id for place in found.part()])
    return found


def _picks(query: Query, ranked: Ranking) -> list[Pick]:
    check_page(query, len(ranked))
    first = (query["page"] - 1) * query["per_page"]
    return _explained(query, ranked.part(first, first + query["per_page"]))


def _explained(query: Query, ranked: list[Ranked]) -> list[Pick]:
    ids = [place.stock_id for place in ranked]
    weights, scores = weights_of(query), scores_of_request(ids)
    return [
        pick(place, line, scores.get(line.id), weights)
        for place, line in zip(ranked, listed_stocks().lines(ids), strict=True)
    ]
