"""Bars as matrices: adjusted for what came later, and for nothing that came after the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from stockscore.providers.base import Bar, Listing
from stockscore.store import bars, panels, stocks
from stockscore.store.transactions import transaction

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 22, tzinfo=UTC)


@pytest.fixture
def app(app_on, database_url):
    """An application on either kind of database."""
    with app_on(database_url).app_context():
        yield


def days(count: int) -> list[date]:
    """The last calendar days up to DAY, oldest first; a panel does not mind weekends."""
    return [DAY - timedelta(days=back) for back in range(count - 1, -1, -1)]


def save(ticker: str, rows: list[Bar]) -> int:
    with transaction():
        stocks.save_listings([Listing(ticker, ticker, "XNYS", "USD")], "test", NOW)
        stock_id = stocks.find(ticker).id
        bars.save(stock_id, rows, "test")
        return stock_id


def plain(closes: list[float], **of_last: float) -> list[Bar]:
    """Bars with these closes and a volume of 100; `of_last` are actions of the last one."""
    rows = [
        Bar(day, None, None, None, close, 100.0)
        for day, close in zip(days(len(closes)), closes, strict=True)
    ]
    last = rows[-1]
    rows[-1] = Bar(last.session, None, None, None, last.close, 100.0, **of_last)
    return rows


def test_a_split_restates_earlier_closes_and_volumes(app) -> None:
    stock_id = save("AAA", plain([100.0, 104.0, 53.0], split=2.0, adjustment=0.5))
    panel = panels.panel([stock_id], DAY)
    assert panel.closes[0, -3:].tolist() == [50.0, 52.0, 53.0]
    assert panel.volumes[0, -3:].tolist() == [200.0, 200.0, 100.0]
    assert panel.last_closes[0] == 53.0
    assert panel.previous_closes[0] == 52.0


def test_a_dividend_lowers_earlier_closes_and_counts_in_the_year(app) -> None:
    stock_id = save("AAA", plain([100.0, 100.0, 99.0], dividend=1.0, adjustment=0.99))
    panel = panels.panel([stock_id], DAY)
    assert panel.closes[0, -3:].tolist() == [99.0, 99.0, 99.0]
    assert panel.dividends[0] == 1.0


def test_the_panel_of_an_earlier_day_knows_nothing_of_a_later_split(app) -> None:
    stock_id = save("AAA", plain([100.0, 104.0, 53.0], split=2.0, adjustment=0.5))
    history = panels.history([stock_id], DAY - timedelta(days=1), DAY)
    panel = history.panel(DAY - timedelta(days=1))
    assert panel.closes[0, -2:].tolist() == [100.0, 104.0]
    assert panel.sessions[0] == (DAY - timedelta(days=1)).toordinal()


def test_stocks_stand_in_the_order_asked_for_with_gaps_on_the_left(app) -> None:
    long, short, none = (
        save("LONG", plain([1.0, 2.0, 3.0])),
        save("SHORT", plain([9.0])),
        save("NONE", []),
    )
    panel = panels.panel([none, short, long], DAY)
    assert panel.stock_ids == (none, short, long)
    assert np.isnan(panel.closes[0]).all()
    assert panel.sessions[0] == 0
    assert np.isnan(panel.dividends[0])
    assert np.isnan(panel.closes[1, :-1]).all()
    assert panel.closes[1, -1] == 9.0
    assert panel.closes[2, -3:].tolist() == [1.0, 2.0, 3.0]
    assert panel.of([long]).closes[0, -1] == 3.0


def test_only_the_last_253_bars_are_looked_at(app) -> None:
    stock_id = save("AAA", plain([float(index) for index in range(1, 301)]))
    panel = panels.panel([stock_id], DAY)
    assert panel.closes.shape == (1, panels.WINDOW)
    assert panel.closes[0, 0] == 48.0
    assert panel.closes[0, -1] == 300.0


def test_an_unknown_volume_is_missing(app) -> None:
    stock_id = save("AAA", [Bar(DAY, None, None, None, 5.0, None)])
    assert np.isnan(panels.panel([stock_id], DAY).volumes[0, -1])


def test_a_universe_without_bars_is_empty_not_an_error(app) -> None:
    stock_id = save("AAA", [])
    panel = panels.panel([stock_id], DAY)
    assert panel.sessions.tolist() == [0]
