"""What the cells of the three files mean, and which are refused."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.market.exchanges import EXCHANGES
from stockscore.providers.base import Listing
from stockscore.providers.csvfile import (
    BadFile,
    read_fundamentals,
    read_prices,
    read_universe,
)
from stockscore.providers.csvfile.fundamentals import FIGURE_OF
from stockscore.providers.csvfile.prices import VALUES
from stockscore.scoring.assemble import assemble, inputs_at
from stockscore.scoring.inputs import INPUTS
from stockscore.scoring.statements import FIGURES, Period, Statement

LATEST = date(2026, 11, 24)
KNOWN_AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
STOCKS = {"ACME": 7, "GLOBEX": 3}
ACME = Listing("ACME", "Acme", "XNYS", "USD", "Technology", "Software", isin="US0000000001")
PENCE = Listing("PENNY", "Penny plc", "XLON", "GBX")
UNIVERSE = {"ACME": ACME, "PENNY": PENCE}


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def universe(text):
    Path("u.csv").write_text(text)
    return read_universe(Path("u.csv"), lambda ticker: ticker.replace(".", "-"))


def prices(text):
    Path("p.csv").write_text(text)
    return read_prices(Path("p.csv"), LATEST, STOCKS.get)


def fundamentals(text):
    Path("f.csv").write_text(text)
    table = read_fundamentals(Path("f.csv"), LATEST, str.upper, UNIVERSE.get)
    return dict(table.by_stock(KNOWN_AT))


def one_statement(text):
    [[listing, [statement]]] = fundamentals(text).items()
    return listing, statement


def refusal(read, text):
    with pytest.raises(BadFile) as caught:
        read(text)
    return str(caught.value)


# The universe


def test_sector_and_industry_may_be_missing_as_cells_or_as_columns():
    bare = Listing("ACME", "Acme", "XNYS", "USD")
    assert universe("ticker,name,exchange,currency\nACME,Acme,XNYS,USD\n") == [bare]
    assert universe("ticker,name,exchange,currency,sector\nACME,Acme,XNYS,USD,\n") == [bare]


@pytest.mark.parametrize("mic", EXCHANGES)
def test_every_exchange_with_a_calendar_is_welcome(mic):
    [listing] = universe(f"ticker,name,exchange,currency\nACME,Acme,{mic},EUR\n")
    assert listing.exchange == mic


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("USD", "USD"),
        ("GBX", "GBX"),
        ("GBp", "GBX"),
        ("GBP", "GBP"),
        ("ZAc", "ZAC"),
        ("ILA", "ILA"),
    ],
)
def test_currencies_keep_their_unit(written, kept):
    [listing] = universe(f"ticker,name,exchange,currency\nACME,Acme,XLON,{written}\n")
    assert listing.currency == kept


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (",Acme,XNYS,USD", "ticker is empty; every row needs one."),
        (
            "<b>,Acme,XNYS,USD",
            "ticker is '<b>'; write letters A-Z, digits, and signs such as . - /",
        ),
        (f"{'A' * 33},Acme,XNYS,USD", "ticker is 33 characters long; shorten it to 32."),
        ("ACME, ,XNYS,USD", "name is empty; give the name of the company."),
        (
            "ACME,Acme,XNYS,usd",
            (
                "currency is 'usd'; write the ISO code in capitals, as USD (or GBX, ZAC, ILA for "
                "prices in pence, cents, agorot)."
            ),
        ),
        (
            "ACME,Acme,XNYS,DOLLAR",
            (
                "currency is 'DOLLAR'; write the ISO code in capitals, as USD (or GBX, ZAC, ILA "
                "for prices in pence, cents, agorot)."
            ),
        ),
        (
            "ACME,Acme,NYSE,USD",
            (
                "exchange is 'NYSE'; write the MIC of the exchange, one of "
                f"{', '.join(sorted(EXCHANGES))}."
            ),
        ),
    ],
)
def test_a_universe_row_is_refused_with_a_sentence(row, sentence):
    text = f"ticker,name,exchange,currency\n{row}\n"
    assert refusal(universe, text) == f"u.csv, line 2: {sentence}"


def test_two_spellings_of_a_ticker_are_one_stock_twice():
    text = "ticker,name,exchange,currency\nBRK.B,B,XNYS,USD\nbrk-b,B,XNYS,USD\n"
    assert (
        refusal(universe, text)
        == "u.csv, line 3: ticker 'BRK-B' is already in line 2; keep one of the two."
    )


# Prices


def test_prices_are_sorted_by_stock_and_day_however_the_file_has_them():
    table = prices(
        "date,ticker,close,volume\n"
        "2026-11-20,ACME,3,30\n"
        "2026-11-19,GLOBEX,2,20\n"
        "2026-11-18,acme,1,\n"
    )
    assert [
        (stock, [date.fromordinal(day) for day in table.days[rows].tolist()])
        for stock, rows in table.by_stock()
    ] == [(3, [date(2026, 11, 19)]), (7, [date(2026, 11, 18), date(2026, 11, 20)])]
    assert table.values["close"].tolist() == [2, 1, 3]
    np.testing.assert_array_equal(table.values["volume"], [20, np.nan, 30])
    assert np.isnan(table.values["adj_close"]).all()


@pytest.mark.parametrize(
    ("written", "value"),
    [("12", 12.0), ("12.50", 12.5), ("+.5", 0.5), ("5.", 5.0), ("1.25e3", 1250.0), (" 7 ", 7.0)],
)
def test_numbers_are_in_plain_notation_with_an_exponent_where_wanted(written, value):
    table = prices(f"ticker,date,close\nACME,2026-11-20,{written}\n")
    assert table.values["close"].tolist() == [value]


BAD_NUMBER = {
    "x": "is 'x', text where a number belongs; leave the cell empty where the value is unknown.",
    "(5)": "is '(5)', text where a number belongs; leave the cell empty where the value is "
    "unknown.",
    "٣": "is '٣', text where a number belongs; leave the cell empty where the value is unknown.",
    "0x1F": "is '0x1F', text where a number belongs; leave the cell empty where the value is "
    "unknown.",
    "1e": "is '1e', text where a number belongs; leave the cell empty where the value is unknown.",
    "nan": "is 'nan', which is no value; leave the cell empty where it is unknown.",
    "-Infinity": "is '-Infinity', which is no value; leave the cell empty where it is unknown.",
    "5%": "is '5%'; write a fraction, 0.05 for 5 %.",
    "1,234.5": "is '1,234.5'; write numbers without thousands separators and with a decimal point, "
    "as 1234.5.",
    "1_234": "is '1_234'; write numbers without thousands separators and with a decimal point, as "
    "1234.5.",
    "1 234": "is '1 234'; write numbers without thousands separators and with a decimal point, as "
    "1234.5.",
    "1.234.567": "is '1.234.567'; write numbers without thousands separators and with a decimal "
    "point, as 1234.5.",
    "1e999": "is '1e999', larger than anything can be; check the unit.",
}


@pytest.mark.parametrize("cell", BAD_NUMBER)
def test_what_is_no_number_is_refused_with_a_sentence_that_says_why(cell):
    text = f'ticker,date,close,volume\nACME,2026-11-20,1,"{cell}"\n'
    assert refusal(prices, text) == f"p.csv, line 2: volume {BAD_NUMBER[cell]}"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("ACME,2026-11-20,,,,", "close is empty; give the close or remove the row."),
        ("ACME,2026-11-20,0,,,", "close is 0; a price is above zero."),
        ("ACME,2026-11-20,1,-2,,", "high is -2; a price is above zero."),
        ("ACME,2026-11-20,1e18,,,", "close is 1e+18; check the unit."),
        ("ACME,2026-11-20,1e-20,,,", "close is 1e-20; check the unit."),
        ("ACME,2026-11-20,1,1,2,", "high (1) is below low (2); correct them."),
        ("ACME,2026-11-20,1,,,-5", "volume is -5; correct it."),
        ("ACME,20/11/2026,1,,,", "date is '20/11/2026', not an ISO date; write it as 2025-12-31."),
        ("ACME,20261120,1,,,", "date is '20261120', not an ISO date; write it as 2025-12-31."),
        (
            "ACME,2026-11-20T00:00Z,1,,,",
            "date is '2026-11-20T00:00Z', not an ISO date; write it as 2025-12-31.",
        ),
        ("ACME,2026-11-31,1,,,", "date is '2026-11-31', which is in no calendar; correct it."),
        ("ACME,2026-11-25,1,,,", "date is '2026-11-25', which lies in the future; correct it."),
        ("ACME,0026-11-20,1,,,", "date is '0026-11-20', before 1900; correct it."),
        ("ACME,,1,,,", "date is empty; give a date, as 2025-12-31."),
        (",2026-11-20,1,,,", "ticker is empty; every row needs one."),
        ("NONE,2026-11-20,1,,,", "ticker 'NONE' is not in the universe; import that first."),
    ],
)
def test_a_price_row_is_refused_with_a_sentence(row, sentence):
    text = f"ticker,date,close,high,low,volume\n{row}\n"
    assert refusal(prices, text) == f"p.csv, line 2: {sentence}"


def test_tomorrow_is_not_the_future_because_a_day_begins_in_the_east():
    assert len(prices(f"ticker,date,close\nACME,{LATEST},1\n")) == 1


def test_a_day_of_a_stock_may_stand_only_once():
    text = "ticker,date,close\nACME,2026-11-20,1\nGLOBEX,2026-11-20,1\nacme,2026-11-20,1\n"
    assert (
        refusal(prices, text)
        == "p.csv, line 4: has the ticker and date of line 2; keep one of the two."
    )


def test_an_unknown_ticker_is_told_once_and_not_for_each_of_its_rows():
    rows = [f"NONE,2026-11-{day:02},1\nACME,2026-11-{day:02},1" for day in range(1, 21)]
    assert (
        refusal(prices, "\n".join(["ticker,date,close", *rows]))
        == "p.csv, line 2: ticker 'NONE' is not in the universe; import that first."
    )


PRICE = st.floats(min_value=0.01, max_value=1e6)
VOLUME = st.none() | st.floats(min_value=0, max_value=1e12)
DAY = st.dates(date(1900, 1, 1), LATEST)
ROW = st.tuples(
    st.none() | PRICE, st.none() | PRICE, st.none() | PRICE, PRICE, st.none() | PRICE, VOLUME
).filter(lambda row: row[1] is None or row[2] is None or row[1] >= row[2])


@settings(max_examples=50)
@given(st.dictionaries(st.tuples(st.sampled_from(sorted(STOCKS)), DAY), ROW, min_size=1))
def test_any_valid_prices_come_back_to_the_last_bit(table):
    lines = ["ticker,date," + ",".join(VALUES)]
    for (ticker, day), row in table.items():
        cells = ("" if value is None else repr(value) for value in row)
        lines.append(",".join([ticker, day.isoformat(), *cells]))
    read = prices("\n".join(lines))
    rows = zip(*(read.values[name].tolist() for name in VALUES), strict=True)
    keys = zip(read.stocks.tolist(), read.days.tolist(), strict=True)
    assert {
        key: tuple(None if value != value else value for value in row)
        for key, row in zip(keys, rows, strict=True)
    } == {(STOCKS[ticker], day.toordinal()): row for (ticker, day), row in table.items()}


# Fundamentals


def test_every_input_of_the_method_is_a_column_and_a_figure_of_statements():
    assert {entry.name for entry in INPUTS} <= set(FIGURE_OF)
    assert set(FIGURE_OF.values()) <= set(FIGURES)


def test_a_row_is_a_trailing_statement_known_from_the_import_on():
    listing, statement = one_statement(
        "ticker,as_of,currency,revenue_ttm,ebit_ttm,eps_ttm,dividend_per_share_ttm,tax_rate,cash\n"
        "ACME,2026-09-30,USD,1000,-20.5,1.5,0.25,0.21,\n"
    )
    assert listing == ACME
    assert statement == Statement(
        period=Period.TRAILING,
        period_end=date(2026, 9, 30),
        known_at=KNOWN_AT,
        currency="USD",
        source="csv",
        figures={
            "revenue": 1000.0,
            "ebit": -20.5,
            "eps": 1.5,
            "dividend_per_share": 0.25,
            "tax_rate": 0.21,
        },
        covers_to=date(2026, 9, 30),
    )


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-09-30", date(2026, 9, 30)),
        ("2026-09-30T23:30:00-05:00", date(2026, 9, 30)),
        ("2026-09-30T23:30Z", date(2026, 9, 30)),
        ("2026-09-30 23:30:00.123456+0100", date(2026, 9, 30)),
    ],
)
def test_as_of_is_a_date_or_a_moment_with_a_zone(written, day):
    _, statement = one_statement(f"ticker,as_of,cash\nACME,{written},1\n")
    assert statement.period_end == day


def test_figures_are_in_the_major_unit_of_the_currency():
    _, statement = one_statement("ticker,as_of,currency,cash\nPENNY,2026-09-30,GBX,5\n")
    assert (statement.currency, statement.figures) == ("GBP", {"cash": 5.0})


def test_pounds_of_a_stock_that_trades_in_pence_are_kept_as_quoted_in_pence():
    _, statement = one_statement(
        "ticker,as_of,currency,price,market_cap,enterprise_value,dividend_per_share_ttm,eps_ttm\n"
        "PENNY,2026-09-30,GBX,3.21,1000,900,0.07,0.5\n"
    )
    assert statement.currency == "GBP"
    assert statement.figures == {
        "price": pytest.approx(321),
        "market_cap": 100_000,
        "enterprise_value": 90_000,
        "dividend_per_share": pytest.approx(7),
        "eps": 0.5,
    }


def test_a_file_of_pounds_gives_the_method_pounds_beside_prices_in_pence():
    _, statement = one_statement(
        "ticker,as_of,currency,price,market_cap,dividend_per_share_ttm,net_income_ttm\n"
        "PENNY,2026-09-30,GBX,3.20,1000,0.07,80\n"
    )
    inputs = inputs_at(assemble([statement]), price=640.0, price_currency="GBX")
    assert inputs["price"] == pytest.approx(6.40)
    assert inputs["market_cap"] == pytest.approx(2000)
    assert inputs["dividend_per_share_ttm"] == pytest.approx(0.07)
    assert inputs["net_income_ttm"] == 80


def test_without_a_currency_figures_are_in_that_of_the_universe():
    _, statement = one_statement("ticker,as_of,cash\nPENNY,2026-09-30,5\n")
    assert statement.currency == "GBP"


def test_figures_of_the_report_may_be_in_another_currency_than_the_price():
    listing, statement = one_statement("ticker,as_of,currency,cash\nACME,2026-09-30,EUR,5\n")
    assert (listing.currency, statement.currency) == ("USD", "EUR")


def test_a_row_that_gives_exchange_and_currency_adds_its_stock():
    listing, _ = one_statement(
        "ticker,exchange,currency,as_of,sector,cash\nnew,XLON,GBp,2026-09-30,Energy,5\n"
    )
    assert listing == Listing("NEW", "NEW", "XLON", "GBX", "Energy", financial_currency="GBP")


def test_the_newest_row_tells_the_profile_and_empty_cells_tell_nothing():
    text = (
        "ticker,name,as_of,sector,industry,cash\n"
        "ACME,New Acme,2026-09-30,Energy,,1\n"
        "ACME,Old Acme,2025-09-30,Utilities,Coal,2\n"
    )
    [(listing, statements)] = fundamentals(text).items()
    assert (listing.name, listing.sector, listing.industry) == ("New Acme", "Energy", "Software")
    assert listing.isin == ACME.isin
    assert [statement.figures["cash"] for statement in statements] == [2.0, 1.0]


def test_a_row_without_figures_makes_no_statement():
    assert fundamentals("ticker,as_of,cash\nACME,2026-09-30,\n") == {ACME: []}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            "NONE,2026-09-30,,,,1",
            (
                "ticker 'NONE' is not in the universe; import that first, or give name, exchange "
                "and currency in this row."
            ),
        ),
        (
            "NONE,2026-09-30,XNYS,,,1",
            (
                "ticker 'NONE' is not in the universe; import that first, or give name, exchange "
                "and currency in this row."
            ),
        ),
        (
            "ACME,2026-09-30,XLON,,,1",
            "exchange is XLON, but ACME is listed on XNYS; correct it, or leave it empty.",
        ),
        (
            "ACME,2026-09-30,,EUR,5,1",
            (
                "currency is EUR, but ACME is quoted in USD; leave price, market_cap, "
                "enterprise_value, dividend_per_share_ttm empty."
            ),
        ),
        ("ACME,2026-09-30,,,0,1", "price is 0; a price is above zero."),
        ("ACME,2026-11-25,,,,1", "as_of is '2026-11-25', which lies in the future; correct it."),
        (
            "ACME,2026-09-30T10:00,,,,1",
            "as_of is '2026-09-30T10:00', a moment without a zone; add Z or an offset as +01:00.",
        ),
        (
            "ACME,2026-09-30T25:00Z,,,,1",
            "as_of is '2026-09-30T25:00Z', which no clock shows; correct it.",
        ),
        (
            "ACME,Q3 2026,,,,1",
            "as_of is 'Q3 2026', not an ISO date; write it as 2025-12-31.",
        ),
        ("ACME,,,,,1", "as_of is empty; give a date, as 2025-12-31."),
    ],
)
def test_a_fundamentals_row_is_refused_with_a_sentence(row, sentence):
    text = f"ticker,as_of,exchange,currency,price,cash\n{row}\n"
    assert refusal(fundamentals, text) == f"f.csv, line 2: {sentence}"


@pytest.mark.parametrize("column", ["market_cap", "total_assets", "dividend_per_share_ttm"])
def test_what_cannot_be_below_zero_is_refused_by_line(column):
    text = f"ticker,as_of,{column}\nACME,2026-09-30,1\nACME,2025-09-30,-2\n"
    sentence = f"{column} is -2, and cannot be below zero; correct it."
    assert refusal(fundamentals, text) == f"f.csv, line 3: {sentence}"


@pytest.mark.parametrize("column", ["eps_growth", "revenue_growth", "tax_rate"])
def test_a_file_of_per_cents_is_refused_where_a_row_alone_would_not_show_it(column):
    rows = [f"ACME,20{year}-09-30,{year / 2}" for year in range(10, 22)]
    text = "\n".join([f"ticker,as_of,{column}", *rows, ""])
    assert "write fractions, 0.05 for 5 %." in refusal(fundamentals, text)
    assert fundamentals("\n".join([f"ticker,as_of,{column}", *rows[:5], ""]))


def test_a_day_of_a_company_may_stand_only_once_whether_date_or_moment():
    text = "ticker,as_of,cash\nACME,2026-09-30,1\nacme,2026-09-30T10:00Z,2\n"
    assert (
        refusal(fundamentals, text)
        == "f.csv, line 3: has the ticker and as_of of line 2; keep one of the two."
    )


FIGURE = st.none() | st.floats(min_value=-1e24, max_value=1e24)
NOT_NEGATIVE = st.none() | st.floats(min_value=0.0, max_value=1e24)
INPUT_ROW = st.fixed_dictionaries(
    dict.fromkeys(FIGURE_OF, FIGURE)
    | dict.fromkeys(("market_cap", "total_assets", "dividend_per_share_ttm"), NOT_NEGATIVE)
    | {"price": st.none() | PRICE}
).filter(lambda row: any(value is not None for value in row.values()))


@settings(max_examples=25)
@given(st.dictionaries(DAY, INPUT_ROW, min_size=1, max_size=5))
def test_any_valid_fundamentals_come_back_to_the_last_bit(table):
    lines = ["ticker,as_of," + ",".join(FIGURE_OF)]
    for day, row in table.items():
        cells = ("" if row[name] is None else repr(row[name]) for name in FIGURE_OF)
        lines.append(",".join(["ACME", day.isoformat(), *cells]))
    [statements] = fundamentals("\n".join(lines)).values()
    assert {statement.period_end: statement.figures for statement in statements} == {
        day: {FIGURE_OF[name]: value for name, value in row.items() if value is not None}
        for day, row in table.items()
    }
