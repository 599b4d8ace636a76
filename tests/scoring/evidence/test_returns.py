"""Total returns, and what is assumed of a stock that vanishes."""

import numpy as np
import pytest

from stockscore.scoring.evidence.returns import Closes, stock_returns

NEVER = 10**6
EVERY_DAY = np.arange(1, 60)


def bars(sessions, closes, adjustments=None):
    factors = np.ones(len(sessions)) if adjustments is None else np.array(adjustments)
    return Closes(np.array(sessions), np.array(closes, dtype=float), factors)


def test_dividends_are_in_and_splits_are_out():
    # A dividend of 2 of 100, then a split of two for one.
    sessions, returns, ends = stock_returns(
        bars([1, 2, 3], [100, 98, 49], [1, 0.98, 0.5]), EVERY_DAY, 3, NEVER
    )
    assert sessions.tolist() == [2, 3]
    assert returns == pytest.approx([0, 0])
    assert ends == []


def test_a_stock_without_a_price_for_five_sessions_has_vanished():
    *_, ends = stock_returns(bars([1, 2], [10, 10]), EVERY_DAY, 50, NEVER)
    assert ends == [7]
    *_, ends = stock_returns(bars([1, 2], [10, 10]), EVERY_DAY, 6, NEVER)
    assert ends == []


def test_sessions_that_were_never_recorded_do_not_count():
    *_, ends = stock_returns(bars([1, 2], [10, 10]), np.array([1, 2, 3, 4, 10, 11, 12]), 50, NEVER)
    assert ends == [12]


def test_nothing_is_assumed_of_one_that_was_removed_or_bought_for_cash():
    *_, ends = stock_returns(bars([1, 2], [10, 10]), EVERY_DAY, 50, 3)
    assert ends == []
    *_, ends = stock_returns(bars([1, 2], [10, 10]), EVERY_DAY, 50, 0)
    assert ends == []


def test_one_that_trades_again_starts_from_what_was_left():
    _, returns, ends = stock_returns(bars([1, 2, 12], [10, 10, 10]), EVERY_DAY, 12, NEVER)
    assert ends == [7]
    assert returns == pytest.approx([0, 1 / 0.7 - 1])


def test_closes_that_lie_weeks_apart_make_no_return():
    _, returns, _ = stock_returns(bars([1, 2, 40], [10, 11, 12]), EVERY_DAY, 40, NEVER)
    assert returns[0] == pytest.approx(0.1)
    assert np.isnan(returns[1])
