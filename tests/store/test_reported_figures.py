"""The figures kept of each stock's reports: those that its statements and splits make."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from stockscore.scoring.assemble import assemble
from stockscore.scoring.statements import Period, Statement
from stockscore.store import derived, reported_figures, splits, statements
from stockscore.store.transactions import transaction
from tests.support import small_market as market
from tests.support.small_market import NOW

pytestmark = pytest.mark.usefixtures("database")


def summary(**figures: float) -> Statement:
    return Statement(Period.TRAILING, NOW.date(), NOW, "USD", "test", figures)


def years(*values: float) -> list[Statement]:
    """Revenue and assets of the years to 2025, newest last; none tells current assets apart."""
    ends = [date(2026 - back, 12, 31) for back in range(len(values), 0, -1)]
    return [
        Statement(
            Period.YEAR,
            end,
            datetime(end.year, 12, 31, tzinfo=UTC) + timedelta(days=40),
            "USD",
            "test",
            {"revenue": value, "total_assets": 10 * value},
        )
        for end, value in zip(ends, values, strict=True)
    ]


def assembled(stock_id: int):
    """What the statements make, without the origins, which are not kept."""
    made = assemble(statements.known(stock_id), splits.of(stock_id))
    return replace(
        made,
        origins={},
        quoted_growth=replace(made.quoted_growth, origins={}),
        yearly_growth=replace(made.yearly_growth, origins={}),
    )


def test_what_is_kept_is_what_the_statements_make_to_the_bit() -> None:
    ids = market.save(count=3)
    with transaction():
        statements.save(ids["T01"], [summary(revenue_growth=0.1, eps_growth=1 / 3)])
    kept = reported_figures.of_all()
    for stock_id in ids.values():
        assert kept[stock_id].reported == assembled(stock_id)
    assert kept[ids["T01"]].reported.quoted_growth.figures["eps_growth"] == 1 / 3
    with transaction():
        derived.rebuild()
    assert reported_figures.of_all() == kept


def test_growth_of_years_and_the_kind_of_balance_sheet_are_kept_for_every_method(add) -> None:
    stock_id = add("BANK").id
    with transaction():
        statements.save(stock_id, years(100.0, 120.0))
    kept = reported_figures.of_all()[stock_id].reported
    assert kept == assembled(stock_id)
    assert kept.classified is False
    assert kept.yearly_growth.figures["revenue_growth"] == pytest.approx(0.2)
    assert kept.quoted_growth.figures == {}


def test_a_figure_that_only_one_method_reads_is_seen_as_a_change() -> None:
    stock_id = market.save(count=1)["T00"]
    before = reported_figures.of_all()[stock_id].text
    with transaction():
        statements.save(stock_id, [summary(eps_growth=0.5)])
    assert reported_figures.of_all()[stock_id].text != before
