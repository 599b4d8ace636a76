"""Amounts of a portfolio as they are written."""

from __future__ import annotations

from stockscore.scoring.signals import SIGNALS
from stockscore.services.personal.valuation import Account

GOOD = SIGNALS[:2]
"""BUY or better."""


def money(value: float) -> str:
    """Money of a private investor: to the unit, with separators; cents below a thousand."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"


def signed_money(value: float) -> str:
    """The same with its sign, which zero has none of."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{money(abs(value))}"


def number(value: float) -> str:
    """A number of shares: 1,234.5."""
    return f"{value:,.10g}"


def good_share(account: Account) -> float:
    """The fraction of an account's value in stocks of a good signal."""
    return sum(account.signals.get(signal, 0.0) for signal in GOOD)
