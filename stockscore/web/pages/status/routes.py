"""/status: the state of the data."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app

from stockscore.caching.pages import holds_until
from stockscore.services import heartbeats, upcoming
from stockscore.store.pages import market
from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.pages.status import view as context
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

AHEAD, SLOTS = timedelta(days=4), 8
"""How far ahead slots are looked for, and how many of them are shown."""

TRUE_FOR = timedelta(seconds=30)
"""How long the page may be kept."""


@bp.get(PAGE.path)
@public_page(PAGE)
def page():
    """The status as a page."""
    moment = _soon_old()
    rows = _rows(moment)
    nothing = empty(moment.edition is not None, len(rows.freshness))
    view = context.status_view(moment, rows, nothing)
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
    moment = _soon_old()
    return exports.as_json(context.as_data(moment, _rows(moment)))


def _soon_old() -> market_strip.Moment:
    """This request's moment; what runs and what failed changes within an edition, too."""
    moment = market_strip.moment()
    holds_until(moment.now + TRUE_FOR)
    return moment


def _rows(moment: market_strip.Moment) -> context.StatusRows:
    return context.StatusRows(
        freshness=market.freshness(moment.now),
        failures=market.failures(),
        runs=market.runs(context.RUNS),
        quarantined=market.quarantined(context.QUARANTINED_SHOWN),
        quarantined_total=market.quarantined_count(),
        snapshots=market.snapshot_states(),
        background=current_app.config["REDIS_ENABLED"],
        pulses=heartbeats.pulses(current_app.config),
        slots=upcoming.slots(
            moment.exchanges, current_app.config["REFRESH_EVERY_MINUTES"], moment.now, AHEAD
        )[:SLOTS],
    )
