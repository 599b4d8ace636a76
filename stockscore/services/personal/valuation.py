"""What a portfolio is worth, and how it scores.

There are no exchange rates here that a total could be trusted with, so positions are added up by
currency, and weights are shares of one currency's value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from stockscore.scoring.currency import major_unit
from stockscore.scoring.signals import SIGNALS, went_up
from stockscore.services.errors import InputError
from stockscore.store.pages.lists import StockLine
from stockscore.store.positions import Holding

FELL_BY = 500
"""A fall of the score in 7 days (hundredths) that is worth a look."""

LARGE = 0.25
"""A weight that is worth a look."""

UNKNOWN = "unknown"
NOT_RATED = "not rated"


@dataclass(frozen=True, slots=True)
class Valued:
    """A position with its worth and cost in the account's currency, None where the price, or what
    was paid, is not known. `weight` is a fraction of the account's value."""

    holding: Holding
    line: StockLine
    value: float | None
    cost: float | None
    weight: float | None

    @property
    def profit(self) -> float | None:
        """What selling at the last price would bring over the cost."""
        return None if self.value is None or self.cost is None else self.value - self.cost


@dataclass(frozen=True, slots=True)
class Account:
    """All positions in one currency, the largest first.

    `value` is of those with a price; `profit` and `cost` of those whose cost is known too. `score`
    (hundredths) is the mean of the rated ones weighted by value, who are `scored` of it. `signals`
    and `sectors` are shares of the value, the largest sector first."""

    currency: str
    positions: tuple[Valued, ...]
    value: float
    cost: float
    profit: float | None
    score: int | None
    scored: float
    signals: Mapping[str, float]
    sectors: Mapping[str, float]


def accounts(holdings: Sequence[Holding], lines: Mapping[int, StockLine]) -> tuple[Account, ...]:
    """The positions by currency, the currency with most positions first."""
    by_currency: dict[str, list[Valued]] = {}
    for holding in holdings:
        if holding.stock_id in lines:
            valued, currency = _valued(holding, lines[holding.stock_id])
            by_currency.setdefault(currency, []).append(valued)
    found = [_account(currency, positions) for currency, positions in by_currency.items()]
    return tuple(sorted(found, key=lambda account: (-len(account.positions), account.currency)))


def after(holdings: Sequence[Holding], line: StockLine, shares: float) -> tuple[Holding, ...]:
    """The positions if so many shares of a stock were bought (sold, below zero) at its last price.
    Raises `InputError` where that cannot be."""
    if line.price is None:
        raise InputError(f"There is no price of {line.ticker} to reckon with.")
    standing = next((holding for holding in holdings if holding.stock_id == line.id), None)
    there = standing.shares if standing else 0.0
    if there + shares < 0:
        raise InputError(f"There are {there:g} shares of {line.ticker}; {-shares:g} cannot go.")
    if standing is None:
        changed = Holding(line.id, line.ticker, shares, line.price, None)
        return (*holdings, changed)
    rest = [holding for holding in holdings if holding is not standing]
    if there + shares == 0:
        return tuple(rest)
    return (
        *rest,
        replace(standing, shares=there + shares, average_price=_mean(standing, line, shares)),
    )


def to_review(account: Account) -> tuple[tuple[Valued, tuple[str, ...]], ...]:
    """The positions worth a look, each with the reasons as sentences."""
    found = []
    for position in account.positions:
        reasons = tuple(sentence for rule in RULES if (sentence := rule(position)))
        if reasons:
            found.append((position, reasons))
    return tuple(found)


def _mean(standing: Holding, line: StockLine, bought: float) -> float | None:
    """What a share cost on average after buying more at the last price; selling changes nothing."""
    if bought <= 0 or standing.average_price is None or line.price is None:
        return standing.average_price
    paid = standing.average_price * standing.shares + line.price * bought
    return paid / (standing.shares + bought)


def _valued(holding: Holding, line: StockLine) -> tuple[Valued, str]:
    currency, unit = major_unit(line.currency)
    value = None if line.price is None else holding.shares * line.price * unit
    paid = holding.average_price
    return Valued(
        holding, line, value, None if paid is None else holding.shares * paid * unit, None
    ), currency


def _account(currency: str, positions: Sequence[Valued]) -> Account:
    value = sum(position.value for position in positions if position.value is not None)
    weighed = [
        replace(
            position,
            weight=position.value / value if position.value is not None and value else None,
        )
        for position in positions
    ]
    both = [position for position in weighed if position.profit is not None]
    rated = [
        (position.weight or 0.0, position.line.total)
        for position in weighed
        if position.line.total is not None
    ]
    scored = sum(weight for weight, _ in rated)
    total = sum(weight * total for weight, total in rated)
    mix = _shares(weighed, lambda position: position.line.signal or NOT_RATED)
    sectors = _shares(weighed, lambda position: position.line.sector or UNKNOWN)
    return Account(
        currency=currency,
        positions=tuple(
            sorted(
                weighed, key=lambda position: (-(position.value or 0.0), position.holding.ticker)
            )
        ),
        value=value,
        cost=sum(position.cost or 0.0 for position in both),
        profit=sum(position.profit or 0.0 for position in both) if both else None,
        score=round(total / scored) if scored else None,
        scored=scored,
        signals={name: mix[name] for name in (*SIGNALS, NOT_RATED) if name in mix},
        sectors=dict(sorted(sectors.items(), key=lambda item: (-item[1], item[0]))),
    )


def _shares(positions: Sequence[Valued], key: Callable[[Valued], str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for position in positions:
        found[key(position)] = found.get(key(position), 0.0) + (position.weight or 0.0)
    return found


def _no_price(position: Valued) -> str | None:
    return None if position.value is not None else "There is no price."


def _not_rated(position: Valued) -> str | None:
    return None if position.line.total is not None else "It is not rated."


def _signal(position: Valued) -> str | None:
    now, before = position.line.signal, position.line.previous_signal
    if now and before and went_up(now, before):
        return f"Its signal fell from {before} to {now}."
    return f"Its signal is {now}." if now in SIGNALS[-2:] else None


def _fell(position: Valued) -> str | None:
    change = position.line.changes[7]
    if change is None or change > -FELL_BY:
        return None
    return f"Its score fell by {-change / 100:.1f} points in 7 days."


def _large(position: Valued) -> str | None:
    if position.weight is None or position.weight <= LARGE or position.weight == 1.0:
        return None
    return f"It is {position.weight * 100:.0f} % of the value."


RULES = (_signal, _fell, _not_rated, _no_price, _large)
