from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from stockscore.providers.demo.cases import CASES, cases_of


@pytest.fixture(scope="module")
def cases(demo_stocks, now):
    return cases_of(demo_stocks, now.date())


@pytest.mark.parametrize("moment", [(2024, 1, 2), (2031, 8, 31), (2035, 12, 15)])
def test_every_awkward_case_is_there_at_any_time(later, moment):
    found = later.cases(datetime(*moment, 12, tzinfo=UTC))
    assert set(found) == set(CASES)
    assert [name for name, tickers in found.items() if not tickers] == []


def test_every_awkward_case_is_there_today(cases):
    assert [name for name, tickers in cases.items() if not tickers] == []


def test_most_of_the_market_is_not_awkward(cases, demo_stocks):
    odd = {"loss-maker", "negative equity", "cash flow missing", "dividend cut", "recent split"}
    assert max(len(cases[name]) for name in odd) < len(demo_stocks) / 8


def test_a_new_listing_has_too_few_bars_for_a_year_of_momentum(cases, by_ticker):
    for ticker in cases["new listing"]:
        assert 1 <= len(by_ticker[ticker][1].bars) < 100


def test_a_delisted_stock_has_no_bars_and_no_reports_from_that_day_on(cases, by_ticker):
    for ticker in cases["delisted"]:
        listing, prices, found = by_ticker[ticker]
        assert prices.bars[-1].session < listing.delisted_on
        assert listing.delisted_on - prices.bars[-1].session < timedelta(days=6)
        assert all(s.known_at.date() < listing.delisted_on for s in found.statements)


def test_a_report_without_cash_flows_has_everything_else(cases, by_ticker):
    for ticker in cases["cash flow missing"]:
        gaps = [s for s in by_ticker[ticker][2].statements if "cfo" not in s.figures]
        assert gaps
        for statement in gaps:
            assert "fcf" not in statement.figures
            assert "net_income" in statement.figures
            assert "total_assets" in statement.figures


def test_nothing_that_is_missing_is_reported_as_zero_or_none(demo_stocks):
    for _, _, found in demo_stocks:
        for statement in found.statements:
            assert all(isinstance(value, float) for value in statement.figures.values())


def test_a_depositary_receipt_is_priced_in_dollars_and_reports_in_euro(provider, by_ticker, now):
    listing, prices, found = by_ticker["OSTL"]
    assert (listing.currency, listing.financial_currency) == ("USD", "EUR")
    assert prices.currency == "USD"
    assert {statement.currency for statement in found.statements} == {"EUR"}
    assert 0.7 < provider.exchange_rate("USD", "EUR", now) < 1.2


def test_a_price_fits_the_earnings_whatever_their_currency(demo_stocks, provider, now):
    """A mix-up of currencies, of pence and pounds, or of a split would be far outside."""
    ratios = {}
    for listing, prices, found in demo_stocks:
        if len(found.statements) < 4 or listing.financial_currency == "ISK" or listing.delisted_on:
            continue
        newest = found.statements[-1]
        shares = newest.figures["shares"]
        for bar in prices.bars:
            if bar.session > newest.period_end:
                shares *= bar.split
        unit = 100 if prices.currency == "GBX" else 1
        iso = "GBP" if prices.currency == "GBX" else prices.currency
        rate = provider.exchange_rate(iso, listing.financial_currency, now)
        revenue = sum(s.figures["revenue"] for s in found.statements[-4:])
        ratios[listing.ticker] = shares * prices.bars[-1].close / unit * rate / revenue
    assert len(ratios) > 480
    assert all(0.03 < ratio < 80 for ratio in ratios.values()), ratios


def test_splits_of_several_kinds_happen(demo_stocks):
    kinds = {bar.split for _, prices, _ in demo_stocks for bar in prices.bars if bar.split != 1}
    assert len(kinds) >= 3
    assert any(kind > 1 for kind in kinds)


def test_the_years_bring_a_flotation_and_a_delisting_every_quarter(later):
    listed = later.universe("demo", datetime(2029, 5, 31, tzinfo=UTC))
    flotations = sorted(s.listed_on for s in listed if s.listed_on)
    assert all(60 < (b - a).days < 120 for a, b in pairwise(flotations))
    assert sum(s.delisted_on is not None for s in listed) in (3, 4, 5)
    assert flotations[0] < date(2021, 6, 1)
