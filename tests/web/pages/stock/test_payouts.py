"""Dividends by year and splits."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from stockscore.extensions import db
from stockscore.providers.base import Bar, Listing
from stockscore.store import bars, stocks
from stockscore.store.pages.stock import Action, Traded
from stockscore.store.transactions import transaction
from stockscore.web.pages.stock.payouts import payouts, ratio

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)

YEARS = (
    Traded(date(2023, 5, 2), date(2023, 12, 29), 90.0),
    Traded(date(2024, 1, 2), date(2024, 12, 31), 100.0),
    Traded(date(2025, 1, 2), date(2025, 12, 31), 110.0),
    Traded(date(2026, 1, 2), date(2026, 11, 24), 60.0),
)


def paid(day, amount):
    return Action(day, amount, 1.0)


def split(day, new):
    return Action(day, 0.0, new)


def by_year(actions):
    view = payouts(actions, YEARS, "USD")
    return {year.year: (year.amount, year.growth, year.share, year.note) for year in view.years}


def test_whole_years_have_growth_and_a_yield_on_their_last_close():
    told = by_year([paid(date(2024, 3, 1), 2.0), paid(date(2025, 3, 3), 2.2)])
    assert told["2025"] == ("2.20", "+10.0\u00a0%", "2.00\u00a0%", "")
    assert told["2024"] == ("2.00", "unknown", "2.00\u00a0%", "")


def test_years_that_are_not_whole_say_so_and_have_no_growth():
    told = by_year([paid(date(2023, 6, 1), 2.0), paid(date(2026, 3, 3), 3.0)])
    assert told["2026"] == ("3.00", "part of a year", "5.00\u00a0%", "so far")
    assert told["2023"][1::2] == ("part of a year", "since 2\u00a0May")
    assert told["2024"][:2] == ("none", "unknown")
    assert told["2025"][:2] == ("none", "none")


def test_earlier_dividends_and_closes_are_on_the_shares_of_today():
    actions = [paid(date(2025, 3, 3), 2.0), split(date(2026, 6, 1), 2.0)]
    view = payouts(actions, YEARS, "USD")
    assert by_year(actions)["2025"][0::2] == ("1.00", "1.82\u00a0%")
    assert [(payment.amount, payment.today) for payment in view.payments] == [("2.00", "1.00")]
    assert view.splits == (("1\u00a0Jun\u00a02026", "2 for 1"),)


def test_a_dividend_of_the_day_of_a_split_is_on_the_new_shares():
    both = Action(date(2026, 6, 1), 0.5, 4.0)
    assert payouts([both], YEARS, "USD").payments[0].today == ""


def test_fractions_of_a_cent_keep_four_decimals():
    view = payouts([paid(date(2025, 3, 3), 0.2125), paid(date(2026, 3, 3), 0.25)], YEARS, "USD")
    assert [payment.amount for payment in view.payments] == ["0.2500", "0.2125"]


def test_nothing_known_is_nothing_shown():
    view = payouts([], (), "USD")
    assert (view.since, view.years, view.payments, view.splits) == (None, (), (), ())
    assert payouts([], YEARS, "USD").since == "2\u00a0May\u00a02023"


@pytest.mark.parametrize(
    ("new_for_one", "said"),
    [
        (2.0, "2 for 1"),
        (1.5, "3 for 2"),
        (0.1, "1 for 10"),
        (1 / 3, "1 for 3"),
        (1.0469376, "1.04694 for 1"),
        (1e-5, "1e-05 for 1"),
    ],
)
def test_a_split_is_told_in_whole_shares_where_it_is_one(new_for_one, said):
    assert ratio(new_for_one) == said


@pytest.fixture
def pages(app):
    """The pages of a stock that paid and split, of one that did neither, and of one without bars;
    none of them is scored."""
    with app.app_context():
        stocks.save_listings(
            [Listing(ticker, ticker, "XNYS", "USD") for ticker in ("PAYS", "KEEPS", "BARE")],
            "test",
            NOW,
        )
        days = [date(2024, 1, 2) + timedelta(days=7 * n) for n in range(150)]
        plain = [Bar(day, 50.0, 50.0, 50.0, 50.0, 1e6) for day in days]
        changed = {
            20: replace(plain[20], dividend=1.0, adjustment=0.98),
            70: replace(plain[70], dividend=1.25, adjustment=0.975),
            100: replace(plain[100], split=2.0, adjustment=0.5),
        }
        with transaction():
            bars.save(stocks.find("KEEPS").id, plain, "test")
            mixed = [changed.get(index, bar) for index, bar in enumerate(plain)]
            bars.save(stocks.find("PAYS").id, mixed, "test")
        db.session.remove()

    def section(ticker):
        text = app.test_client().get(f"/stocks/{ticker}").text
        return BeautifulSoup(text, "html.parser").select_one("#payouts")

    return section


def test_the_page_has_a_line_a_year_every_payment_and_the_splits(pages):
    years, payments, splits = pages("PAYS").select("table")
    assert [row.select("td, th")[0].text.split()[0] for row in years.select("tbody tr")] == [
        "2026", "2025", "2024",
    ]  # fmt: skip
    assert "+25.0\u00a0%" in years.text
    assert [td.text for td in payments.select("td")] == ["1.2500", "0.6250", "1.0000", "0.5000"]
    assert "2 for 1" in splits.text


def test_the_page_says_what_there_is_none_of(pages):
    assert "No dividend is known since 2\u00a0Jan\u00a02024." in pages("KEEPS").text
    assert "No split is known since 2\u00a0Jan\u00a02024." in pages("KEEPS").text
    assert "Without prices no dividends are known." in pages("BARE").text
