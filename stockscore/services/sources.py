"""The data provider that the settings name."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from stockscore.providers.base import Provider
from stockscore.providers.ratelimit import Limiter, RateLimiter
from stockscore.providers.sharedrate import SharedRateLimiter
from stockscore.services.errors import InputError

if TYPE_CHECKING:
    from stockscore.providers.demo import DemoProvider

WORKER_PATIENCE = 20.0
"""Seconds that a worker waits for a source that is cooling down; it has other work to do."""

ANSWER_SECONDS = 1.0
"""How long a request to a source waits for the shared rate limit before it keeps to its own."""


def preload(settings: Mapping[str, Any], now: datetime) -> None:
    """Loads what the provider needs, so that processes forked from this one have it ready."""
    if settings["DATA_PROVIDER"] == "yahoo":
        from stockscore.providers.yahoo.client import prepare

        prepare()
    elif settings["DATA_PROVIDER"] == "demo":
        demo_provider().universe("demo", now)


def nothing_to_fetch(settings: Mapping[str, Any]) -> str | None:
    """Why there is nothing to refresh from; None where there is a source."""
    if settings["DATA_PROVIDER"] != "csv":
        return None
    return (
        "With DATA_PROVIDER=csv there is nothing to fetch: bring figures with "
        "`flask import prices FILE` and `flask import fundamentals FILE`."
    )


def limiter_of(settings: Mapping[str, Any], source: str, patience: float | None = None) -> Limiter:
    """What keeps to the rate of a source: with Redis one for all processes, else this process's."""
    rate, cooldown = settings["PROVIDER_RATE_PER_SECOND"], settings["PROVIDER_COOLDOWN_SECONDS"]
    if not settings["REDIS_ENABLED"]:
        return RateLimiter(rate, cooldown, patience=patience)
    connection = Redis.from_url(
        settings["QUEUE_REDIS_URL"],
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )
    return SharedRateLimiter(connection, source, rate, cooldown, patience=patience)


Settings = Mapping[str, Any]


@functools.cache
def demo_provider() -> DemoProvider:
    """The simulated market, made once a process."""
    from stockscore.providers.demo import DemoProvider

    return DemoProvider()


def _yahoo(settings: Settings, patience: float | None) -> Provider:
    from stockscore.providers.yahoo import YahooProvider

    return YahooProvider(
        settings["PROVIDER_RATE_PER_SECOND"],
        settings["PROVIDER_COOLDOWN_SECONDS"],
        settings["PROVIDER_TIMEOUT_SECONDS"],
        limiter=limiter_of(settings, "yahoo", patience),
    )


def _csv() -> Provider:
    from stockscore.providers.csvfile import CsvProvider

    return CsvProvider()


PROVIDERS: Mapping[str, Callable[[Settings, float | None], Provider]] = {
    "demo": lambda _settings, _patience: demo_provider(),
    "yahoo": _yahoo,
    "csv": lambda _settings, _patience: _csv(),
}
"""By the value of `DATA_PROVIDER`. Each is imported only when it is asked for: yfinance alone takes
a second to load."""


def provider_of(settings: Settings, patience: float | None = None) -> Provider:
    """The provider of `DATA_PROVIDER`. With `patience` it raises `CoolingDown` where its source
    must not be asked for more than so many seconds, else it waits.

    Raises `InputError` for a name that no provider has.
    """
    name = settings["DATA_PROVIDER"]
    try:
        make = PROVIDERS[name]
    except KeyError:
        known = ", ".join(PROVIDERS)
        raise InputError(
            f"DATA_PROVIDER={name}: no provider is called so; there are {known}."
        ) from None
    return make(settings, patience)
