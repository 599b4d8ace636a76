"""Figures that do not cover the period that they are taken for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.scoring.assemble import assemble
from stockscore.scoring.doctor.periods import vet_periods
from stockscore.scoring.statements import Period, Statement

ENDS = (date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))
NOW = datetime(2026, 11, 27, 22, tzinfo=UTC)


def report(end: date, period: Period = Period.QUARTER, **figures: float) -> Statement:
    return Statement(period, end, NOW, "USD", "test", figures)


def quarters(name: str, *values: float, ends: tuple[date, ...] = ENDS) -> list[Statement]:
    return [report(end, **{name: value}) for end, value in zip(ends, values, strict=True)]


def summary(covers_to: date | None = ENDS[-1], **figures: float) -> Statement:
    return Statement(Period.TRAILING, NOW.date(), NOW, "USD", "test", figures, covers_to)


def year(end: date, **figures: float) -> Statement:
    return report(end, Period.YEAR, **figures)


def left(statements: list[Statement], name: str) -> list[float | None]:
    """A figure of all statements after they were vetted, oldest first."""
    return [statement.figures.get(name) for statement in vet_periods(statements)[0]]


def rules(statements: list[Statement]) -> list[str]:
    return [value.rule for value in vet_periods(statements)[1]]


def test_four_quarters_that_add_up_to_twelve_months_are_left_alone() -> None:
    statements = [*quarters("revenue", 90, 110, 95, 130), summary(revenue=425)]
    assert vet_periods(statements) == (statements, [])


def test_sums_since_the_start_of_a_year_are_taken_apart() -> None:
    # Three, six, nine and twelve months of a year that ends in September.
    statements = [*quarters("cfo", 130, 260, 390, 520), summary(cfo=520)]
    assert left(statements, "cfo") == [130, 130, 130, 130, 520]
    assert rules(statements) == ["cumulative"]


def test_what_stands_or_falls_with_it_is_taken_apart_too() -> None:
    statements = [
        report(end, cfo=months * 10.0, fcf=months * 6.0)
        for end, months in zip(ENDS, (12, 3, 6, 9), strict=True)
    ]
    statements.append(summary(cfo=120.0))
    assert left(statements, "fcf")[:4] == [None, 18.0, 18.0, 18.0]
    # Of the year's own twelve months only the last three would be a quarter.
    assert left(statements, "cfo")[0] is None


def test_the_year_tells_where_a_financial_year_begins() -> None:
    # A year to March: three months to June, six to September.
    ends = (date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))
    statements = [
        *quarters("revenue", 300, 400, 100, 205, ends=ends),
        year(date(2026, 3, 31), revenue=400),
        summary(revenue=410),
    ]
    assert left(statements, "revenue")[:4] == [None, 100, 100, 105]


def test_a_half_year_and_the_whole_year_after_it_are_two_halves() -> None:
    ends = (date(2025, 12, 31), date(2026, 6, 30))
    statements = [
        report(ends[0], Period.HALF, revenue=60.0),
        report(ends[1], Period.HALF, revenue=130.0),
        year(ends[1], revenue=130.0),
    ]
    assert left(statements, "revenue") == [60, 70, 130]


@pytest.mark.parametrize(
    ("values", "odd"),
    [((130, 130, 390, 130), 2), ((260, 130, 130, 130), 0), ((130, 260, 125, 135), 1)],
)
def test_a_longer_period_among_quarters_is_left_out(values, odd) -> None:
    statements = [*quarters("cfo", *values), summary(cfo=520)]
    found = left(statements, "cfo")
    assert found[odd] is None
    assert [value for value in found[:4] if value is not None] == [
        value for place, value in enumerate(values) if place != odd
    ]
    assert assemble(vet_periods(statements)[0]).figures["cfo"] == 520
    assert rules(statements) == ["span"]


def test_where_the_year_agrees_with_the_quarters_the_summary_is_left_out() -> None:
    statements = [
        *quarters("revenue", 100, 140, 60, 100),
        year(ENDS[0], revenue=390),
        summary(revenue=40_000),
    ]
    assert left(statements, "revenue") == [100, 140, 60, 100, 390, None]


def test_where_the_year_agrees_with_the_summary_the_quarters_are_left_out() -> None:
    statements = [
        *quarters("revenue", 10, 14, 6, 10),
        year(ENDS[0], revenue=390),
        summary(revenue=400),
    ]
    assert left(statements, "revenue") == [None, None, None, None, 390, 400]


def test_where_no_two_agree_none_is_believed() -> None:
    statements = [*quarters("revenue", 100, 900, 60, 10), summary(revenue=400)]
    assert left(statements, "revenue") == [None] * 5
    assert "neither is believed" in vet_periods(statements)[1][0].reason


def test_a_difference_that_nothing_explains_must_be_large() -> None:
    assert rules([*quarters("cfo", 100, 90, 60, 110), summary(cfo=300)]) == []
    assert rules([*quarters("cfo", 100, 90, 60, 110), summary(cfo=200)]) == ["span"]


def test_sums_of_different_twelve_months_contradict_nothing() -> None:
    grown = summary(covers_to=date(2027, 3, 31), revenue=900)
    assert rules([*quarters("revenue", 100, 100, 100, 100), grown]) == []


def test_a_small_difference_of_profits_is_no_contradiction() -> None:
    statements = [
        *(report(end, revenue=1000.0, net_income=5.0) for end in ENDS),
        summary(revenue=4000.0, net_income=-10.0),
    ]
    assert rules(statements) == []


@given(st.lists(st.floats(1.0, 1e12), min_size=4, max_size=9))
def test_quarters_of_any_size_that_add_up_are_never_doubted(values) -> None:
    ends = tuple(date(2026, 9, 30) - timedelta(days=91 * back) for back in range(len(values)))
    statements = quarters("revenue", *values[::-1], ends=ends[::-1])
    statements.append(summary(revenue=sum(values[:4])))
    assert vet_periods(statements) == (statements, [])
