"""Five ready-made screens as predicates over one stock's record (scoring.md, section 7).

A screen admits a stock only where every condition is known and met. A ratio that a loss or negative
equity has turned negative is not cheap: it fails its condition instead of passing it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stockscore.scoring.inputs import clean
from stockscore.scoring.reasons import Reason, parts
from stockscore.scoring.record import Record


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that strategies compare. `value` is None where unknown, and also where it has no
    meaning; then `fails` says why it meets no condition."""

    value: float | None
    fails: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """`figure` (a key of `FIGURES`) `comparison` ("<" or ">") `limit`; `unit` as in `method`."""

    figure: str
    label: str
    comparison: str
    limit: float
    unit: str


@dataclass(frozen=True, slots=True)
class Strategy:
    """A screen; `key` stands in URLs."""

    key: str
    label: str
    description: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class ConditionOutcome:
    """`passed` is None where the figure is unknown; `note` says why a figure has no value."""

    condition: Condition
    value: float | None
    passed: bool | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`admitted` only where every outcome passed."""

    strategy: Strategy
    admitted: bool
    outcomes: tuple[ConditionOutcome, ...]


def _below(figure: str, label: str, limit: float, unit: str = "ratio") -> Condition:
    return Condition(figure, label, "<", limit, unit)


def _above(figure: str, label: str, limit: float, unit: str = "percent") -> Condition:
    return Condition(figure, label, ">", limit, unit)


STRATEGIES: tuple[Strategy, ...] = (
    Strategy(
        "value-gems",
        "Value Gems",
        "Profitable companies with little debt at a low price",
        (
            _below("pe", "P/E", 15),
            _above("roic", "Return on invested capital", 0.15),
            _below("debt_to_equity", "Debt to equity", 0.5),
        ),
    ),
    Strategy(
        "quality-compounders",
        "Quality Compounders",
        "High returns on capital and margins, still growing",
        (
            _above("roic", "Return on invested capital", 0.20),
            _above("net_margin", "Net margin", 0.15),
            _above("revenue_growth", "Revenue growth", 0.0),
        ),
    ),
    Strategy(
        "dividend-kings",
        "Dividend Kings",
        "A good dividend that earnings cover",
        (
            _above("dividend_yield", "Dividend yield", 0.03),
            _below("payout", "Payout", 0.70, "percent"),
            _below("debt_to_equity", "Debt to equity", 1.0),
        ),
    ),
    Strategy(
        "deep-value",
        "Deep Value",
        "Cheap against book value and cash flow, without heavy debt",
        (
            _below("pb", "P/B", 2.0),
            _above("fcf_yield", "Free cash flow yield", 0.03),
            _below("debt_to_equity", "Debt to equity", 1.0),
        ),
    ),
    Strategy(
        "explosive-growth",
        "Explosive Growth",
        "Fast growth that is profitable and not overpaid",
        (
            _above("revenue_growth", "Revenue growth", 0.30),
            _below("peg", "PEG", 2.0),
            _above("net_margin", "Net margin", 0.0),
        ),
    ),
)

BY_KEY: dict[str, Strategy] = {strategy.key: strategy for strategy in STRATEGIES}


def _divided(record: Record, above: str, below: str) -> float | None:
    top, bottom = record.inputs.get(above), record.inputs.get(below)
    if top is None or bottom is None or bottom <= 0:
        return None
    return clean(top / bottom)


def _over_earnings(above: str) -> Callable[[Record], Figure]:
    def figure(record: Record) -> Figure:
        earnings = record.inputs.get("eps_ttm")
        if earnings is not None and earnings <= 0:
            return Figure(None, "there is no profit")
        return Figure(_divided(record, above, "eps_ttm"))

    return figure


def _price_to_book(record: Record) -> Figure:
    equity = record.inputs.get("total_equity")
    if equity is not None and equity <= 0:
        return Figure(None, "equity is not above zero")
    return Figure(_divided(record, "market_cap", "total_equity"))


_DECIDED_AGAINST = {
    Reason.NO_PROFIT: "there is no profit",
    Reason.NO_GROWTH: "earnings do not grow",
    Reason.NO_EQUITY: "equity is not above zero",
}


def _metric(key: str) -> Callable[[Record], Figure]:
    def figure(record: Record) -> Figure:
        result = record.by_key[key]
        return Figure(result.value, _DECIDED_AGAINST.get(parts(result.reason)[0]))

    return figure


def _input(name: str) -> Callable[[Record], Figure]:
    return lambda record: Figure(record.inputs.get(name))


FIGURES: Mapping[str, Callable[[Record], Figure]] = {
    "pe": _over_earnings("price"),
    "pb": _price_to_book,
    "peg": _metric("peg"),
    "roic": _metric("roic"),
    "net_margin": _metric("net_margin"),
    "fcf_yield": _metric("fcf_yield"),
    "debt_to_equity": _metric("debt_to_equity"),
    "revenue_growth": _input("revenue_growth"),
    "dividend_yield": lambda record: Figure(_divided(record, "dividend_per_share_ttm", "price")),
    "payout": _over_earnings("dividend_per_share_ttm"),
}
"""What conditions compare, each from one record."""

_COMPARED = {"<": operator.lt, ">": operator.gt}


def evaluate(strategy: Strategy, record: Record) -> Evaluation:
    """Every condition of a strategy for one stock."""
    outcomes = tuple(_outcome(condition, record) for condition in strategy.conditions)
    return Evaluation(strategy, all(one.passed is True for one in outcomes), outcomes)


def _outcome(condition: Condition, record: Record) -> ConditionOutcome:
    figure = FIGURES[condition.figure](record)
    if figure.fails:
        return ConditionOutcome(condition, None, False, figure.fails)
    if figure.value is None:
        return ConditionOutcome(condition, None, None, "unknown")
    passed = _COMPARED[condition.comparison](figure.value, condition.limit)
    return ConditionOutcome(condition, figure.value, passed)
