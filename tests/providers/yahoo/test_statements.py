"""Yahoo's rows and summary become figures in our units; worked by hand."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from stockscore.providers.yahoo.places import currency_of, mic_of, number
from stockscore.providers.yahoo.statements import reports, reports_at, trailing

NOW = datetime(2026, 8, 21, 22, tzinfo=UTC)

INFO = {
    "currency": "USD",
    "financialCurrency": "USD",
    "regularMarketPrice": 50.0,
    "marketCap": 5000,
    "enterpriseValue": 6000,
    "impliedSharesOutstanding": 100,
    "sharesOutstanding": 60,
    "trailingEps": 2.5,
    "earningsGrowth": 0.25,
    "bookValue": 20.0,
    "dividendYield": 4.0,
    "debtToEquity": 150.0,
    "trailingAnnualDividendRate": 2.0,
}


def table(**rows: list[float]) -> pd.DataFrame:
    """A statement of two quarters, the newer one first as yfinance gives them."""
    ends = pd.to_datetime(["2026-06-30", "2026-03-31"])
    return pd.DataFrame(rows.values(), index=list(rows), columns=ends, dtype=float)


def read(info: dict | None = None, **tables: pd.DataFrame):
    named = {name.replace("_", " "): table for name, table in tables.items()}
    return reports(named, {}, INFO if info is None else info, "USD", NOW)


@pytest.mark.parametrize(
    ("implied", "listed", "shares"),
    [
        (100, 60, 100),  # several classes, of which one is listed
        (101, 60, 101),  # a day apart
        (107, 100, 100),  # the implied count is older than the market value
        (107, 93, 100),  # both are: the market value over the price
        (None, 100, 100),
        (9, None, 9),  # so far apart that something else is wrong
        (None, None, None),
    ],
)
def test_shares_are_those_that_the_market_value_counts(implied, listed, shares) -> None:
    info = INFO | {"impliedSharesOutstanding": implied, "sharesOutstanding": listed}
    assert trailing(info, [], "USD", NOW).figures.get("shares") == shares


def test_shares_are_counted_in_pounds_beside_a_price_in_pence() -> None:
    pence = {"currency": "GBp", "financialCurrency": "GBP", "regularMarketPrice": 5000.0}
    info = INFO | pence | {"impliedSharesOutstanding": 107, "sharesOutstanding": 93}
    assert trailing(info, [], "GBX", NOW).figures["shares"] == 100


def test_tables_of_one_quarter_are_one_statement() -> None:
    found = read(
        income=table(TotalRevenue=[10, 9], EBIT=[3, math.nan]),
        balance_sheet=table(TotalAssets=[70, 60]),
        cash_flow=table(OperatingCashFlow=[4, 2]),
    )
    assert [statement.period_end for statement in found] == [date(2026, 3, 31), date(2026, 6, 30)]
    assert found[1].figures == {"revenue": 10, "ebit": 3, "total_assets": 70, "cfo": 4}
    assert found[0].figures == {"revenue": 9, "total_assets": 60, "cfo": 2}


def test_a_second_row_stands_in_where_the_first_is_missing() -> None:
    found = read(income=table(EBIT=[math.nan, 5], OperatingIncome=[3, 4]))
    assert [statement.figures["ebit"] for statement in found] == [5, 3]


def test_profit_is_that_of_the_common_stock() -> None:
    found = read(income=table(NetIncome=[3, 3], NetIncomeCommonStockholders=[2, 2]))
    assert found[0].figures == {"net_income": 2}


def test_an_empty_table_and_a_quarter_of_the_future_say_nothing() -> None:
    future = pd.DataFrame([[1.0]], index=["TotalRevenue"], columns=[pd.Timestamp("2027-03-31")])
    assert read(income=future, balance_sheet=pd.DataFrame()) == []


@pytest.mark.parametrize(("count", "kept"), [(100, True), (140, True), (160, False), (7, False)])
def test_share_counts_are_kept_where_they_count_the_listed_share(count: float, kept: bool) -> None:
    sheet = table(OrdinarySharesNumber=[count, count], TotalAssets=[1, 1])
    assert ("shares" in read(balance_sheet=sheet)[-1].figures) is kept


def test_figures_per_share_of_quarters_before_a_split_are_left_out() -> None:
    split = {**INFO, "lastSplitDate": int(datetime(2026, 5, 1, tzinfo=UTC).timestamp())}
    found = read(split, income=table(DilutedEPS=[1, 10], NetIncome=[5, 5]))
    assert [sorted(statement.figures) for statement in found] == [
        ["net_income"],
        ["eps", "net_income"],
    ]


def test_the_summary_counts_all_classes_of_shares_and_uses_no_ratio_in_percent() -> None:
    figures = trailing(INFO, [], "USD", NOW).figures
    assert figures == {
        "price": 50.0,
        "shares": 100.0,
        "market_cap": 5000.0,
        "enterprise_value": 6000.0,
        "eps": 2.5,
        "quarter_eps_growth": 0.25,
        "dividend_per_share": 2.0,
        "total_equity": 2000.0,
    }


def test_book_value_per_share_is_used_only_where_no_balance_sheet_tells_equity() -> None:
    found = read(balance_sheet=table(StockholdersEquity=[1900, 1800]))
    assert "total_equity" not in trailing(INFO, found, "USD", NOW).figures


def test_a_market_value_in_pounds_stands_beside_a_price_in_pence_as_pence() -> None:
    info = {**INFO, "currency": "GBp", "financialCurrency": "GBP", "regularMarketPrice": 5000}
    summary = trailing(info, [], "GBX", NOW)
    assert summary.currency == "GBP"
    assert summary.figures["market_cap"] == 500_000
    assert summary.figures["enterprise_value"] == 600_000
    assert summary.figures["eps"] == 2.5, "already in pounds"
    assert "dividend_per_share" not in summary.figures, "in pounds or in pence: nobody knows"


def test_a_dividend_of_more_than_half_the_price_is_in_another_unit() -> None:
    info = {**INFO, "trailingAnnualDividendRate": 26.0}
    assert "dividend_per_share" not in trailing(info, [], "USD", NOW).figures


def test_a_summary_without_a_figure_is_none() -> None:
    assert trailing({"trailingPegRatio": None, "quoteType": "EQUITY"}, [], "USD", NOW) is None


@pytest.mark.parametrize("value", ["Infinity", math.nan, math.inf, None, True, {"raw": 1}])
def test_what_is_no_number_is_missing(value: object) -> None:
    assert number(value) is None


@pytest.mark.parametrize(
    ("code", "currency"),
    [("GBp", "GBX"), ("ZAc", "ZAC"), ("ILA", "ILA"), ("USD", "USD"), ("", None), (None, None)],
)
def test_currencies_are_spelt_one_way(code: object, currency: str | None) -> None:
    assert currency_of(code) == currency


def test_exchanges_have_the_names_of_iso_10383() -> None:
    assert (mic_of("NYQ"), mic_of("NMS"), mic_of("LSE")) == ("XNYS", "XNAS", "XLON")
    assert mic_of("PNK") is None


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({}, None),
        ({"earningsTimestamp": None}, None),
        ({"earningsTimestamp": "soon"}, None),
        ({"earningsTimestamp": 1e30}, None),
        ({"earningsTimestamp": 1_793_000_000}, datetime.fromtimestamp(1_793_000_000, UTC)),
        (
            {"earningsTimestampStart": 1_793_000_000, "earningsTimestampEnd": 1_793_400_000},
            datetime.fromtimestamp(1_793_400_000, UTC),
        ),
    ],
)
def test_when_a_company_reports_is_the_end_of_what_yahoo_names(info, expected):
    assert reports_at(info) == expected
