"""/compare: any spelling, what is best, what is wrong with a question, and the same as data."""

import csv
import io

import pytest
from bs4 import BeautifulSoup

from stockscore.scoring.fields import BY_KEY
from stockscore.web.pages.compare.question import canonical

PAIR = "t=T05&t=T11"


def compared(browser, query=PAIR):
    answer = browser.get(f"/compare.json?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_stocks_stand_in_the_order_given_whatever_their_spelling(browser):
    answer = compared(browser, "t=t11&t=+T05+&t=brk/b")
    assert [item["ticker"] for item in answer["items"]] == ["T11", "T05", "BRK.B"]
    page = browser.get("/compare?t=brk.b&t=T05").text
    assert 'rel="canonical" href="/compare?t=BRK.B&amp;t=T05"' in page
    assert page.index("BRK.B") < page.index('href="/stocks/T05"')


@pytest.mark.parametrize(
    ("key", "best"), [("roe", max), ("debt_to_equity", min), ("pe", min), ("score", max)]
)
def test_the_best_figure_of_a_row_follows_what_is_better(browser, key, best):
    answer = compared(browser, "t=T02&t=T05&t=T11")
    figures = {item["ticker"]: item["figures"][key] for item in answer["items"]}
    assert answer["best"][key] == [best(figures, key=figures.get)]


def test_rsi_is_best_in_the_middle(browser):
    answer = compared(browser, "t=T02&t=T05&t=T08&t=T11")
    best = answer["best"]["rsi_14"]
    rsi = {item["ticker"]: item["figures"]["rsi_14"] for item in answer["items"]}
    assert BY_KEY["rsi_14"].higher_is_better is None
    assert all(abs(rsi[one] - 52.5) == min(abs(v - 52.5) for v in rsi.values()) for one in best)


@pytest.mark.parametrize("key", ["price", "market_cap", "payout"])
def test_neither_high_nor_low_is_best_where_neither_is_good(browser, key):
    assert compared(browser)["best"][key] == []


def test_one_known_figure_is_not_the_best_of_its_row(browser):
    assert set(map(tuple, compared(browser, "t=T05&t=BRK.B")["best"].values())) == {()}


def test_the_best_is_said_in_a_word_and_counted(browser):
    answer, page = compared(browser), browser.get(f"/compare?{PAIR}").text
    wins = sum("T11" in tickers for tickers in answer["best"].values())
    assert f"best in {wins}" in page
    # Once more in the explanation below the table.
    assert page.count("</svg>best<") == 1 + sum(map(len, answer["best"].values()))
    assert "T11 scores highest" in page


def test_a_stock_that_is_not_rated_says_so(browser):
    page = browser.get("/compare?t=T05&t=BRK.B").text
    assert page.count("not rated") >= 2
    assert "&lt;b&gt;Hath" in page


def test_rows_that_apply_to_none_of_the_stocks_are_left_out(browser):
    assert "Equity to assets" not in browser.get(f"/compare?{PAIR}").text


def test_an_unknown_ticker_is_explained_beside_the_stocks_that_are_known(browser):
    answer = browser.get("/compare?t=T05&t=T1&t=T11")
    assert answer.status_code == 404
    assert "No stock has the ticker “T1”" in answer.text
    assert "/compare?t=T05&amp;t=T11&amp;t=T10" in answer.text
    assert "Return on equity" in answer.text
    data = browser.get("/compare.json?t=T05&t=T1")
    assert data.status_code == 404
    assert data.json["near"]


def test_a_stock_given_twice_is_shown_once_and_says_so(browser):
    page = browser.get("/compare?t=T05&t=t05&t=T11")
    assert page.status_code == 200
    assert "T05 was given more than once" in page.text
    assert page.text.count('href="/stocks/T05"') == 1
    assert len(compared(browser, "t=T05&t=T05&t=T11")["items"]) == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("t=T01&t=T02&t=T03&t=T04&t=T05", "names 5 stocks"),
        ("t=%FF&t=T01", "UTF-8"),
        ("t=a%00b&t=T01", "one line"),
        (f"t={'x' * 65}&t=T01", "64 characters"),
    ],
)
def test_a_bad_question_is_explained(browser, query, said):
    for suffix in ("", ".json", ".csv"):
        answer = browser.get(f"/compare{suffix}?{query}")
        assert answer.status_code == 400
        assert said in answer.text


def test_one_stock_or_none_invites_to_add_and_is_no_comparison_for_scripts(browser):
    assert "Second ticker" in browser.get("/compare").text
    page = browser.get("/compare?t=T05&t=")
    assert page.status_code == 200
    assert "add a second stock" in page.text
    assert 'type="hidden" name="t" value="T05"' in page.text
    for query in ("", "t=T05"):
        assert browser.get(f"/compare.json?{query}").status_code == 400
        assert browser.get(f"/compare.csv?{query}").status_code == 400


def test_a_stock_can_be_taken_away_and_four_leave_no_room(browser):
    page = browser.get("/compare?t=T01&t=T02&t=T03&t=T04").text
    assert 'href="/compare?t=T01&amp;t=T03&amp;t=T04"' in page
    assert 'id="f-t"' not in page


def test_csv_has_a_line_a_figure_and_a_column_a_stock(browser):
    rows = list(csv.DictReader(io.StringIO(browser.get(f"/compare.csv?{PAIR}").text)))
    answer = compared(browser)
    assert [row["figure"] for row in rows] == list(answer["items"][0]["figures"])
    [row] = [row for row in rows if row["figure"] == "roe"]
    assert float(row["T05"]) == answer["items"][0]["figures"]["roe"]
    assert row["best"] == "T11"


@pytest.mark.parametrize(
    ("query", "spelling"),
    [
        (b"t=brk.b&t=aapl", "t=BRK-B&t=AAPL"),
        (b"x=1&t=A&t=&utm=2", "t=A"),
        (b"", ""),
        (b"t=A&t=a", None),
        (b"t=1&t=2&t=3&t=4&t=5", None),
        (b"t=%FF", None),
    ],
)
def test_a_question_has_one_spelling(query, spelling):
    assert canonical(query) == spelling


def test_before_there_is_a_market_the_page_says_what_to_run(client):
    page = client.get("/compare")
    assert page.status_code == 200
    assert "flask demo load" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/stocks",
        "/stocks/T05",
        "/leaderboard",
        "/leaderboard?by=sector",
        "/top-picks",
        "/screener?roe_min=0.06",
        "/movers?days=1",
    ],
)
def test_a_stock_of_any_table_can_be_ticked_for_it(browser, path):
    page = BeautifulSoup(browser.get(path).text, "html.parser")
    assert len(page.select("form#compare")) == 1
    rows = [row for row in page.select("main tbody tr") if row.select("th > a.stock")]
    assert rows
    for row in rows:
        [box] = row.select("input[form=compare]")
        assert box["value"] == row.select_one(".tick").text
