"""Figures of one report that contradict each other or cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from stockscore.scoring.doctor.accounts import vet_accounts
from stockscore.scoring.statements import Period, Statement


def quarter(**figures: float) -> Statement:
    moment = datetime(2026, 11, 27, 22, tzinfo=UTC)
    return Statement(Period.QUARTER, date(2026, 9, 30), moment, "USD", "test", figures)


def test_revenue_below_zero_is_left_out() -> None:
    (accepted,), (rejected,) = vet_accounts([quarter(revenue=-130e6, net_income=2e6)])
    assert accepted.figures == {"net_income": 2e6}
    assert (rejected.rule, rejected.field) == ("negative-revenue", "revenue")
    assert rejected.session == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("liabilities", "equity", "holds"),
    [
        (60.0, 40.0, True),
        (60.0, 46.0, True),  # the share of minorities is below zero
        (60.0, 20.0, True),  # minorities own the rest
        (130.0, -30.0, True),  # negative equity is no contradiction
        (60.0, 55.0, False),
        (0.06, 0.04, False),
    ],
)
def test_the_sides_of_a_balance_sheet_are_equal_but_for_minorities(liabilities, equity, holds):
    sheet = quarter(
        total_assets=100.0, total_liabilities=liabilities, total_equity=equity, cash=5.0
    )
    (accepted,), rejected = vet_accounts([sheet])
    assert (rejected == []) is holds
    assert accepted.figures == (sheet.figures if holds else {"cash": 5.0})
