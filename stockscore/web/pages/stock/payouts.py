"""Dividends by year, with growth and yield, and splits; per share, on the shares of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from stockscore.scoring.inputs import clean
from stockscore.store.pages.stock import Action, Traded
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt

STARTED_BY = (1, 10)
"""A first year is whole where prices of it are known from this month and day on."""


@dataclass(frozen=True, slots=True)
class DividendYear:
    """Fields are written; `note` is of a year that is not whole."""

    year: str
    note: str
    payments: str
    amount: str
    growth: str
    share: str


@dataclass(frozen=True, slots=True)
class Payment:
    """One dividend: the session it went ex, what was paid, and what that is on today's shares,
    empty where it is the same."""

    day: str
    amount: str
    today: str


@dataclass(frozen=True, slots=True)
class Payouts:
    """`since` is the day from which prices are known, None without any; `nothing` is said where
    there is no dividend to list, and where those of the last year are only quoted as a sum."""

    since: str | None
    nothing: str
    currency: str
    years: tuple[DividendYear, ...]
    payments: tuple[Payment, ...]
    splits: tuple[tuple[str, str], ...]


def payouts(
    actions: Sequence[Action], traded: Sequence[Traded], currency: str, quoted: str = ""
) -> Payouts:
    """From all dividends and splits, and the first and last close of each year, oldest first;
    `quoted` is the dividend of twelve months, such as "1.08 USD", where the score was made with one
    of which no payment is listed."""
    paid = [
        (action, _on_today(action.session, action.dividend, actions))
        for action in actions
        if action.dividend
    ]
    places = _places([amount for action, today in paid for amount in (action.dividend, today)])
    return Payouts(
        since=fmt.day(traded[0].first) if traded else None,
        nothing=_nothing(bool(paid), traded, quoted),
        currency=currency,
        years=_years(paid, actions, traded, places) if paid else (),
        payments=tuple(
            Payment(
                fmt.day(action.session),
                fmt.decimal(action.dividend, places),
                "" if today == action.dividend else fmt.decimal(today, places),
            )
            for action, today in reversed(paid)
        ),
        splits=tuple(
            (fmt.day(action.session), ratio(action.split))
            for action in reversed(actions)
            if action.split != 1
        ),
    )


def _nothing(paid: bool, traded: Sequence[Traded], quoted: str) -> str:
    if quoted:
        return (
            f"The source quotes dividends of {quoted} a share over twelve months, and lists no "
            "payment of them."
        )
    if paid:
        return ""
    if not traded:
        return "Without prices no dividends are known."
    return f"No dividend is known since {fmt.day(traded[0].first)}."


def _on_today(session: date, amount: float, actions: Sequence[Action]) -> float:
    """Money per share of a session as money per share of today."""
    for action in actions:
        if action.session > session and action.split > 0:
            amount /= action.split
    return amount


def _places(amounts: Sequence[float]) -> int:
    """Two decimals where they say it all, else four, more for very small amounts."""
    exact = all(abs(round(amount, 2) - amount) < 1e-9 for amount in amounts)
    return 2 if exact else max(4, fmt.price_places(amounts))


def _years(
    paid: Sequence[tuple[Action, float]],
    actions: Sequence[Action],
    traded: Sequence[Traded],
    places: int,
) -> tuple[DividendYear, ...]:
    """Newest first."""
    rows: list[DividendYear] = []
    before: float | None = None
    for index, year in enumerate(traded):
        amounts = [today for action, today in paid if action.session.year == year.last.year]
        total = clean(sum(amounts)) or 0.0
        note = _part(year, index, len(traded))
        close = _on_today(year.last, year.close, actions)
        rows.append(
            DividendYear(
                year=str(year.last.year),
                note=note,
                payments=fmt.count(len(amounts)),
                amount=fmt.decimal(total, places) if amounts else "none",
                growth=_growth(total, before) if not note else "part of a year",
                share=fmt.percent(clean(total / close), 2),
            )
        )
        before = None if note else total
    return tuple(reversed(rows))


def _part(year: Traded, index: int, count: int) -> str:
    """What of a year is known, empty for a whole one."""
    if index == count - 1:
        return "so far"
    if index == 0 and (year.first.month, year.first.day) > STARTED_BY:
        return f"since {fmt.short_day(year.first)}"
    return ""


def _growth(total: float, before: float | None) -> str:
    if before is None:
        return fmt.UNKNOWN
    if before == 0:
        return "was none" if total else "none"
    return fmt.signed_percent(clean(total / before - 1), 1)


def ratio(split: float) -> str:
    """2.0 -> "2 for 1", 1.5 -> "3 for 2", 0.1 -> "1 for 10"."""
    found = Fraction(split).limit_denominator(100)
    if found and abs(float(found) / split - 1) < 1e-6:
        return f"{found.numerator} for {found.denominator}"
    return f"{split:.6g} for 1"


def as_data(actions: Sequence[Action]) -> dict[str, Any]:
    """As JSON: what was paid, per share of its day and of today, and the splits."""
    return {
        "dividends": [
            {
                "session": exports.day(action.session),
                "amount": exports.number(action.dividend),
                "amount_on_todays_shares": exports.number(
                    _on_today(action.session, action.dividend, actions)
                ),
            }
            for action in actions
            if action.dividend
        ],
        "splits": [
            {"session": exports.day(action.session), "new_for_one": exports.number(action.split)}
            for action in actions
            if action.split != 1
        ],
    }
