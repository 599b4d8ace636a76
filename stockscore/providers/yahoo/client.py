"""One yfinance for this process: its session, its caches, and calls whose errors are ours."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import logging
import shutil
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from stockscore.providers.base import BadData, RateLimited, Unavailable
from stockscore.providers.ratelimit import Limiter

if TYPE_CHECKING:
    import yfinance

_CALL = threading.RLock()
"""yfinance keeps its session, crumb and cookie strategy in one object per process."""


@functools.cache
def prepare() -> str:
    """Loads yfinance and points its SQLite caches to a folder of this process and of those forked
    from it, because processes that share them lock each other out. It is removed when the process
    ends."""
    with quiet():
        import yfinance as yf

    folder = tempfile.mkdtemp(prefix="stockscore-yfinance-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    yf.set_tz_cache_location(folder)
    yf.config.debug.hide_exceptions = False
    # Whatever it has to say is raised as an error of ours; its log would only repeat it.
    logging.getLogger("yfinance").setLevel(logging.CRITICAL)
    return folder


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silences the one category that yfinance causes with pandas 3, and only here."""
    from pandas.errors import Pandas4Warning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Pandas4Warning)
        yield


class Client:
    """Makes tickers and runs calls, one at a time in a process."""

    def __init__(self, limiter: Limiter, timeout: float) -> None:
        with quiet():
            from stockscore.providers.yahoo.session import WatchedSession

            prepare()
        self._session = WatchedSession(limiter, timeout)

    @property
    def dividend_currencies(self) -> Mapping[int, str]:
        """Of the chart that was asked for last (`WatchedSession.dividend_currencies`)."""
        return self._session.dividend_currencies

    @contextlib.contextmanager
    def call(self, symbol: str, zone: str | None = None) -> Iterator[yfinance.Ticker]:
        """A ticker to ask once inside the block; everything raised there is a `ProviderError`.

        `zone` is the exchange's time zone where it is known: yfinance would otherwise spend a
        request of its own on it for every symbol.
        """
        from curl_cffi.requests.exceptions import RequestException
        from yfinance import Ticker
        from yfinance.exceptions import YFException, YFRateLimitError, YFTickerMissingError

        with _CALL, quiet():
            self._session.begin(symbol)
            try:
                ticker = Ticker(symbol, session=self._session)
                self._prepare(symbol, zone)
                yield ticker
            except YFRateLimitError as error:
                raise RateLimited(f"Yahoo asks to slow down (at {symbol}).") from error
            except YFTickerMissingError as error:
                raise Unavailable(f"Yahoo has nothing of {symbol}: {error.rationale}.") from error
            except (YFException, RequestException, json.JSONDecodeError) as error:
                raise Unavailable(f"Yahoo gave no usable answer for {symbol}: {error}") from error
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
                raise BadData(f"Yahoo's answer for {symbol} could not be read: {error}") from error

    @staticmethod
    def _prepare(symbol: str, zone: str | None) -> None:
        """Forgets kept answers (yfinance keeps broken ones too) and tells the time zone."""
        from yfinance import cache
        from yfinance.data import YfData

        YfData().cache_get.cache_clear()
        zones = cache.get_tz_cache()
        if zone and not zones.lookup(symbol):
            zones.store(symbol, zone)
