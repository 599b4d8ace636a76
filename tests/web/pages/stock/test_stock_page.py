"""/stocks/<ticker>: one stock with all that its score is made of."""

import csv
import io

import pytest

from stockscore.scoring import method
from stockscore.scoring.methods import DEFAULT, default_method
from tests.support import small_market


@pytest.fixture
def data(browser):
    return browser.get("/stocks/T05.json").json


@pytest.mark.parametrize(
    "spelling", ["BRK.B", "brk-b", "BRK-B", "brk.b", "BRK/B", "brk_b", "BRK%20B", "%20BRK.B"]
)
def test_any_spelling_of_a_ticker_finds_it(browser, spelling):
    answer = browser.get(f"/stocks/{spelling}")
    assert answer.status_code == 200
    assert 'rel="canonical" href="/stocks/BRK.B"' in answer.text
    assert browser.get(f"/stocks/{spelling}.json").json["ticker"] == "BRK.B"


def test_the_json_has_every_part_of_the_contract(data):
    assert {
        *("ticker", "name", "exchange", "currency", "sector", "industry", "kind", "price", "as_of"),
        *("score", "checks", "edition", "method", "receipt", "updated_at"),
    } <= data.keys()
    score = data["score"]
    assert {
        *("total", "uncertainty", "coverage", "rated", "signal", "rank", "percentile"),
        *("sector_rank", "factors", "changes"),
    } <= score.keys()
    assert list(score["factors"]) == list(method.FACTORS)
    assert list(score["changes"]) == ["1", "7", "30", "90"]
    assert data["as_of"] == "2026-11-20T21:00:00Z"
    metric = score["factors"]["value"]["metrics"][0]
    assert set(metric) == {
        *("key", "value", "unit", "sub_score", "points", "max", "mode", "sector_median"),
        *("source", "as_of", "missing_reason"),
    }
    assert metric["key"] == "earnings_yield"
    assert metric["source"] == "test"


def hundredths(points):
    return round(points * 100)


@pytest.mark.parametrize("ticker", small_market.TICKERS)
def test_points_add_up_exactly_from_metrics_to_factors_to_the_total(browser, ticker):
    score = browser.get(f"/stocks/{ticker}.json").json["score"]
    for factor in score["factors"].values():
        earned = [m["points"] for m in factor["metrics"] if m["points"] is not None]
        assert sum(map(hundredths, earned)) == hundredths(factor["points"])
    parts = [hundredths(factor["points"]) for factor in score["factors"].values()]
    assert sum(parts) == hundredths(score["total"])


@pytest.mark.parametrize("ticker", [*small_market.TICKERS, "BRK.B", "FAIL"])
def test_the_list_says_what_the_page_says(browser, ticker):
    listed = {item["ticker"]: item for item in browser.get("/stocks.json").json["items"]}[ticker]
    alone = browser.get(f"/stocks/{ticker}.json").json
    for key in ("total", "uncertainty", "coverage", "signal", "rank", "changes", "sector_rank"):
        assert listed["score"][key] == alone["score"][key]
    assert listed["price"] == alone["price"]
    assert listed["as_of"] == alone["as_of"]
    if alone["score"]["rated"]:
        assert f"{alone['score']['total']:.2f}" in browser.get(f"/stocks/{ticker}").text


def test_the_page_shows_every_metric_with_a_sentence_and_the_sum(browser):
    page = browser.get("/stocks/T05").text
    for metric in default_method().metrics_of("general"):
        assert metric.label in page
    assert "The exact sum of the four factors." in page
    for heading in ("Piotroski F", "Altman Z″", "Greenblatt", "Fit by horizon", "Fundamentals"):
        assert heading in page
    assert f"method {DEFAULT}" in page
    assert "Against its peers" in page


def test_changes_count_from_the_snapshot_and_the_record_is_shown(browser, data):
    assert data["history"][-1]["session"] == "2026-11-19"
    said = data["history"][-1]["total"]
    assert data["score"]["changes"]["1"] == pytest.approx(data["score"]["total"] - said, abs=1e-9)
    assert data["score"]["changes"]["90"] is None
    assert "Daily snapshots since 19" in browser.get("/stocks/T05").text


def test_a_stock_without_data_says_why_and_is_never_zero(browser):
    answer = browser.get("/stocks/FAIL.json").json
    assert answer["score"]["total"] is None
    assert answer["score"]["rank"] is None
    assert answer["score"]["rated"] is False
    assert "The source does not know it." in answer["not_rated_because"]
    page = browser.get("/stocks/FAIL").text
    assert "The source does not know it." in page
    assert "Not rated" in page
    assert "It rose by 80 times in a day." in page
    metrics = answer["score"]["factors"]["value"]["metrics"]
    assert all(metric["points"] is None and metric["missing_reason"] for metric in metrics)


def test_a_removed_stock_keeps_its_page_and_says_so(browser):
    page = browser.get("/stocks/GONE").text
    assert "Removed from the list on" in page
    assert browser.get("/stocks/GONE.json").json["removed_at"] == "2026-11-20T22:00:00Z"


def test_names_are_text_and_never_markup(browser):
    for url in ("/stocks/BRK.B", "/stocks?q=brk", "/stocks/BRK"):
        page = browser.get(url).text
        assert "<b>Hath</b>" not in page
        assert "&lt;b&gt;Hath&lt;/b&gt;" in page


def test_the_csv_is_the_year_of_prices_with_the_events(browser):
    found = list(csv.DictReader(io.StringIO(browser.get("/stocks/t05.csv").text)))
    assert len(found) == 252
    assert found[-1]["session"] == "2026-11-20"
    assert float(found[-1]["close"]) == browser.get("/stocks/T05.json").json["price"]
    assert float(found[-1]["sma200"]) == pytest.approx(
        sum(
            bar.close
            for bar in small_market.price_bars(
                5, small_market.weekdays(small_market.TODAY, small_market.SESSIONS)
            )[-200:]
        )
        / 200
    )
    assert {row["event"] for row in found} > {""}


def test_an_unknown_ticker_is_not_found_and_near_ones_are_named(browser):
    answer = browser.get("/stocks/BRK")
    assert answer.status_code == 404
    assert "BRK.B" in answer.text
    near = browser.get("/stocks/BRK.json")
    assert near.status_code == 404
    assert near.json["near"][0]["ticker"] == "BRK.B"
    assert "BRK" in near.json["error"]
    assert browser.get("/stocks/BRK.csv").status_code == 404


@pytest.mark.parametrize(
    "odd", ["%00", "A%00B", "%FF%FE", "x" * 5000, "..%2F..%2Fetc", "%E2%80%AE", "';drop", "%25"]
)
def test_odd_tickers_are_not_found_and_break_nothing(browser, odd):
    assert browser.get(f"/stocks/{odd}").status_code == 404
    assert browser.get(f"/stocks/{odd}.json").status_code == 404
