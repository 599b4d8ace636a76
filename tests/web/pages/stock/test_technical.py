"""The section on a stock's price: its range, events explained, the outlook in words."""

import math
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from stockscore.store.pages.stock import BarRow
from stockscore.web.pages.stock import technical


def bars(closes, last=date(2026, 11, 24)):
    """One bar a day, the last on `last`, without actions."""
    first = last - timedelta(days=len(closes) - 1)
    return [
        BarRow(first + timedelta(days=n), close, 1e6, 0.0, 1.0, 1.0, "test")
        for n, close in enumerate(closes)
    ]


def section(closes, span="1y"):
    return technical.technical(bars(closes), span, "USD", "Haldane", "/stocks/HALD")


def words(made):
    return {one.name: one.word for one in made.outlook}


def test_a_range_is_the_last_sessions_with_averages_from_before_it():
    made = section([float(n) for n in range(1, 501)], "1m")
    assert (made.label, made.chart.sessions, made.rsi.sessions) == ("1 month", 21, 21)
    assert made.chart.sma200
    assert made.chart.sma200.startswith("M0.5 ")


def test_links_lead_to_every_range_and_the_default_has_none_in_its_address():
    links = section([1.0, 2.0], "5y").ranges
    assert [(key, url) for key, _, url, _ in links][2:5] == [
        ("6m", "/stocks/HALD?range=6m"),
        ("1y", "/stocks/HALD"),
        ("3y", "/stocks/HALD?range=3y"),
    ]
    assert [label for _, label, _, shown in links if shown] == ["5 years"]


def test_a_short_history_says_since_when_prices_are_known():
    assert "known since 23\u00a0Nov\u00a02026 only" in section([1.0, 2.0]).note
    assert "only" not in section([1.0] * 252).note


def test_a_golden_cross_is_explained_with_its_averages_and_what_came_of_it():
    falls_then_rises = [300.0 - n for n in range(220)] + [80.0 + 2 * n for n in range(120)]
    made = section(falls_then_rises)
    (cross,) = [event for event in made.events if event.label == "Golden cross"]
    assert cross.direction == "up"
    assert cross.text.startswith("The average of 50 days rose above that of 200 days (")
    at = float(cross.price)
    assert cross.since == pytest.approx(falls_then_rises[-1] / at - 1)


def test_leaving_an_extreme_is_explained_with_both_values_of_the_index():
    made = section([100.0 - n for n in range(30)] + [75.0, 80.0])
    event = made.events[0]
    assert event.label == "RSI back above 30"
    assert event.text.startswith("The RSI rose from 23.5 to 41.9 and left its oversold zone")


def test_an_event_of_the_last_session_has_nothing_since():
    made = section([100.0 - n for n in range(30)] + [90.0])
    assert made.events[0].since is None


def test_events_are_numbered_as_on_the_chart_newest_first():
    made = section([100 + 30 * math.sin(n / 9) for n in range(300)])
    assert [event.number for event in made.events] == sorted(
        (event.number for event in made.chart.events), reverse=True
    )


def test_where_events_are_many_the_crossings_keep_their_numbers():
    made = section([100 + 30 * math.sin(n / 9) for n in range(1500)], "5y")
    assert 0 < len(made.events) <= technical.MOST_MARKS
    assert {event.label for event in made.events} <= {"Golden cross", "Death cross"}
    assert "are not numbered" in made.events_note


def test_the_outlook_of_a_rise_and_of_a_fall():
    rise = section([100.0 + n for n in range(300)])
    assert words(rise) == {
        "Trend": "up", "Momentum": "overbought", "Place in the year": "near the high",
    }  # fmt: skip
    fall = section([500.0 - n for n in range(300)])
    assert words(fall) == {
        "Trend": "down", "Momentum": "oversold", "Place in the year": "near the low",
    }  # fmt: skip
    assert "55.5\u00a0% below the highest close of the last year" in fall.outlook[2].text


def test_the_outlook_is_of_a_year_whatever_the_range():
    closes = [100 + 30 * math.sin(n / 40) for n in range(600)]
    assert section(closes, "1m").outlook == section(closes, "5y").outlook


@pytest.mark.parametrize("count", [1, 10, 60])
def test_too_few_sessions_are_said_and_never_guessed(count):
    trend, momentum, _ = section([10.0 + n for n in range(count)]).outlook
    assert f"{count} of 200" in trend.text or f"needs 50 sessions; {count} are" in trend.text
    assert (momentum.word == "unknown") == (count < 15)


def test_without_prices_there_is_no_outlook():
    made = section([])
    assert (made.outlook, made.events, made.crosshair) == ((), (), None)


def test_a_constant_price_is_unchanged_and_neutral():
    made = words(section([10.0] * 300))
    assert made == {"Trend": "mixed", "Momentum": "neutral", "Place in the year": "unchanged"}


def page_of(browser, path):
    return BeautifulSoup(browser.get(path).text, "html.parser")


def test_the_range_is_in_the_address_and_the_default_is_dropped(browser):
    page = page_of(browser, "/stocks/T05?range=3m")
    assert page.select_one("#price h2").text == "Price, 3 months"
    assert page.select_one("#price [aria-current]").text == "3m (3 months)"
    assert page.select_one("link[rel=canonical]")["href"] == "/stocks/T05?range=3m"
    assert page.select_one("#price .head a")["href"] == "/stocks/T05.csv?range=3m"
    usual = page_of(browser, "/stocks/T05?range=1y&utm_source=x")
    assert usual.select_one("link[rel=canonical]")["href"] == "/stocks/T05"


def test_the_cache_knows_one_page_for_each_range_in_any_spelling(browser):
    def page_kept(address):
        return browser.get(f"/stocks/{address}").headers["ETag"]

    assert page_kept("T05?range=6m") == page_kept("t05?x=1&range=6m")
    assert page_kept("T05") == page_kept("T05?range=1y")
    ranges = ("1m", "3m", "6m", "1y", "3y", "5y")
    assert len({page_kept(f"T05?range={one}") for one in ranges}) == len(ranges)


@pytest.mark.parametrize("suffix", ["", ".json", ".csv"])
def test_a_bad_range_is_refused_with_a_sentence(browser, suffix):
    answer = browser.get(f"/stocks/T05{suffix}?range=2y")
    assert answer.status_code == 400
    assert "it must be 1m, 3m, 6m, 1y, 3y or 5y" in answer.text


def test_the_csv_and_the_json_are_of_the_same_range(browser):
    assert len(browser.get("/stocks/T05.csv?range=1m").text.splitlines()) == 22
    told = browser.get("/stocks/T05.json?range=5y").json["technical"]
    assert told["range"] == "5y"
    assert told["sma200"] is not None
    assert {"session", "kind", "direction", "adjusted_close", "change_since"} == set(
        told["events"][0]
    )


def test_every_mark_of_the_chart_is_explained_and_no_advice_is_given(browser):
    page = page_of(browser, "/stocks/T05")
    marks = [text.text for text in page.select("#price svg.chart text.ev.n")]
    told = [one.text for one in page.select("#events .rank")]
    assert marks
    assert sorted(marks) == sorted(told)
    assert "no forecast and no advice" in page.select_one("#outlook").text


def test_a_stock_without_prices_says_so_and_keeps_its_page(browser):
    page = page_of(browser, "/stocks/FAIL?range=5y")
    assert "No prices are known." in page.select_one("#price").text
    assert page.select_one("#price svg.chart") is None
