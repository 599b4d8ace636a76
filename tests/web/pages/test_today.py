"""/: the front page is written from the data."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from stockscore.extensions import db
from stockscore.services import scores
from stockscore.store import cross_sections, stocks
from stockscore.store.models import Stock
from stockscore.store.summary import EditionSummary, PreviousMedian
from stockscore.store.transactions import transaction
from stockscore.web.pages.today import headline
from tests.support import small_market
from tests.support.published_market import THURSDAY
from tests.support.rewritten_columns import edition, rewrite


@pytest.fixture
def data(browser):
    return browser.get("/.json").json


def test_the_headline_counts_what_the_lists_show(browser, data):
    good = [
        item
        for item in browser.get("/leaderboard.json").json["items"]
        if item["score"]["signal"] in {"BUY", "STRONG BUY"}
    ]
    page = browser.get("/").text
    assert data["headline"].startswith(f"{len(good)} of 12 rated stocks score BUY or better; ")
    assert data["headline"].endswith("changed today")
    assert data["headline"] in page


def test_it_says_since_when_where_the_data_are_not_of_today(app_on, market_database):
    monday = small_market.NOW.replace(day=23)
    later = app_on(market_database, CLOCK=lambda: monday)
    assert later.test_client().get("/.json").json["headline"].endswith("since Thursday’s close")


def test_signal_changes_are_against_the_last_snapshot(browser, data):
    changed = {item["ticker"]: item for item in data["signal_changes"]}
    assert "T06" in changed
    before = browser.get("/stocks/T06.json").json["history"][-1]["signal"]
    assert changed["T06"]["previous_signal"] == before != changed["T06"]["score"]["signal"]
    assert f"from {before} to" in browser.get("/").text


@pytest.fixture
def newcomers(copied_market):
    """Reads a market of which T03 was 25th before, and T07 was not rated."""
    app = copied_market()
    with app.app_context(), transaction():
        for ticker, rank in (("T03", 25), ("T07", None)):
            stock_id = stocks.find(ticker).id
            rewrite(edition(), stock_id, {"previous_rank": rank})
            thursday = cross_sections.of_session("XNYS", THURSDAY.date())
            rewrite(thursday, stock_id, {"rank": rank})
    return app.test_client()


def test_what_is_new_among_the_best_is_what_movers_say(newcomers):
    entered = newcomers.get("/.json").json["entered_top"]
    assert {item["ticker"]: item["rank_before"] for item in entered} == {"T03": 25, "T07": None}
    moved = newcomers.get("/movers.json?days=1").json["entered_top"]
    assert [item["ticker"] for item in moved] == [item["ticker"] for item in entered]
    page = " ".join(newcomers.get("/").text.split())
    assert "New in the top 20" in page
    assert "was 25" in page
    assert "was not rated" in page


def test_nothing_new_among_the_best_is_said(browser, data):
    assert data["entered_top"] == []
    assert "The 20 best are those of Thursday’s close" in browser.get("/").text


def test_what_rose_rose_and_what_fell_fell(data):
    up, down = (
        [item["score"]["changes"]["1"] for item in data["movers"][way]] for way in ("up", "down")
    )
    assert up == sorted(up, reverse=True)
    assert down == sorted(down)
    assert all(change > 0 for change in up)
    assert all(change < 0 for change in down)
    assert data["movers"]["up"][0]["ticker"] == "T06"


def test_the_sectors_and_the_histogram_add_up_to_the_market(data):
    assert sum(data["histogram"]["counts"]) == data["rated"] == 12
    assert sum(data["signals"].values()) == 12
    assert sum(row["rated"] for row in data["sectors"]) == 12
    assert data["leaders"][0]["score"]["rank"] == 1


def test_market_hours_come_from_the_sessions(browser, data):
    market = data["markets"][0]
    assert (market["exchange"], market["is_open"]) == ("XNYS", False)
    assert market["next_open"] == "2026-11-23T14:30:00Z"
    page = browser.get("/").text
    assert "opens Mon 09:30" in page
    assert "Prices" in page


@pytest.mark.parametrize("path", ["/", "/stocks", "/leaderboard", "/status", "/methodology"])
def test_before_anything_is_loaded_pages_say_what_to_run(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    if path != "/methodology":
        assert "flask demo load" in answer.text
    assert client.get(f"{path}.json").status_code == 200


def test_stocks_without_an_edition_say_that_nothing_is_scored(app, client):
    with app.app_context():
        small_market.save(count=2)
    assert "flask score" in client.get("/").text
    assert "flask score" in client.get("/leaderboard").text
    listed = client.get("/stocks.json").json
    assert listed["total"] == 2
    assert listed["edition"] is None
    page = client.get("/stocks/T00")
    assert page.status_code == 200
    assert "added after the last scoring" in page.text


def test_every_page_states_its_edition_and_the_age_of_its_prices(browser):
    for path in ("/", "/stocks", "/stocks/T05", "/leaderboard", "/methodology", "/status"):
        page = browser.get(path).text
        assert "Edition <b>2</b>" in page
        assert "Prices <b>16:00</b>" in page
        assert "not advice" in page


def test_a_real_market_is_not_called_simulated(browser, data):
    assert data["simulated"] is False
    assert "Simulated market" not in browser.get("/").text


def test_a_simulated_market_is_called_so_on_every_page(app, client):
    with app.app_context():
        small_market.save(count=3)
        with transaction():
            db.session.execute(update(Stock).values(source="demo"))
        scores.publish(small_market.NOW)
    for path in ("/", "/stocks", "/stocks/T01", "/leaderboard", "/methodology", "/status", "/no"):
        page = client.get(path).text
        assert "Simulated market" in page
        assert 'href="/glossary#simulated-market"' in page
    assert client.get("/stocks/T01.json").json["simulated"] is True


WEDNESDAY, THANKSGIVING = date(2026, 11, 25), date(2026, 11, 26)


@pytest.mark.parametrize(
    ("sessions", "since", "each"),
    [
        ({}, "Thursday’s close", None),
        ({"XNYS": THANKSGIVING, "XLON": THANKSGIVING}, "Thursday’s close", None),
        (
            {"XNYS": WEDNESDAY, "XLON": THANKSGIVING},
            "each exchange’s last close",
            "London since Thursday’s close; New York since Wednesday’s close.",
        ),
    ],
)
def test_each_exchange_counts_from_its_own_last_close(sessions, since, each) -> None:
    previous = PreviousMedian(5000, THANKSGIVING, sessions)
    summary = EditionSummary(date(2026, 11, 27), previous=previous)
    edition = SimpleNamespace(summary=summary, published_at=datetime(2026, 11, 27, 22, tzinfo=UTC))
    assert headline.since(edition) == since
    assert headline.since_each(edition) == each
    assert EditionSummary.from_json(summary.to_json()).previous == previous
