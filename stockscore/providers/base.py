"""The Protocol that every data source answers, the shapes it answers with, and its errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.statements import Statement


class ProviderError(Exception):
    """A source could not answer for one ticker; the message is a sentence for people."""

    state = "failed"


class RateLimited(ProviderError):
    """The source asks us to slow down; `retry_after` is seconds, None where it did not say."""

    state = "rate_limited"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CoolingDown(RateLimited):
    """The source must not be asked for the next `retry_after` seconds, which is longer than it
    makes sense to wait here."""

    retry_after: float


class NotFound(ProviderError):
    """The source says positively that it does not know the ticker."""

    state = "not_found"


class Unavailable(ProviderError):
    """No usable answer now (network, 5xx, an empty answer): unknown, try again later."""

    state = "unavailable"


class BadData(ProviderError):
    """The source answered something that cannot be what it claims to be."""

    state = "bad_data"


@dataclass(frozen=True, slots=True)
class Listing:
    """A stock of a universe. `exchange` is a MIC (XNYS), `currency` that of its price (ISO 4217,
    or a minor unit such as GBX for pence). `symbol` is the source's own spelling where it differs
    from `ticker`. `listed_on` and `delisted_on` are known only to some sources."""

    ticker: str
    name: str
    exchange: str
    currency: str
    sector: str | None = None
    industry: str | None = None
    symbol: str | None = None
    isin: str | None = None
    financial_currency: str | None = None
    listed_on: date | None = None
    delisted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One session, raw: prices as they were traded that day, never restated for later splits.

    `session` is the exchange's own date. `dividend` is money per share going ex that day, `split`
    the number of new shares for one old that day (1 = none). `adjustment` is what all *earlier*
    closes are multiplied with to compare them with this one: `(1 / split) * (1 - dividend /
    previous close)`. The adjusted close of a bar is its close times the adjustments of all later
    bars. `volume` may be unknown.
    """

    session: date
    open: float | None
    high: float | None
    low: float | None
    close: float
    volume: float | None
    dividend: float = 0.0
    split: float = 1.0
    adjustment: float = 1.0


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """Bars of one stock, oldest first, each session once; `currency` as quoted (GBX for pence).

    `findings` are what the provider has found wrong in the answer, and has mended or left out of
    these bars already."""

    ticker: str
    currency: str
    bars: Sequence[Bar]
    source: str
    fetched_at: datetime
    findings: Sequence[RejectedValue] = ()


@dataclass(frozen=True, slots=True)
class Fundamentals:
    """Profile and statements of one stock; `listing` has what the source knows of the profile.

    `missing` is a sentence about what could not be had this time, empty where nothing is lacking:
    what is there is good, and the rest is asked for again. `reports_at` is when the company
    publishes its figures next, or has lately, None where the source does not say. `quoted_eps` are
    trailing earnings per share in the major unit of the *price's* currency, whatever the accounts
    are in: a witness of the net income that is stored nowhere.
    """

    ticker: str
    listing: Listing | None
    statements: Sequence[Statement]
    source: str
    fetched_at: datetime
    missing: str = ""
    reports_at: datetime | None = None
    quoted_eps: float | None = None


class Provider(Protocol):
    """A source of market data.

    Every method raises only `ProviderError`s for what the source does; an empty answer is
    `Unavailable`, never an empty result. `now` is aware UTC and is the only clock.
    """

    name: str
    simulated: bool
    """True where the market is invented: every page then says so."""

    def universe(self, index: str, now: datetime) -> Sequence[Listing]:
        """The members of an index (`sp500`, `omxs30`, …; `demo` for the simulated market).

        Raises `NotFound` for an index it does not know, naming those it does."""
        ...

    def prices(self, listing: Listing, since: date | None, now: datetime) -> PriceHistory:
        """Daily bars from `since` (None: five years) to the latest session, the running one
        included."""
        ...

    def fundamentals(self, listing: Listing, now: datetime) -> Fundamentals:
        """Profile and statements as the source shows them at `now`."""
        ...

    def exchange_rate(self, base: str, quote: str, now: datetime) -> float:
        """Units of `quote` for one `base` (ISO codes, no minor units)."""
        ...
