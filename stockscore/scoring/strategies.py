"""Five ready-made screens as conditions over the table of fields (scoring.md, section 7).

A screen admits a stock only where every condition is known and met. A ratio that a loss or negative
equity has turned negative is not cheap: it fails its condition instead of passing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stockscore.scoring import fields, screens
from stockscore.scoring.formulas import Values
from stockscore.scoring.screens import Condition, Verdict


@dataclass(frozen=True, slots=True)
class Strategy:
    """A ready-made screen; `key` stands in URLs."""

    key: str
    label: str
    description: str
    conditions: tuple[Condition, ...]


def _below(field: str, limit: float) -> Condition:
    return Condition(fields.BY_KEY[field], high=limit, strict=True)


def _above(field: str, limit: float) -> Condition:
    return Condition(fields.BY_KEY[field], low=limit, strict=True)


STRATEGIES: tuple[Strategy, ...] = (
    Strategy(
        "value-gems",
        "Value Gems",
        "Profitable companies with little debt at a low price",
        (
            _below("pe", 15),
            _above("roic", 0.15),
            _below("debt_to_equity", 0.5),
        ),
    ),
    Strategy(
        "quality-compounders",
        "Quality Compounders",
        "High returns on capital and margins, still growing",
        (
            _above("roic", 0.20),
            _above("net_margin", 0.15),
            _above("revenue_growth", 0.0),
        ),
    ),
    Strategy(
        "dividend-kings",
        "Dividend Kings",
        "A good dividend that earnings cover",
        (
            _above("dividend_yield", 0.03),
            _below("payout", 0.70),
            _below("debt_to_equity", 1.0),
        ),
    ),
    Strategy(
        "deep-value",
        "Deep Value",
        "Cheap against book value and cash flow, without heavy debt",
        (
            _below("pb", 2.0),
            _above("fcf_yield", 0.03),
            _below("debt_to_equity", 1.0),
        ),
    ),
    Strategy(
        "explosive-growth",
        "Explosive Growth",
        "Fast growth that is profitable and not overpaid",
        (
            _above("revenue_growth", 0.30),
            _below("peg", 2.0),
            _above("net_margin", 0.0),
        ),
    ),
)

BY_KEY: dict[str, Strategy] = {strategy.key: strategy for strategy in STRATEGIES}


_BRIEF: Mapping[str | None, str] = {
    "there is no profit": "no profit",
    "equity is not above zero": "no equity",
}
"""Notes of fields, short enough for a cell of a table."""


def verdicts(strategy: Strategy, values: Values) -> tuple[Verdict, ...]:
    """What becomes of each condition of a strategy for one stock, with brief notes."""
    return tuple(
        replace(verdict, reading=replace(verdict.reading, note=_BRIEF[verdict.reading.note]))
        if verdict.reading.note in _BRIEF
        else verdict
        for verdict in screens.verdicts(strategy.conditions, values)
    )


def admits(strategy: Strategy, values: Values) -> bool:
    """Whether a strategy admits a stock; this stops at the first condition that is not met."""
    return all(
        condition.admits(condition.field.read(values)) is True for condition in strategy.conditions
    )
