"""/top-picks: the rated stocks by how well they fit a horizon, or the reader's own weights."""

from __future__ import annotations

from flask import Blueprint

from stockscore.scoring.horizons import BY_KEY, fit, own_weights
from stockscore.scoring.record import unpack
from stockscore.scoring.signals import SIGNALS
from stockscore.store.pages import records
from stockscore.store.pages.records import FactorStanding
from stockscore.web.http import params
from stockscore.web.http.list_query import ask_list, check_page, filter_of
from stockscore.web.http.params import BadParameterError, Parameter, Query
from stockscore.web.http.public_page import public_page
from stockscore.web.pages.lists import view as lists_context
from stockscore.web.pages.top_picks import view as context
from stockscore.web.pages.top_picks.view import Pick, Ranked
from stockscore.web.ui import exports, market_strip
from stockscore.web.ui.empty import empty

bp = Blueprint("top_picks", __name__)

PATH = "/top-picks"


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
    params.choice("sort", context.SORTS, "fit"),
    params.choice("dir", ("asc", "desc"), "desc"),
    params.whole("page", 1, 999_999_999, 1),
    params.whole("per_page", 1, 200, 25),
)


@bp.get(PATH)
@public_page("leaderboard", PARAMETERS)
def page():
    """The picks as a page."""
    query, choices = _ask()
    at = market_strip.moment()
    ranked = _ranked(query)
    picks = _picks(query, ranked)
    nothing = empty(at.edition is not None, bool(choices["exchanges"]))
    view = context.top_picks_view(query, choices, picks, len(ranked), at.edition, nothing)
    head = lists_context.page_of(PATH, "Top picks", query, view.subtitle)
    return exports.html("top_picks/top_picks.html", head, view)


@bp.get(f"{PATH}.json")
@public_page("leaderboard", PARAMETERS)
def data():
    """The same picks as JSON."""
    query, _ = _ask()
    ranked = _ranked(query)
    picks = _picks(query, ranked)
    return exports.as_json(
        context.as_data(query, picks, len(ranked), market_strip.moment().edition)
    )


@bp.get(f"{PATH}.csv")
@public_page("leaderboard", PARAMETERS)
def table():
    """All stocks in order of fit, on one sheet."""
    query, _ = _ask()
    picks = _explained(query, _ranked(query))
    return exports.as_csv("top-picks.csv", context.CSV_HEADER, map(context.csv_line, picks))


def _ask() -> tuple[Query, dict[str, tuple[str, ...]]]:
    query, choices = ask_list(PARAMETERS)
    if query["w"] and query["horizon"]:
        raise BadParameterError(
            "The parameters “w” and “horizon” exclude each other: a horizon has weights of its "
            "own. Give one of the two."
        )
    return query, choices


def _ranked(query: Query) -> list[Ranked]:
    """All stocks that fit the filter with their places by fit, ties by rank, in the order asked
    for. A stock that has no fit under
    these weights, because the factors that count are not rated, is left out."""
    weights = context.weights_of(query)
    fitted = [
        (found, stock)
        for stock in records.standings(filter_of(query, rated_only=True))
        if (found := fit(stock.factors, weights)) is not None
    ]
    fitted.sort(key=lambda one: (-one[0], one[1].rank))
    places = [(Ranked(at, stock.id, found), stock) for at, (found, stock) in enumerate(fitted, 1)]
    return [ranked for ranked, _ in _sorted(query, places)]


def _sorted(
    query: Query, places: list[tuple[Ranked, FactorStanding]]
) -> list[tuple[Ranked, FactorStanding]]:
    """In the order asked for, ties by place, factors that are not rated last."""
    sort = query["sort"]

    def key(one: tuple[Ranked, FactorStanding]) -> int | None:
        ranked, stock = one
        by_name = {"fit": -ranked.place, "score": -stock.rank, **stock.factors}
        return by_name[sort]

    known = [one for one in places if key(one) is not None]
    # Sorting is stable in reverse too, so that ties stay in the order of places.
    known.sort(key=key, reverse=query["dir"] == "desc")
    return known + [one for one in places if key(one) is None]


def _picks(query: Query, ranked: list[Ranked]) -> list[Pick]:
    check_page(query, len(ranked))
    first = (query["page"] - 1) * query["per_page"]
    return _explained(query, ranked[first : first + query["per_page"]])


def _explained(query: Query, ranked: list[Ranked]) -> list[Pick]:
    ids = [one.stock_id for one in ranked]
    weights, kept = context.weights_of(query), records.records_of(ids)
    return [
        context.pick(one, line, unpack(kept[line.id]), weights)
        for one, line in zip(ranked, records.lines_of(ids), strict=True)
    ]
