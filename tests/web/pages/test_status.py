"""/status, /methodology, /healthz and /readyz."""

import csv
import html
import io

from stockscore.extensions import db
from stockscore.scoring.methods import DEFAULT, default_method
from stockscore.scoring.signals import THRESHOLDS
from tests.support import small_market
from tests.support.published_market import fill


def test_status_counts_fresh_stocks_failures_and_what_is_held_back(browser):
    data = browser.get("/status.json").json
    assert data["exchanges"][0]["exchange"] == "XNYS"
    assert data["exchanges"][0]["stocks"] == 14
    assert data["exchanges"][0]["on_newest_session"] == 12
    assert data["exchanges"][0]["failing"] == 1
    assert data["failures"][0]["message"] == "The source does not know it."
    assert data["quarantined"] == 1
    assert data["quarantine"][0]["ticker"] == "FAIL"
    assert data["runs"][0]["job"] == "refresh"
    assert data["snapshots"][0]["session"] == "2026-11-19"
    page = browser.get("/status").text
    for said in ("12 of 14 stocks", "It rose by 80 times in a day.", "refresh", "19"):
        assert said in page


def test_status_has_the_coverage_of_every_metric(browser):
    coverage = browser.get("/status.json").json["coverage"]
    assert list(coverage) == [metric.key for metric in default_method().metrics]
    assert coverage["earnings_yield"] == {"known": 12, "applicable": 14}
    assert coverage["equity_to_assets"] == {"known": 0, "applicable": 1}


def test_the_methodology_is_the_method_table(browser):
    page = html.unescape(browser.get("/methodology").text)
    for metric in default_method().metrics:
        assert metric.label in page
        assert metric.definition.split(";")[0] in page
    for signal, least in THRESHOLDS.items():
        assert signal in page
        assert not least or f"{least / 100:.1f} and more" in page
    rows = list(csv.DictReader(io.StringIO(browser.get("/methodology.csv").text)))
    assert [row["key"] for row in rows] == [metric.key for metric in default_method().metrics]
    data = browser.get("/methodology.json").json
    assert data["method"] == DEFAULT
    assert sum(metric["points"] for metric in data["factors"]["momentum"]) == 25


def test_alive_needs_nothing_and_ready_needs_an_edition(browser, client):
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").status_code == 503
    ready = browser.get("/readyz")
    assert ready.status_code == 200
    assert ready.json["edition"] == 2
    assert ready.json["edition_age_seconds"] == 0


def test_without_tables_it_is_alive_not_ready_and_pages_say_what_to_do(app, client):
    with app.app_context():
        db.drop_all()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json["database"] == "failed"
    for path in ("/", "/stocks", "/stocks/T05", "/status"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "flask db upgrade" in answer.text


def test_stocks_that_nothing_looks_after_are_said(app_on, sqlite_url):
    app = app_on(sqlite_url, EXCHANGES="XLON", CLOCK=lambda: small_market.NOW)
    with app.app_context():
        fill()
    browser = app.test_client()
    assert "14 stocks are on XNYS, which nothing looks after" in browser.get("/status").text
    (said,) = browser.get("/status.json").json["unattended"]
    assert (said["exchange"], said["stocks"]) == ("XNYS", 14)


def test_where_every_exchange_is_looked_after_nothing_is_said(browser):
    assert browser.get("/status.json").json["unattended"] == []
    assert "nothing looks after" not in browser.get("/status").text
