"""A small market for tests of services and pages: twelve companies, two sectors, real sessions.

Everything is plain arithmetic, so that a test can say what must come out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from stockscore.market.hours import Session
from stockscore.providers.base import Bar, Listing
from stockscore.scoring.statements import Period, Statement
from stockscore.store import bars, fetches, sessions, statements, stocks
from stockscore.store.transactions import transaction

NOW = datetime(2026, 11, 20, 22, tzinfo=UTC)
"""An hour after the close of New York on a Friday."""

TODAY = NOW.date()

SECTORS = ("Technology", "Industrials")
TICKERS = tuple(f"T{number:02d}" for number in range(12))
SESSIONS = 320


def weekdays(last: date, count: int) -> list[date]:
    """The last `count` weekdays up to a date, oldest first: the sessions of this market."""
    days: list[date] = []
    day = last
    while len(days) < count:
        if day.isoweekday() < 6:
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


def trading_days(last: date = TODAY, count: int = SESSIONS) -> list[Session]:
    """Sessions of the exchange from 14:30 to 21:00 UTC."""
    return [
        Session(
            "XNYS",
            day,
            datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC),
            datetime(day.year, day.month, day.day, 21, tzinfo=UTC),
        )
        for day in weekdays(last, count)
    ]


def listing(number: int) -> Listing:
    """The twelve companies alternate between the two sectors."""
    return Listing(
        ticker=TICKERS[number],
        name=f"Company {number}",
        exchange="XNYS",
        currency="USD",
        sector=SECTORS[number % 2],
        industry="Software" if number % 2 == 0 else "Machinery",
    )


def price_bars(number: int, days: Iterable[date]) -> list[Bar]:
    """A path that rises faster the higher `number` is, with a wave on it."""
    result = []
    for place, day in enumerate(days):
        close = 50 + number + place * number / 100 + 3 * math.sin(place / 9 + number)
        result.append(Bar(day, close, close + 1, close - 1, close, 100_000 + 1000 * (place % 7)))
    return result


def quarters(number: int, count: int = 9, known_from: datetime | None = None) -> list[Statement]:
    """Quarterly statements, each known 40 days after its end, better the higher `number` is."""
    reports = []
    for back in range(count):
        month = 9 - 3 * back
        year, month = 2026 + (month - 1) // 12, (month - 1) % 12 + 1
        end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        known = datetime(end.year, end.month, end.day, 12, tzinfo=UTC) + timedelta(days=40)
        scale = 1e8 * (1 + number / 10) * 0.99**back
        reports.append(
            Statement(
                Period.QUARTER,
                end,
                known_from or known,
                "USD",
                "test",
                {
                    "revenue": 10 * scale,
                    "gross_profit": 4 * scale,
                    "ebit": (1 + number / 12) * scale,
                    "ebitda": (1.5 + number / 12) * scale,
                    "net_income": (0.7 + number / 15) * scale,
                    "cfo": 1.1 * scale,
                    "fcf": 0.6 * scale,
                    "interest_expense": 0.1 * scale,
                    "pretax_income": (0.9 + number / 15) * scale,
                    "tax_provision": 0.2 * scale,
                    "eps": (0.7 + number / 15) * scale / 2e8,
                    "total_assets": 60 * scale,
                    "total_liabilities": (30 - number) * scale,
                    "total_debt": (12 - number / 2) * scale,
                    "cash": 3 * scale,
                    "total_equity": (30 + number) * scale,
                    "retained_earnings": 15 * scale,
                    "current_assets": 20 * scale,
                    "current_liabilities": 11 * scale,
                    "shares": 2e8,
                },
            )
        )
    return reports


def save(now: datetime = NOW, last: date = TODAY, count: int = len(TICKERS)) -> dict[str, int]:
    """Writes the market into the database; ids by ticker."""
    days = trading_days(last)
    with transaction():
        sessions.save(days)
        added_at = now - timedelta(days=900)
        stocks.save_listings([listing(number) for number in range(count)], "test", added_at)
        ids = {stock.ticker: stock.id for stock in stocks.active()}
        for number in range(count):
            stock_id = ids[TICKERS[number]]
            bars.save(stock_id, price_bars(number, [day.session for day in days]), "test")
            statements.save(stock_id, quarters(number))
            for what in ("prices", "fundamentals"):
                fetches.record(stock_id, what, "ok", None, "test", now)
    return ids
