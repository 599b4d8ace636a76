"""/status: the state of the data."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint

from stockscore.caching.pages import holds_until
from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.pages.status import export, reading
from stockscore.web.pages.status.view import status_view
from stockscore.web.ui import exports, market_strip
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.empty import empty

bp = Blueprint("status", __name__)

PAGE = PageDeclaration(
    path="/status",
    title="Data status",
    menu=Menu("Trust", 3),
    family="default",
    formats=("html", "json"),
    in_sitemap=True,
)

TRUE_FOR = timedelta(seconds=30)
"""How long the page may be kept."""


@bp.get(PAGE.path)
@public_page(PAGE)
def page():
    """The status as a page."""
    moment = _short_lived_moment()
    read = reading.read(moment)
    nothing = empty(moment.edition is not None, len(read.freshness))
    view = status_view(moment, read, nothing)
    head = PageHead(
        title=PAGE.title,
        canonical=PAGE.path,
        section=PAGE.path,
        description=f"{view.headline}. {view.subtitle}",
        json=PAGE.address("json"),
    )
    return exports.html("status/status.html", head, view)


@bp.get(PAGE.address("json"))
@public_page(PAGE)
def data():
    """The status as JSON."""
    moment = _short_lived_moment()
    return exports.as_json(export.as_data(moment, reading.read(moment)))


def _short_lived_moment() -> market_strip.Moment:
    """This request's moment. The page is kept for a short time only, because runs and failures
    change within an edition, too."""
    moment = market_strip.moment()
    holds_until(moment.now + TRUE_FOR)
    return moment
