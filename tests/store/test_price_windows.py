"""Price windows say what the bars say, to the bit, however the bars came."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from stockscore.providers.base import Bar
from stockscore.store import bars, derived, panels, price_windows
from stockscore.store.transactions import transaction

pytestmark = pytest.mark.usefixtures("database")

FIRST = date(2025, 1, 6)


def sessions(count, first=FIRST):
    """So many weekdays from a day on."""
    days, day = [], first
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def some_bars(count, first=FIRST, dividend_every=60):
    """Bars of a price that never repeats, with a dividend now and then."""
    return [
        Bar(
            day,
            *[100 + (index * 7919 % 101) / 7] * 4,
            1000.0 + index,
            dividend=0.25 if index % dividend_every == dividend_every - 1 else 0.0,
        )
        for index, day in enumerate(sessions(count, first))
    ]


def same(day):
    """Whether windows and bars give the same panel of all stocks on a day; how many stocks."""
    kept = price_windows.raw()
    ids = sorted(kept)
    found, wanted = price_windows.panel(ids, price_windows.of(ids), day), panels.panel(ids, day)
    for name in ("closes", "volumes", "last_closes", "previous_closes", "sessions", "dividends"):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)
    return len(ids)


def save(stock, rows):
    with transaction():
        bars.save(stock.id, rows, "test")


@pytest.mark.parametrize("count", [1, 2, 252, 253, 254, 300])
def test_a_window_is_that_of_the_bars(add, count):
    save(add("AAA"), some_bars(count))
    assert same(date(2027, 1, 1)) == 1


def test_bars_that_come_one_by_one_give_the_same_window(add):
    stock, rows = add("AAA"), some_bars(290)
    save(stock, rows[:270])
    for row in rows[270:]:
        save(stock, [row])
        assert same(row.session)
    assert same(date(2027, 1, 1))


def test_a_split_restates_what_came_before(add):
    stock, rows = add("AAA"), some_bars(260)
    save(stock, rows[:250])
    save(stock, [replace(rows[250], split=4.0, adjustment=0.25)])
    save(stock, rows[251:])
    assert same(date(2027, 1, 1))


def test_a_correction_of_the_past_changes_the_window(add):
    stock, rows = add("AAA"), some_bars(260)
    save(stock, rows)
    before = price_windows.raw()
    save(stock, [replace(rows[100], close=55.0)])
    assert price_windows.raw() != before
    assert same(date(2027, 1, 1))


def test_the_last_bar_may_be_corrected(add):
    stock, rows = add("AAA"), some_bars(40)
    save(stock, rows)
    save(stock, [replace(rows[-1], close=55.0)])
    assert same(date(2027, 1, 1))


def test_a_day_before_the_newest_bar_is_read_from_the_bars(add):
    rows = some_bars(300)
    save(add("AAA"), rows)
    save(add("BBB"), rows[:200])
    for index in (199, 250, 298):
        assert same(rows[index].session) == 2


def test_bars_of_long_ago_do_not_count(add):
    save(add("OLD"), some_bars(100, date(2023, 1, 2)))
    kept = price_windows.raw()
    panel = price_windows.panel(sorted(kept), price_windows.of(sorted(kept)), date(2026, 1, 5))
    assert np.isnan(panel.last_closes).all()
    assert same(date(2026, 1, 5))
    assert same(date(2024, 10, 1))


def test_made_anew_they_are_the_same_bits(add):
    stock, rows = add("AAA"), some_bars(290)
    save(stock, rows[:250])
    save(stock, [replace(rows[250], split=2.0, adjustment=0.5)])
    for row in rows[251:]:
        save(stock, [row])
    before = price_windows.raw()
    with transaction():
        rebuilt = derived.rebuild()
    assert rebuilt.windows == 1
    assert price_windows.raw() == before


def test_what_is_lacking_is_made(add):
    save(add("AAA"), some_bars(30))
    before = price_windows.raw()
    with transaction() as session:
        session.execute(price_windows.delete(price_windows.PriceWindow))
    with transaction():
        derived.complete()
    assert price_windows.raw() == before
