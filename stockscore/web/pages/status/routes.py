"""/status: the state of the data."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint

from stockscore.caching.pages import holds_until
from stockscore.web.http.public_page import public_page
from stockscore.web.pages.status import export, reading
from stockscore.web.pages.status.view import status_view
from stockscore.web.ui import exports, market_strip
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.empty import empty

bp = Blueprint("status", __name__)

PATH = "/status"

TRUE_FOR = timedelta(seconds=30)
"""How long the page may be kept."""


@bp.get(PATH)
@public_page("default")
def page():
    """The status as a page."""
    moment = _short_lived_moment()
    read = reading.read(moment)
    nothing = empty(moment.edition is not None, len(read.freshness))
    view = status_view(moment, read, nothing)
    head = PageHead(
        title="Data status",
        canonical=PATH,
        section=PATH,
        description=f"{view.headline}. {view.subtitle}",
        json=f"{PATH}.json",
    )
    return exports.html("status/status.html", head, view)


@bp.get(f"{PATH}.json")
@public_page("default")
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
