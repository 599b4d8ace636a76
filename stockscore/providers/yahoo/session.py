"""The HTTP session that yfinance is given: it paces requests and says plainly what went wrong.

yfinance hides most failures: statements turn a 429 into an empty table, and any status from 400
up is asked a second time under another cookie. A session of one's own is its documented way to
see the answers themselves. This one waits for the rate limit before every request, and ends a
failed call at once, so that one refusal stays one request.
"""

from __future__ import annotations

import json
import re
from typing import Any

from curl_cffi import requests

from stockscore.providers.base import NotFound, ProviderError, RateLimited, Unavailable
from stockscore.providers.ratelimit import Limiter

DATA_PATH = re.compile(r"/(?:v\d+/finance|ws/fundamentals-timeseries)/")
"""Requests for figures; all others fetch cookies and crumbs, which yfinance can do without."""

UNKNOWN_SYMBOL = re.compile(r"symbol may be delisted|Quote not found", re.IGNORECASE)
PARSED_UP_TO = 65_536
"""Bytes up to which an answer is checked whole. Longer ones (five years of bars) are not parsed
twice: only their end is looked at."""


DIVIDENDS = b'"dividends":'


class UnknownSymbol(NotFound):
    """One endpoint does not know the symbol; only two that agree make it `NotFound`."""


class WatchedSession(requests.Session):
    """A curl session whose requests are paced, and whose bad answers are raised as our errors.

    `begin` starts a call for a symbol. Once a request of a call has failed, every further one of
    the same call raises the same error without asking. A timeout is the exception, because
    yfinance then tries shorter addresses, which some networks need.
    """

    def __init__(self, limiter: Limiter, timeout: float) -> None:
        super().__init__(impersonate="chrome")
        self._limiter = limiter
        self._timeout = timeout
        self._symbol = ""
        self._failure: ProviderError | None = None
        self._crumb_refused = False
        self.dividend_currencies: dict[int, str] = {}
        """Of the last chart the currency of each dividend that says one, by the moment (epoch) of
        the dividend; yfinance leaves them out of its tables."""

    def begin(self, symbol: str) -> None:
        """Forgets what came of the last call."""
        self._symbol = symbol
        self.dividend_currencies = {}
        self._failure = None
        self._crumb_refused = False

    def request(self, method: Any, url: str, *positional: Any, **options: Any) -> requests.Response:
        """As `curl_cffi.requests.Session.request`, but a failed request for figures raises a
        `ProviderError`."""
        if self._failure is not None:
            raise self._failure
        options["timeout"] = self._timeout
        self._limiter.acquire()
        if not DATA_PATH.search(url):
            response = super().request(method, url, *positional, **options)
            self._crumb_refused |= response.status_code == 429
            return response
        try:
            response = super().request(method, url, *positional, **options)
        except requests.exceptions.Timeout as error:
            raise Unavailable(
                f"Yahoo did not answer for {self._symbol} within {self._timeout:g} seconds."
            ) from error
        except requests.exceptions.RequestException as error:
            self._failure = Unavailable(f"The connection to Yahoo broke off for {self._symbol}.")
            raise self._failure from error
        self._failure = self._judge(response)
        if self._failure is not None:
            raise self._failure
        if "/finance/chart/" in url:
            self.dividend_currencies = _dividend_currencies(response.content)
        return response

    def _judge(self, response: requests.Response) -> ProviderError | None:
        """The error that an answer amounts to, or None."""
        status = response.status_code
        if status == 429 or (status in (401, 403) and self._crumb_refused):
            pause = self._limiter.refused(_seconds(response.headers.get("retry-after")))
            return RateLimited(f"Yahoo asks to slow down (at {self._symbol}).", pause)
        if status >= 500:
            return Unavailable(f"Yahoo had an internal error ({status}) at {self._symbol}.")
        if status == 404:
            if UNKNOWN_SYMBOL.search(response.text):
                return UnknownSymbol(f"Yahoo does not know the symbol {self._symbol}.")
            return Unavailable(f"Yahoo has no such figures of {self._symbol} (404).")
        if status == 200:
            return self._judge_body(response.content)
        return None

    def _judge_body(self, body: bytes) -> ProviderError | None:
        """An answer that is cut off or says nothing at all tells nothing about the stock."""
        try:
            if not body.rstrip().endswith(b"}"):
                raise ValueError("cut off")
            empty = len(body) < PARSED_UP_TO and _is_empty(json.loads(body))
        except ValueError:
            return Unavailable(f"Yahoo's answer for {self._symbol} was cut off.")
        if empty:
            return Unavailable(f"Yahoo answered nothing for {self._symbol}.")
        self._limiter.answered()
        return None


def _is_empty(answer: Any) -> bool:
    """Whether Yahoo's envelope holds neither a result nor an error of its own."""
    envelope = next(iter(answer.values()), None) if isinstance(answer, dict) else None
    if not isinstance(envelope, dict):
        return True
    return not envelope.get("result") and not envelope.get("error")


def _dividend_currencies(chart: bytes) -> dict[int, str]:
    """The currencies that the dividends of a chart say; only that part of it is parsed."""
    place = chart.find(DIVIDENDS)
    if place < 0:
        return {}
    try:
        part = chart[place + len(DIVIDENDS) :].decode("utf-8").lstrip()
        events, _ = json.JSONDecoder().raw_decode(part)
        return {
            int(event["date"]): event["currency"]
            for event in events.values()
            if isinstance(event.get("currency"), str) and event["currency"]
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}


def _seconds(header: str | None) -> float | None:
    """A Retry-After header in seconds; the form with a date is not used by Yahoo."""
    return float(header) if header and header.isdigit() else None
