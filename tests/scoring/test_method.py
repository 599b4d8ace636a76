"""The table of the method: complete, consistent, and nothing that does not add up."""

from __future__ import annotations

import pytest

from stockscore.scoring import inputs, method
from stockscore.scoring.method import FACTORS, KINDS
from tests.support.companies import METHOD


def points(kind: str, factor: str) -> int:
    return sum(metric.points for metric in METHOD.metrics_of(kind) if metric.factor == factor)


@pytest.mark.parametrize("factor", FACTORS)
def test_the_metrics_of_a_general_company_are_worth_25_points_a_factor(factor):
    assert points("general", factor) == 25


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("financial", [14, 14, 25, 15]),  # 8+3+3, 4+4+6, all, 15
        ("real_estate", [20, 25, 25, 17]),  # no free cash flow; 7+5+5
        ("utility", [25, 25, 25, 17]),
    ],
)
def test_other_kinds_share_25_points_among_what_applies(kind, expected):
    assert [points(kind, factor) for factor in FACTORS] == expected


@pytest.mark.parametrize(
    ("sector", "industry", "kind"),
    [
        ("Financial Services", "Banks - Regional", "financial"),
        ("Financial Services", "Insurance - Life", "financial"),
        ("Financial Services", "Insurance Brokers", "financial"),
        ("Real Estate", "Mortgage Finance", "financial"),
        ("Financial Services", "Capital Markets", "financial"),
        ("Financial Services", "Financial Conglomerates", "financial"),
        ("financial services", "banks—diversified", "financial"),
        ("Financial Services", "Credit Services", "general"),
        ("Financial Services", "Asset Management", "general"),
        ("Real Estate", "REIT - Office", "real_estate"),
        ("Utilities", "Utilities - Renewable", "utility"),
        ("Technology", "Software - Application", "general"),
        (None, None, "general"),
        ("", "", "general"),
    ],
)
def test_the_kind_follows_from_industry_and_sector(sector, industry, kind):
    assert METHOD.kind_of(sector, industry) == kind


def test_every_metric_names_known_inputs_or_bars():
    for metric in METHOD.metrics:
        assert bool(metric.inputs) != bool(metric.bars)
        assert set(metric.inputs) <= set(inputs.BY_NAME)
        assert set(metric.optional) <= set(metric.inputs)
        assert len(metric.inputs) <= 8  # a reason has eight bits to name them


def test_curves_rise_in_value_stay_within_0_and_1_and_belong_to_the_mode():
    for metric in METHOD.metrics:
        assert bool(metric.curve) == (metric.mode == method.CURVE)
        values = [value for value, _ in metric.curve]
        assert values == sorted(set(values))
        assert all(0 <= sub_score <= 1 for _, sub_score in metric.curve)
        assert set(metric.halved) <= set(metric.kinds) <= set(KINDS)


def test_keys_are_unique_and_metrics_stand_in_the_order_of_the_factors():
    assert len({metric.key for metric in METHOD.metrics}) == len(METHOD.metrics) == 23
    by_factor = [METHOD.metrics_in(factor) for factor in FACTORS]
    assert sum(by_factor, ()) == METHOD.metrics


def test_the_inputs_are_those_of_the_method_in_its_order():
    assert [entry.name for entry in inputs.INPUTS] == [
        "price",
        "market_cap",
        "enterprise_value",
        "eps_ttm",
        "eps_growth",
        "revenue_ttm",
        "gross_profit_ttm",
        "ebit_ttm",
        "ebitda_ttm",
        "net_income_ttm",
        "cfo_ttm",
        "fcf_ttm",
        "interest_expense_ttm",
        "tax_rate",
        "total_assets",
        "total_liabilities",
        "total_debt",
        "cash",
        "total_equity",
        "retained_earnings",
        "current_assets",
        "current_liabilities",
        "dividend_per_share_ttm",
    ]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1, 1.0),
        (-2.5, -2.5),
        (0, 0.0),
        (None, None),
        ("1", None),
        (float("nan"), None),
        (float("-inf"), None),
        (True, None),
        (10**400, None),
        (1j, None),
        ([1], None),
    ],
)
def test_only_finite_numbers_are_inputs(value, number):
    assert inputs.clean(value) == number
