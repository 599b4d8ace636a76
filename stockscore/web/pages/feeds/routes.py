"""Atom feeds of signal changes: of the market, of one exchange, and of a watchlist."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Blueprint, Response, make_response, render_template

from stockscore.store import watchlists
from stockscore.store.pages import lists, signals
from stockscore.web.http import params
from stockscore.web.http.addresses import WATCHLISTS, watchlist_feed_url, watchlist_url
from stockscore.web.http.list_query import ask
from stockscore.web.http.page import PageDeclaration, public_page
from stockscore.web.pages.feeds.view import Feed, feed
from stockscore.web.ui import error_pages, market_strip

bp = Blueprint("feeds", __name__)

PAGE = PageDeclaration(
    path="/signals",
    title="Signal changes",
    family="list",
    parameters=(params.member("exchange", of="exchanges"),),
    formats=("atom",),
)

DAYS = 30
ENTRIES = 200


@bp.get(PAGE.address("atom"))
@public_page(PAGE)
def market() -> Response:
    """Changes of the whole market, or of one exchange."""
    query = ask(PAGE.parameters)
    exchange = query["exchange"]
    if exchange:
        query.require(lists.choices())
    found = signals.changes(_since(), ENTRIES, exchange=exchange)
    title = f"Signal changes, {exchange}" if exchange else "Signal changes"
    return _atom(feed(title, query.url(PAGE.address("atom")), "/movers", found, _updated()))


@bp.get("/watchlists/<feed_key>.atom")
def watchlist(feed_key: str) -> Response:
    """Changes of the stocks on a list, for whoever knows the feed's address."""
    found = watchlists.by_feed_key(feed_key)
    if found is None:
        return error_pages.not_found(
            "There is no feed at this address.", ("Watchlists", WATCHLISTS)
        )
    ids = [entry.stock_id for entry in watchlists.entries([found.id])]
    rows = signals.changes(_since(), ENTRIES, stock_ids=ids) if ids else []
    path, page = watchlist_feed_url(found.feed_key), watchlist_url(found.id)
    return _atom(feed(f"Signal changes, {found.name}", path, page, rows, _updated()))


def _since() -> date:
    return market_strip.moment().now.date() - timedelta(days=DAYS)


def _updated() -> datetime:
    """Without an entry a feed is as old as the edition."""
    moment = market_strip.moment()
    return moment.edition.published_at if moment.edition else moment.now


def _atom(shown: Feed) -> Response:
    response = make_response(render_template("feeds/atom.xml", feed=shown))
    response.mimetype = "application/atom+xml"
    return response
