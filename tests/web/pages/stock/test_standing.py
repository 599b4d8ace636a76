"""Where a stock stands in its sector, and what the next signal would take."""

from __future__ import annotations

import re

import pytest

from stockscore.scoring.signals import SIGNALS, signal_of
from tests.support.small_market import TICKERS


def section(page: str, name: str) -> str:
    found = re.search(rf'<section id="{name}">(.*?)</section>', page, re.DOTALL)[1]
    return " ".join(re.sub("<[^>]+>", " ", found).split())


def scores(browser) -> dict[str, dict]:
    return {item["ticker"]: item for item in browser.get("/stocks.json?per_page=200").json["items"]}


def test_the_share_of_the_sector_is_counted(browser):
    found = scores(browser)
    mine = found["T11"]
    others = [
        one["score"]["total"]
        for one in found.values()
        if one["sector"] == mine["sector"] and one["score"]["rated"] and one is not mine
    ]
    below = sum(total < mine["score"]["total"] for total in others) / len(others)
    page = section(browser.get("/stocks/T11").text, "peers")
    assert f"Scores higher than {min(below, 0.99) * 100:.0f} % of its sector." in page
    assert "Better value than" in page or "Worse value than" in page


@pytest.mark.parametrize("ticker", [TICKERS[0], TICKERS[6], TICKERS[11]])
def test_the_total_that_is_named_is_the_one_that_turns_the_signal(browser, ticker):
    item = browser.get(f"/stocks/{ticker}.json").json
    page = section(browser.get(f"/stocks/{ticker}").text, "next-signal")
    now = item["score"]["signal"]
    for better, least in re.findall(r"((?:STRONG )?BUY|HOLD|SELL) from (\d+\.\d\d) on", page):
        assert SIGNALS.index(better) < SIGNALS.index(now)
        least = round(float(least) * 100)
        assert any(signal_of(least, signal) == better for signal in SIGNALS)


def test_points_that_are_open_are_those_of_the_breakdown(browser):
    item = browser.get("/stocks/T00.json").json
    open_points = [
        metric["max"] - metric["points"]
        for factor in item["score"]["factors"].values()
        for metric in factor["metrics"]
        if metric["points"] is not None
    ]
    page = section(browser.get("/stocks/T00").text, "next-signal")
    assert f"{max(open_points):.2f}" in page


def test_a_stock_without_a_rating_has_neither(browser):
    page = browser.get("/stocks/BRK.B").text
    assert 'id="next-signal"' not in page
    assert 'id="factors"' not in page
