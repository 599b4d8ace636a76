"""What Yahoo's quarterly tables hold: quarters, half-years, or columns with holes between them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from stockscore.providers.yahoo.spans import spans
from stockscore.providers.yahoo.statements import reports, trailing
from stockscore.scoring.assemble import assemble, inputs_at
from stockscore.scoring.doctor.statements import vet_statements
from stockscore.scoring.statements import Period

NOW = datetime(2026, 11, 27, 22, tzinfo=UTC)
HALVES = ["2026-06-30", "2025-12-31", "2025-06-30", "2024-12-31"]
QUARTERS = ["2026-09-30", "2026-06-30", "2026-03-31", "2025-12-31"]

INFO = {
    "currency": "GBp",
    "financialCurrency": "GBP",
    "regularMarketPrice": 500.0,
    "marketCap": 500.0,
    "impliedSharesOutstanding": 100.0,
    "totalRevenue": 420.0,
    "mostRecentQuarter": int(datetime(2026, 6, 30, tzinfo=UTC).timestamp()),
}


def table(ends: list[str], **rows: list[float]) -> pd.DataFrame:
    return pd.DataFrame(rows.values(), index=list(rows), columns=pd.to_datetime(ends), dtype=float)


def columns(ends: list[str], *revenues: float) -> dict[date, dict[str, float]]:
    return {
        date.fromisoformat(end): {"revenue": revenue}
        for end, revenue in zip(ends, revenues, strict=True)
    }


def london() -> list:
    """A company that reports twice a year, as Yahoo shows it."""
    quarterly = {
        "income": table(
            HALVES,
            TotalRevenue=[220, 200, 190, 180],
            EBIT=[44, 40, 38, 36],
            InterestExpense=[4, 4, 4, 4],
            DilutedEPS=[0.30, 0.27, 0.26, 0.24],
        ),
        "balance sheet": table(HALVES, TotalAssets=[900, 880, 860, 850], TotalDebt=[90] * 4),
        "cash flow": table(HALVES, OperatingCashFlow=[50, 45, 44, 40]),
    }
    yearly = {"income": table(["2025-12-31", "2024-12-31"], TotalRevenue=[390, 360], EBIT=[78, 70])}
    found = reports(quarterly, yearly, INFO, "GBP", NOW)
    return [*found, trailing(INFO, found, "GBX", NOW)]


def test_a_london_company_has_ebit_coverage_and_growth_from_its_halves() -> None:
    accepted, rejected = vet_statements(london(), [])
    assert rejected == []
    reported = assemble(accepted).on(NOW.date()).with_growth(quoted=False)
    inputs = inputs_at(reported, 500.0, "GBX")
    assert (inputs["ebit_ttm"], inputs["interest_expense_ttm"]) == (84, 8)
    assert (inputs["revenue_ttm"], inputs["cfo_ttm"]) == (420, 95)
    assert inputs["eps_growth"] == pytest.approx(0.57 / 0.50 - 1)
    assert reported.origins["ebit"].period is Period.HALF


def test_halves_are_halves_and_years_are_years() -> None:
    periods = [(s.period, s.period_end) for s in london()]
    assert periods.count((Period.YEAR, date(2025, 12, 31))) == 1
    assert [period for period, _ in periods].count(Period.HALF) == 4


@pytest.mark.parametrize(
    ("ends", "revenues", "yearly", "expected"),
    [
        (QUARTERS, (100, 100, 100, 100), 400, [Period.QUARTER] * 4),
        (HALVES, (220, 200, 190, 180), None, [Period.HALF] * 4),
        # Every second quarter is missing: each column is a quarter of the year's revenue.
        (HALVES, (105, 100, 98, 95), 410, [Period.QUARTER] * 4),
        # The company began to report quarters: the oldest column but one is of six months.
        (
            ["2026-09-30", "2026-06-30", "2026-03-31", "2025-12-31", "2025-06-30"],
            (100, 100, 100, 200, 100),
            400,
            [Period.QUARTER, Period.QUARTER, Period.QUARTER, Period.HALF, Period.QUARTER],
        ),
        (["2025-12-31"], (400,), 400, [Period.YEAR]),
        (["2026-06-30"], (200,), 410, [Period.HALF]),
        (["2026-06-30"], (200,), None, [Period.QUARTER]),
        (["2025-12-31", "2024-12-31"], (400, 380), 400, [Period.YEAR] * 2),
        # Thirteen weeks, and once fourteen.
        (
            ["2026-10-03", "2026-06-27", "2026-03-28", "2025-12-27"],
            (105, 100, 100, 100),
            405,
            [Period.QUARTER] * 4,
        ),
    ],
)
def test_the_span_of_a_column_follows_from_distance_and_size(
    ends, revenues, yearly, expected
) -> None:
    found = spans(columns(ends, *revenues), yearly)
    assert [found[date.fromisoformat(end)] for end in ends] == expected


def test_a_balance_sheet_has_no_span_of_its_own() -> None:
    figures = columns(HALVES, 220, 200, 190, 180)
    figures[date(2026, 9, 30)] = {"total_assets": 9.0}
    assert spans(figures, 420)[date(2026, 9, 30)] is Period.HALF


def test_without_columns_there_are_no_spans() -> None:
    assert spans({}, 420) == {}
