"""Piotroski's nine tests, Altman's zones and Greenblatt's ratios, as published."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from stockscore.scoring.assemble import Reported
from stockscore.scoring.checks import altman, altman_zone, greenblatt, piotroski
from stockscore.scoring.statements import Period, Statement
from tests.support.companies import ALPHA

KNOWN = datetime(2026, 3, 1, tzinfo=UTC)
SPACE = "\N{NO-BREAK SPACE}"


def year(end: int, **figures: float | None) -> Statement:
    return Statement(Period.YEAR, date(end, 12, 31), KNOWN, "USD", "test", figures)


NOW = {
    "net_income": 120.0,
    "cfo": 150.0,
    "revenue": 1500.0,
    "gross_profit": 630.0,
    "total_assets": 1400.0,
    "long_term_debt": 260.0,
    "current_assets": 500.0,
    "current_liabilities": 250.0,
    "shares": 100.0,
}
BEFORE = {
    "net_income": 88.0,
    "cfo": 100.0,
    "revenue": 1210.0,
    "gross_profit": 484.0,
    "total_assets": 1200.0,
    "long_term_debt": 253.0,
    "current_assets": 380.0,
    "current_liabilities": 200.0,
    "shares": 100.0,
}
OPENING = {"total_assets": 1100.0}


def of(now: dict | None = None, before: dict | None = None, opening: dict | None = None):
    years = [
        year(2025, **(NOW | (now or {}))),
        year(2024, **(BEFORE | (before or {}))),
        year(2023, **(OPENING | (opening or {}))),
    ]
    return piotroski(years)


def test_each_test_compares_these_two_numbers():
    compared = {test.key: (test.now, test.before) for test in of().tests}
    assert compared == {
        "roa": (pytest.approx(0.10), None),  # 120 / 1200, the assets the year began with
        "cfo": (pytest.approx(0.125), None),  # 150 / 1200
        "roa_rose": (pytest.approx(0.10), pytest.approx(0.08)),  # 88 / 1100
        "accruals": (pytest.approx(0.125), pytest.approx(0.10)),
        # Average assets: 260 / 1300 and 253 / 1150.
        "leverage": (pytest.approx(0.20), pytest.approx(0.22)),
        "liquidity": (pytest.approx(2.0), pytest.approx(1.9)),  # 500 / 250 and 380 / 200
        "shares": (100.0, 100.0),
        "margin": (pytest.approx(0.42), pytest.approx(0.40)),  # 630 / 1500 and 484 / 1210
        "turnover": (pytest.approx(1.25), pytest.approx(1.10)),  # 1500 / 1200 and 1210 / 1100
    }


def test_a_company_that_improves_in_all_passes_all_nine():
    result = of()
    assert (result.score, result.known) == (9, 9)
    assert (result.year_end, result.previous_end) == (date(2025, 12, 31), date(2024, 12, 31))
    assert result.fiscal


def test_assets_at_the_end_of_the_year_would_give_another_answer():
    # Over closing assets ROA would have fallen: 120 / 1600 = 7.5 % after 88 / 1160 = 7.6 %.
    result = of({"total_assets": 1600.0}, {"total_assets": 1160.0})
    assert next(test for test in result.tests if test.key == "roa_rose").passed is True


@pytest.mark.parametrize(
    ("key", "now", "before"),
    [
        ("roa", {"net_income": 0.0}, {}),
        ("cfo", {"cfo": -1.0}, {}),
        ("roa_rose", {"net_income": 96.0}, {}),  # 96 / 1200 = 88 / 1100: it did not rise
        ("accruals", {"cfo": 120.0}, {}),
        ("leverage", {"long_term_debt": 286.0}, {}),  # 286 / 1300 = 253 / 1150: it did not fall
        ("liquidity", {"current_assets": 475.0}, {}),
        ("shares", {"shares": 100.5}, {}),
        ("margin", {"gross_profit": 600.0}, {}),
        ("turnover", {"revenue": 1320.0, "gross_profit": 600.0}, {}),
    ],
)
def test_a_test_fails_where_it_is_only_just_not_passed(key, now, before):
    failed = {test.key for test in of(now, before).tests if test.passed is False}
    assert key in failed


@pytest.mark.parametrize(
    ("missing", "unknown"),
    [
        ({"net_income": None}, {"roa", "roa_rose", "accruals"}),
        ({"cfo": None}, {"cfo", "accruals"}),
        ({"long_term_debt": None}, {"leverage"}),
        ({"current_liabilities": 0.0}, {"liquidity"}),
        ({"shares": None}, {"shares"}),
        ({"revenue": None}, {"margin", "turnover"}),
    ],
)
def test_a_missing_number_leaves_its_tests_open(missing, unknown):
    result = of(missing)
    assert {test.key for test in result.tests if test.passed is None} == unknown
    assert result.known == 9 - len(unknown)
    assert result.score == 9 - len(unknown)


def test_without_the_assets_of_two_years_before_three_tests_are_open():
    result = piotroski([year(2025, **NOW), year(2024, **BEFORE)])
    assert {test.key for test in result.tests if test.passed is None} == {
        "roa_rose",
        "leverage",
        "turnover",
    }


def test_the_arithmetic_of_a_test_can_be_read():
    tests = {test.key: test.arithmetic for test in of().tests}
    assert tests["roa_rose"] == (
        f"Net income 120 / 1,200 = 10.0{SPACE}%; the year before "
        f"net income 88.00 / 1,100 = 8.00{SPACE}%."
    )
    assert tests["shares"] == "100; the year before 100."
    open_tests = {test.key: test.arithmetic for test in of({"cfo": None}).tests}
    assert open_tests["cfo"] == "Not in the reports compared: operating cash flow."


def test_figures_that_differ_are_written_so_that_it_can_be_seen():
    nearly = {"gross_profit": 428.0, "revenue": 1000.0}
    years = [
        year(2025, **NOW | nearly | {"shares": 1_000_400_000.0}),
        year(2024, **BEFORE | nearly | {"revenue": 999.9, "shares": 1_000_300_000.0}),
        year(2023, **OPENING),
    ]
    tests = {test.key: test for test in piotroski(years).tests}
    assert not tests["margin"].passed
    assert f"= 42.800{SPACE}%; the year before" in tests["margin"].arithmetic
    assert tests["margin"].arithmetic.endswith(f"= 42.804{SPACE}%.")
    assert tests["shares"].arithmetic == (
        f"1,000.40{SPACE}million; the year before 1,000.30{SPACE}million."
    )


def test_a_flow_that_only_the_sum_of_twelve_months_has_is_known_here_too():
    lacking = [year(2025, **NOW | {"cfo": None}), year(2024, **BEFORE), year(2023, **OPENING)]
    same = replace(lacking[0], period=Period.TRAILING, figures={"cfo": NOW["cfo"]})
    other = replace(same, period_end=date(2026, 3, 31))
    assert piotroski([*lacking, same]).known == 9
    tests = {test.key: test for test in piotroski([*lacking, other]).tests}
    assert tests["cfo"].arithmetic == "Not in the reports compared: operating cash flow."


def test_a_split_is_no_issue_of_new_shares():
    years = [
        year(2025, **NOW | {"shares": 200.0}),
        year(2024, **BEFORE),
        year(2023, **OPENING),
    ]
    shares = next(
        test for test in piotroski(years, [(date(2025, 6, 1), 2.0)]).tests if test.key == "shares"
    )
    assert (shares.now, shares.before, shares.passed) == (200.0, 200.0, True)


def test_years_are_made_of_quarters_where_there_are_no_annual_reports():
    ends = [
        date(year, month, day)
        for year in (2023, 2024, 2025)
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
    ][3:]
    flows = ("net_income", "cfo", "revenue", "gross_profit")
    statements = []
    for end in ends:
        figures = {2023: OPENING, 2024: BEFORE, 2025: NOW}[end.year]
        figures = {name: value / 4 if name in flows else value for name, value in figures.items()}
        statements.append(Statement(Period.QUARTER, end, KNOWN, "USD", "test", figures))
    result = piotroski(statements)
    assert (result.score, result.known, result.fiscal) == (9, 9, False)
    assert [(test.now, test.before) for test in result.tests] == [
        (test.now, test.before) for test in of().tests
    ]


def test_nothing_reported_leaves_every_test_open():
    result = piotroski([])
    assert (result.score, result.known, result.year_end) == (0, 0, None)
    assert len(result.tests) == 9


@pytest.mark.parametrize(
    ("z", "zone"),
    [(1.0999, "distress"), (1.1, "grey"), (2.6, "grey"), (2.6001, "safe"), (-5, "distress")],
)
def test_altmans_zones(z, zone):
    assert altman_zone(z) == zone


def test_altmans_z_with_its_four_terms():
    result = altman(ALPHA, "general")
    # 6.56 · 0.15, 3.26 · 0.25, 6.72 · 0.1, 1.05 · 0.6667
    assert [term.value for term in result.terms] == pytest.approx([0.984, 0.815, 0.672, 0.7])
    assert result.z == pytest.approx(3.171)
    assert result.zone == "safe"
    assert result.terms[0].arithmetic == "6.56 · 300 / 2,000"


def test_altmans_z_says_what_is_in_the_way():
    assert altman(ALPHA, "financial").reason == "Z″ is not meant for this kind of company."
    unknown = altman(ALPHA | {"retained_earnings": None, "ebit_ttm": None}, "general")
    assert (unknown.z, unknown.zone) == (None, None)
    assert unknown.reason == "Unknown: retained earnings, EBIT."
    assert "above zero" in altman(ALPHA | {"total_assets": 0.0}, "general").reason
    extreme = {"current_assets": 1e308, "current_liabilities": -1e308}
    assert "extreme" in altman(ALPHA | extreme, "general").reason


def test_greenblatts_two_ratios():
    reported = Reported(figures={"fixed_assets": 600.0, "long_term_debt": 300.0})
    result = greenblatt(ALPHA, reported, "general")
    assert result.earnings_yield.value == pytest.approx(1 / 6)  # 200 / 1200
    # Working capital (900 − 200) − (600 − (400 − 300)) = 200; 200 / (200 + 600)
    assert result.return_on_capital.value == pytest.approx(0.25)
    assert result.return_on_capital.arithmetic == f"EBIT 200 / 800 = 25.0{SPACE}%."
    assert result.note is None


def test_what_stands_in_for_unknown_figures_is_said():
    result = greenblatt(ALPHA, Reported(), "general")
    # (900 − 200) − 600 = 100; non-current assets 2000 − 900 = 1100
    assert result.return_on_capital.value == pytest.approx(200 / 1200)
    assert result.note == (
        "All non-current assets stand in for net fixed assets. "
        "Debt is not split by term, so none counts as short-term."
    )


def test_negative_working_capital_does_not_shrink_the_capital():
    result = greenblatt(
        ALPHA | {"current_assets": 300.0}, Reported(figures={"fixed_assets": 800.0}), "general"
    )
    assert result.return_on_capital.value == pytest.approx(0.25)  # 200 / (0 + 800)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"enterprise_value": None}, "Unknown: enterprise value."),
        ({"enterprise_value": -5.0}, "Enterprise value of −5.00 cannot divide EBIT."),
        ({"ebit_ttm": None}, "Unknown: EBIT."),
    ],
)
def test_greenblatts_earnings_yield_says_what_is_in_the_way(change, says):
    result = greenblatt(ALPHA | change, None, "general").earnings_yield
    assert (result.value, result.arithmetic) == (None, says)


def test_greenblatts_return_on_capital_says_what_is_in_the_way():
    result = greenblatt(ALPHA | {"cash": None}, None, "general").return_on_capital
    assert (result.value, result.arithmetic) == (None, "Unknown: cash.")
    assert greenblatt(ALPHA, None, "financial").return_on_capital.value is None
