"""What the page of a stock reads of its dividends, its splits and the years it was traded in."""

from datetime import date

import pytest

from stockscore.providers.base import Bar
from stockscore.store import bars
from stockscore.store.pages import stock as reads
from stockscore.store.pages.stock import Action, PriceRecord, Traded
from stockscore.store.transactions import transaction

pytestmark = pytest.mark.usefixtures("database")


def bar(day, close, **actions):
    return Bar(day, close, close, close, close, 1.0, **actions)


def test_actions_and_years_are_those_of_one_stock_oldest_first(add):
    mine, other = add("MINE"), add("OTHER")
    with transaction():
        given = [
            bar(date(2025, 1, 2), 12.0, dividend=0.5),
            bar(date(2024, 3, 1), 10.0),
            bar(date(2024, 12, 31), 11.0, split=2.0),
        ]
        bars.save(mine.id, given, "test")
        bars.save(other.id, [bar(date(2024, 12, 31), 99.0, dividend=9.0)], "test")
    record = reads.prices(mine.id, 2)
    assert record.actions == [
        Action(date(2024, 12, 31), 0.0, 2.0),
        Action(date(2025, 1, 2), 0.5, 1.0),
    ]
    assert record.splits == [(date(2024, 12, 31), 2.0)]
    assert [row.session for row in record.bars] == [date(2024, 12, 31), date(2025, 1, 2)]
    assert record.years == [
        Traded(date(2024, 3, 1), date(2024, 12, 31), 11.0),
        Traded(date(2025, 1, 2), date(2025, 1, 2), 12.0),
    ]


def test_a_stock_without_bars_has_none_of_them(add):
    bare = add("BARE")
    assert reads.prices(bare.id, 2) == PriceRecord([], [], [])
