"""Feeds of signal changes, the sitemap, robots, and what previews of links show."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from stockscore.extensions import db
from stockscore.scoring.signals import SIGNALS
from stockscore.services import snapshots
from stockscore.services.personal import readers, watchlists
from stockscore.store import cross_sections, stocks
from stockscore.store import watchlists as kept
from stockscore.store.models import Snapshot
from stockscore.store.transactions import transaction
from tests.support import small_market
from tests.support.rewritten_columns import rewrite

SITE = "https://stocks.example.org"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def app(copied_market):
    """The published market with Friday's snapshot, in which T05 and T06 have other signals than on
    Thursday."""
    made = copied_market(SITE_URL=SITE)
    with made.app_context():
        snapshots.take("XNYS", small_market.NOW)
        thursday = small_market.TODAY - timedelta(days=1)
        with transaction():
            for stock_id in (ids()["T05"], ids()["T06"]):
                row = db.session.get(Snapshot, (stock_id, thursday))
                row.signal = "STRONG SELL" if row.signal != "STRONG SELL" else "BUY"
                recorded = cross_sections.of_session("XNYS", thursday)
                rewrite(recorded, stock_id, {"signal": SIGNALS.index(row.signal)})
        yield made


def ids() -> dict[str, int]:
    return {stock.ticker: stock.id for stock in stocks.active()}


def parsed(answer) -> ET.Element:
    """The root of an answer in XML."""
    return ET.fromstring(answer.data)  # noqa: S314 - our own application wrote it


def entries(answer) -> dict[str, ET.Element]:
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    root = parsed(answer)
    assert root.find("a:updated", ATOM).text.endswith("Z")
    found = root.findall("a:entry", ATOM)
    return {one.find("a:title", ATOM).text.partition(":")[0]: one for one in found}


def test_a_feed_tells_each_change_of_a_signal_once(app):
    found = entries(app.test_client().get("/signals.atom"))
    assert {"T05", "T06"} <= found.keys()
    entry = found["T05"]
    assert entry.find("a:link", ATOM).get("href") == f"{SITE}/stocks/T05"
    text = " ".join(entry.find("a:summary", ATOM).text.split())
    assert "at the close of 20 Nov 2026" in text
    assert "not advice" in text
    again = entries(app.test_client().get("/signals.atom?utm_source=x"))
    assert again["T05"].find("a:id", ATOM).text == entry.find("a:id", ATOM).text


def test_a_feed_of_an_exchange_has_only_its_stocks(app):
    browser = app.test_client()
    assert entries(browser.get("/signals.atom?exchange=XNYS")).keys() >= {"T05"}
    assert browser.get("/signals.atom?exchange=XLON").status_code == 400


def test_a_feed_of_a_watchlist_has_only_what_is_on_it(app):
    reader, _ = readers.welcome(small_market.NOW)
    watchlists.put(reader, "Mine", ["T05", "T11"], "", small_market.NOW)
    key = kept.of(reader)[0].feed_key
    answer = app.test_client().get(f"/watchlists/{key}.atom")
    assert set(entries(answer)) - {"T11"} == {"T05"}
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert app.test_client().get("/watchlists/nobody.atom").status_code == 404


def test_an_empty_feed_is_a_feed(app):
    reader, _ = readers.welcome(small_market.NOW)
    watchlists.create(reader, "Mine", small_market.NOW)
    key = kept.of(reader)[0].feed_key
    assert entries(app.test_client().get(f"/watchlists/{key}.atom")) == {}


def test_pages_that_change_point_to_the_feed(app):
    for path in ("/", "/movers"):
        assert 'type="application/atom+xml"' in app.test_client().get(path).text


def test_the_sitemap_has_every_public_page_by_its_whole_address(app):
    answer = app.test_client().get("/sitemap.xml")
    root = parsed(answer)
    found = {one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert {f"{SITE}/", f"{SITE}/leaderboard", f"{SITE}/stocks/BRK.B"} <= found
    assert not {one for one in found if "GONE" in one or "watchlists" in one or "portfolio" in one}


def test_without_an_address_of_its_own_a_site_stands_where_it_was_asked(browser):
    """So the answer is never one that other readers get."""
    for site in ("http://one.example", "https://two.example:8443"):
        answer = browser.get("/sitemap.xml", base_url=site)
        assert f"<loc>{site}/stocks/T05</loc>" in answer.text
        assert "private" in answer.headers["Cache-Control"]
        assert f"Sitemap: {site}/sitemap.xml" in browser.get("/robots.txt", base_url=site).text


def test_robots_are_kept_from_what_is_personal(app):
    text = app.test_client().get("/robots.txt").text
    assert {"Disallow: /watchlists", "Disallow: /admin/"} <= set(text.splitlines())
    assert f"Sitemap: {SITE}/sitemap.xml" in text


def test_a_preview_of_a_link_has_title_description_and_address(app):
    page = app.test_client().get("/stocks/T05").text
    assert f'<link rel="canonical" href="{SITE}/stocks/T05">' in page
    assert '<meta property="og:title" content="Company 5' in page
    assert f'<meta property="og:url" content="{SITE}/stocks/T05">' in page
    assert '<meta property="og:description"' in page
