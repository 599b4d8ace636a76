"""Daily bars, raw and with their actions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockscore.extensions import db
from stockscore.providers.base import Bar
from stockscore.store import bars, splits
from stockscore.store.models import StoredBar as Row
from stockscore.store.transactions import transaction
from tests.store.conftest import bar

pytestmark = pytest.mark.usefixtures("database")

NAMES = ("session", "open", "high", "low", "close", "volume", "dividend", "split", "adjustment")


def save(stock, *given, source="csv"):
    with transaction():
        return bars.save(stock.id, given, source)


def days(stock, **options):
    return [row.session.day for row in bars.of(stock.id, **options)]


def test_bars_come_back_as_they_were_oldest_first(add):
    stock = add("AAPL")
    late = bar(4, 12.5, dividend=0.25, split=4.0, adjustment=0.245)
    early = bar(3, 10.0, open=None, high=11.5, low=9.5, volume=None)
    assert save(stock, late, early) == 2
    kept = bars.of(stock.id)
    assert [tuple(getattr(row, name) for name in NAMES) for row in kept] == [
        tuple(getattr(one, name) for name in NAMES) for one in (early, late)
    ]
    assert {row.source for row in kept} == {"csv"}


def test_saving_the_same_bars_again_writes_nothing(add):
    stock = add("AAPL")
    save(stock, bar(3), bar(4))
    assert save(stock, bar(3), bar(4)) == 0


def test_only_new_and_changed_bars_are_counted(add):
    stock = add("AAPL")
    save(stock, bar(3), bar(4, 10.0))
    assert save(stock, bar(3), bar(4, 10.5), bar(5)) == 2
    assert bars.last_bar(stock.id).session == date(2026, 11, 5)
    assert [row.close for row in bars.of(stock.id)] == [10.0, 10.5, 10.0]


def test_bars_can_be_read_from_a_day_on(add):
    stock = add("AAPL")
    save(stock, bar(3), bar(4), bar(5))
    assert days(stock, since=date(2026, 11, 4)) == [4, 5]


def test_stocks_do_not_see_each_others_bars(add):
    one, other, without = add("AAA"), add("BBB"), add("CCC")
    save(one, bar(3), bar(4))
    save(other, bar(5))
    assert (days(one), days(other), days(without)) == ([3, 4], [5], [])
    assert bars.last_bar(without.id) is None
    assert bars.last_sessions() == {one.id: date(2026, 11, 4), other.id: date(2026, 11, 5)}


def test_bars_of_many_stocks_are_saved_at_once_in_any_order(add):
    one, other = add("AAA"), add("BBB")
    session = date(2026, 11, 3)
    rows = [
        (other.id, session, 1, 2, 0.5, 1.5, 100, 0, 1, 1, "demo"),
        (one.id, session, None, None, None, 2.5, None, 0, 1, 1, "demo"),
    ]
    with transaction():
        assert bars.save_many(iter(rows)) == 2
        assert bars.save_many(rows) == 0
    assert [bars.last_bar(stock.id).close for stock in (one, other)] == [2.5, 1.5]


def test_no_bars_are_no_work(add):
    assert save(add("AAPL")) == 0


@pytest.mark.parametrize("close", [None, float("nan"), float("inf"), 0.0, -1.0])
def test_a_bar_without_a_positive_close_is_refused_and_nothing_is_saved(add, close):
    stock = add("AAPL")
    with pytest.raises(ValueError, match="the bar of 2026-11-04 needs a positive close"):
        save(stock, bar(3), Bar(date(2026, 11, 4), None, None, None, close, None))
    assert days(stock) == []


def test_a_moment_is_no_session(add):
    stock = add("AAPL")
    moment = datetime(2026, 11, 3, tzinfo=UTC)
    with pytest.raises(ValueError, match="needs the date of its session"):
        save(stock, Bar(moment, None, None, None, 10.0, None))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.floats(), min_size=4, max_size=4))
def test_what_is_no_number_is_missing_and_every_number_comes_back_exactly(add, values):
    stock = add("AAPL")
    opened, high, low, volume = values
    save(stock, Bar(date(2026, 11, 3), opened, high, low, 10.0, volume))
    row = bars.last_bar(stock.id)
    kept = [row.open, row.high, row.low, row.volume]
    assert kept == [value if abs(value) < float("inf") else None for value in values]


def test_a_bar_of_a_stock_that_does_not_exist_is_refused():
    with pytest.raises(db.exc.IntegrityError), transaction():
        bars.save(999, [bar(3)], "csv")
    assert db.session.query(Row).count() == 0


def test_splits_of_all_stocks_are_read_at_once(add):
    one, other = add("AAA"), add("BBB")
    save(one, bar(3, split=4.0), bar(4), bar(5, split=0.1))
    save(other, bar(3))
    assert splits.of_all() == {one.id: [(date(2026, 11, 3), 4.0), (date(2026, 11, 5), 0.1)]}


DAYS = [date(2020, 1, 1) + timedelta(days=number) for number in range(500)]


def rows_of(stocks, days=DAYS, close=10.0):
    return [
        (stock.id, day, None, 11.0, 9.5, close, 1e6, 0.25, 1.0, 0.975, "csv")
        for day in days
        for stock in stocks
    ]


def save_many(rows):
    with transaction():
        return bars.save_many(rows)


@pytest.mark.parametrize("sessions", [5, 499], ids=["few", "many"])
def test_however_many_come_at_once_new_and_changed_ones_are_written_and_counted(add, sessions):
    stocks = [add("AAA"), add("BBB")]
    assert save_many(rows_of(stocks, DAYS[:sessions])) == 2 * sessions
    assert save_many(rows_of(stocks, DAYS[:sessions])) == 0
    changed = rows_of(stocks[:1], DAYS[:sessions], close=12.5)
    unchanged = rows_of(stocks[1:], DAYS[:sessions])
    assert (
        save_many(changed + unchanged + rows_of(stocks, DAYS[sessions : sessions + 1]))
        == sessions + 2
    )
    for stock, close in zip(stocks, (12.5, 10.0), strict=True):
        kept = bars.of(stock.id)[:sessions]
        assert [row.session for row in kept] == DAYS[:sessions]
        assert {tuple(getattr(row, name) for name in (*NAMES[1:], "source")) for row in kept} == {
            (None, 11.0, 9.5, close, 1e6, 0.25, 1.0, 0.975, "csv")
        }


@pytest.mark.parametrize("sessions", [5, 500], ids=["few", "many"])
def test_of_two_bars_of_one_session_the_later_one_wins(add, sessions):
    stock = add("AAPL")
    twice = rows_of([stock], DAYS[:sessions], 12.5) + rows_of([stock], DAYS[:sessions], 11.0)
    assert save_many(twice) == sessions
    assert {row.close for row in bars.of(stock.id)} == {11.0}


def test_one_transaction_may_save_many_several_times_and_lose_one_of_them(add):
    stocks = [add("AAA"), add("BBB"), add("CCC")]
    lost = (999, *rows_of(stocks[:1])[0][1:])
    with transaction():
        assert bars.save_many(rows_of(stocks[:1])) == len(DAYS)
        with pytest.raises(db.exc.IntegrityError), transaction():
            bars.save_many([*rows_of(stocks[1:2]), lost])
        assert bars.save_many(rows_of(stocks[2:])) == len(DAYS)
    assert [len(bars.of(stock.id)) for stock in stocks] == [len(DAYS), 0, len(DAYS)]


def test_many_bars_of_a_stock_that_does_not_exist_are_refused_whole(add):
    stock = add("AAPL")
    unknown = [(999, *row[1:]) for row in rows_of([stock])]
    with pytest.raises(db.exc.IntegrityError):
        save_many(rows_of([stock]) + unknown)
    assert bars.of(stock.id) == []
    assert save_many(rows_of([stock])) == len(DAYS)
