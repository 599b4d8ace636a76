"""The five strategies: who is admitted, who is not, and why."""

from __future__ import annotations

import pytest

from stockscore.scoring.strategies import BY_KEY, FIGURES, STRATEGIES, evaluate
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
    (record,) = scored(stock("ONE", inputs, profile))
    return evaluate(BY_KEY[strategy], record)


@pytest.mark.parametrize("strategy", [strategy.key for strategy in STRATEGIES])
def test_a_company_that_meets_every_condition_is_admitted(strategy):
    found = outcome(strategy, CHEAP)
    assert found.admitted
    assert all(one.passed for one in found.outcomes)


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
    found = outcome(strategy, CHEAP | change)
    failed = {one.condition.figure: one.value for one in found.outcomes if one.passed is False}
    assert failed == {figure: pytest.approx(value)}
    assert not found.admitted


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
    found = outcome(strategy, CHEAP | change)
    one = next(one for one in found.outcomes if one.condition.figure == figure)
    assert (one.passed, one.value) == (False, None)
    assert one.note in {"there is no profit", "equity is not above zero", "earnings do not grow"}
    assert not found.admitted


def test_an_unknown_figure_admits_nobody_and_is_called_unknown():
    found = outcome("dividend-kings", CHEAP | {"dividend_per_share_ttm": None})
    assert [(one.passed, one.note) for one in found.outcomes] == [
        (None, "unknown"),
        (None, "unknown"),
        (True, None),
    ]
    assert not found.admitted


def test_a_bank_has_no_return_on_invested_capital_to_be_screened_by():
    found = outcome("value-gems", CHEAP, FINANCIAL)
    assert [one.passed for one in found.outcomes] == [True, None, None]


def test_every_condition_names_a_known_figure():
    for strategy in STRATEGIES:
        assert len(strategy.conditions) == 3
        assert all(condition.figure in FIGURES for condition in strategy.conditions)
