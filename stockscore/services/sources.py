"""The data provider that the settings name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stockscore.providers.base import Provider


def provider_of(settings: Mapping[str, Any]) -> Provider:
    """The provider of `DATA_PROVIDER`.

    Each is imported only when it is asked for: yfinance alone takes a second to load.
    """
    name = settings["DATA_PROVIDER"]
    if name == "demo":
        from stockscore.providers.demo import DemoProvider

        return DemoProvider()
    if name == "yahoo":
        from stockscore.providers.yahoo import YahooProvider

        return YahooProvider(
            rate_per_second=settings["PROVIDER_RATE_PER_SECOND"],
            cooldown_seconds=settings["PROVIDER_COOLDOWN_SECONDS"],
            timeout_seconds=settings["PROVIDER_TIMEOUT_SECONDS"],
        )
    from stockscore.providers.csvfile import CsvProvider

    return CsvProvider()
