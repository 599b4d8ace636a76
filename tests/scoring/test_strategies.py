"""The five strategies: who is admitted, who is not, and why."""

from __future__ import annotations

import pytest

from stockscore.scoring.fields import values_of
from stockscore.scoring.strategies import BY_KEY, STRATEGIES, admits, verdicts
from tests.support.companies import ALPHA, FINANCIAL, scored, stock

CHEAP = ALPHA | {
    "price": 50.0,  # P/E 10, dividend yield 4 %
    "ebit_ttm": 300.0,  # ROIC 300 · .75 / 1000 = 22.5 %
    "net_income_ttm": 320.0,  # net margin 16 %
    "total_debt": 390.0,  # 390 / 800 = 0.4875, capital 990
    "eps_growth": 0.35,  # PEG 10 / 35
    "revenue_growth": 0.31,
}
"""Admitted by every strategy: payout 2 / 5, P/B 1000 / 800 = 1.25, FCF yield 10 %."""


def outcome(strategy: str, inputs: dict, profile=("Industrials", "Tools")):
    """Whether the strategy admits the company, and the verdicts by the keys of their fields."""
    (record,) = scored(stock("ONE", inputs, profile))
    values, asked = values_of(record, {}, None), BY_KEY[strategy]
    found = verdicts(asked, values)
    keys = [condition.field.key for condition in asked.conditions]
    return admits(asked, values), dict(zip(keys, found, strict=True))


@pytest.mark.parametrize("strategy", [strategy.key for strategy in STRATEGIES])
def test_a_company_that_meets_every_condition_is_admitted(strategy):
    admitted, found = outcome(strategy, CHEAP)
    assert admitted
    assert all(verdict.passed for verdict in found.values())


@pytest.mark.parametrize(
    ("strategy", "figure", "value", "change"),
    [
        ("value-gems", "pe", 15.0, {"price": 75.0}),
        ("value-gems", "debt_to_equity", 0.5, {"total_debt": 400.0}),
        ("value-gems", "roic", 0.15, {"ebit_ttm": 198.0}),  # 198 · .75 / 990
        ("quality-compounders", "net_margin", 0.15, {"net_income_ttm": 300.0}),
        ("quality-compounders", "revenue_growth", 0.0, {"revenue_growth": 0.0}),
        ("dividend-kings", "dividend_yield", 0.03, {"dividend_per_share_ttm": 1.5}),
        ("dividend-kings", "payout", 0.70, {"dividend_per_share_ttm": 3.5}),
        ("dividend-kings", "debt_to_equity", 1.0, {"total_debt": 800.0}),
        ("deep-value", "pb", 2.0, {"market_cap": 1600.0}),
        ("deep-value", "fcf_yield", 0.03, {"fcf_ttm": 30.0}),
        ("explosive-growth", "revenue_growth", 0.30, {"revenue_growth": 0.30}),
        ("explosive-growth", "peg", 2.0, {"eps_growth": 0.05}),
        ("explosive-growth", "net_margin", 0.0, {"net_income_ttm": 0.0}),
    ],
)
def test_a_figure_exactly_at_its_limit_does_not_pass(strategy, figure, value, change):
    admitted, found = outcome(strategy, CHEAP | change)
    failed = {
        key: verdict.reading.value for key, verdict in found.items() if verdict.passed is False
    }
    assert failed == {figure: pytest.approx(value)}
    assert not admitted


@pytest.mark.parametrize(
    ("strategy", "figure", "change"),
    [
        ("value-gems", "pe", {"eps_ttm": -5.0}),
        ("value-gems", "debt_to_equity", {"total_equity": -800.0}),
        ("dividend-kings", "payout", {"eps_ttm": -5.0}),
        ("dividend-kings", "debt_to_equity", {"total_equity": 0.0}),
        ("deep-value", "pb", {"total_equity": -800.0}),
        ("explosive-growth", "peg", {"eps_ttm": -5.0}),
        ("explosive-growth", "peg", {"eps_growth": -0.5}),
    ],
)
def test_losses_and_negative_equity_are_never_cheap(strategy, figure, change):
    admitted, found = outcome(strategy, CHEAP | change)
    assert (found[figure].passed, found[figure].reading.value) == (False, None)
    assert found[figure].reading.note in {"no profit", "no equity", "no growth"}
    assert not admitted


def test_an_unknown_figure_admits_nobody_and_is_neither_met_nor_missed():
    admitted, found = outcome("dividend-kings", CHEAP | {"dividend_per_share_ttm": None})
    assert [(verdict.passed, verdict.reading.note) for verdict in found.values()] == [
        (None, None),
        (None, None),
        (True, None),
    ]
    assert not admitted


def test_a_bank_has_no_return_on_invested_capital_to_be_screened_by():
    _, found = outcome("value-gems", CHEAP, FINANCIAL)
    assert [verdict.passed for verdict in found.values()] == [True, None, None]


def test_every_strategy_has_three_strict_conditions_with_one_bound_each():
    for strategy in STRATEGIES:
        assert len(strategy.conditions) == 3
        for condition in strategy.conditions:
            assert condition.strict
            assert (condition.low is None) != (condition.high is None)
