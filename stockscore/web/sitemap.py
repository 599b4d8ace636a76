"""/sitemap.xml and /robots.txt, for search engines."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template

from stockscore.caching.pages import cached_page
from stockscore.store.pages import market
from stockscore.web import exports, strip
from stockscore.web.addresses import absolute
from stockscore.web.format import stock_url

bp = Blueprint("sitemap", __name__)

PERSONAL = ("/admin/", "/watchlists", "/portfolio", "/personal/")

MOST = 50_000
"""Addresses that a sitemap may have (sitemaps.org)."""


@bp.get("/sitemap.xml")
@cached_page("scores")
def sitemap() -> Response:
    """Every public page; none without SITE_URL, because a sitemap needs whole addresses."""
    if not current_app.config["SITE_URL"]:
        return Response("SITE_URL is not set.\n", 404, mimetype="text/plain")
    at = strip.moment()
    pages = [item.url for item in strip.NAV if item.url not in PERSONAL]
    pages += [stock_url(ticker) for ticker in market.tickers(MOST - len(pages))]
    changed = exports.moment(at.edition.published_at) if at.edition else None
    body = render_template("sitemap.xml", pages=pages, changed=changed)
    return Response(body, mimetype="application/xml")


@bp.get("/robots.txt")
def robots() -> Response:
    """What crawlers may read: all but what is personal, and lists by one order only."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PERSONAL), "Disallow: /*?*sort="]
    if current_app.config["SITE_URL"]:
        lines += ["", f"Sitemap: {absolute('/sitemap.xml')}"]
    response = Response("\n".join([*lines, ""]), mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
