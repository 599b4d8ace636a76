from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from stockscore.providers.base import Unavailable
from stockscore.scoring.statements import Period

THOUSANDS = 2500.0
"""Money is rounded to whole thousands, so sums of a few figures may be off by that much."""


def quarters(demo_stocks):
    """(listing, figures) of every statement."""
    return [(listing, s.figures) for listing, _, found in demo_stocks for s in found.statements]


def steps(demo_stocks):
    """(listing, prices, earlier statement, later statement) of all consecutive quarters."""
    return [
        (listing, prices, earlier, later)
        for listing, prices, found in demo_stocks
        for earlier, later in pairwise(found.statements)
    ]


def test_there_are_thousands_of_quarters_to_look_at(demo_stocks):
    assert len(quarters(demo_stocks)) > 8000


def test_assets_are_liabilities_and_equity(demo_stocks):
    for _, f in quarters(demo_stocks):
        assert f["total_assets"] == f["total_liabilities"] + f["total_equity"]


def test_parts_are_no_larger_than_the_whole(demo_stocks):
    for listing, f in quarters(demo_stocks):
        assert f["cash"] >= 0, listing
        assert f["cash"] <= f["total_assets"]
        if "total_debt" in f:
            assert 0 <= f["long_term_debt"] <= f["total_debt"] <= f["total_liabilities"]
        if "current_assets" in f:
            assert f["cash"] <= f["current_assets"] <= f["total_assets"]
            assert 0 < f["current_liabilities"] <= f["total_liabilities"] + THOUSANDS


def test_the_income_statement_adds_up_from_revenue_to_earnings_per_share(demo_stocks):
    for _, f in quarters(demo_stocks):
        assert f["revenue"] > 0
        assert f["net_income"] == f["pretax_income"] - f["tax_provision"]
        assert f["eps"] == pytest.approx(f["net_income"] / f["shares"], abs=6e-5)
        if "ebit" in f and "interest_expense" in f:
            assert f["pretax_income"] == f["ebit"] - f["interest_expense"]
        if "gross_profit" in f:
            assert f["ebit"] <= f["gross_profit"] <= f["revenue"]


def test_ebitda_is_ebit_and_a_depreciation_that_free_cash_flow_pays_for(demo_stocks):
    for _, f in quarters(demo_stocks):
        if "ebitda" in f:
            assert f["ebitda"] > f["ebit"]
        if "cfo" in f:
            assert f["fcf"] < f["cfo"]


def dividends_paid(prices, earlier, later):
    """Money paid on the shares of each day, from the bars alone; None where they do not reach."""
    bars = [b for b in prices.bars if earlier.period_end < b.session <= later.period_end]
    if not bars or prices.bars[0].session > earlier.period_end + timedelta(days=7):
        return None
    shares, paid = earlier.figures["shares"], 0.0
    for bar in bars:
        shares *= bar.split
        paid += bar.dividend * shares
    return paid / (100 if prices.currency == "GBX" else 1)


def domestic(listing):
    return listing.financial_currency == ("GBP" if listing.currency == "GBX" else "USD")


def test_retained_earnings_grow_by_the_profit_that_is_not_paid_out(demo_stocks):
    checked = 0
    for listing, prices, earlier, later in steps(demo_stocks):
        f, before = later.figures, earlier.figures
        paid = dividends_paid(prices, earlier, later)
        if paid is not None and domestic(listing) and "retained_earnings" in f:
            kept = f["retained_earnings"] - before["retained_earnings"]
            # A dividend in pence is shown to a ten-thousandth of a penny.
            assert kept == pytest.approx(f["net_income"] - paid, rel=1e-3, abs=THOUSANDS)
            checked += 1
    assert checked > 5000


def test_cash_moves_with_free_cash_flow_dividends_debt_and_share_issues(demo_stocks):
    unchanged = issued = 0
    for listing, prices, earlier, later in steps(demo_stocks):
        f, before = later.figures, earlier.figures
        paid = dividends_paid(prices, earlier, later)
        if paid is None or not domestic(listing) or "cfo" not in f or "total_debt" not in f:
            continue
        flows = f["fcf"] - paid + f["total_debt"] - before["total_debt"]
        from_owners = f["cash"] - before["cash"] - flows
        bars = [b for b in prices.bars if earlier.period_end < b.session <= later.period_end]
        shares = before["shares"]
        for bar in bars:
            shares = round(shares * bar.split)
        tolerance = THOUSANDS + 1e-3 * paid
        if f["shares"] == shares:
            assert abs(from_owners) <= tolerance
            unchanged += 1
        elif abs(from_owners) > tolerance:
            assert (from_owners > 0) == (f["shares"] > shares)
            issued += 1
    assert unchanged > 1500
    assert issued > 500


def test_equity_moves_with_retained_earnings_and_share_issues_alone(demo_stocks):
    for _, _, earlier, later in steps(demo_stocks):
        f, before = later.figures, earlier.figures
        if "retained_earnings" in f and f["shares"] == before["shares"]:
            paid_in = f["total_equity"] - f["retained_earnings"]
            assert paid_in == before["total_equity"] - before["retained_earnings"]


def is_in_a_prospectus(statement, listing):
    """A prospectus is published on the day of the flotation, or just before holidays."""
    published = statement.known_at.date()
    return listing.listed_on and timedelta(0) <= listing.listed_on - published < timedelta(days=5)


def test_reports_come_out_on_weekdays_three_to_seven_weeks_after_the_quarter(demo_stocks):
    for listing, _, found in demo_stocks:
        for statement in found.statements:
            assert statement.period is Period.QUARTER
            assert statement.known_at.tzinfo is UTC
            assert statement.known_at.isoweekday() <= 5
            delay = (statement.known_at.date() - statement.period_end).days
            if not is_in_a_prospectus(statement, listing):
                assert 20 <= delay <= 50


def test_quarters_follow_each_other_without_a_hole(demo_stocks):
    for _, _, earlier, later in steps(demo_stocks):
        assert 85 <= (later.period_end - earlier.period_end).days <= 95


@pytest.mark.parametrize("moment", [(2024, 1, 1), (2025, 3, 31), (2026, 11, 23)])
def test_nine_quarters_are_known_of_all_that_report_and_are_not_new(provider, moment):
    now = datetime(*moment, tzinfo=UTC)
    for listing, _, found in provider.market(now, since=now.date() - timedelta(days=7)):
        new = listing.listed_on and now.date() - listing.listed_on < timedelta(days=700)
        if found.statements and not new:
            assert len(found.statements) >= 9, listing


def test_a_report_is_unknown_until_the_minute_it_is_published(provider, by_ticker):
    listing, _, found = by_ticker["N"]
    published = found.statements[-1].known_at
    just_before = provider.fundamentals(listing, published - timedelta(seconds=1))
    on_time = provider.fundamentals(listing, published)
    assert just_before.statements[-1] == found.statements[-2]
    assert on_time.statements[-1] == found.statements[-1]


def test_a_company_that_reports_nothing_is_unavailable(provider, by_ticker, now):
    with pytest.raises(Unavailable, match="WYNC has published no statements"):
        provider.fundamentals(by_ticker["WYNC"][0], now)


def test_a_flotation_brings_a_prospectus_of_a_few_quarters(provider, demo_stocks):
    listing, _, _ = max(
        (s for s in demo_stocks if s[0].listed_on and s[0].listed_on < date(2026, 9, 30)),
        key=lambda s: s[0].listed_on,
    )
    first_day = datetime.combine(listing.listed_on, time(23, 0), UTC)
    known = provider.fundamentals(listing, first_day).statements
    assert 3 <= len(known) <= 5
    assert all(s.known_at.date() <= listing.listed_on for s in known)


def test_banks_and_insurers_have_no_gross_profit_and_no_current_assets(demo_stocks):
    for listing, figures in quarters(demo_stocks):
        if listing.industry.startswith(("Banks", "Insurance - Life", "Mortgage Finance")):
            absent = {"gross_profit", "ebit", "ebitda", "current_assets", "current_liabilities"}
            assert not absent & set(figures)
            assert 0.02 < figures["total_equity"] / figures["total_assets"] < 0.35
