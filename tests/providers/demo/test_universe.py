from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from stockscore.providers.base import Listing, NotFound, Unavailable
from stockscore.providers.demo import DemoProvider
from stockscore.providers.demo.industries import INDUSTRIES

SECTORS = {
    *("Basic Materials", "Communication Services", "Consumer Cyclical", "Consumer Defensive"),
    *("Energy", "Financial Services", "Healthcare", "Industrials", "Real Estate"),
    *("Technology", "Utilities"),
}


def test_it_says_that_it_is_simulated(provider):
    assert provider.simulated is True
    assert provider.name == "demo"


def test_at_least_500_stocks_trade_on_two_exchanges_over_eleven_sectors(provider, now):
    trading = [stock for stock in provider.universe("demo", now) if not stock.delisted_on]
    assert len(trading) >= 500
    assert {stock.sector for stock in trading} == SECTORS
    assert min(Counter(stock.sector for stock in trading).values()) >= 20
    exchanges = Counter(stock.exchange for stock in trading)
    assert set(exchanges) == {"XNYS", "XLON"}
    assert exchanges["XLON"] >= 80


def test_every_industry_has_a_company(provider, now):
    listed = {stock.industry for stock in provider.universe("demo", now)}
    assert listed == {industry.name for industry in INDUSTRIES}


def test_london_quotes_pence_and_new_york_dollars(provider, now):
    quoted = {(stock.exchange, stock.currency) for stock in provider.universe("demo", now)}
    assert quoted == {("XNYS", "USD"), ("XLON", "GBX")}


def test_an_unknown_index_names_the_one_there_is(provider, now):
    with pytest.raises(NotFound, match="no index 'sp500'; it has 'demo'"):
        provider.universe("sp500", now)


def test_a_ticker_that_is_not_listed_is_not_found(provider, now):
    stranger = Listing("AAPL", "Apple", "XNAS", "USD")
    with pytest.raises(NotFound, match="AAPL is not listed"):
        provider.prices(stranger, None, now)
    with pytest.raises(NotFound, match="AAPL is not listed"):
        provider.fundamentals(stranger, now)


def test_before_its_beginning_the_market_is_unavailable(provider):
    with pytest.raises(Unavailable, match="begins on 01 January 2024"):
        provider.universe("demo", datetime(2023, 12, 31, tzinfo=UTC))


def test_a_moment_without_a_zone_is_refused(provider):
    with pytest.raises(ValueError, match="needs a time zone"):
        provider.universe("demo", datetime(2026, 11, 23))  # noqa: DTZ001 (the point of it)


def test_a_flotation_appears_once_its_first_session_has_closed(provider, now):
    stock = max(
        (s for s in provider.universe("demo", now) if s.listed_on), key=lambda s: s.listed_on
    )
    morning = datetime.combine(stock.listed_on, datetime.min.time(), UTC)
    tickers = {s.ticker for s in provider.universe("demo", morning)}
    assert stock.ticker not in tickers
    with pytest.raises(NotFound):
        provider.prices(stock, None, morning)
    first_night = morning + timedelta(days=1)
    assert stock in provider.universe("demo", first_night)
    assert [b.session for b in provider.prices(stock, None, first_night).bars] == [stock.listed_on]


def test_a_delisting_is_not_known_before_it_happens_and_stays_for_a_year(provider, now):
    stock = next(s for s in provider.universe("demo", now) if s.delisted_on)
    last_day = datetime.combine(stock.delisted_on, datetime.min.time(), UTC)
    before = {s.ticker: s for s in provider.universe("demo", last_day)}
    assert before[stock.ticker].delisted_on is None
    assert provider.prices(stock, None, now).bars[-1].session < stock.delisted_on
    a_year_on = last_day + timedelta(days=400)
    assert stock.ticker not in {s.ticker for s in provider.universe("demo", a_year_on)}


def test_another_seed_has_the_same_companies_and_another_market(provider, now):
    other = DemoProvider(seed=8)
    mine, theirs = provider.universe("demo", now), other.universe("demo", now)
    assert mine == theirs
    since = date(2026, 11, 2)
    same = [
        provider.prices(stock, since, now).bars[-1] == other.prices(stock, since, now).bars[-1]
        for stock in mine[:50]
    ]
    assert not any(same)
