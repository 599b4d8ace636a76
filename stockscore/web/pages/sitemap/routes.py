"""/sitemap.xml and /robots.txt, for search engines."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, render_template, request
from markupsafe import escape

from stockscore.store.pages import market
from stockscore.web.http.page import PageDeclaration, declared_pages
from stockscore.web.ui import exports, market_strip
from stockscore.web.ui.format import stock_url

bp = Blueprint("sitemap", __name__)

PAGE = PageDeclaration(
    path="/sitemap",
    title="Sitemap",
    formats=("xml",),
)

MOST = 50_000
"""Addresses that a sitemap may have (sitemaps.org)."""


def _site() -> str:
    """Where the site stands: SITE_URL, else what was asked. So these two are not kept as pages are,
    which must not repeat the host that one reader asked for."""
    return current_app.config["SITE_URL"] or request.url_root.rstrip("/")


@bp.get(PAGE.address("xml"))
def sitemap() -> Response:
    """Every public page by its whole address."""
    moment = market_strip.moment()
    pages = [page.path for page in declared_pages() if page.in_sitemap]
    pages += [stock_url(ticker) for ticker in market.tickers(MOST - len(pages))]
    changed = exports.moment(moment.edition.published_at) if moment.edition else None
    body = render_template("sitemap/sitemap.xml", pages=_listed(_site(), pages, changed))
    response = Response(body, mimetype="application/xml")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _listed(site: str, pages: Sequence[str], changed: str | None) -> str:
    """The entries of the sitemap. A template would take its time over each of thousands."""
    before = f"<url><loc>{escape(site)}"
    after = f"</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>"
    return "\n".join([f"{before}{escape(page)}{after}" for page in pages])


def _closed() -> list[str]:
    """Where crawlers have nothing to look for."""
    personal = [page.path for page in declared_pages() if page.is_personal and page.menu]
    return ["/admin/", *personal, "/personal/"]


@bp.get("/robots.txt")
def robots() -> Response:
    """What crawlers may read: all but what is personal, and lists by one order only."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _closed()), "Disallow: /*?*sort="]
    lines += ["", f"Sitemap: {_site()}/sitemap.xml"]
    response = Response("\n".join([*lines, ""]), mimetype="text/plain")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
