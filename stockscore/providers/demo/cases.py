"""The awkward cases that the simulated market has on purpose, recognised by what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from stockscore.providers.base import Fundamentals, Listing, PriceHistory
from stockscore.providers.demo.currencies import QUOTED

Stock = tuple[Listing, PriceHistory, Fundamentals]

YEAR = timedelta(days=365)


def cases_of(stocks: Iterable[Stock], today: date) -> dict[str, list[str]]:
    """Name of each case (a key of `CASES`) -> the tickers it is true of on `today`, in the order
    of `stocks`, whose prices should reach back 15 months."""
    found: dict[str, list[str]] = {name: [] for name in CASES}
    for stock in stocks:
        for name, is_one in CASES.items():
            if is_one(stock, today):
                found[name].append(stock[0].ticker)
    return found


def _industry(*beginnings: str) -> Callable[[Stock, date], bool]:
    return lambda stock, _: (stock[0].industry or "").startswith(beginnings)


def _loses_money(stock: Stock, _: date) -> bool:
    return sum(_newest(stock, "net_income")) < 0


def _owes_more_than_it_owns(stock: Stock, _: date) -> bool:
    equity = _newest(stock, "total_equity")
    return bool(equity) and equity[-1] < 0


def _lacks_a_cash_flow(stock: Stock, _: date) -> bool:
    return 0 < len(_newest(stock, "cfo")) < 4


def _reports_nothing(stock: Stock, _: date) -> bool:
    return not stock[2].statements


def _is_newly_listed(stock: Stock, today: date) -> bool:
    listed_on = stock[0].listed_on
    return listed_on is not None and today - listed_on < timedelta(days=140)


def _split_lately(stock: Stock, today: date) -> bool:
    return any(bar.split != 1 for bar in stock[1].bars if today - bar.session <= YEAR)


def _cut_its_dividend(stock: Stock, today: date) -> bool:
    """A dividend within a year by a quarter lower than the one before, on the same shares."""
    before = 0.0
    for bar in stock[1].bars:
        before /= bar.split
        if bar.dividend:
            if bar.dividend < 0.75 * before and today - bar.session <= YEAR:
                return True
            before = bar.dividend
    return False


def _is_delisted(stock: Stock, _: date) -> bool:
    return stock[0].delisted_on is not None


def _reports_in_another_currency(stock: Stock, _: date) -> bool:
    return stock[0].financial_currency != {"GBX": "GBP"}.get(stock[0].currency, stock[0].currency)


def _has_no_known_rate(stock: Stock, _: date) -> bool:
    return stock[0].financial_currency not in QUOTED


def _is_a_share_class(stock: Stock, _: date) -> bool:
    return "." in stock[0].ticker


def _newest(stock: Stock, figure: str) -> list[float]:
    """The known values of a figure in the newest four statements."""
    values = (statement.figures.get(figure) for statement in stock[2].statements[-4:])
    return [value for value in values if value is not None]


CASES: dict[str, Callable[[Stock, date], bool]] = {
    "bank": _industry("Banks"),
    "insurer": _industry("Insurance"),
    "reit": _industry("REIT"),
    "utility": _industry("Utilities"),
    "loss-maker": _loses_money,
    "negative equity": _owes_more_than_it_owns,
    "cash flow missing": _lacks_a_cash_flow,
    "no statements": _reports_nothing,
    "new listing": _is_newly_listed,
    "recent split": _split_lately,
    "dividend cut": _cut_its_dividend,
    "delisted": _is_delisted,
    "foreign currency": _reports_in_another_currency,
    "unknown rate": _has_no_known_rate,
    "share class": _is_a_share_class,
}
