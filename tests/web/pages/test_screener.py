"""/screener: ready-made and custom screens, bad ranges, order, paging, and the same as data."""

import csv
import io
import shutil
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from stockscore import create_app
from stockscore.extensions import db
from stockscore.scoring import inputs
from stockscore.scoring.fields import FIELDS
from stockscore.scoring.methods import default_method
from stockscore.scoring.reasons import Reason, code
from stockscore.scoring.stored_score import key_of
from stockscore.scoring.strategies import STRATEGIES
from stockscore.store import stocks
from stockscore.web.pages.screener.question import canonical
from tests.support.rewritten_columns import edition, rewrite


def screen(browser, query=""):
    answer = browser.get(f"/screener.json?per_page=200&{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def values(answer, figure):
    return {
        item["ticker"]: next(
            condition["value"] for condition in item["conditions"] if condition["figure"] == figure
        )
        for item in answer["items"]
    }


def test_without_conditions_every_scored_stock_fits(browser):
    answer = screen(browser)
    assert answer["fit"] == answer["stocks"] == answer["total"] == 14
    assert "GONE" not in [item["ticker"] for item in answer["items"]]
    assert "every stock fits" in browser.get("/screener").text


INPUTS = dict.fromkeys(inputs.RECORDED) | {
    "price": 100.0,
    "eps_ttm": 10.0,
    "market_cap": 1e9,
    "total_equity": 8e8,
    "revenue_growth": 0.4,
    "dividend_per_share_ttm": 4.0,
}
VALUES = {"roic": 0.3, "net_margin": 0.2, "fcf_yield": 0.05, "debt_to_equity": 0.2, "peg": 1.0}


def figures(loss=False):
    """Of a stock that every strategy admits; with a loss, of one that most must not."""
    found = INPUTS | ({"eps_ttm": -1.0} if loss else {})
    for metric in default_method().metrics:
        value = None if loss and metric.key == "peg" else VALUES.get(metric.key)
        found[key_of(metric.key, "value")] = value
        found[key_of(metric.key, "sub_score")] = None if value is None else 0
        found[key_of(metric.key, "points")] = None
        found[key_of(metric.key, "reason")] = 0
    return found | ({"peg.reason": code(Reason.NO_PROFIT)} if loss else {})


@pytest.fixture(scope="module")
def gems(market_database, tmp_path_factory):
    """Reads a market in which every strategy admits T05, and T06 is the same with a loss."""
    path = tmp_path_factory.mktemp("gems") / "market.db"
    shutil.copyfile(market_database.removeprefix("sqlite:///"), path)
    app = create_app({"DATABASE_URL": f"sqlite:///{path}", "TESTING": True})
    with app.app_context():
        for ticker, loss in (("T05", False), ("T06", True)):
            rewrite(edition(), stocks.find(ticker).id, figures(loss))
        db.session.commit()
    yield app.test_client()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda one: one.key)
def test_a_strategy_admits_whoever_meets_all_its_conditions(gems, strategy):
    answer = screen(gems, f"strategy={strategy.key}")
    assert "T05" in [item["ticker"] for item in answer["items"]]
    assert len(answer["items"]) == answer["fit"] == answer["strategies"][strategy.key]
    for item in answer["items"]:
        for condition, said in zip(strategy.conditions, item["conditions"], strict=True):
            assert said["passed"]
            assert condition.low is None or said["value"] > condition.low
            assert condition.high is None or said["value"] < condition.high
    page = gems.get(f"/screener?strategy={strategy.key}").text
    assert f"<h1>{strategy.label}</h1>" in page
    assert "3 of 3" in page


@pytest.mark.parametrize("query", ["strategy=value-gems", "pe_max=15", "peg_max=2", "payout_max=1"])
def test_a_loss_is_not_cheap(gems, query):
    admitted = [item["ticker"] for item in screen(gems, query)["items"]]
    assert "T05" in admitted
    assert "T06" not in admitted


def test_a_stock_says_why_a_figure_has_no_value(gems):
    answer = screen(gems, "strategy=value-gems&show=near")
    [loss] = [item for item in answer["items"] if item["ticker"] == "T06"]
    assert loss["conditions"][0] == {
        "figure": "pe",
        "value": None,
        "passed": False,
        "note": "no profit",
    }
    page = gems.get("/screener?strategy=value-gems&show=near").text
    assert "P/E: no profit" in page
    assert "✗\u00a0no profit" in page


def test_a_range_admits_what_lies_in_it_ends_included(browser):
    everything = values(screen(browser, "roe_min=-9&roe_max=9"), "roe")
    assert len(everything) == 12
    middle = sorted(everything.values())[5]
    at_least = values(screen(browser, f"roe_min={middle!r}"), "roe")
    at_most = values(screen(browser, f"roe_max={middle!r}"), "roe")
    assert min(at_least.values()) == max(at_most.values()) == middle
    assert at_least.keys() | at_most.keys() == everything.keys()


def test_a_percentage_and_its_fraction_are_one_question(browser):
    assert canonical(b"roe_min=15%25") == canonical(b"roe_min=0.15") == "roe_min=0.15"
    assert canonical(b"market_cap_min=2bn") == "market_cap_min=2000000000"
    assert canonical(b"change_7_min=%E2%88%922.50") == "change_7_min=-2.5"
    assert screen(browser, "roe_min=1%25")["fit"] == screen(browser, "roe_min=0.01")["fit"]


def test_figures_that_are_unknown_are_not_admitted_by_any_range(browser):
    for field in FIELDS:
        answer = screen(browser, f"{field.key}_max=9" + ("bn" if field.unit == "money" else ""))
        assert {item["ticker"] for item in answer["items"]}.isdisjoint({"BRK.B", "FAIL"})


def test_conditions_and_filters_work_together(gems):
    alone = screen(gems, "strategy=deep-value")
    both = screen(gems, "strategy=deep-value&momentum_min=1&sector=Industrials")
    assert 0 < both["fit"] <= alone["fit"]
    assert screen(gems, "strategy=deep-value&sector=Technology")["fit"] < alone["fit"]
    for item in both["items"]:
        assert item["sector"] == "Industrials"
        assert item["score"]["factors"]["momentum"]["points"] >= 1
        assert len(item["conditions"]) == 4


def test_what_misses_one_condition_can_be_shown_too(browser):
    answer = screen(browser, "roe_min=0.06&momentum_min=12&show=near")
    assert answer["total"] == answer["near"] == len(answer["items"]) > 0
    for item in answer["items"]:
        assert sum(condition["passed"] is not True for condition in item["conditions"]) == 1
    page = browser.get("/screener?roe_min=0.06&momentum_min=12&show=near").text
    assert "Misses" in page
    assert "✗" in page
    assert f"Miss one: {answer['near']}" in page


def test_stocks_can_be_counted_before_they_are_shown(browser):
    shown = screen(browser, "roe_min=0.06&momentum_min=12")
    counted = screen(browser, "roe_min=0.06&momentum_min=12&show=count")
    assert counted["items"] == []
    assert (counted["fit"], counted["near"]) == (shown["fit"], shown["near"])
    lines = browser.get("/screener.csv?roe_min=0.06&momentum_min=12&show=count").text.splitlines()
    assert len(lines) == shown["fit"] + 1
    # The button of the form, with what its other fields send.
    form = "roe_min=0.06&roe_max=&add1=momentum&add1_min=12&add1_max=&sector=&show=count"
    page = BeautifulSoup(
        browser.get(f"/screener?{form}", follow_redirects=True).text, "html.parser"
    )
    said = page.find(id="result")
    assert f"{shown['fit']} of {shown['stocks']} stocks" in " ".join(said.text.split())
    assert said.find("table") is None
    assert said.find("a", string="Show them")["href"] == "/screener?momentum_min=12&roe_min=0.06"


def test_the_count_is_said_while_conditions_are_typed(chromium, site, browser):
    with chromium.page() as page:
        page.goto(f"{site}/screener?roe_min=0.06")
        said = page.locator("output[data-count]")
        page.get_by_label("Figure").first.select_option("momentum")
        page.locator("#f-add1_min").fill("12")
        fit = screen(browser, "roe_min=0.06&momentum_min=12")["fit"]
        expect(said).to_have_text(f"{fit} of 14 stocks would be shown.")
        page.locator("#f-add1_min").fill("cheap")
        expect(said).to_contain_text("cheap")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("roic_min=0.3&roic_max=0.1", "must not be above"),
        ("pe_max=nan", "“pe_max”"),
        ("pe_max=inf", "a number such as 1.5"),
        ("pe_max=cheap", "“cheap”"),
        ("pe_max=1e3", "“pe_max”"),
        ("roic_min=15", "a percentage such as 15%"),
        ("price_min=5%25", "“price_min”"),
        ("market_cap_min=2x", "such as 500m"),
        ("strategy=luck", "“strategy”"),
        ("sector=Alchemy", "“sector”"),
        ("sort=;drop", "“sort”"),
        ("roic_min=0.1&roic_min=0.2", "more than once"),
        ("show=all", "fit, near or count"),
    ],
)
def test_a_bad_question_is_explained(browser, query, said):
    for suffix in ("", ".json", ".csv"):
        answer = browser.get(f"/screener{suffix}?{query}")
        assert answer.status_code == 400
        assert said in answer.text


def test_a_page_beyond_the_last_is_refused(browser):
    assert browser.get("/screener?page=2").status_code == 400
    assert browser.get("/screener?page=3&per_page=7").status_code == 400
    assert browser.get("/screener?page=2&per_page=7").status_code == 200


@pytest.mark.parametrize("sort", ["pe", "roic", "score", "momentum", "change_1", "market_cap"])
def test_the_result_is_ordered_best_first_and_turns_round_with_unknown_last(browser, sort):
    best = [item["ticker"] for item in screen(browser, f"sort={sort}")["items"]]
    down = [item["ticker"] for item in screen(browser, f"sort={sort}&dir=desc")["items"]]
    up = [item["ticker"] for item in screen(browser, f"sort={sort}&dir=asc")["items"]]
    assert set(up[-2:]) == set(down[-2:]) == {"BRK.B", "FAIL"}
    assert best == (up if sort == "pe" else down)
    assert up[:12] != down[:12]


def test_the_order_is_that_of_the_figure(browser):
    found = values(screen(browser, "sort=pe&pe_max=1000"), "pe")
    assert list(found.values()) == sorted(found.values())
    page = browser.get("/screener?sort=pe&pe_max=1000").text
    assert 'aria-sort="ascending"' in page
    assert "/screener?dir=desc&amp;pe_max=1000&amp;sort=pe" in page


def test_the_form_is_sent_on_to_the_address_of_the_screen(browser):
    form = (
        "strategy=&roe_min=5%25&roe_max=&add1=pe&add1_min=&add1_max=40&add2=&add2_min=&add2_max="
        "&sector=Technology&signal="
    )
    answer = browser.get(f"/screener?{form}")
    assert answer.status_code == 303
    target = urlsplit(answer.headers["Location"])
    assert target.path == "/screener"
    assert target.query == "pe_max=40&roe_min=0.05&sector=Technology"
    page = browser.get(f"{target.path}?{target.query}").text
    assert 'name="roe_min" value="5%"' in page
    assert "P/E at most 40; Return on equity at least 5\u00a0%" in page
    assert canonical(form.encode()) is None


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("add1=pe&add1_min=&add1_max=", "has no limit"),
        ("add1=&add1_min=5", "choose one"),
        ("add1=luck&add1_min=5", "“add1”"),
        ("add1=roic&add1_min=15", "“roic_min”"),
    ],
)
def test_a_condition_that_is_half_filled_in_is_explained(browser, form, said):
    answer = browser.get(f"/screener?{form}")
    assert answer.status_code == 400
    assert said in answer.text


def test_the_form_of_a_screen_without_changes_leads_back_to_it(browser):
    answer = browser.get("/screener?strategy=value-gems&add1=&add1_min=&add1_max=&sector=")
    assert answer.headers["Location"] == "/screener?strategy=value-gems"


def test_pages_follow_each_other_and_csv_has_all(browser):
    whole = [item["ticker"] for item in screen(browser, "roe_min=0")["items"]]
    cut = []
    for page in (1, 2, 3):
        answer = browser.get(f"/screener.json?roe_min=0&per_page=4&page={page}").json
        cut += [item["ticker"] for item in answer["items"]]
    assert cut == whole
    text = browser.get("/screener.csv?roe_min=0&per_page=4").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["ticker"] for row in rows] == whole
    assert {row["screen_1_passed"] for row in rows} == {"yes"}
    assert all(float(row["screen_1_roe"]) >= 0 for row in rows)


def test_an_empty_result_says_how_to_loosen_it(browser):
    page = browser.get("/screener?roe_min=5&momentum_min=1").text
    assert "No stock meets all conditions; twelve would if one were loosened." in page
    assert "None of 14\u00a0stocks fits." in browser.get("/screener?roe_min=5").text


def test_hostile_names_are_shown_as_text(browser):
    page = browser.get("/screener").text
    assert "<b>Hath" not in page
    assert "&lt;b&gt;Hath" in page


def test_a_question_has_one_canonical_address(browser):
    page = browser.get("/screener?zzz=1&sector=Technology&roe_min=5.0%25&dir=desc").text
    assert 'rel="canonical" href="/screener?roe_min=0.05&amp;sector=Technology"' in page


def test_before_the_first_edition_the_page_says_what_to_run(client):
    page = client.get("/screener")
    assert page.status_code == 200
    assert "flask demo load" in page.text
