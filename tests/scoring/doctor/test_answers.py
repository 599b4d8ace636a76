"""What becomes of an answer whose figures contradict each other, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from stockscore.scoring.assemble import assemble, inputs_at
from stockscore.scoring.doctor.answers import ANSWER_FIELDS, Surroundings, vet_answer
from stockscore.scoring.doctor.decisions import Decisions
from stockscore.scoring.doctor.rules import RULES
from stockscore.scoring.statements import Period, Statement

NOW = datetime(2026, 11, 27, 22, tzinfo=UTC)
TODAY = NOW.date()
QUARTER_ENDS = [date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]

QUOTE = {"price": 50.0, "market_cap": 5e9, "shares": 1e8}
TWELVE_MONTHS = {"revenue": 4e9, "net_income": 3e8}
BALANCE = {"total_assets": 6e9, "total_equity": 2.5e9, "total_debt": 8e8, "cash": 6e8}


def summary(known_at: datetime = NOW, currency: str = "USD", **figures: float | None) -> Statement:
    return Statement(Period.TRAILING, known_at.date(), known_at, currency, "test", figures)


def whole(**changed: float | None) -> Statement:
    return summary(**{**QUOTE, **TWELVE_MONTHS, **BALANCE, "eps": 3.0, **changed})


def answer(
    currency: str = "USD", factor: float = 1.0, eps: float = 0.75, **quoted: float | None
) -> list[Statement]:
    """Four quarters and a summary; money of the accounts times a factor."""
    quarter = {name: value * factor / 4 for name, value in TWELVE_MONTHS.items()}
    quarter |= {name: value * factor for name, value in BALANCE.items()}
    statements = [
        Statement(Period.QUARTER, end, NOW, currency, "test", {**quarter, "eps": eps})
        for end in QUARTER_ENDS
    ]
    figures = {**QUOTE, **{name: value * factor for name, value in TWELVE_MONTHS.items()}}
    return [*statements, summary(currency=currency, **{**figures, **quoted})]


def rejected_fields(answered, around, known=()) -> set[str]:
    return {value.field for value in vet_answer(answered, list(known), around)[1]}


def last_close(close: float):
    return lambda _day: close


USD = Surroundings("USD", close_at=last_close(50.0), quoted_eps=3.0)


def test_an_answer_that_agrees_with_itself_is_taken_as_it_is() -> None:
    for answered in ([whole()], answer()):
        assert vet_answer(answered, [], USD) == (answered, [])


@pytest.mark.parametrize(
    ("said", "price_currency", "rate"),
    [
        ("USD", "TRY", 1 / 36.4),
        ("USD", "JPY", 1 / 150),
        ("USD", "KRW", 1 / 1400),
        ("JPY", "USD", 150.0),
        ("EUR", "INR", 1 / 90),
        ("CNY", "HKD", 0.92),
    ],
)
def test_accounts_under_the_label_of_another_currency_are_held_back_whole(
    said, price_currency, rate
) -> None:
    """The figures are in the currency of the price, whatever is written beside them."""
    around = Surroundings(price_currency, rate_to=lambda _: rate, quoted_eps=3.0)
    accepted, rejected = vet_answer(answer(said), [], around)
    if 1 / 3 < rate < 3:  # near currencies cannot be told apart, and mix no more than a little
        assert rejected == []
        return
    assert accepted == []
    [value] = rejected
    assert (value.rule, value.field, value.value) == ("accounts-label", "financial_currency", said)


@pytest.mark.parametrize(
    ("accounts", "rate"), [("CNY", 7.2), ("JPY", 150.0), ("KRW", 1400.0), ("EUR", 0.9)]
)
def test_accounts_that_are_in_the_currency_they_say_are_believed(accounts, rate) -> None:
    """A receipt in dollars of a company that reports in yuan; its reports count other shares."""
    answered = answer(accounts, rate, eps=0.75 * rate / 8)
    around = Surroundings("USD", last_close(50.0), rate_to={accounts: rate}.get, quoted_eps=3.0)
    assert vet_answer(answered, [], around)[1] == []


@pytest.mark.parametrize("factor", [1e-3, 1e-6, 1e3])
def test_quarters_in_thousands_are_held_back_whole(factor) -> None:
    accepted, rejected = vet_answer(answer(factor=factor), [], USD)
    assert accepted == []
    assert {value.field for value in rejected} == {"fundamentals"}


def test_a_sum_of_quarters_in_another_unit_makes_way_for_the_figure_of_the_summary() -> None:
    *reports, quoted = answer()
    reports = [replace(one, figures={**one.figures, "net_income": 7.5e10}) for one in reports]
    accepted, rejected = vet_answer([*reports, quoted], [], USD)
    assert [value.field for value in rejected] == ["net_income"]
    assert assemble(accepted).figures["net_income"] == 3e8


def test_quarters_in_thousands_beside_a_summary_in_plain_money_are_held_back() -> None:
    accepted, rejected = vet_answer([*answer(factor=1e-3)[:-1], answer()[-1]], [], USD)
    assert accepted == []
    assert "fundamentals" in {value.field for value in rejected}


def test_a_market_value_in_millions_is_left_out_and_the_rest_is_taken() -> None:
    accepted, rejected = vet_answer([whole(market_cap=5000.0)], [], USD)
    assert [value.field for value in rejected] == ["market_cap"]
    [statement] = accepted
    assert "market_cap" not in statement.figures
    assert statement.figures["revenue"] == 4e9
    # Shares and the price of now still tell what the company costs.
    assert inputs_at(assemble(accepted), 50.0, "USD")["market_cap"] == 5e9


def test_the_last_good_figure_stands_in_for_one_that_is_doubted() -> None:
    before = replace(whole(eps_growth=0.12), known_at=NOW - timedelta(days=1))
    [statement] = vet_answer([whole(eps_growth=15.0)], [before], USD)[0]
    assert statement.figures["eps_growth"] == 0.12
    [value] = vet_answer([whole(eps_growth=15.0)], [before], USD)[1]
    assert value.last_good == "0.12"
    assert value.reason.endswith("What was known before stays: 0.12.")


def test_no_figure_of_a_later_day_stands_in_for_one_of_an_older_row() -> None:
    newer = whole(eps_growth=0.12)
    older = replace(whole(eps_growth=15.0), period_end=date(2024, 11, 29))
    [statement] = vet_answer([older], [newer], USD)[0]
    assert "eps_growth" not in statement.figures


def test_price_and_market_value_of_one_moment_stay_together() -> None:
    before = replace(whole(price=48.0, market_cap=4.8e9), known_at=NOW - timedelta(days=1))
    [statement] = vet_answer([whole(price=5000.0)], [before], USD)[0]
    assert (statement.figures["price"], statement.figures["market_cap"]) == (48.0, 4.8e9)


PENCE = {"price": 5000.0, "market_cap": 5e11, "shares": 1e8}
"""A London stock as quoted: in pence."""


def test_a_quote_in_pounds_beside_bars_in_pence_is_left_out() -> None:
    around = Surroundings("GBX", last_close(5000.0), quoted_eps=3.0)
    answered = answer("GBP", **{**PENCE, "price": 50.0})
    accepted, rejected = vet_answer(answered, [], around)
    assert {value.field for value in rejected} == {"price"}
    inputs = inputs_at(assemble(accepted), 5000.0, "GBX")
    assert (inputs["market_cap"], inputs["price"]) == (5e9, 50.0)
    assert inputs["eps_ttm"] == 3.0


def test_where_bars_and_quote_are_both_in_pounds_nothing_per_share_is_used() -> None:
    """The first day of a stock whose source calls pounds pence."""
    around = Surroundings("GBX", last_close(50.0), quoted_eps=3.0)
    answered = answer("GBP", **{**PENCE, "price": 50.0})
    accepted, rejected = vet_answer(answered, [], around)
    assert {value.field for value in rejected} == {"price", "fundamentals"}
    inputs = inputs_at(assemble(accepted), 50.0, "GBX")
    assert inputs["market_cap"] == 5e9
    assert inputs["eps_ttm"] is None


def test_where_the_bars_alone_are_in_another_unit_the_market_value_stays_as_quoted() -> None:
    """Closes of 5000 in a currency of pounds, beside a quote of 50 with which all agree."""
    around = Surroundings("GBP", last_close(5000.0))
    accepted, rejected = vet_answer([replace(whole(), currency="GBP")], [], around)
    assert {value.value for value in rejected} == {"figures per share"}
    inputs = inputs_at(assemble(accepted), 5000.0, "GBP")
    assert inputs["market_cap"] == 5e9
    assert inputs["eps_ttm"] is None


def test_without_a_rate_figures_are_held_against_those_of_their_own_currency() -> None:
    around = Surroundings("USD", last_close(50.0), quoted_eps=3.0)
    assert rejected_fields(answer("CNY", 7.2), around) == set()
    assert rejected_fields(answer("CNY", 7.2, price=0.5), around) == {"price"}
    assert rejected_fields([*answer("CNY", 7.2, cash=6e15)], around) == {"cash"}


def test_what_a_person_has_accepted_is_believed() -> None:
    decisions = Decisions(accepted={("eps_growth", TODAY): ("15",)})
    accepted, rejected = vet_answer([whole(eps_growth=15.0)], [], replace(USD, decisions=decisions))
    assert (accepted[0].figures["eps_growth"], rejected) == (15.0, [])
    other = vet_answer([whole(eps_growth=16.0)], [], replace(USD, decisions=decisions))[1]
    assert [value.field for value in other] == ["eps_growth"]


def test_a_doubt_about_today_is_one_case_however_many_days_it_is_repeated() -> None:
    undated = replace(USD, dated=False)
    assert vet_answer([whole(eps_growth=15.0)], [], undated)[1][0].session is None
    assert vet_answer([whole(eps_growth=15.0)], [], USD)[1][0].session == TODAY


def test_every_row_of_a_file_is_vetted_by_itself() -> None:
    older = replace(whole(eps_growth=15.0), period_end=date(2025, 11, 28))
    accepted, rejected = vet_answer([whole(), older], [], USD)
    assert len(accepted) == 2
    assert [(value.field, value.session) for value in rejected] == [
        ("eps_growth", date(2025, 11, 28))
    ]


def test_every_rejected_value_has_a_rule_and_a_field_that_a_later_answer_may_close() -> None:
    for factor in (1e-6, 1e-3, 1e3, 1e6):
        for name in whole().figures:
            _, rejected = vet_answer([whole(**{name: whole().figures[name] * factor})], [], USD)
            for value in rejected:
                assert value.rule in RULES
                assert value.field in ANSWER_FIELDS
