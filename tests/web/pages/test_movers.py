"""/movers: only real rises and falls, against the snapshot that changes are counted from."""

import csv
import io
import shutil

import pytest

from stockscore import create_app
from stockscore.extensions import db
from stockscore.store import cross_sections, snapshots
from stockscore.store.models import Score, Snapshot
from tests.support import small_market
from tests.support.published_market import THURSDAY
from tests.support.rewritten_columns import edition, rewrite


def moves(browser, query=""):
    answer = browser.get(f"/movers.json?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.fixture
def thursday(market):
    """What Thursday's snapshot said, by stock id, and the ids by ticker."""
    with market.app_context():
        said = snapshots.of_session(THURSDAY.date(), [s.id for s in small_market.stocks.active()])
        ids = {stock.ticker: stock.id for stock in small_market.stocks.active()}
    return {ticker: said[stock_id] for ticker, stock_id in ids.items() if stock_id in said}


@pytest.fixture(scope="module")
def fallen(market_database, tmp_path_factory):
    """Reads a market in which T03 and T02 fell; T02 was 31st on Thursday, and T03 is now."""
    path = tmp_path_factory.mktemp("fallen") / "market.db"
    shutil.copyfile(market_database.removeprefix("sqlite:///"), path)
    app = create_app({"DATABASE_URL": f"sqlite:///{path}", "TESTING": True})
    with app.app_context():
        ids = {ticker: small_market.stocks.find(ticker).id for ticker in ("T02", "T03")}
        db.session.get(Score, ids["T03"]).change_1 = -900
        db.session.get(Score, ids["T03"]).rank = 31
        db.session.get(Score, ids["T02"]).change_1 = -100
        db.session.get(Snapshot, (ids["T02"], THURSDAY.date())).rank = 31
        rewrite(edition(), ids["T03"], {"change_1": -900, "rank": 31})
        rewrite(edition(), ids["T02"], {"change_1": -100})
        rewrite(cross_sections.of_session("XNYS", THURSDAY.date()), ids["T02"], {"rank": 31})
        db.session.commit()
    yield app.test_client()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_gainers_rose_and_losers_fell_the_largest_first(browser, thursday):
    answer = moves(browser)
    rose = [item["change"] for item in answer["gainers"]]
    fell = [item["change"] for item in answer["losers"]]
    assert "T06" in [item["ticker"] for item in answer["gainers"]]
    assert all(change > 0 for change in rose)
    assert all(change < 0 for change in fell)
    assert rose == sorted(rose, reverse=True)
    assert fell == sorted(fell)
    assert (answer["risen"], answer["fallen"]) == (len(rose), len(fell))
    assert len(rose) + len(fell) < len(thursday)


def test_a_stock_whose_score_fell_is_a_loser(fallen):
    answer = moves(fallen)
    assert [item["ticker"] for item in answer["losers"]] == ["T03", "T02"]
    assert "T03" not in [item["ticker"] for item in answer["gainers"]]
    assert "No score fell." not in fallen.get("/movers").text


def test_who_came_into_the_top_and_who_left_it_are_named(fallen):
    answer = moves(fallen)
    assert [item["ticker"] for item in answer["entered_top"]] == ["T02"]
    assert answer["entered_top"][0]["rank_before"] == 31
    assert [item["ticker"] for item in answer["left_top"]] == ["T03"]


def test_a_change_is_against_what_the_snapshot_said(browser, thursday):
    answer = moves(browser)
    assert answer["since"] == THURSDAY.date().isoformat()
    for item in answer["gainers"] + answer["losers"]:
        before = thursday[item["ticker"]]
        assert round(100 * item["score"]["total"]) - before.total == round(100 * item["change"])
        assert (item["signal_before"], item["rank_before"]) == (before.signal, before.rank)


def test_signal_changes_are_those_that_differ_from_the_snapshot(browser, thursday):
    stocks = browser.get("/stocks.json?per_page=200").json["items"]
    expected = [
        item["ticker"]
        for item in stocks
        if item["score"]["signal"]
        and item["ticker"] in thursday
        and item["score"]["signal"] != thursday[item["ticker"]].signal
    ]
    assert expected
    assert [item["ticker"] for item in moves(browser)["signal_changes"]] == expected


def test_a_top_that_has_room_for_all_has_nobody_new_and_nobody_gone(browser):
    answer = moves(browser)
    assert (answer["entered_top"], answer["left_top"]) == ([], [])
    page = browser.get("/movers").text
    assert "Nothing is new in the top 20." in page


def test_without_a_snapshot_that_old_the_page_says_so_and_shows_no_table(browser):
    page = browser.get("/movers?days=30")
    assert page.status_code == 200
    assert "No daily snapshot is 30\u00a0days old yet" in page.text
    assert "<table" not in page.text
    answer = moves(browser, "days=30")
    assert answer["since"] is None
    assert answer["gainers"] == answer["signal_changes"] == answer["entered_top"] == []


def test_a_day_is_the_default_and_leaves_the_address(browser):
    assert moves(browser) == moves(browser, "days=1")
    assert 'rel="canonical" href="/movers"' in browser.get("/movers?days=1&x=2").text


@pytest.mark.parametrize("days", ["0", "2", "-1", "week", "1e9"])
def test_another_number_of_days_is_explained(browser, days):
    for suffix in ("", ".json", ".csv"):
        answer = browser.get(f"/movers{suffix}?days={days}")
        assert answer.status_code == 400
        assert "1, 7, 30 or 90" in answer.text


def test_csv_has_all_moves_with_their_kind(browser):
    rows = list(csv.DictReader(io.StringIO(browser.get("/movers.csv").text)))
    answer = moves(browser)
    kinds = [row["kind"] for row in rows]
    assert kinds.count("gainer") == len(answer["gainers"])
    assert kinds.count("loser") == len(answer["losers"])
    assert kinds.count("signal change") == len(answer["signal_changes"])
    assert all(float(row["change"]) > 0 for row in rows if row["kind"] == "gainer")


def test_the_page_says_what_a_signal_was(browser):
    page = browser.get("/movers").text
    answer = moves(browser)
    assert answer["signal_changes"]
    for item in answer["signal_changes"]:
        assert f'<td class="num">{item["signal_before"]}</td>' in page


def test_before_the_first_edition_the_page_says_what_to_run(client):
    page = client.get("/movers")
    assert page.status_code == 200
    assert "flask demo load" in page.text
    assert client.get("/movers.json").json["gainers"] == []
