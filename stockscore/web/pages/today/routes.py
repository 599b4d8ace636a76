"""/: the market's front page."""

from __future__ import annotations

from flask import Blueprint

from stockscore.services.movers import TOP
from stockscore.store.pages import lists, market, movers
from stockscore.store.pages.lists import Filter, Order
from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.pages.today import view as context
from stockscore.web.ui import exports, market_strip
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.empty import empty

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
    rows = _rows(moment)
    if moment.edition is None or rows is None:
        nothing = empty(False, market.stocks_listed())
        view = context.empty_view(moment, nothing)
    else:
        view = context.today_view(moment, moment.edition, rows)
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
    return exports.as_json(context.as_data(moment, moment.edition, _rows(moment)))


def _rows(moment: market_strip.Moment) -> context.TodayRows | None:
    """What the page reads; None before the first edition."""
    if moment.edition is None:
        return None
    up, down = movers.risen_and_fallen(1, context.MOVERS)
    return context.TodayRows(
        leaders=lists.lines(Filter(rated_only=True), Order(), context.LEADERS),
        up=up,
        down=down,
        changed=lists.signal_changes(),
        # Before the first snapshot everything would be new.
        entered=movers.newcomers(TOP) if moment.edition.summary.previous else (),
        freshness=market.freshness(moment.now),
        quarantined_total=market.quarantined_count(),
    )
