"""/stocks and /leaderboard: search, filters, order, paging, and the same as JSON and CSV."""

import csv
import io
import re
from itertools import chain

import pytest
from sqlalchemy import event

from stockscore.extensions import db
from stockscore.store.pages import lists
from stockscore.web.ui import columns
from stockscore.web.ui.columns import csv_lines
from stockscore.web.ui.exports import cell
from tests.support import small_market

PATHS = ("/stocks", "/leaderboard")


def tickers(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200, answer.text
    return [item["ticker"] for item in answer.json["items"]]


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_all_listed_stocks_are_there_best_score_first_and_those_not_rated_last(browser):
    answer = browser.get("/stocks.json?per_page=200").json
    totals = [item["score"]["total"] for item in answer["items"]]
    rated = [total for total in totals if total is not None]
    assert answer["total"] == len(totals) == 14
    assert rated == sorted(rated, reverse=True)
    assert totals[len(rated) :] == [None, None]
    assert {"edition", "updated_at", "page", "per_page"} <= answer.keys()
    assert answer["updated_at"] == "2026-11-20T22:00:00Z"


def test_a_removed_stock_is_on_no_list(browser):
    for path in PATHS:
        assert "GONE" not in tickers(browser, f"{path}.json?per_page=200")


def test_the_leaderboard_has_rated_stocks_only(browser):
    answer = browser.get("/leaderboard.json").json
    assert [item["score"]["rank"] for item in answer["items"]] == list(range(1, 13))
    page = browser.get("/leaderboard").text
    assert "All 12 rated stocks" in page
    assert "Two stocks lack the data for a rating and are ranked nowhere." in page


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("sort", ["score", "value", "market_cap", "change_1"])
def test_unknown_numbers_come_last_in_both_directions(browser, sort, direction):
    found = tickers(browser, f"/stocks.json?sort={sort}&dir={direction}")
    assert set(found[-2:]) == {"BRK.B", "FAIL"}


def test_text_sorts_from_a_to_z_and_turns_round(browser):
    up = tickers(browser, "/stocks.json?sort=ticker")
    assert up == sorted(up)
    assert tickers(browser, "/stocks.json?sort=ticker&dir=desc") == up[::-1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=company+11", ["T11"]),
        ("q=COMPANY%2011", ["T11"]),
        ("q=brk.b", ["BRK.B"]),
        ("q=brk-b", ["BRK.B"]),
        ("q=brk b", ["BRK.B"]),
        ("q=hath", ["BRK.B"]),
        ("q=%25", []),
        ("q=_", []),
        ("q=nothing like it", []),
        ("sector=Financial+Services", ["BRK.B"]),
        ("sector=Technology&min_score=70", ["T10", "T08"]),
        ("min_score=100", []),
    ],
)
def test_search_and_filters_narrow_the_list(browser, query, expected):
    assert tickers(browser, f"/stocks.json?{query}") == expected


def test_a_signal_and_a_least_score_filter_what_the_items_say(browser):
    for signal in ("STRONG BUY", "HOLD"):
        answer = browser.get("/stocks.json", query_string={"signal": signal}).json
        assert {item["score"]["signal"] for item in answer["items"]} == {signal}
    answer = browser.get("/stocks.json?min_score=60.5").json
    assert answer["items"]
    assert all(item["score"]["total"] >= 60.5 for item in answer["items"])


def test_pages_follow_each_other_without_gap_or_overlap(browser):
    whole = tickers(browser, "/stocks.json?per_page=200")
    cut = [tickers(browser, f"/stocks.json?per_page=5&page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in cut] == [5, 5, 4]
    assert list(chain.from_iterable(cut)) == whole


def test_a_page_beyond_the_last_says_how_many_there_are(browser):
    answer = browser.get("/stocks.json?per_page=5&page=4")
    assert answer.status_code == 400
    assert "1 to 3" in answer.json["error"]
    assert "page" in answer.json["error"]


def test_an_empty_result_has_one_page(browser):
    assert browser.get("/stocks?q=nothing+at+all").status_code == 200
    assert browser.get("/stocks?q=nothing+at+all&page=2").status_code == 400


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("per_page=0", "per_page"),
        ("per_page=201", "per_page"),
        ("page=99999999", "page"),
        ("page=-1", "page"),
        ("sort=;drop", "sort"),
        ("min_score=nan", "min_score"),
        ("min_score=1e999", "min_score"),
        ("dir=up", "dir"),
        ("sector=Alchemy", "sector"),
        ("exchange=XXXX", "exchange"),
        ("signal=MAYBE", "signal"),
        ("page=1&page=2", "page"),
        ("sector=a%00b", "sector"),
        ("sector=%FF", "sector"),
    ],
)
def test_a_bad_value_gets_a_sentence_that_names_it(browser, path, query, name):
    # A CSV file has all pages, so it knows none beyond the last.
    suffixes = ("", ".json") if query == "page=99999999" else ("", ".json", ".csv")
    for suffix in suffixes:
        answer = browser.get(f"{path}{suffix}?{query}")
        assert answer.status_code == 400
        assert f"“{name}”" in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_unknown_parameters_change_nothing(browser, path):
    assert browser.get(f"{path}?utm_source=x&utm_source=y&z=%FF").text == browser.get(path).text


@pytest.mark.parametrize("path", PATHS)
def test_csv_has_all_pages_of_exactly_what_is_filtered(browser, path):
    query = "sector=Technology&per_page=2&page=2"
    found = rows(browser.get(f"{path}.csv?{query}"))
    listed = tickers(browser, f"{path}.json?sector=Technology&per_page=200")
    assert [row["ticker"] for row in found] == listed
    assert all(row["sector"] == "Technology" for row in found)


def test_csv_text_is_no_formula_and_numbers_stay_numbers(browser):
    found = {row["ticker"]: row for row in rows(browser.get("/stocks.csv"))}
    assert found["BRK.B"]["name"].startswith("'=Berk")
    assert found["BRK.B"]["score"] == ""
    assert float(found["T00"]["change_1"]) == pytest.approx(
        browser.get("/stocks/T00.json").json["score"]["changes"]["1"]
    )


@pytest.mark.parametrize("whole_market", [1, 1000], ids=["all read", "read by ids"])
def test_a_file_of_all_stocks_says_of_each_what_is_said_of_one(market, monkeypatch, whole_market):
    monkeypatch.setattr(lists, "WHOLE_MARKET", whole_market)
    with market.app_context():
        ids = [stock.id for stock in lists.names()]
        each = [[cell(value) for value in columns.csv_line(line)] for line in lists.lines_of(ids)]
        assert len(each) == 14
        found = [["" if value is None else value for value in line] for line in csv_lines(ids)]
        assert found == [["" if value is None else value for value in line] for line in each]
        assert list(csv_lines([])) == []


@pytest.mark.parametrize("by", ["signal", "sector"])
def test_the_leaderboard_by_group_shows_the_best_of_each(browser, by):
    answer = browser.get(f"/leaderboard.json?by={by}").json
    groups = [
        item["score"]["signal"] if by == "signal" else item["sector"] for item in answer["items"]
    ]
    assert list(dict.fromkeys(groups)) == [group["name"] for group in answer["groups"]]
    assert answer["total"] == 12
    for name in set(groups):
        ranks = [
            item["score"]["rank"]
            for item, group in zip(answer["items"], groups, strict=True)
            if group == name
        ]
        assert ranks == sorted(ranks)
    assert len(rows(browser.get(f"/leaderboard.csv?by={by}"))) == 12


def test_by_signal_the_best_signal_comes_first(browser):
    answer = browser.get("/leaderboard.json?by=signal").json
    assert answer["groups"][0]["name"] == "STRONG BUY"


def test_a_sort_link_of_the_column_in_force_turns_it_round(browser):
    page = browser.get("/stocks").text
    assert 'aria-sort="descending"' in page
    assert "/stocks?dir=asc" in page
    assert 'aria-sort="ascending"' in browser.get("/stocks?sort=ticker").text


def test_links_keep_the_filter_and_drop_defaults(browser):
    page = browser.get("/stocks?sector=Technology&per_page=2&page=2&dir=desc").text
    assert 'rel="canonical" href="/stocks?page=2&amp;per_page=2&amp;sector=Technology"' in page
    assert "/stocks?page=3&amp;per_page=2&amp;sector=Technology" in page


@pytest.fixture
def statements_of(market_database, app_on):
    """How many statements the database sees for an address that no cache answers."""
    market = app_on(market_database, CACHE_ENABLED=False, CLOCK=lambda: small_market.NOW)

    def run(url):
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        with market.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert market.test_client().get(url).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    return run


@pytest.mark.parametrize("path", ["/stocks", "/stocks.json", "/leaderboard", "/leaderboard.json"])
def test_a_list_takes_as_many_statements_for_one_stock_as_for_all(statements_of, path):
    one, many = (statements_of(f"{path}?per_page={size}") for size in (1, 200))
    assert one == many <= 8


def heads(page):
    # The screener has a table of ready-made screens before that of the stocks.
    head = page[page.rindex("<thead>", 0, page.index('class="pick ')) :]
    head = head[: head.index("</thead>")]
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<th .*?</th>", head)]


@pytest.mark.parametrize("path", [*PATHS, "/screener"])
def test_the_reader_chooses_columns_and_the_address_keeps_them(browser, path):
    page = browser.get(f"{path}?cols=market_cap&cols=coverage&cols=rank&per_page=5").text
    assert heads(page) == ["#", "Stock", "Market value", "Coverage", "Compare"]
    address = f"{path}?cols=rank%2Cmarket_cap%2Ccoverage&amp;per_page=5"
    assert f'rel="canonical" href="{address}"' in page
    # Sorting and paging keep the choice.
    assert f'href="{address}&amp;sort=ticker"' in page
    assert f'href="{path}?cols=rank%2Cmarket_cap%2Ccoverage&amp;page=2&amp;per_page=5"' in page
    assert f'<a href="{path}?per_page=5">The usual columns</a>' in page


@pytest.mark.parametrize("path", [*PATHS, "/screener"])
def test_csv_and_json_have_all_columns_whatever_the_page_shows(browser, path):
    page = browser.get(f"{path}?cols=price").text
    assert f'href="{path}.csv"' in page
    assert f'href="{path}.json"' in page
    assert browser.get(f"{path}.csv?cols=price").text == browser.get(f"{path}.csv").text
    assert browser.get(f"{path}?cols=volume").status_code == 400


def test_csv_is_in_the_order_of_the_page(browser):
    query = "sort=momentum&dir=asc"
    listed = tickers(browser, f"/stocks.json?per_page=200&{query}")
    assert [row["ticker"] for row in rows(browser.get(f"/stocks.csv?{query}"))] == listed


def test_an_empty_list_says_what_to_do(browser):
    page = browser.get("/stocks?q=compny").text
    assert "Take a filter away" in page
    assert "Did you mean" in page
    assert '<a href="/stocks">All stocks</a>' in page
    assert "Compare the ticked" not in page
    assert '<a href="/leaderboard">The whole' in browser.get("/leaderboard?min_score=100").text
    assert '<a href="/top-picks">All picks' in browser.get("/top-picks?min_score=100").text


@pytest.mark.parametrize(
    "path", ["/", "/stocks", "/leaderboard", "/leaderboard?by=sector", "/top-picks", "/screener"]
)
def test_stocks_of_any_table_can_be_compared(browser, path):
    page = browser.get(path).text
    assert '<form class="compare-bar" id="compare" action="/compare">' in page
    assert page.count('name="t"') == page.count('form="compare"') > 1


def test_top_picks_sort_by_what_their_heads_say_and_keep_their_places(browser):
    picks = browser.get("/top-picks.json?sort=health&dir=asc").json["items"]
    health = [pick["score"]["factors"]["health"]["points"] for pick in picks]
    assert health == sorted(health)
    assert sorted(pick["place"] for pick in picks) == list(range(1, len(picks) + 1))
    by_score = browser.get("/top-picks.json?sort=score").json["items"]
    assert [one["score"]["rank"] for one in by_score] == list(range(1, len(picks) + 1))
    page = browser.get("/top-picks?sort=health&dir=asc").text
    assert '<th scope="col" class="num third" aria-sort="ascending">' in page


@pytest.mark.parametrize("path", ["/stocks", "/leaderboard", "/screener"])
def test_market_values_say_in_which_currency_they_are_ordered(browser, path):
    said = "by what they are worth in USD at the day’s rate"
    assert said in browser.get(f"{path}?cols=market_cap").text
    assert said not in browser.get(f"{path}?cols=coverage").text
