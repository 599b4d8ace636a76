"""/movers: whose score, signal or place changed over a day, a week, a month or a quarter."""

from __future__ import annotations

from flask import Blueprint

from stockscore.scoring.method import CHANGE_DAYS
from stockscore.services import movers
from stockscore.services.movers import Moves
from stockscore.store.pages import market
from stockscore.web.http import params
from stockscore.web.http.list_query import ask
from stockscore.web.http.params import Query
from stockscore.web.http.public_page import public_page
from stockscore.web.pages.movers.view import (
    CSV_HEADER,
    PATH,
    SHOWN,
    as_data,
    csv_rows,
    movers_view,
)
from stockscore.web.ui import exports, market_strip, why
from stockscore.web.ui.empty import empty
from stockscore.web.ui.filter_form import list_head

bp = Blueprint("movers", __name__)

PARAMETERS = (params.choice("days", tuple(map(str, CHANGE_DAYS)), "1"),)


@bp.get(PATH)
@public_page("leaderboard", PARAMETERS)
def page():
    """The moves as a page: the largest of each kind."""
    query = ask(PARAMETERS)
    at = market_strip.moment()
    nothing = empty(at.edition is not None, market.stocks_listed() if not at.edition else 0)
    view = movers_view(query, _moves(query, SHOWN), nothing)
    head = list_head(PATH, "Movers", query, view.subtitle)
    return exports.html("movers/movers.html", head, view)


@bp.get(f"{PATH}.json")
@public_page("leaderboard", PARAMETERS)
def data():
    """All moves as JSON."""
    query = ask(PARAMETERS)
    return exports.as_json(as_data(_moves(query, None), market_strip.moment().edition))


@bp.get(f"{PATH}.csv")
@public_page("leaderboard", PARAMETERS)
def table():
    """All moves on one sheet, each with its kind."""
    query = ask(PARAMETERS)
    return exports.as_csv("movers.csv", CSV_HEADER, csv_rows(_moves(query, None)))


def _moves(query: Query, limit: int | None) -> Moves:
    """What moved, and why."""
    edition = market_strip.moment().edition
    found = movers.moves(int(query["days"]), edition, limit)
    if edition is None:
        return found
    return found.explained(why.since(found.shown(limit), found.sessions, edition))
