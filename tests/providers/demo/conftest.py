"""The simulated market as it stood on one evening, generated once for all these tests."""

from datetime import UTC, datetime

import pytest

from stockscore.providers.demo import DemoProvider

EVENING = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
"""A Monday, after New York's close."""


@pytest.fixture(scope="session")
def now():
    return EVENING


@pytest.fixture(scope="session")
def provider():
    return DemoProvider()


@pytest.fixture(scope="session")
def demo_stocks(provider):
    """(listing, prices, fundamentals) of every stock."""
    return list(provider.market(EVENING))


@pytest.fixture(scope="session")
def by_ticker(demo_stocks):
    return {stock[0].ticker: stock for stock in demo_stocks}


@pytest.fixture(scope="session")
def later():
    """The same market, but simulated years further."""
    provider = DemoProvider()
    provider.universe("demo", datetime(2035, 6, 1, tzinfo=UTC))
    return provider
