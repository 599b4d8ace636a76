"""Twelve months from quarters, halves and years, and their growth."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from stockscore.scoring.assemble import MARKED_DAYS, OLDEST_DAYS, assemble, inputs_at
from stockscore.scoring.checks.piotroski import piotroski
from stockscore.scoring.statements import Period, Statement

NOW = datetime(2026, 11, 27, 22, tzinfo=UTC)


def report(end: date, period: Period = Period.QUARTER, **figures: float) -> Statement:
    return Statement(period, end, NOW, "GBP", "test", figures)


def halves(*ebit: float) -> list[Statement]:
    """Halves to June and December, the last one to June 2026."""
    ends = [
        date(2026 - back // 2, 12, 31) if back % 2 else date(2026 - back // 2, 6, 30)
        for back in range(len(ebit))
    ]
    ends = [end.replace(year=end.year - (end.month == 12)) for end in ends]
    return [
        report(end, Period.HALF, ebit=value, net_income=value, eps=value / 10, total_assets=1000.0)
        for end, value in zip(ends, reversed(ebit), strict=True)
    ]


def summary(covers_to: date | None, **figures: float) -> Statement:
    return Statement(Period.TRAILING, NOW.date(), NOW, "GBP", "test", figures, covers_to)


def test_two_halves_are_twelve_months() -> None:
    reported = assemble(halves(30.0, 40.0, 50.0))
    assert reported.figures["ebit"] == 90.0
    origin = reported.origins["ebit"]
    assert (origin.period, origin.period_end) == (Period.HALF, date(2026, 6, 30))


def test_four_halves_tell_the_growth_of_a_year() -> None:
    reported = assemble(halves(30.0, 40.0, 40.0, 44.0))
    assert reported.figures["eps_growth"] == pytest.approx(0.2)  # 84 / 70 − 1
    assert "eps_growth" not in assemble(halves(40.0, 40.0, 44.0)).figures


def test_years_of_two_halves_answer_the_tests_of_piotroski() -> None:
    found = piotroski(halves(30.0, 40.0, 40.0, 44.0, 50.0))
    assert (found.year_end, found.previous_end) == (date(2026, 6, 30), date(2025, 6, 30))
    assert not found.fiscal


def test_the_full_year_stands_in_for_halves_that_are_older() -> None:
    year = report(date(2026, 9, 30), Period.YEAR, ebit=99.0)
    assert assemble([*halves(40.0, 50.0), year]).figures["ebit"] == 90.0
    newer = report(date(2026, 10, 31), Period.YEAR, ebit=99.0)
    older = [report(date(2025, month, 28), Period.HALF, ebit=1.0) for month in (2, 8)]
    assert assemble([*older, newer]).figures["ebit"] == 99.0


def test_a_year_of_53_weeks_is_no_gap() -> None:
    ends = [date(2026, 10, 3) - timedelta(weeks=weeks) for weeks in (0, 14, 27, 40)]
    assert assemble([report(end, ebit=5.0) for end in ends]).figures["ebit"] == 20.0


@pytest.mark.parametrize("again", [100.0, 104.0])
def test_a_quarter_under_two_dates_counts_once(again: float) -> None:
    ends = [date(2025, 12, 31), date(2026, 3, 28), date(2026, 3, 31), date(2026, 6, 30)]
    statements = [report(end, revenue=100.0) for end in (*ends, date(2026, 9, 30))]
    statements[1] = report(ends[1], revenue=again)
    assert assemble(statements).figures["revenue"] == 400.0


def test_a_short_period_after_a_change_of_the_year_end_makes_no_twelve_months() -> None:
    # Two months to December between quarters to October and March.
    ends = [date(2025, 10, 31), date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30)]
    statements = [report(end, revenue=90.0) for end in (date(2025, 7, 31), *ends)]
    assert "revenue" not in assemble(statements).figures
    told = summary(date(2026, 6, 30), revenue=370.0)
    assert assemble([*statements, told]).figures["revenue"] == 370.0


def test_a_newer_quarter_that_lacks_a_figure_leaves_it_to_the_summary() -> None:
    ends = [date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30)]
    statements = [report(end, revenue=100.0, ebit=10.0) for end in ends]
    statements.append(report(date(2026, 9, 30), revenue=120.0))
    told = summary(date(2026, 9, 30), ebit=44.0)
    assert assemble([*statements, told]).figures["ebit"] == 44.0
    assert assemble(statements).figures["ebit"] == 40.0


def test_what_a_summary_covers_and_what_it_quotes_have_each_their_day() -> None:
    told = summary(date(2026, 6, 30), revenue=4.0, cash=2.0, price=9.0, shares=3.0)
    origins = assemble([told]).origins
    assert {name for name, origin in origins.items() if origin.is_quoted} == {"price", "shares"}
    assert origins["revenue"].period_end == origins["cash"].period_end == date(2026, 6, 30)
    assert origins["price"].period_end == NOW.date()
    unknown = assemble([summary(None, revenue=4.0)]).origins["revenue"]
    assert unknown.is_quoted


def test_a_balance_sheet_of_the_same_day_goes_before_a_summary() -> None:
    statements = [report(date(2026, 6, 30), cash=5.0), summary(date(2026, 6, 30), cash=7.0)]
    assert assemble(statements).figures["cash"] == 5.0


def test_a_figure_counts_until_fifteen_months_after_the_end_of_its_period() -> None:
    reported = assemble(
        [report(date(2026, 6, 30), total_assets=10.0, current_assets=5.0), summary(None, price=9.0)]
    )
    last = date(2026, 6, 30) + timedelta(days=OLDEST_DAYS)
    assert reported.on(last) is reported
    later = reported.on(last + timedelta(days=1))
    assert later.figures == {"price": 9.0}
    assert later.origins.keys() == later.ends.keys() == {"price"}
    assert (reported.classified, later.classified) == (True, None)
    assert reported.on(NOW.date() + timedelta(days=OLDEST_DAYS + 1)).figures == {}
    assert MARKED_DAYS < OLDEST_DAYS


def test_the_age_is_counted_to_the_day_of_scoring_and_not_to_what_was_learnt_last() -> None:
    old = report(date(2019, 6, 30), total_assets=10.0)
    assert assemble([old, summary(None, price=9.0)]).on(NOW.date()).figures == {"price": 9.0}


def test_growth_that_a_source_gives_of_twelve_months_stands_in_and_of_a_quarter_does_not() -> None:
    of_year = assemble([summary(date(2026, 9, 30), eps_growth=0.2)])
    of_quarter = assemble([summary(date(2026, 9, 30), quarter_eps_growth=2.0)])
    assert of_year.with_growth(quoted=False).figures["eps_growth"] == 0.2
    assert of_quarter.with_growth(quoted=False).figures.get("eps_growth") is None
    assert of_quarter.with_growth(quoted=True).figures["eps_growth"] == 2.0


def test_earnings_quoted_in_the_currency_of_the_price_are_converted_as_it_is() -> None:
    # 6.87 dollars a receipt, accounts in yuan: 143.75 / 6.87 = 20.9 times earnings.
    told = Statement(
        Period.TRAILING, NOW.date(), NOW, "CNY", "test", {"quoted_eps": 6.87}, date(2026, 9, 30)
    )
    inputs = inputs_at(assemble([told]), 143.75, "USD", rate=7.2)
    assert inputs["eps_ttm"] == pytest.approx(6.87 * 7.2)
    assert inputs["price"] / inputs["eps_ttm"] == pytest.approx(20.92, abs=0.01)
    assert inputs_at(assemble([told]), 143.75, "USD")["eps_ttm"] is None
    reported = [
        Statement(Period.QUARTER, end, NOW, "CNY", "test", {"eps": 10.0})
        for end in (date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))
    ]
    assert inputs_at(assemble([told, *reported]), 143.75, "USD", rate=7.2)["eps_ttm"] == 40.0
