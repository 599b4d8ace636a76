"""Which statements are believed, worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from stockscore.scoring.doctor.statements import vet_statements
from stockscore.scoring.statements import Period, Statement

NOW = datetime(2026, 8, 21, 22, tzinfo=UTC)


def trailing(currency: str = "USD", day: int = 1, **figures: float) -> Statement:
    return Statement(
        Period.TRAILING, date(2026, 8, day), NOW + timedelta(days=day), currency, "test", figures
    )


def quarter(**figures: float) -> Statement:
    return Statement(Period.QUARTER, date(2026, 6, 30), NOW, "USD", "test", figures)


def test_an_answer_without_any_figure_is_not_believed() -> None:
    accepted, rejected = vet_statements([trailing(revenue=None), quarter()], [])
    assert accepted == []
    assert rejected[0].reason == "The answer had no figure at all."


def test_accounts_in_another_currency_are_held_back_whole() -> None:
    answer = [trailing("EUR", 2, revenue=1.0), trailing("EUR", 2, cash=1.0)]
    accepted, rejected = vet_statements(answer, [trailing(revenue=1.0)])
    assert accepted == []
    assert (rejected[0].field, rejected[0].value, rejected[0].last_good) == (
        "financial_currency",
        "EUR",
        "USD",
    )


@pytest.mark.parametrize("factor", [100.0, 0.01])
def test_a_market_value_that_changes_without_its_price_is_another_unit(factor: float) -> None:
    before = trailing(market_cap=2e9, price=50.0)
    after = trailing(day=2, market_cap=2e9 * factor, price=51.0)
    accepted, rejected = vet_statements([quarter(revenue=1.0), after], [before])
    assert [one.period for one in accepted] == [Period.QUARTER]
    assert rejected[0].field == "market_cap"
    assert "only another unit explains" in rejected[0].reason


def test_a_market_value_may_grow_with_its_price() -> None:
    before = trailing(market_cap=2e9, price=1.0)
    after = trailing(day=2, market_cap=5e10, price=25.0)
    assert vet_statements([after], [before])[1] == []


def test_sales_in_thousands_are_another_unit() -> None:
    assert vet_statements([trailing(day=2, revenue=3e6)], [trailing(revenue=3e9)])[1]
    assert not vet_statements([trailing(day=2, revenue=3e8)], [trailing(revenue=3e9)])[1]


def test_what_comes_first_has_nothing_to_be_held_against() -> None:
    answer = [quarter(revenue=1.0), trailing(market_cap=1e12)]
    assert vet_statements(answer, []) == (answer, [])
