"""/movers: whose score, signal or place changed over a day, a week, a month or a quarter."""

from __future__ import annotations

from flask import Blueprint, Response

from stockscore.scoring.method import CHANGE_DAYS
from stockscore.scoring.why import Why
from stockscore.services import market_columns, move_reasons, movers
from stockscore.services.market_columns import MarketColumns
from stockscore.services.movers import Moves
from stockscore.store.pages import market
from stockscore.store.pages.editions import EditionRow
from stockscore.web.http import params
from stockscore.web.http.list_query import ask
from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.http.params import Query
from stockscore.web.pages.movers.view import (
    CSV_HEADER,
    PATH,
    SHOWN,
    as_data,
    csv_rows,
    movers_view,
)
from stockscore.web.ui import exports, market_strip
from stockscore.web.ui.empty import empty
from stockscore.web.ui.filter_form import list_head

bp = Blueprint("movers", __name__)

PAGE = PageDeclaration(
    path=PATH,
    title="Movers",
    menu=Menu("Market", 2),
    family="leaderboard",
    parameters=(params.choice("days", tuple(map(str, CHANGE_DAYS)), "1"),),
    formats=("html", "json", "csv"),
    in_sitemap=True,
)


@bp.get(PAGE.path)
@public_page(PAGE)
def page() -> tuple[str, int]:
    """The moves as a page: the largest of each kind."""
    query = ask(PAGE.parameters)
    moment = market_strip.moment()
    nothing = empty(moment.edition is not None, market.stocks_listed() if not moment.edition else 0)
    view = movers_view(query, _moves(query, SHOWN), nothing)
    head = list_head(PAGE, query, view.subtitle)
    return exports.html("movers/movers.html", head, view)


@bp.get(PAGE.address("json"))
@public_page(PAGE)
def data() -> Response:
    """All moves as JSON."""
    query = ask(PAGE.parameters)
    return exports.as_json(as_data(_moves(query, None), market_strip.moment().edition))


@bp.get(PAGE.address("csv"))
@public_page(PAGE)
def table() -> Response:
    """All moves on one sheet, each with its kind."""
    query = ask(PAGE.parameters)
    return exports.as_csv("movers.csv", CSV_HEADER, csv_rows(_moves(query, None)))


def _moves(query: Query, limit: int | None) -> Moves:
    """What moved, and why."""
    edition = market_strip.moment().edition
    columns = market_columns.of_edition(edition)
    found = movers.moves(int(query["days"]), edition, columns, limit)
    if edition is None or columns is None:
        return found
    if limit is None:
        asked = found.lines, found.sections, edition, columns.section
        whys = move_reasons.since(found.days, *asked)
        return found.explained(whys)
    return found.explained(_shown_whys(found, edition, columns))


def _shown_whys(found: Moves, edition: EditionRow, columns: MarketColumns) -> dict[int, Why]:
    """Why the few stocks moved that the page shows; they are the same for everybody, so that a
    process finds it out once."""
    keys = {
        line.id: (then.id, line.id) for line in found.lines if (then := found.sections.get(line.id))
    }
    new = [line for line in found.lines if line.id in keys and keys[line.id] not in columns.whys]
    whys = move_reasons.since(found.days, new, found.sections, edition, columns.section)
    columns.whys |= {keys[line.id]: whys.get(line.id) for line in new}
    known = {stock_id: columns.whys[key] for stock_id, key in keys.items()}
    return {stock_id: why for stock_id, why in known.items() if why is not None}
