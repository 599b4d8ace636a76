"""/status, /methodology, /healthz and /readyz."""

import csv
import html
import io
from datetime import timedelta

import pytest

from stockscore.extensions import db
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.doctor.rules import RULES
from stockscore.scoring.methods import DEFAULT, default_method
from stockscore.scoring.signals import THRESHOLDS
from stockscore.services import quarantine as service
from stockscore.store import quarantine, stocks
from stockscore.store.models import Score
from stockscore.store.pages import market
from stockscore.store.transactions import transaction
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


def test_every_rule_is_listed_with_what_it_has_caught(browser):
    rules = browser.get("/status.json").json["rules"]
    assert [rule["key"] for rule in rules] == list(RULES)
    caught = {rule["key"]: (rule["open"], rule["decided"], rule["in_all"]) for rule in rules}
    assert caught.pop("price-jump") == (1, 0, 1)
    assert set(caught.values()) == {(0, 0, 0)}
    page = html.unescape(browser.get("/status").text)
    assert all(rule.text in page for rule in RULES.values())


@pytest.fixture
def filled(app):
    """The published market in a database of this test's own."""
    with app.app_context():
        fill()
        yield app


def hold_back(ticker, rule="price-jump"):
    held = RejectedValue(rule, "close", "1", None, "No.")
    with transaction():
        quarantine.add(stocks.find(ticker).id, held, "test", small_market.NOW)


@pytest.mark.usefixtures("filled")
def test_what_is_decided_and_what_an_unknown_rule_caught_is_counted():
    hold_back("FAIL", "rule-of-tomorrow")
    ids = [case.id for case in quarantine.open_items()]
    service.decide(ids, "refused", "ann", small_market.NOW)
    hold_back("T01")
    values, counts = market.caught(10)
    assert [value.ticker for value in values] == ["T01"]
    found = {count.rule: (count.open, count.decided, count.kept) for count in counts}
    assert found == {"price-jump": (1, 1, 2), "rule-of-tomorrow": (0, 1, 1)}
    assert len(market.caught(0)[1]) == 2, "what is not shown is counted all the same"


@pytest.mark.usefixtures("filled")
def test_quality_leaves_out_what_is_missing_stale_or_held_back():
    def quality():
        return market.data_state(small_market.NOW).freshness[0].quality

    assert quality() == pytest.approx(12 / 14), "of two of fourteen nothing is known"
    hold_back("T01")
    assert quality() == pytest.approx(11 / 14)
    with transaction():
        score = db.session.get(Score, stocks.find("T02").id)
        score.coverage = 0.5
    assert quality() == pytest.approx(10.5 / 14)
    with transaction():
        score.price_session = small_market.TODAY - timedelta(days=1)
    assert quality() == pytest.approx(10 / 14)
