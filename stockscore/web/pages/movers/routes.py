"""/movers: whose score, signal or place changed over a day, a week, a month or a quarter."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint

from stockscore.store import snapshots
from stockscore.store.pages import market, movers, records
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import CHANGE_DAYS
from stockscore.web.http import params
from stockscore.web.http.list_query import ask
from stockscore.web.http.public_page import public_page
from stockscore.web.pages.lists import view as lists_context
from stockscore.web.pages.movers import view as context
from stockscore.web.pages.movers.view import PATH, TOP, Before, Moves
from stockscore.web.ui import exports, market_strip, why
from stockscore.web.ui.empty import empty

bp = Blueprint("movers", __name__)

PARAMETERS = (params.choice("days", tuple(map(str, CHANGE_DAYS)), "1"),)


@bp.get(PATH)
@public_page("leaderboard", PARAMETERS)
def page():
    """The moves as a page: the largest of each kind."""
    query = ask(PARAMETERS)
    at = market_strip.moment()
    nothing = empty(at.edition is not None, market.stocks_listed() if not at.edition else 0)
    moves = _moves(int(query["days"]), at.edition, context.SHOWN)
    view = context.movers_view(query, moves, nothing)
    head = lists_context.page_of(PATH, "Movers", query, view.subtitle)
    return exports.html("movers/movers.html", head, view)


@bp.get(f"{PATH}.json")
@public_page("leaderboard", PARAMETERS)
def data():
    """All moves as JSON."""
    query = ask(PARAMETERS)
    edition = market_strip.moment().edition
    return exports.as_json(context.as_data(_moves(int(query["days"]), edition, None), edition))


@bp.get(f"{PATH}.csv")
@public_page("leaderboard", PARAMETERS)
def table():
    """All moves on one sheet, each with its kind."""
    query = ask(PARAMETERS)
    moves = _moves(int(query["days"]), market_strip.moment().edition, None)
    return exports.as_csv("movers.csv", context.CSV_HEADER, context.csv_rows(moves))


def _moves(days: int, edition: EditionRow | None, limit: int | None) -> Moves:
    """What moved; nothing before the first edition."""
    if edition is None:
        return Moves.none(days)
    # The same day as that from which publishing counted the changes.
    day = date.fromisoformat(edition.summary["day"]) - timedelta(days=days)
    said = snapshots.said_on_or_before(day)
    before = {stock_id: Before(one.session, one.signal, one.rank) for stock_id, one in said.items()}
    places = {one.id: one for one in movers.places()}
    turned, entered, left = [], [], []
    for stock_id, then in before.items():
        now = places.get(stock_id)
        if now and then.signal and now.signal != then.signal:
            turned.append(stock_id)
        was_top = then.rank is not None and then.rank <= TOP
        if now and was_top and now.rank > TOP:
            left.append(stock_id)
    for stock_id, now in places.items():
        then = before.get(stock_id)
        if now.rank <= TOP and before and (then is None or then.rank is None or then.rank > TOP):
            entered.append(stock_id)
    rose, fell = movers.risen_and_fallen(days, limit)
    by_rank = sorted(turned, key=lambda stock_id: places[stock_id].rank)
    moves = Moves(
        days=days,
        counts=movers.counts(days),
        before=before,
        up=rose,
        down=fell,
        turned=records.lines_of(by_rank),
        entered=records.lines_of(entered),
        left=records.lines_of(sorted(left, key=lambda stock_id: places[stock_id].rank)),
    )
    sessions = {stock_id: one.session for stock_id, one in before.items()}
    return moves.explained(why.since(moves.shown(limit), sessions, edition))
