"""/top-picks: order by horizon or own weights, the reason of each pick, and the same as data."""

import csv
import io

import pytest

from stockscore.scoring.horizons import HORIZONS, fit


def items(browser, query=""):
    answer = browser.get(f"/top-picks.json?per_page=200&{query}")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def fit_of(item, weights):
    factors = item["score"]["factors"]
    points = {
        name: None if one["points"] is None else round(100 * one["points"])
        for name, one in factors.items()
    }
    return fit(points, weights) / 100


@pytest.mark.parametrize("horizon", HORIZONS, ids=lambda horizon: horizon.key)
def test_picks_are_ordered_by_the_fit_of_the_horizon(browser, horizon):
    found = items(browser, f"horizon={horizon.key}")
    assert [item["fit"] for item in found] == [fit_of(item, horizon.weights) for item in found]
    assert found == sorted(found, key=lambda item: (-item["fit"], item["score"]["rank"]))
    assert [item["place"] for item in found] == list(range(1, len(found) + 1))


def test_a_medium_horizon_is_the_default_and_leaves_the_address(browser):
    assert items(browser) == items(browser, "horizon=medium")
    page = browser.get("/top-picks?horizon=medium").text
    assert 'rel="canonical" href="/top-picks"' in page
    assert "a medium horizon, 3 to 12 months" in page


def test_equal_weights_give_the_score_itself(browser):
    # Their common remainder can differ by a hundredth where three factors make the total.
    for item in items(browser, "w=25,25,25,25"):
        assert item["fit"] == pytest.approx(item["score"]["total"], abs=0.011)


def test_own_weights_order_by_what_they_weigh(browser):
    found = items(browser, "w=0,0,100,0")
    momentum = [item["score"]["factors"]["momentum"]["points"] for item in found]
    assert momentum == sorted(momentum, reverse=True)
    page = browser.get("/top-picks?w=0,0,100,0").text
    assert "by fit to your own weights" in page
    assert "<b>100\u00a0%</b>" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("w=30,30,15,26", "add up to 101"),
        ("w=30,30,40", "there are 3"),
        ("w=a,b,c,d", "whole percentage"),
        ("w=-10,50,30,30", "whole percentage"),
        ("w=25,25,25,25&horizon=short", "exclude each other"),
        ("w=25,25,25,25&horizon=medium", "exclude each other"),
        ("horizon=forever", "short, medium or long"),
        ("page=99", "the only page"),
        ("sector=Alchemy", "“sector”"),
    ],
)
def test_a_bad_question_is_explained(browser, query, said):
    suffixes = ("", ".json") if query == "page=99" else ("", ".json", ".csv")
    for suffix in suffixes:
        answer = browser.get(f"/top-picks{suffix}?{query}")
        assert answer.status_code == 400
        assert said in answer.text


def test_each_pick_says_why(browser):
    found = items(browser)
    for item in found:
        points = {
            name: one["points"]
            for name, one in item["score"]["factors"].items()
            if one["points"] is not None
        }
        strongest = max(points, key=points.get)
        assert item["why"].lower().startswith(strongest)
        assert f"({points[strongest]:.1f} of 25)" in item["why"] or points[strongest] % 0.1
        assert item["why"].endswith(".")
    assert len({item["why"] for item in found}) == len(found)


def test_the_reason_follows_the_weights(browser):
    for item in items(browser, "w=0,0,0,100"):
        assert item["why"].startswith("Health")


def test_only_rated_stocks_are_picked_and_filters_narrow_them(browser):
    whole = items(browser)
    assert {item["ticker"] for item in whole}.isdisjoint({"BRK.B", "FAIL", "GONE"})
    technology = items(browser, "sector=Technology")
    assert {item["sector"] for item in technology} == {"Technology"}
    assert 0 < len(technology) < len(whole)
    least = items(browser, "min_score=60")
    assert least
    assert all(item["score"]["total"] >= 60 for item in least)


def test_pages_follow_each_other(browser):
    whole = [item["ticker"] for item in items(browser)]
    cut = []
    for page in (1, 2, 3):
        answer = browser.get(f"/top-picks.json?per_page=5&page={page}").json
        assert answer["total"] == len(whole)
        cut += [item["ticker"] for item in answer["items"]]
    assert cut == whole
    assert "/top-picks?page=2&amp;per_page=5" in browser.get("/top-picks?per_page=5").text


def test_csv_has_every_pick_with_its_reason(browser):
    rows = list(csv.DictReader(io.StringIO(browser.get("/top-picks.csv?per_page=2").text)))
    found = items(browser)
    assert [row["ticker"] for row in rows] == [item["ticker"] for item in found]
    assert [row["why"] for row in rows] == [item["why"] for item in found]
    assert [float(row["fit"]) for row in rows] == [item["fit"] for item in found]


def test_a_filter_that_nothing_passes_says_what_to_do(browser):
    page = browser.get("/top-picks?min_score=100")
    assert page.status_code == 200
    assert "Take a filter away" in page.text


def test_before_the_first_edition_the_page_says_what_to_run(client):
    page = client.get("/top-picks")
    assert page.status_code == 200
    assert "flask demo load" in page.text
    assert client.get("/top-picks.json").json["items"] == []
