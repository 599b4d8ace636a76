"""The sections of the page of a stock: its price, its statements, its payouts."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

from stockscore.scoring.statements import Period, Statement
from stockscore.store.pages.stock import Action, BarRow, Traded
from stockscore.web.pages.patterns.invented import prices, sessions
from stockscore.web.pages.stock.payouts import Payouts, payouts
from stockscore.web.pages.stock.prices import bars_to_read
from stockscore.web.pages.stock.reports import ReportsView, reports_view
from stockscore.web.pages.stock.technical import Technical, technical


def samples() -> dict[str, object]:
    """By the names that the template asks for; the sections on prices are (label, section)."""
    return {"technical": _price_sections(), "reports": _reports(), "payouts": _payouts()}


def _price_sections() -> tuple[tuple[str, Technical], ...]:
    """The section on a price: with events, listed lately, and without prices."""

    def section(count: int, span: str) -> Technical:
        closes = prices(count, 70.0, 0.3)
        bars = [
            BarRow(day, close, 2e6 * (1.3 + math.sin(index * 2.1) * 0.5), 0.0, 1.0, 1.0, "demo")
            for index, (day, close) in enumerate(zip(sessions(count), closes, strict=True))
        ]
        return technical(bars, span, "USD", "Haldane Bearings", "/patterns")

    return (
        ("A year", section(bars_to_read("1y"), "1y")),
        ("Listed ten sessions ago, three months asked for", section(10, "3m")),
        ("No prices", section(0, "5y")),
    )


def _reports() -> tuple[ReportsView, ...]:
    """Statements of nine quarters with large, negative and missing figures, and none at all."""
    known_at = datetime(2026, 11, 14, tzinfo=UTC)
    quarters = [
        Statement(
            Period.QUARTER,
            date(2026 - index // 4, (9, 6, 3, 12)[index % 4], 28)
            - timedelta(days=365 * (index % 4 == 3)),
            known_at,
            "IDR",
            "demo",
            {
                "revenue": 12_345_678e6 - index * 91_000e6,
                "net_income": (420 - index * 90) * 1e9,
                "eps": 84.1 - index * 18,
                "total_equity": -3_210_000e6 + index * 5e9,
                "shares": 4_990e6,
                "cfo": None if index == 1 else 7e9,
            },
        )
        for index in range(9)
    ]
    return reports_view(quarters, ()), reports_view((), ())


def _payouts() -> tuple[Payouts, ...]:
    """Three years of dividends with a split among them, and a stock that never paid."""
    actions = (
        Action(date(2024, 5, 7), 1.2, 1.0),
        Action(date(2025, 5, 6), 1.5, 1.0),
        Action(date(2026, 3, 2), 0.0, 3.0),
        Action(date(2026, 5, 5), 0.55, 1.0),
    )
    traded = (
        Traded(date(2024, 1, 2), date(2024, 12, 31), 60.0),
        Traded(date(2025, 1, 2), date(2025, 12, 31), 66.0),
        Traded(date(2026, 1, 2), date(2026, 11, 24), 28.0),
    )
    return payouts(actions, traded, "USD"), payouts((), (), "USD")
