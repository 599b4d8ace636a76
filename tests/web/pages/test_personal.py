"""/watchlists and /portfolio: what a browser keeps, by forms that need no JavaScript, and nobody
else sees."""

from __future__ import annotations

import csv
import io
import re

import pytest

from stockscore.services.personal import valuation
from stockscore.web.http.reader import COOKIE
from stockscore.web.pages.portfolio.what_if import COMPARED
from tests.support.chromium import faults_of_layout, served, violations
from tests.support.forms import csrf_token


@pytest.fixture
def own_market(copied_market):
    return copied_market()


@pytest.fixture
def browser(own_market):
    return own_market.test_client()


def token(browser, path="/watchlists") -> str:
    return csrf_token(browser.get(path))


def post(browser, path, **data):
    return browser.post(path, data=data | {"csrf_token": token(browser)}, follow_redirects=True)


def said(answer) -> str:
    """The page with every kind of space as one."""
    return " ".join(answer.text.split())


def test_looking_keeps_nothing(browser):
    for path in ("/watchlists", "/portfolio", "/watchlists/add?t=T05", "/personal/delete"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert 'name="robots" content="noindex"' in answer.text
    assert browser.get_cookie(COOKIE) is None


def test_the_key_is_out_of_reach_of_scripts_and_of_other_sites(browser):
    answer = browser.post("/watchlists", data={"name": "Mine", "csrf_token": token(browser)})
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith(COOKIE))
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=34560000"} <= set(cookie.split("; "))


def test_a_stock_goes_on_a_new_list_from_its_own_page(browser):
    assert 'href="/watchlists/add?t=T05"' in browser.get("/stocks/T05").text
    page = post(browser, "/watchlists/add", t="T05", name="Mine", note="<b>cheap</b>").text
    assert "On the list now: T05." in page
    assert "&lt;b&gt;cheap&lt;/b&gt;" in page
    assert "1 list, 1 stock." in said(browser.get("/watchlists"))


def test_ticked_stocks_go_on_a_list_together(browser):
    assert 'formaction="/watchlists/add"' in browser.get("/stocks").text
    page = said(post(browser, "/watchlists/add", t=["T05", "t11", "T05"], name="Mine"))
    assert "2 stocks, mean score" in page
    assert 'href="/compare?t=T05&amp;t=T11"' in page


def test_a_note_is_changed_and_a_stock_taken_off(browser):
    post(browser, "/watchlists/add", t=["T05", "T11"], name="Mine")
    page = post(browser, "/watchlists/1/change", do="note T11", note="later").text
    assert "later" in page
    page = post(browser, "/watchlists/1/change", do="remove T05").text
    assert "/stocks/T05" not in page
    assert "/stocks/T11" in page


def test_a_list_is_renamed_and_deleted(browser):
    post(browser, "/watchlists", name="Mine")
    assert "<h1>Ours</h1>" in post(browser, "/watchlists/1/change", do="rename", name="Ours").text
    assert "No watchlist yet" in post(browser, "/watchlists/1/change", do="delete").text


@pytest.mark.parametrize(
    ("path", "data", "sentence"),
    [
        ("/watchlists", {"name": " "}, "needs a name"),
        (
            "/watchlists/add",
            {"name": "Mine", "t": "NONE"},
            "No stock has the ticker or ISIN “NONE”",
        ),
        ("/watchlists/add", {"name": "Mine"}, "at least one ticker"),
        ("/watchlists/add", {"t": "T05"}, "Choose a watchlist"),
        ("/watchlists/add", {"t": "T05", "list": "9" * 5000}, "Choose a watchlist"),
        ("/watchlists/add", {"name": "Mine", "t": ["T05"] * 51}, "At most 50 stocks"),
        ("/watchlists/import", {"text": "nothing"}, "must name “list” and “ticker”"),
        ("/portfolio", {"t": "T05", "shares": "many"}, "is “many”"),
        ("/portfolio", {"t": "T05", "shares": ""}, "how many shares of T05"),
        ("/portfolio", {"t": "", "shares": "1"}, "Give a ticker"),
        ("/portfolio/import", {"text": "ticker,shares\nT05,0\n"}, "Line 2"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence_and_400(browser, path, data, sentence):
    answer = post(browser, path, **data)
    assert answer.status_code == 400
    assert sentence in said(answer)


def test_a_list_of_another_browser_is_a_404(own_market, browser):
    post(browser, "/watchlists", name="Mine")
    stranger = own_market.test_client()
    assert stranger.get("/watchlists/1").status_code == 404
    assert post(stranger, "/watchlists/1/change", do="delete").status_code == 404
    assert post(stranger, "/watchlists/add", t="T05", list="1").status_code == 404
    assert browser.get("/watchlists/1").status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "IngiLg.x", "InNvbWVib2R5Ig.AAAA"])
def test_a_key_that_is_not_signed_is_none(browser, cookie):
    browser.set_cookie(COOKIE, cookie)
    assert browser.get("/watchlists.json").json["items"] == []


def test_a_form_from_elsewhere_is_refused(browser):
    assert browser.post("/watchlists", data={"name": "Mine"}).status_code == 400
    assert browser.get("/watchlists.json").json["items"] == []


def test_what_is_exported_can_be_imported_again(own_market, browser):
    post(browser, "/watchlists/add", t=["T05", "T11"], name="=Mine", note="+1, “soon”")
    post(browser, "/portfolio", t="T05", shares="12.5", average_price="48.25", note="a")
    post(browser, "/portfolio", t="T11", shares="3")
    other = own_market.test_client()
    for page in ("watchlists", "portfolio"):
        text = browser.get(f"/{page}.csv").text
        post(other, f"/{page}/import", text=text)
        assert other.get(f"/{page}.csv").text == text
    assert other.get("/watchlists.json").json["items"][0]["name"] == "=Mine"


def test_a_position_has_its_value_profit_and_weight(browser):
    price = browser.get("/stocks/T05.json").json["price"]
    score = browser.get("/stocks/T05.json").json["score"]["total"]
    page = said(post(browser, "/portfolio", t="t05", shares="10", average_price=str(price / 2)))
    assert "T05 is in the portfolio." in page
    assert "+100.0 %" in page
    (account,) = browser.get("/portfolio.json").json["accounts"]
    assert account["currency"] == "USD"
    assert account["value"] == pytest.approx(10 * price)
    assert account["profit"] == pytest.approx(5 * price)
    assert account["score"] == score
    assert account["positions"][0]["weight"] == 1.0
    rows = list(csv.DictReader(io.StringIO(browser.get("/portfolio.csv").text)))
    assert [row["ticker"] for row in rows] == ["T05"]
    assert "No position yet" in post(browser, "/portfolio/remove", t="T05").text


def test_what_if_shows_both_and_keeps_nothing(browser):
    post(browser, "/portfolio", t="T05", shares="10")
    page = browser.get("/portfolio?if=t11&by=5").text
    assert "Buying 5 T11 at" in page
    assert "Weight of T11" in page
    assert "Selling 10 T05" in browser.get("/portfolio?if=T05&by=-10").text
    assert "11 cannot go" in browser.get("/portfolio?if=T05&by=-11").text
    assert "There is no price of BRK.B" in browser.get("/portfolio?if=BRK.B&by=1").text
    assert len(browser.get("/portfolio.json").json["accounts"][0]["positions"]) == 1


@pytest.mark.parametrize("typed", ["1200", "-1200", "−1200", "0.5"])
def test_what_was_asked_can_be_asked_again(browser, typed):
    post(browser, "/portfolio", t="T05", shares="5000")
    page = browser.get("/portfolio", query_string={"if": "t05", "by": typed})
    field = re.search(r'name="by" required value="([^"]*)"', page.text)[1]
    assert 'class="data what-if"' in page.text
    again = browser.get("/portfolio", query_string={"if": "T05", "by": field})
    assert 'class="data what-if"' in again.text


def test_a_score_of_zero_is_a_score():
    written = dict(COMPARED)["Weighted score"]
    account = valuation.Account("USD", (), 1.0, 0.0, None, 0, 1.0, {}, {})
    assert written(account) == "0.0"


def test_a_stock_that_left_the_market_stays_on_its_list_and_says_so(browser):
    page = post(browser, "/watchlists/add", t=["GONE", "BRK.B"], name="Mine").text
    assert page.count("not rated") >= 2
    assert "Gone Corporation" in page


def test_everything_is_deleted_at_once(browser):
    post(browser, "/watchlists/add", t="T05", name="Mine")
    post(browser, "/portfolio", t="T05", shares="1")
    assert "cannot be undone" in browser.get("/personal/delete").text
    page = post(browser, "/personal/delete").text
    assert "Everything that was kept for this browser is deleted." in page
    assert browser.get_cookie(COOKIE) is None
    assert browser.get("/portfolio.json").json["accounts"] == []


def fill(browser) -> None:
    post(browser, "/watchlists/add", t=["T05", "T11", "BRK.B", "GONE"], name="Mine", note="a note")
    for ticker in ("T05", "T11", "BRK.B"):
        post(browser, "/portfolio", t=ticker, shares="10", average_price="40", note="a note")


@pytest.fixture
def kept_site(own_market, browser):
    """The site on a server, and the browser's key."""
    fill(browser)
    with served(own_market) as url:
        yield url, {"name": COOKIE, "value": browser.get_cookie(COOKIE).value, "url": url}


@pytest.mark.parametrize(
    "path", ["/watchlists", "/watchlists/1", "/portfolio?if=T11&by=2", "/watchlists/add?t=T05"]
)
def test_personal_pages_fit_and_break_no_rule_of_axe(chromium, kept_site, path):
    url, cookie = kept_site
    assert faults_of_layout(chromium, url + path, cookie=cookie) == {}
    assert violations(chromium, url + path, cookie) == []
