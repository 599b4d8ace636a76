"""How old a price is, and what a stock pays in a year; worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from stockscore.scoring.dividends import of_twelve_months
from stockscore.scoring.staleness import sessions_behind, traded

LAST = date(2026, 11, 27)


def yearly(*days_before: int, amounts: list[float] | None = None, window: int = 380) -> float:
    """Dividends of 1 (or these amounts) so many days before the last bar, on daily bars."""
    first = LAST.toordinal() - window + 1
    sessions = np.arange(first, LAST.toordinal() + 1)[None, :]
    dividends = np.zeros((1, window))
    for place, days in enumerate(days_before):
        dividends[0, window - 1 - days] = amounts[place] if amounts else 1.0
    return float(of_twelve_months(sessions, dividends)[0])


@pytest.mark.parametrize(
    ("days_before", "count"),
    [
        ((0, 91, 182, 273, 364), 4),
        ((5, 96, 187, 278), 4),
        ((80, 171, 262, 353), 4),
        ((3, 363), 1),
        ((0, 182, 364), 2),
        ((0, 244, 364), 2),
        ((100, 222), 2),
        (tuple(range(0, 365, 30)), 12),
        (tuple(range(0, 365, 7)), 52),
        ((0, 30, 91, 182, 273), 5),  # one of them is a special one
        ((364,), 1),
        ((366,), 0),
        ((), 0),
    ],
)
def test_a_year_has_as_many_dividends_as_the_stock_pays(days_before, count) -> None:
    assert yearly(*days_before) == count


def test_it_is_the_oldest_dividend_that_belongs_to_the_year_before() -> None:
    assert yearly(364, 273, 182, 91, 0, amounts=[0.5, 0.6, 0.6, 0.6, 0.7]) == pytest.approx(2.5)


def test_without_bars_no_dividend_is_known() -> None:
    assert np.isnan(of_twelve_months(np.zeros((1, 5), dtype=np.int64), np.zeros((1, 5)))[0])


def test_a_bar_without_volume_that_repeats_the_close_is_no_trade() -> None:
    closes = np.array([[10.0, 10.0, 10.0, 11.0, 11.0, np.nan]])
    volumes = np.array([[0.0, 0.0, 5.0, 0.0, np.nan, 0.0]])
    assert traded(closes, volumes).tolist() == [[True, False, True, True, True, False]]


def test_sessions_are_counted_by_the_calendar_and_where_it_ends_by_weekdays() -> None:
    newest = LAST.toordinal()
    last = np.array([newest, newest - 1, newest - 2, 0])
    known = np.array([newest - 2, newest])  # Thanksgiving lies between
    exchanges = ["XNYS"] * 4
    assert sessions_behind(exchanges, last, {"XNYS": known}).tolist() == [0, 1, 1, 0]
    assert sessions_behind(exchanges, last, {}).tolist() == [0, 1, 2, 0]
    assert sessions_behind(["XNYS", "XLON", "XNYS", "XNYS"], last, {}).tolist() == [0, 0, 2, 0]
