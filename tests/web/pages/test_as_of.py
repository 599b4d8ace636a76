"""Pages of a past day: what was recorded, marked as past, the same for ever."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from stockscore.extensions import db
from stockscore.providers.base import Bar
from stockscore.scoring.stored_score import day_receipt
from stockscore.services import past_market, scores, since, snapshots, universe
from stockscore.services.past_days import recorded_day
from stockscore.store import bars, cross_sections, sessions, stocks
from stockscore.store import snapshots as kept_snapshots
from stockscore.store.models import Stock
from stockscore.store.pages import stock as stock_page
from stockscore.store.transactions import transaction
from tests.support import small_market
from tests.support.small_market import NOW, TODAY

THURSDAY = TODAY - timedelta(days=1)
ASKED = THURSDAY.isoformat()

LISTS = (
    "/stocks",
    "/stocks?sort=market_cap&dir=asc",
    "/stocks?q=company&sector=Technology",
    "/leaderboard",
    "/leaderboard?by=signal",
    "/leaderboard?by=sector",
    "/top-picks",
    "/top-picks?horizon=long",
    "/screener",
    "/screener?strategy=value-gems",
    "/screener?roe_min=0.06&pe_max=40&show=near",
)
PAGES = (*LISTS, "/stocks/T05", "/stocks/T11")
ONE_OF_EACH = ("/stocks", "/leaderboard", "/top-picks", "/screener", "/stocks/T05")
FORMATS = ("", ".json", ".csv")


def address(page, suffix="", day=ASKED, **more):
    path, _, query = page.partition("?")
    asked = "&".join(filter(None, (query, f"as_of={day}", *(f"{k}={v}" for k, v in more.items()))))
    return f"{path}{suffix}?{asked}"


@pytest.mark.parametrize("page", PAGES)
def test_a_past_page_answers_in_every_format_and_says_that_it_is_past(browser, page):
    shown = browser.get(address(page))
    assert shown.status_code == 200
    text = " ".join(shown.text.split())
    assert "As of 19 Nov 2026" in text
    assert "by method 1.1" in text
    assert "As recorded on <b>19 Nov 2026</b>" in text
    said = browser.get(address(page, ".json")).json
    assert said["recorded"]["session"] == ASKED
    assert (said["edition"], said["method"]) == (None, "1.1")
    assert "since" not in said
    assert browser.get(address(page, ".csv")).status_code == 200


def test_a_list_has_what_was_recorded_with_the_prices_of_then(browser, market):
    items = browser.get(address("/leaderboard", ".json", per_page=200)).json["items"]
    with market.app_context():
        ids = {stock.ticker: stock.id for stock in stocks.active()}
        kept = {ticker: snapshots_of(ids[ticker]) for ticker in [item["ticker"] for item in items]}
    assert [item["score"]["rank"] for item in items] == list(range(1, 13))
    for item in items:
        snapshot = kept[item["ticker"]]
        assert round(100 * item["score"]["total"]) == snapshot["total"]
        assert item["score"]["signal"] == snapshot["signal"]
        assert item["price"] == snapshot["price"]
    now = browser.get("/leaderboard.json?per_page=200").json["items"]
    totals = {item["ticker"]: item["score"]["total"] for item in now}
    assert totals != {item["ticker"]: item["score"]["total"] for item in items}
    assert f'href="/stocks/T05?as_of={ASKED}"' in browser.get(address("/leaderboard")).text


def snapshots_of(stock_id):
    row = kept_snapshots.of_stock(stock_id, THURSDAY)
    return {"total": row.total, "signal": row.signal, "price": row.price}


def test_the_page_of_a_stock_has_its_score_of_then_and_its_receipt(browser):
    said = browser.get(address("/stocks/T06", ".json")).json
    now = browser.get("/stocks/T06.json").json
    assert said["score"]["total"] != now["score"]["total"]
    by_hand = browser.get(said["inputs"]).json
    assert by_hand["receipt"] == said["receipt"]
    assert round(100 * said["score"]["total"]) == by_hand["values"]["total"]
    assert [point["session"] for point in said["history"]] == [ASKED]
    page = browser.get(address("/stocks/t06")).text
    assert said["receipt"] in page
    assert f'href="/stocks/T06/inputs.json?as_of={ASKED}"' in page


def test_the_prices_of_a_past_stock_end_on_that_day(browser):
    rows = browser.get(address("/stocks/T06", ".csv")).text.splitlines()
    assert rows[-1].startswith(ASKED)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_day_without_a_session_leads_to_the_one_before(browser, page, suffix):
    answer = browser.get(address(page, suffix, day="2026-11-20"))
    assert answer.status_code == 303
    assert f"as_of={ASKED}" in answer.headers["Location"]
    assert browser.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "page", ["/stocks", "/leaderboard", "/top-picks", "/screener", "/stocks/T05"]
)
def test_a_day_that_cannot_be_meant_gets_a_sentence(browser, page):
    before = browser.get(address(page, ".json", day="2020-01-03"))
    assert before.status_code == 404
    assert "The record begins on 2026-11-19" in before.json["error"]
    future = browser.get(address(page, ".json", day="2026-11-21"))
    assert future.status_code == 400
    assert "2026-11-21 has not come yet" in future.json["error"]
    for wrong in ("2026-02-30", "yesterday", "0000-01-01", "2026-1-1"):
        assert browser.get(address(page, ".json", day=wrong)).status_code == 400
    alone = browser.get(f"{page}.json?since=1")
    assert alone.status_code == 400
    assert "“as_of” is not given" in alone.json["error"]


def test_a_stock_that_was_not_recorded_then_has_no_page_of_that_day(browser):
    answer = browser.get(address("/stocks/BRK.B", ".json"))
    assert answer.status_code == 404
    assert answer.json["error"] == f"Nothing was recorded of BRK.B on {ASKED}."


def test_what_is_not_recorded_cannot_be_chosen(browser):
    choices = browser.get(address("/stocks")).text
    assert "Financial Services" not in choices
    assert "Financial Services" in browser.get("/stocks").text
    refused = browser.get(address("/stocks?sector=Financial%20Services"))
    assert refused.status_code == 400


def test_today_leads_to_past_days_without_a_script(browser):
    for page in ONE_OF_EACH:
        text = browser.get(page).text
        assert re.search(r'<input id="f-as-of" type="date" name="as_of"', text)


# What is learned later.


@pytest.fixture
def grown(copied_market):
    """The published market, and what is added to it afterwards."""
    app = copied_market()
    later = NOW + timedelta(days=3)
    monday = later.date()

    def grow():
        with app.app_context():
            with transaction():
                sessions.save(small_market.trading_days(monday, 3))
                for number, stock in enumerate(stocks.active()[:10]):
                    fresh = small_market.price_bars(11 - number % 12, [monday])
                    bars.save(stock.id, fresh, "test")
                stocks.remove([stocks.find("T03").id], later)
            app.config["CLOCK"] = lambda: later
            snapshots.take("XNYS", NOW)
            scores.publish(later)
            snapshots.take("XNYS", later)

    app.grow = grow
    return app


def read_all(app, **more):
    browser = app.test_client()
    found = {}
    for page in PAGES:
        for suffix in FORMATS:
            answer = browser.get(address(page, suffix, **more))
            assert answer.status_code == 200, (page, suffix, answer.text[:200])
            found[page, suffix] = answer.text
    return found


NAVIGATION = re.compile(r'<nav aria-label="Other days">.*?</nav>', re.DOTALL)
"""Gets the link to the next session once there is one."""

SINCE = re.compile(r"<(p|td|span)[^>]* data-since>.*?</\1>", re.DOTALL)


def test_nothing_on_a_past_page_changes_when_anything_is_added(grown):
    before = read_all(grown)
    grown.grow()
    after = read_all(grown)
    for key, text in before.items():
        now = after[key]
        if key[1] == "":
            text, now = NAVIGATION.sub("", text), NAVIGATION.sub("", now)
        assert now.replace('"final":true', '"final":false') == text, key
    assert '"final":true' in after["/stocks", ".json"]
    assert f"as_of={TODAY}" in NAVIGATION.search(after["/stocks", ""])[0]


def test_what_became_of_stocks_is_all_that_changes_where_it_is_asked_for(grown):
    before = read_all(grown, since=1)
    grown.grow()
    after = read_all(grown, since=1)
    changed = [key for key in before if before[key] != after[key]]
    assert ("/leaderboard", "") in changed
    for page in ("/leaderboard", "/top-picks"):
        text, now = (NAVIGATION.sub("", found[page, ""]) for found in (before, after))
        assert SINCE.sub("", text) == SINCE.sub("", now)


def test_what_became_of_a_stock_is_its_total_return_and_its_end(grown):
    grown.grow()
    browser = grown.test_client()
    said = browser.get(address("/leaderboard", ".json", since=1)).json
    became = said["since"]["stocks"]
    gone = became["T03"]
    assert gone["ended"] is True
    item = next(item for item in said["items"] if item["ticker"] == "T00")
    with grown.app_context():
        last = bars_of("T00")[-1]
    assert became["T00"]["total_return"] == pytest.approx(last.close / item["price"] - 1)
    assert became["T00"]["until"] == last.session.isoformat()
    assert said["since"]["all_known"] == 12
    page = browser.get(address("/screener?roe_min=0.01", since=1)).text
    assert "Since then the median of these" in page
    assert "One date is an anecdote" in page
    assert "to its end on" in browser.get(address("/leaderboard", since=1)).text


def bars_of(ticker):
    return stock_page.bars(stocks.find(ticker).id, 5)


def test_dividends_and_splits_are_part_of_what_became_of_a_stock(copied_market):
    app = copied_market()
    with app.app_context():
        stock_id = db.session.query(Stock).filter_by(ticker="T05").one().id
        day = recorded_day(THURSDAY, TODAY)
        section = cross_sections.of_session("XNYS", THURSDAY)
        assert past_market.of_day(day).section.stock_ids == section.stock_ids
        then = past_market.of_day(day).lines([stock_id])[0].price
        with transaction():
            # Two new shares for one old, and 5 % paid: worth as much as before.
            halved = then / 2 * 0.95
            fresh = Bar(TODAY, *[halved] * 4, 1000, then / 2 * 0.05, 2.0, 0.5 * 0.95)
            bars.save(stock_id, [fresh], "test")
            stocks.remove([stock_id], NOW)
        found = since.outcomes(past_market.of_day(day), [stock_id])
    outcome = found.of_stocks[stock_id]
    assert outcome.total_return == pytest.approx(0)
    assert (outcome.until, outcome.ended) == (date(2026, 11, 20), True)


def test_a_removed_stock_stays_in_past_days_and_is_found_there(grown):
    grown.grow()
    browser = grown.test_client()
    found = browser.get(address("/stocks?q=T03", ".json")).json
    assert [item["ticker"] for item in found["items"]] == ["T03"]
    assert browser.get("/stocks.json?q=T03").json["total"] == 0
    assert browser.get(address("/stocks/T03")).status_code == 200


def test_the_ticker_of_before_leads_to_the_one_of_now(copied_market):
    app = copied_market()
    with app.app_context():
        universe.rename("T05", "META", NOW)
    browser = app.test_client()
    for suffix in FORMATS:
        answer = browser.get(f"/stocks/t05{suffix}?range=1m")
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"/stocks/META{suffix}?range=1m")
    assert browser.get("/stocks/META").status_code == 200
    (item,) = browser.get(f"/receipts.json?date={ASKED}").json["items"]
    assert day_receipt(item["receipts"]) == item["receipt"]
    assert browser.get(f"/stocks/META/inputs.json?as_of={ASKED}").json["ticker"] == "T05"


def test_a_removed_stock_is_suggested_last_and_marked(browser):
    items = browser.get("/search.json?q=gone").json["items"]
    assert [(item["ticker"], item["ended"]) for item in items] == [("GONE", True)]
