"""/: the market's front page."""

from __future__ import annotations

from flask import Blueprint

from stockscore.store.pages import market
from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.pages.today import export, reading
from stockscore.web.pages.today.view import CHANGES_SHOWN, empty_view, today_view
from stockscore.web.ui import exports, market_strip
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.empty import NO_MARKET, NOT_SCORED

bp = Blueprint("today", __name__)

PAGE = PageDeclaration(
    path="/",
    title="Today",
    menu=Menu("Market", 1),
    family="default",
    formats=("html", "json"),
    in_sitemap=True,
)


@bp.get(PAGE.path)
@public_page(PAGE)
def page():
    """The front page."""
    moment = market_strip.moment()
    read = reading.read(moment, CHANGES_SHOWN)
    if moment.edition is None or read is None:
        nothing = NOT_SCORED if market.stocks_listed() else NO_MARKET
        view = empty_view(moment, nothing)
    else:
        view = today_view(moment, moment.edition, read)
    head = PageHead(
        title=PAGE.title,
        canonical=PAGE.path,
        section=PAGE.path,
        description=f"{view.headline}. {view.subtitle}",
        json=PAGE.address("json"),
    )
    return exports.html("today/today.html", head, view)


@bp.get(PAGE.address("json"))
@public_page(PAGE)
def data():
    """The front page as JSON."""
    moment = market_strip.moment()
    return exports.as_json(export.as_data(moment, moment.edition, reading.read(moment)))
