"""Which figure is doubted where figures of one company contradict each other, worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.scoring.doctor.identities import ACCOUNTS, BY_KEY, CLOSE, IDENTITIES, MONEY
from stockscore.scoring.doctor.rules import RULES
from stockscore.scoring.doctor.witnesses import doubts, is_mislabelled

ORDINARY = {
    "price": 50.0,
    CLOSE: 49.5,
    "market_cap": 5e9,
    "enterprise_value": 5.2e9,
    "shares": 1e8,
    "eps": 3.0,
    "dividend_per_share": 1.0,
    "revenue": 4e9,
    "gross_profit": 1.6e9,
    "ebit": 4.4e8,
    "ebitda": 6e8,
    "net_income": 3e8,
    "total_assets": 6e9,
    "total_liabilities": 3.5e9,
    "total_debt": 8e8,
    "cash": 6e8,
    "total_equity": 2.5e9,
    "current_assets": 2e9,
    "current_liabilities": 1.2e9,
    "eps_growth": 0.1,
    "tax_rate": 0.21,
}
"""A company of which all figures agree."""


def doubted(without: tuple[str, ...] = (), **changed: float) -> set[str]:
    """What is doubted of the ordinary company with some figures changed, and without others."""
    values = {name: value for name, value in ORDINARY.items() if name not in without}
    return {name for doubt in doubts({**values, **changed}) for name in doubt.names}


def scaled(names, factor: float) -> dict[str, float]:
    return {name: ORDINARY[name] * factor for name in names if name in ORDINARY}


def test_where_all_agree_nothing_is_doubted() -> None:
    assert doubted() == set()


@pytest.mark.parametrize("factor", [100.0, 1000.0, 1e6, 0.01, 1e-3, 1e-6])
@pytest.mark.parametrize("name", ["price", "market_cap", "shares"])
def test_of_price_shares_and_market_value_the_one_in_another_unit_is_doubted(name, factor) -> None:
    extra = {"enterprise_value"} if name == "market_cap" else set()
    assert name in doubted(**scaled([name], factor))
    assert doubted(**scaled([name], factor)) <= {name} | extra


@pytest.mark.parametrize("factor", [1000.0, 1e6, 1e-3, 1e-6])
@pytest.mark.parametrize("name", ["net_income", "eps"])
def test_of_net_income_and_earnings_per_share_the_one_in_another_unit_is_doubted(
    name, factor
) -> None:
    assert doubted(**scaled([name], factor)) == {name}


@pytest.mark.parametrize("factor", [1000.0, 1e6, 1e-3, 1e-6])
def test_accounts_in_another_unit_than_the_market_value_are_doubted_as_a_whole(factor) -> None:
    """Thousands or millions beside plain money, or the wrong way round; the count of the shares
    says that it is not the market value."""
    assert ACCOUNTS in doubted(**scaled(MONEY, factor))
    assert "market_cap" not in doubted(**scaled(MONEY, factor))


def test_millions_are_told_by_what_they_would_count_of_shares() -> None:
    without = ("shares", CLOSE, "enterprise_value")
    assert doubted(without, market_cap=5000.0) == {"market_cap"}
    assert doubted(without, **scaled(MONEY, 1e-6)) == {ACCOUNTS}


def test_where_nobody_can_tell_which_is_wrong_none_is_used() -> None:
    without = ("shares", CLOSE, "enterprise_value")
    [doubt] = doubts(
        {n: v for n, v in {**ORDINARY, **scaled(MONEY, 1e-3)}.items() if n not in without}
    )
    assert set(doubt.names) == {ACCOUNTS, "market_cap"}
    assert doubt.reason.endswith("Which of them is wrong cannot be told, so none is used.")


def test_a_quote_in_pounds_beside_bars_in_pence_is_doubted() -> None:
    assert doubted(price=0.5) == {"price"}
    assert doubted(("shares", "eps", "net_income"), price=0.5) == {"price"}


def test_a_quote_in_pounds_is_doubted_without_any_bar() -> None:
    assert doubted((CLOSE,), price=0.5) == {"price"}


def test_closes_are_doubted_where_everything_else_agrees_with_the_quote() -> None:
    assert doubted(**{CLOSE: 5000.0}) == {CLOSE}


def test_a_market_value_of_another_class_or_receipt_is_no_other_unit() -> None:
    assert doubted(shares=8e8) == set()


@pytest.mark.parametrize(
    "changed",
    [
        {"total_equity": -2e9},  # negative equity
        {"net_income": 2e6, "eps": 0.02},  # P/E 2500
        {
            "revenue": 1e5,
            "gross_profit": 9e4,
            "net_income": -4e8,
            "eps": -4.0,
            "ebit": -4e8,
            "ebitda": -3e8,
        },
        {"net_income": 8e9, "eps": 80.0},  # more than its price in one year, as ZIM in 2022
        {"cash": 2e10},  # cash beyond assets of an older balance sheet
        {"eps": 12.0},  # an issue of shares, or a gain that one of the two leaves out
        {"net_income": 1e10, "eps": 100.0, "revenue": 4e8, "gross_profit": 1e8},
    ],
)
def test_what_is_odd_and_true_is_believed(changed) -> None:
    assert doubted(("enterprise_value",), **changed) == set()


def test_a_factor_of_a_currency_is_no_swing_of_earnings_where_both_are_substantial() -> None:
    assert len(doubted(net_income=6e7, eps=20.0)) == 1
    assert doubted(net_income=5e5, eps=0.5) == set()


def test_a_holding_company_may_earn_more_than_it_sells() -> None:
    assert doubted(revenue=1e8, gross_profit=9e7, ebit=4e8) == set()


def test_earnings_above_the_market_value_are_doubted_where_earnings_per_share_say_otherwise() -> (
    None
):
    assert doubted(net_income=6e9) == {"net_income"}
    assert doubted(eps=60.0) == {"eps"}


def test_earnings_of_many_times_the_market_value_are_doubted_whoever_says_so() -> None:
    assert doubted(net_income=7.5e10, eps=750.0)


def test_dividends_above_the_price_are_doubted() -> None:
    assert doubted(dividend_per_share=100.0) == {"dividend_per_share"}


def test_gross_profit_is_a_part_of_revenue() -> None:
    assert doubted(gross_profit=1.6e12) == {"gross_profit"}
    assert doubted(revenue=4e6) == {"revenue"}


@pytest.mark.parametrize("name", ["cash", "current_assets", "total_equity", "total_debt"])
def test_a_part_of_the_assets_in_another_unit_is_doubted(name) -> None:
    assert doubted(("enterprise_value",), **scaled([name], 1e3)) == {name}


def test_total_assets_in_another_unit_are_doubted_and_not_their_parts() -> None:
    assert doubted(total_assets=6e6) == {"total_assets"}
    assert doubted(total_assets=6e3) == {"total_assets"}


@pytest.mark.parametrize(
    "name",
    [
        "ebit",
        "ebitda",
        "cfo",
        "fcf",
        "retained_earnings",
        "current_liabilities",
        "interest_expense",
    ],
)
def test_any_other_figure_in_thousands_is_doubted(name) -> None:
    given = {"cfo": 5e8, "fcf": 3e8, "retained_earnings": 1e9, "interest_expense": 4e7}
    changed = {**given, name: {**ORDINARY, **given}[name] * 1000}
    assert doubted(("enterprise_value",), **given) == set()
    assert doubted(("enterprise_value",), **changed) == {name}


def test_a_market_value_a_hundred_times_too_large_is_doubted_though_nobody_says_by_whom() -> None:
    without = ("shares", CLOSE, "enterprise_value")
    assert doubted(without, market_cap=5e11) == {"market_cap", ACCOUNTS}


def test_an_enterprise_value_that_is_no_sum_is_doubted() -> None:
    assert doubted(enterprise_value=5.2e6) == {"enterprise_value"}
    assert doubted(enterprise_value=1e9) == {"enterprise_value"}
    assert doubted(enterprise_value=4e9) == set()


@pytest.mark.parametrize(
    ("name", "value"), [("eps_growth", 15.0), ("revenue_growth", 12.5), ("tax_rate", 21.0)]
)
def test_per_cent_where_a_fraction_belongs_is_doubted(name, value) -> None:
    assert doubted(**{name: value}) == {name}


def test_a_growth_of_several_times_and_a_fall_into_losses_are_believed() -> None:
    assert doubted(eps_growth=4.2) == doubted(eps_growth=-3.0) == set()


@pytest.mark.parametrize(
    ("currency", "rate"), [("TRY", 1 / 36.4), ("JPY", 150.0), ("KRW", 1400.0), ("NOK", 11.1)]
)
def test_a_label_is_wrong_where_two_readings_are_one_without_conversion(currency, rate) -> None:
    del currency
    assert is_mislabelled(3e8, 3.2e8, rate)
    assert not is_mislabelled(3e8 * rate, 3.2e8, rate)


def test_a_label_that_cannot_be_checked_is_not_believed_and_near_currencies_are() -> None:
    assert is_mislabelled(3e8, 3e8, None)
    assert not is_mislabelled(3e8, 3e8, 1.1)
    assert not is_mislabelled(3e8, -3e8, 36.0)
    assert not is_mislabelled(None, 3e8, 36.0)


@given(
    price=st.floats(0.01, 1e5),
    count=st.floats(1e6, 1e11),
    earnings_yield=st.floats(0.001, 0.3),
    sales=st.floats(0.05, 2),
    margin=st.floats(0.01, 1.0),
    book=st.floats(0.05, 5),
    leverage=st.floats(1.1, 20),
)
def test_no_company_of_ordinary_ratios_is_doubted(
    price, count, earnings_yield, sales, margin, book, leverage
) -> None:
    cap = price * count
    equity = cap * book
    values = {
        "price": price,
        CLOSE: price,
        "market_cap": cap,
        "shares": count,
        "eps": price * earnings_yield,
        "net_income": cap * earnings_yield,
        "revenue": cap * sales,
        "gross_profit": cap * sales * margin,
        "total_equity": equity,
        "total_assets": equity * leverage,
        "total_liabilities": equity * (leverage - 1),
    }
    assert doubts(values) == []


@given(st.dictionaries(st.sampled_from([*ORDINARY]), st.floats(-1e24, 1e24)))
def test_any_figures_end_in_doubts_with_rules_that_exist(values) -> None:
    for doubt in doubts(values):
        assert doubt.names
        assert set(doubt.names) <= set(values) | {ACCOUNTS}
        assert doubt.rule in RULES


def test_every_identity_has_a_key_of_its_own_and_a_rule_that_exists() -> None:
    assert len(BY_KEY) == len(IDENTITIES)
    for identity in IDENTITIES:
        assert identity.low < identity.high
        assert not identity.binding or identity.rule in RULES
        assert not identity.excused_by or identity.excused_by in BY_KEY
