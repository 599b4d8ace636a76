"""From statements and a price to inputs: twelve months, restatements, splits, currencies."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from stockscore.scoring.assemble import Reported, assemble, inputs_at
from stockscore.scoring.currency import major_unit
from stockscore.scoring.inputs import RECORDED
from stockscore.scoring.statements import Period, Statement

QUARTER_ENDS = [
    date(2024, 9, 30),
    date(2024, 12, 31),
    date(2025, 3, 31),
    date(2025, 6, 30),
    date(2025, 9, 30),
    date(2025, 12, 31),
    date(2026, 3, 31),
    date(2026, 6, 30),
]


def known(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def report(
    end: date, figures: dict, period=Period.QUARTER, currency="USD", later=30, source="test"
):
    return Statement(period, end, known(end + timedelta(days=later)), currency, source, figures)


def quarters(name: str, values: list, **more) -> list[Statement]:
    """The last quarters of 2024 to 2026, one value each, newest last."""
    ends = QUARTER_ENDS[len(QUARTER_ENDS) - len(values) :]
    return [report(end, {name: value}, **more) for end, value in zip(ends, values, strict=True)]


def summary(figures: dict, end=date(2026, 7, 15), **more) -> Statement:
    return report(end, figures, Period.TRAILING, later=0, **more)


def test_twelve_months_are_the_last_four_quarters():
    reported = assemble(quarters("revenue", [1, 10, 20, 30, 40]))
    assert reported.figures["revenue"] == 100
    origin = reported.origins["revenue"]
    assert (origin.period, origin.period_end) == (Period.QUARTER, date(2026, 6, 30))
    assert origin.known_at == known(date(2026, 7, 30))
    assert reported.newest_end == date(2026, 6, 30)


def test_the_order_in_which_statements_arrive_does_not_matter():
    statements = [*quarters("revenue", [10, 20, 30, 40]), summary({"ebit": 7})]
    assert assemble(statements[::-1]) == assemble(statements)


def test_a_quarter_without_the_figure_leaves_it_to_the_providers_sum():
    statements = quarters("cfo", [10, 20, 30, None])
    assert "cfo" not in assemble(statements).figures
    reported = assemble([*statements, summary({"cfo": 95})])
    assert reported.figures["cfo"] == 95
    assert reported.origins["cfo"].period is Period.TRAILING


def test_quarters_with_a_gap_are_no_twelve_months():
    statements = quarters("revenue", [10, 20, 30, 40, 50])
    del statements[2]
    assert "revenue" not in assemble(statements).figures


def test_fiscal_quarters_of_thirteen_weeks_are_consecutive():
    first = date(2025, 9, 27)
    statements = [
        report(first + timedelta(weeks=13 * number), {"revenue": 5}) for number in range(4)
    ]
    assert assemble(statements).figures["revenue"] == 20


def test_the_last_year_counts_only_where_nothing_else_does():
    year = report(date(2025, 12, 31), {"revenue": 900, "ebit": 90}, Period.YEAR)
    reported = assemble([year, summary({"revenue": 1000})])
    assert (reported.figures["revenue"], reported.figures["ebit"]) == (1000, 90)


@pytest.mark.parametrize(("end", "counts"), [(date(2025, 4, 14), True), (date(2025, 4, 13), False)])
def test_a_year_older_than_fifteen_months_does_not_count(end, counts):
    # Fifteen months are 457 days; 15 July 2026 less 457 days is 14 April 2025.
    year = report(end, {"ebit": 90}, Period.YEAR)
    reported = assemble([year, summary({"revenue": 1})])
    assert ("ebit" in reported.on(date(2026, 7, 15)).figures) is counts


def test_old_quarters_make_way_for_the_providers_sum():
    old = [report(end - timedelta(days=730), {"revenue": 10}) for end in QUARTER_ENDS[-4:]]
    assert assemble([*old, summary({"revenue": 55})]).figures["revenue"] == 55


def test_a_restatement_replaces_the_figures_it_gives():
    statements = quarters("revenue", [10, 20, 30, 40])
    first = report(QUARTER_ENDS[-2], {"revenue": 30, "cfo": 3})
    again = report(QUARTER_ENDS[-2], {"revenue": 33}, later=150)
    reported = assemble([again, *statements[:2], first, statements[3]])
    assert reported.figures["revenue"] == 103  # 10 + 20 + 33 + 40
    assert reported.origins["revenue"].known_at == again.known_at


def test_a_restated_period_keeps_what_the_restatement_does_not_mention():
    statements = quarters("cfo", [1, 2, 3, 4])
    again = report(QUARTER_ENDS[-1], {"revenue": 33, "cfo": None}, later=90)
    assert assemble([*statements, again]).figures["cfo"] == 10


def test_of_summaries_the_newest_counts_as_it_stands():
    old = summary({"revenue": 1, "ebit": 2}, end=date(2026, 6, 1))
    assert assemble([old, summary({"revenue": 3})]).figures == {"revenue": 3}


def test_balances_are_those_of_the_newest_period_that_gives_them():
    statements = [
        report(QUARTER_ENDS[-1], {"cash": 7}),
        report(QUARTER_ENDS[-2], {"cash": 5, "total_debt": 9}),
        report(date(2025, 12, 31), {"total_debt": 8, "total_assets": 70}, Period.YEAR),
    ]
    figures = assemble(statements).figures
    assert (figures["cash"], figures["total_debt"], figures["total_assets"]) == (7, 9, 70)


def test_periods_in_another_currency_are_not_added_up():
    old = [report(end, {"revenue": 100}, currency="SEK") for end in QUARTER_ENDS[-4:-1]]
    reported = assemble([*old, report(QUARTER_ENDS[-1], {"revenue": 10}, currency="EUR")])
    assert (reported.currency, reported.figures) == ("EUR", {})


def test_quoted_figures_stay_where_the_summary_is_in_another_currency():
    reported = assemble(
        [*quarters("revenue", [1, 2, 3, 4]), summary({"price": 9, "ebit": 5}, currency="SEK")]
    )
    assert reported.figures == {"revenue": 10, "price": 9}


def growth_of(statements, quoted):
    """The growth of earnings, with what the source quotes or with that of full years."""
    reported = assemble(statements).on(date(2026, 7, 15))
    return reported.with_growth(quoted=quoted).figures.get("eps_growth")


def test_growth_of_earnings_needs_eight_quarters_and_an_earlier_profit():
    eight = quarters("eps", [1, 1, 1, 1, 1, 1, 1, 2])
    given = summary({"eps_growth": 0.5})
    for quoted in (True, False):
        assert growth_of([*eight, given], quoted) == pytest.approx(0.25)  # 5 / 4 − 1
    loss = quarters("eps", [-1, -1, -1, -1, 1, 1, 1, 1])
    for lacking in (eight[1:], loss):
        assert growth_of([*lacking, given], quoted=True) == 0.5
        assert growth_of([*lacking, given], quoted=False) is None
        assert growth_of(lacking, quoted=True) is None


def years(*values: float, last=date(2025, 12, 31)) -> list[Statement]:
    """Earnings per share of full years, the newest last."""
    return [
        report(last.replace(year=last.year - back), {"eps": value}, Period.YEAR)
        for back, value in enumerate(reversed(values))
    ]


def test_without_eight_quarters_growth_is_that_of_full_years_and_not_what_is_quoted():
    statements = [*years(1.0, 2.0, 2.3), summary({"eps_growth": 0.9})]
    assert growth_of(statements, quoted=False) == pytest.approx(0.15)
    assert growth_of(statements, quoted=True) == 0.9
    origin = assemble(statements).with_growth(quoted=False).origin_of("eps_growth")
    assert (origin.period, origin.period_end) == (Period.YEAR, date(2025, 12, 31))
    assert growth_of(years(-1.0, 2.0), quoted=False) is None
    assert growth_of(years(2.0), quoted=False) is None


@pytest.mark.parametrize(("end", "counts"), [(date(2025, 1, 13), True), (date(2025, 1, 12), False)])
def test_growth_of_a_year_that_ended_more_than_eighteen_months_ago_does_not_count(end, counts):
    # Eighteen months are 548 days; 15 July 2026 less 548 days is 13 January 2025.
    statements = [*years(1.0, 1.5, last=end), summary({"revenue": 1})]
    assert growth_of(statements, quoted=False) == (pytest.approx(0.5) if counts else None)


def test_the_newest_balance_sheet_with_total_assets_says_whether_it_is_classified():
    whole = {"total_assets": 70.0, "current_assets": 20.0}
    bank = {"total_assets": 70.0}
    later, earlier = QUARTER_ENDS[-1], QUARTER_ENDS[-2]
    assert assemble([report(later, whole)]).classified is True
    assert assemble([report(later, {**bank, "current_liabilities": 1.0})]).classified is True
    assert assemble([report(later, bank), report(earlier, whole)]).classified is False
    assert assemble([report(later, {"cash": 1.0}), report(earlier, whole)]).classified is True
    assert assemble([report(later, {"current_assets": 20.0})]).classified is None


def test_growth_of_revenue_is_kept_for_the_strategies():
    eight = quarters("revenue", [10, 10, 10, 10, 12, 12, 12, 12])
    inputs = inputs_at(assemble(eight), None, "USD")
    assert inputs["revenue_growth"] == pytest.approx(0.20)


def test_a_split_restates_per_share_figures_of_periods_that_ended_before_it():
    statements = [
        report(end, {"eps": eps, "shares": shares})
        for end, eps, shares in zip(
            QUARTER_ENDS[-4:], [4.0, 4.0, 4.0, 1.0], [100.0, 100.0, 100.0, 400.0], strict=True
        )
    ]
    # Four for one on 1 June 2026: 4 / 4 three times, and 1.
    reported = assemble(statements, [(date(2026, 6, 1), 4.0)])
    assert reported.figures["eps"] == 4.0
    assert reported.figures["shares"] == 400.0
    # The same split a month later concerns the last quarter too: 1 + 1 + 1 + 0.25.
    assert assemble(statements, [(date(2026, 7, 1), 4.0)]).figures["eps"] == 3.25
    assert assemble(statements, [(date(2026, 7, 1), 4.0)]).figures["shares"] == 1600.0


def test_a_split_on_the_last_day_of_a_period_is_in_it_already():
    statements = quarters("shares", [100.0])
    assert assemble(statements, [(QUARTER_ENDS[-1], 2.0)]).figures["shares"] == 100.0


@pytest.mark.parametrize("ratio", [0.0, -2.0, float("nan"), float("inf")])
def test_a_ratio_that_is_none_splits_nothing(ratio):
    reported = assemble(quarters("shares", [100.0]), [(date(2026, 7, 1), ratio)])
    assert reported.figures["shares"] == 100.0


def test_text_nan_and_infinities_are_missing():
    figures = {"cash": float("nan"), "total_debt": float("inf"), "total_assets": "12", "x": 1.0}
    assert assemble([report(QUARTER_ENDS[-1], figures)]).figures == {}


def test_inputs_have_every_name_and_nothing_else():
    reported = assemble(
        [
            report(end, {"revenue": 100, "eps": 1.0, "pretax_income": 25, "tax_provision": 5})
            for end in QUARTER_ENDS[-4:]
        ]
    )
    inputs = inputs_at(reported, 50.0, "USD", dividends_12m=2.0)
    assert set(inputs) == set(RECORDED)
    assert {name: value for name, value in inputs.items() if value is not None} == {
        "price": 50.0,
        "eps_ttm": 4.0,
        "revenue_ttm": 400.0,
        "tax_rate": 0.2,  # 20 / 100
        "dividend_per_share_ttm": 2.0,
    }


def test_a_tax_credit_says_nothing_about_the_rate():
    loss = [report(end, {"pretax_income": -25, "tax_provision": 5}) for end in QUARTER_ENDS[-4:]]
    assert inputs_at(assemble(loss), 1.0, "USD")["tax_rate"] is None
    assert inputs_at(assemble([*loss, summary({"tax_rate": 0.3})]), 1.0, "USD")["tax_rate"] == 0.3


def balance(**figures) -> Reported:
    return assemble([report(QUARTER_ENDS[-1], figures)])


def test_market_value_is_shares_times_price_and_enterprise_value_adds_net_debt():
    inputs = inputs_at(balance(shares=100.0, total_debt=300.0, cash=50.0), 20.0, "USD")
    assert (inputs["market_cap"], inputs["enterprise_value"]) == (2000.0, 2250.0)


def test_enterprise_value_needs_debt_and_cash():
    assert inputs_at(balance(shares=100.0, cash=50.0), 20.0, "USD")["enterprise_value"] is None


def test_a_quoted_market_value_moves_with_the_price_and_enterprise_value_with_it():
    quoted = summary({"price": 10.0, "market_cap": 1000.0, "enterprise_value": 1400.0})
    inputs = inputs_at(assemble([quoted]), 12.0, "USD")
    assert (inputs["market_cap"], inputs["enterprise_value"]) == (1200.0, 1600.0)
    # Without a price of ours the quote stands as it is.
    inputs = inputs_at(assemble([quoted]), None, "USD")
    assert (inputs["price"], inputs["market_cap"], inputs["enterprise_value"]) == (10, 1000, 1400)


def test_a_split_after_the_quote_does_not_move_the_market_value():
    quoted = summary({"price": 10.0, "market_cap": 1000.0})
    reported = assemble([quoted], [(date(2026, 9, 1), 2.0)])
    assert inputs_at(reported, 5.0, "USD")["market_cap"] == pytest.approx(1000.0)


def test_shares_of_another_line_do_not_make_the_market_value():
    # A depositary receipt for 8 shares: 20 shares in the reports, and 200 / 80 = 2.5 quoted.
    statements = [report(end, {"eps": 1.0, "shares": 20.0}) for end in QUARTER_ENDS[-4:]]
    quoted = summary({"price": 80.0, "market_cap": 200.0})
    inputs = inputs_at(assemble([*statements, quoted]), 88.0, "USD")
    assert inputs["market_cap"] == pytest.approx(220.0)
    # Each receipt has the earnings of 20 / 2.5 = 8 shares.
    assert inputs["eps_ttm"] == pytest.approx(32.0)


def test_buybacks_since_the_report_are_no_other_line():
    statements = [*quarters("eps", [1, 1, 1, 1]), report(QUARTER_ENDS[-1], {"shares": 20.0})]
    quoted = summary({"price": 10.0, "market_cap": 180.0})
    inputs = inputs_at(assemble([*statements, quoted]), 10.0, "USD")
    assert (inputs["market_cap"], inputs["eps_ttm"]) == (200.0, 4.0)


def test_prices_are_converted_to_the_currency_of_the_reports():
    reported = assemble(
        [report(QUARTER_ENDS[-1], {"shares": 100, "total_debt": 70, "cash": 0}, currency="CNY")]
    )
    inputs = inputs_at(reported, 10.0, "USD", dividends_12m=1.0, rate=7.0)
    assert inputs["price"] == pytest.approx(70.0)
    assert inputs["market_cap"] == pytest.approx(7000.0)
    assert inputs["enterprise_value"] == pytest.approx(7070.0)
    assert inputs["dividend_per_share_ttm"] == pytest.approx(7.0)


@pytest.mark.parametrize("rate", [None, 0.0, -1.0, float("nan"), float("inf")])
def test_without_a_rate_what_would_have_to_be_converted_is_missing(rate):
    reported = assemble(
        [
            report(QUARTER_ENDS[-1], {"shares": 100, "total_debt": 70, "cash": 5}, currency="CNY"),
            summary({"price": 10.0, "market_cap": 1e3, "enterprise_value": 2e3}, currency="CNY"),
        ]
    )
    inputs = inputs_at(reported, 10.0, "USD", dividends_12m=1.0, rate=rate)
    known = {name for name, value in inputs.items() if value is not None}
    assert known == {"total_debt", "cash"}


def test_pence_become_pounds():
    reported = assemble(
        [
            report(
                QUARTER_ENDS[-1], {"shares": 100.0, "total_debt": 30.0, "cash": 5.0}, currency="GBP"
            )
        ]
    )
    inputs = inputs_at(reported, 250.0, "GBX", dividends_12m=10.0)
    assert inputs["price"] == pytest.approx(2.50)
    assert inputs["market_cap"] == pytest.approx(250.0)
    assert inputs["enterprise_value"] == pytest.approx(275.0)
    assert inputs["dividend_per_share_ttm"] == pytest.approx(0.10)


def test_pence_are_converted_over_pounds_where_reports_are_in_dollars():
    reported = assemble([report(QUARTER_ENDS[-1], {"shares": 100.0}, currency="USD")])
    inputs = inputs_at(reported, 250.0, "GBp", rate=1.25)
    assert inputs["price"] == pytest.approx(3.125)
    assert inputs["market_cap"] == pytest.approx(312.5)


def test_a_market_value_quoted_in_pounds_beside_a_price_in_pence_is_recognised():
    reported = assemble(
        [
            report(QUARTER_ENDS[-1], {"shares": 100.0}, currency="GBP"),
            summary(
                {"price": 250.0, "market_cap": 250.0, "enterprise_value": 275.0}, currency="GBP"
            ),
        ]
    )
    inputs = inputs_at(reported, 300.0, "GBX")
    assert inputs["market_cap"] == pytest.approx(300.0)
    assert inputs["enterprise_value"] == pytest.approx(325.0)


def test_a_market_value_whose_price_was_held_back_is_compared_at_the_price_of_now():
    quoted = summary({"market_cap": 1000.0, "shares": 100.0})
    assert inputs_at(assemble([quoted]), 12.0, "USD")["market_cap"] == 1200.0
    # Shares times a price in another unit are not what it is quoted at.
    assert inputs_at(assemble([quoted]), 0.1, "USD")["market_cap"] == 1000.0


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("GBX", ("GBP", 0.01)),
        ("GBp", ("GBP", 0.01)),
        ("GBP", ("GBP", 1.0)),
        ("ZAc", ("ZAR", 0.01)),
        ("ILA", ("ILS", 0.01)),
        ("usd", ("USD", 1.0)),
        (" SEK ", ("SEK", 1.0)),
    ],
)
def test_minor_units_and_their_major_ones(code, unit):
    assert major_unit(code) == unit


def test_nothing_reported_is_nothing_known_but_the_price():
    assert assemble([]) == Reported()
    inputs = inputs_at(Reported(), 250.0, "GBX")
    assert {name: value for name, value in inputs.items() if value is not None} == {"price": 2.5}


def test_every_input_says_where_it_comes_from():
    reported = assemble(
        [
            *quarters("revenue", [1, 2, 3, 4], source="demo"),
            summary({"tax_rate": 0.2}, source="csv"),
        ]
    )
    assert reported.origin_of("revenue_ttm").source == "demo"
    assert reported.origin_of("tax_rate").source == "csv"
    assert reported.origin_of("cash") is None
