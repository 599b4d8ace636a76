"""The data provider that the settings name."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from stockscore.providers.base import Provider
from stockscore.providers.ratelimit import RateLimiter

WORKER_PATIENCE = 20.0
"""Seconds that a worker waits for a source that is cooling down; it has other work to do."""


def preload(settings: Mapping[str, Any], now: datetime) -> None:
    """Loads what the provider needs, so that processes forked from this one have it ready."""
    if settings["DATA_PROVIDER"] == "yahoo":
        from stockscore.providers.yahoo.client import prepare

        prepare()
    elif settings["DATA_PROVIDER"] == "demo":
        _demo().universe("demo", now)


def nothing_to_fetch(settings: Mapping[str, Any]) -> str | None:
    """Why there is nothing to refresh from; None where there is a source."""
    if settings["DATA_PROVIDER"] != "csv":
        return None
    return (
        "With DATA_PROVIDER=csv there is nothing to fetch: bring figures with "
        "`flask import prices FILE` and `flask import fundamentals FILE`."
    )


@functools.cache
def _demo() -> Provider:
    from stockscore.providers.demo import DemoProvider

    return DemoProvider()


def provider_of(settings: Mapping[str, Any], patience: float | None = None) -> Provider:
    """The provider of `DATA_PROVIDER`. With `patience` it raises `CoolingDown` where its source
    must not be asked for more than so many seconds, else it waits.

    Each is imported only when it is asked for: yfinance alone takes a second to load.
    """
    name = settings["DATA_PROVIDER"]
    if name == "demo":
        return _demo()
    if name == "yahoo":
        from stockscore.providers.yahoo import YahooProvider

        limiter = RateLimiter(
            settings["PROVIDER_RATE_PER_SECOND"],
            settings["PROVIDER_COOLDOWN_SECONDS"],
            patience=patience,
        )
        return YahooProvider(
            settings["PROVIDER_RATE_PER_SECOND"],
            settings["PROVIDER_COOLDOWN_SECONDS"],
            settings["PROVIDER_TIMEOUT_SECONDS"],
            limiter=limiter,
        )
    from stockscore.providers.csvfile import CsvProvider

    return CsvProvider()
