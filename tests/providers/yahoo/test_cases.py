"""Answers of Yahoo that went wrong once, from its tables to the inputs of the method."""

from __future__ import annotations

from datetime import date

import pytest

from stockscore.scoring.assemble import Reported, assemble, inputs_at
from stockscore.scoring.doctor.statements import vet_statements
from stockscore.scoring.statements import Period
from tests.support.yahoo_case import NOW, statements_of

FEBRUARY_2027 = date(2027, 2, 1)


def believed(name: str) -> tuple[Reported, list[str]]:
    """What counts of a case on its day, and the rules that caught anything."""
    accepted, rejected = vet_statements(statements_of(name), [])
    return assemble(accepted).on(NOW.date()), [value.rule for value in rejected]


def test_cash_flows_since_the_start_of_the_year_are_not_added_up() -> None:
    # 520, 130, 260 and 390 million are 12, 3, 6 and 9 months; Yahoo itself says 520.
    reported, rules = believed("cumulative-cash-flow")
    assert reported.figures["cfo"] == 520e6
    assert reported.figures["ebit"] == 560e6
    assert rules == ["cumulative"]


def test_a_balance_sheet_under_a_date_of_its_own_breaks_no_chain() -> None:
    reported, rules = believed("quarter-under-two-dates")
    assert reported.figures["ebit"] == 560e6
    assert reported.origins["ebit"].period_end == date(2026, 10, 31)
    assert rules == []


def test_figures_of_2019_are_no_figures_of_now() -> None:
    reported, _ = believed("statements-of-2019")
    assert reported.figures.keys() == {"price", "market_cap", "shares"}
    assert assemble(statements_of("statements-of-2019")).figures["revenue"] == 4e9


def test_the_growth_of_one_quarter_is_no_growth_of_a_year() -> None:
    reported, _ = believed("quarter-growth")
    by_years = reported.with_growth(quoted=False)
    assert "eps_growth" not in by_years.figures
    assert inputs_at(by_years, 35.93, "USD")["eps_growth"] is None
    # Method 1.0 used it, and its scores can still be explained.
    by_quote = reported.with_growth(quoted=True)
    assert by_quote.figures["eps_growth"] == pytest.approx(2.581)
    assert by_quote.origins["eps_growth"].period is Period.TRAILING


def test_what_yahoo_sums_up_goes_to_the_most_recent_quarter_and_not_to_the_day_of_the_fetch() -> (
    None
):
    reported, _ = believed("cumulative-cash-flow")
    assert reported.origins["cfo"].period_end == date(2026, 9, 30)
    assert not reported.origins["cfo"].is_quoted
    assert reported.origins["market_cap"].period_end == NOW.date()
    assert reported.origins["market_cap"].is_quoted
    assert "cfo" in reported.on(FEBRUARY_2027).figures
