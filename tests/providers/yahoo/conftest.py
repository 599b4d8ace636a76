"""The replayed market and a provider that asks it as fast as it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.replay import replayed_market
from tests.support.waiting import PATIENCE_SECONDS

if TYPE_CHECKING:
    from replay import ReplayMarket

    from stockscore.providers.yahoo import YahooProvider

__all__ = ["replayed_market"]


@pytest.fixture
def provider(replayed_market: ReplayMarket) -> YahooProvider:
    """The provider, with pauses that take no time, and yfinance with a crumb of this market.

    The crumb is fetched here, so that tests count only requests for figures.
    """
    from yfinance.data import YfData

    from stockscore.providers.yahoo import YahooProvider

    made = YahooProvider(1000.0, cooldown_seconds=0.001, timeout_seconds=PATIENCE_SECONDS)
    data = YfData()
    data._crumb = data._cookie = None  # noqa: SLF001 - one test must not leave its crumb to the next
    data._cookie_strategy = "basic"  # noqa: SLF001 - nor the way it came by it
    data.fundamentals_use_chunked = False
    made.exchange_rate("EUR", "USD", None)
    replayed_market.clear_requests()
    return made


@pytest.fixture
def impatient_provider(provider: YahooProvider) -> YahooProvider:
    """One that waits for no answer."""
    return type(provider)(1000.0, cooldown_seconds=0.001, timeout_seconds=0.5)
