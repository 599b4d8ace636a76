"""A source of data that answers as a test tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from stockscore.providers.base import Bar, Fundamentals, Listing, PriceHistory, Unavailable
from stockscore.scoring.statements import Period, Statement

START = datetime(2026, 3, 5, 21, 30, tzinfo=UTC)
"""A Thursday, half an hour after the close in New York."""


class Source:
    """A source of data whose answers a test sets: per ticker and thing a value, an error, or a
    list of them for one attempt after the other."""

    name = "source"
    simulated = False

    def __init__(self) -> None:
        self.now = START
        self.asked: list[tuple[str, str]] = []
        self.since: dict[str, date | None] = {}
        self.closes: dict[str, list[float]] = {}
        self.currency: dict[str, str] = {}
        self.answers: dict[tuple[str, str], object] = {}
        self.rates: dict[tuple[str, str], float] = {}

    def clock(self) -> datetime:
        return self.now

    def prices(self, listing: Listing, since: date | None, now: datetime) -> PriceHistory:
        self.since[listing.ticker] = since
        self._ask(listing.ticker, "prices")
        closes = self.closes.get(listing.ticker, [10.0, 11.0, 12.0])
        days = [self.now.date() - timedelta(days=back) for back in range(len(closes))][::-1]
        found = [
            Bar(day, close, close, close, close, 1000.0)
            for day, close in zip(days, closes, strict=True)
            if since is None or day >= since
        ]
        currency = self.currency.get(listing.ticker, listing.currency)
        return PriceHistory(listing.ticker, currency, found, self.name, now)

    def fundamentals(self, listing: Listing, now: datetime) -> Fundamentals:
        answer = self._ask(listing.ticker, "fundamentals")
        if isinstance(answer, Fundamentals):
            return replace(answer, fetched_at=now)
        found = [quarter(now, revenue=100.0, cash=5.0), trailing(now, revenue=400.0)]
        return Fundamentals(listing.ticker, listing, found, self.name, now)

    def exchange_rate(self, base: str, quote: str, now: datetime) -> float:
        if (base, quote) not in self.rates:
            raise Unavailable(f"no rate of {base} in {quote} at {now}")
        return self.rates[base, quote]

    def _ask(self, ticker: str, what: str) -> object:
        self.asked.append((ticker, what))
        answer = self.answers.get((ticker, what))
        if isinstance(answer, list):
            answer = answer.pop(0) if answer else None
        if isinstance(answer, BaseException):
            raise answer
        return answer


def quarter(known_at: datetime, currency: str = "USD", **figures: float | None) -> Statement:
    return Statement(Period.QUARTER, date(2025, 12, 31), known_at, currency, "source", figures)


def trailing(known_at: datetime, currency: str = "USD", **figures: float | None) -> Statement:
    return Statement(Period.TRAILING, known_at.date(), known_at, currency, "source", figures)
