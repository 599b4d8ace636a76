"""Larger and smaller markets: how many stocks they have, and that a company is the same in all."""

from datetime import UTC, date, datetime
from itertools import islice

import pytest

from stockscore.providers.base import NotFound
from stockscore.providers.demo import DemoProvider
from stockscore.providers.demo.companies import cohorts_for, members, roster
from stockscore.providers.demo.provider import years_before

LATELY = date(2026, 11, 2)


@pytest.fixture(scope="module")
def larger():
    return DemoProvider(stocks=900)


@pytest.mark.parametrize("stocks", [60, 514, 900, 5_000])
def test_a_market_has_about_as_many_trading_stocks_as_were_asked_for(stocks, now):
    listed = DemoProvider(stocks=stocks).universe("demo", now)
    trading = sum(stock.delisted_on is None for stock in listed)
    # A part of a cohort has its share of flotations, and of delistings about its share.
    assert abs(trading - stocks) <= 20
    assert len({stock.ticker for stock in listed}) == len(listed)


@pytest.mark.parametrize("stocks", [0, 13, 12_015, 1_000_000])
def test_a_market_without_room_or_names_is_refused(stocks):
    with pytest.raises(ValueError, match=r"can have 14 to 12,014 stocks"):
        DemoProvider(stocks=stocks)


def test_a_larger_market_begins_with_the_smaller_one(larger, provider, now):
    usual, more = provider.universe("demo", now), larger.universe("demo", now)
    assert more[: len(usual)] == usual
    smaller = DemoProvider(stocks=100).universe("demo", now)
    assert [stock for stock in usual if stock in smaller] == smaller


def test_every_member_of_a_market_is_one_of_a_larger_one():
    companies = roster(date(2030, 1, 1), 1)
    before = [False] * len(companies)
    for stocks in (514, 520, 700, 1_014, 3_000):
        found = members(companies, 1, stocks)
        assert all(now or not then for now, then in zip(found, before, strict=True))
        before = found
    assert all(before)


def test_a_stock_of_a_larger_market_is_answered_for_by_any(larger, provider, now):
    told = islice(larger.market(now, LATELY), 600, None, 90)
    for listing, prices, fundamentals in told:
        assert provider.prices(listing, LATELY, now) == prices
        assert provider.fundamentals(listing, now) == fundamentals
    strangers = {stock.ticker for stock in provider.universe("demo", now)}
    assert listing.ticker not in strangers


def test_a_stock_that_floats_later_is_not_found_before(larger, now):
    stock = max(
        (s for s in larger.universe("demo", now)[520:] if s.listed_on), key=lambda s: s.listed_on
    )
    with pytest.raises(NotFound):
        larger.prices(stock, None, datetime(2024, 1, 2, tzinfo=UTC))


def test_companies_of_different_cohorts_are_no_copies(larger, now):
    stocks = list(larger.market(now, LATELY))
    closes = [tuple(bar.close for bar in prices.bars) for _, prices, _ in stocks if prices.bars]
    assert len(set(closes)) == len(closes)
    revenues = {
        found.statements[-1].figures["revenue"] for _, _, found in stocks if found.statements
    }
    reporting = sum(bool(found.statements) for _, _, found in stocks)
    # Share classes report alike, and money is rounded to thousands.
    assert len(revenues) >= reporting - 5


def test_only_the_usual_cohort_and_the_last_one_are_held(now):
    provider = DemoProvider(stocks=1_500)
    assert cohorts_for(1_500) == 3
    last = {}
    for listing, _, _ in provider.market(now, LATELY):
        last[listing.ticker] = len(provider._simulations)  # noqa: SLF001 (what memory depends on)
    assert max(last.values()) == 2


def test_years_go_back_to_the_same_day_or_to_the_first_one():
    assert years_before(datetime(2028, 2, 29, tzinfo=UTC), 5) == date(2023, 2, 28)
    assert years_before(datetime(2026, 11, 23, tzinfo=UTC), 1) == date(2025, 11, 23)
    assert years_before(datetime(2026, 11, 23, tzinfo=UTC), 20) == date(2019, 1, 1)
