"""Every test here runs in an application's context on a database of its own, on both kinds."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from stockscore.providers.base import Bar, Listing
from stockscore.store import stocks
from stockscore.store.transactions import transaction

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


@pytest.fixture
def database(app_on, database_url):
    """An application's context on a migrated, empty database; the test runs on both kinds."""
    with app_on(database_url).app_context():
        yield database_url


@pytest.fixture
def add(database):
    """`add("AAPL", name="Apple Inc.", …)` saves listings and gives the (last) stock."""

    def save(*tickers, **facts):
        given = {"name": "A Company", "exchange": "XNYS", "currency": "USD"} | facts
        with transaction():
            stocks.save_listings(
                [Listing(ticker=ticker, **given) for ticker in tickers], "csv", NOW
            )
        return stocks.find(tickers[-1])

    return save


def bar(day, close=10.0, **figures):
    """A bar of a day in November 2026."""
    given = {"open": close, "high": close, "low": close, "volume": 1000.0} | figures
    return Bar(session=date(2026, 11, day), close=close, **given)
