"""What the last snapshots on or before a day said: of each exchange its own last session counts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from stockscore.scoring.signals import SIGNALS
from stockscore.services.earlier import earlier_scores
from stockscore.services.market_columns import MarketColumns
from stockscore.services.movers import _Snapshots
from stockscore.store import cross_sections
from stockscore.store.columns import MISSING
from stockscore.store.transactions import transaction
from tests.support.recorded import record_session

pytestmark = pytest.mark.usefixtures("app_context")

THURSDAY, FRIDAY, MONDAY = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23)


@pytest.fixture
def recorded(app_context) -> None:
    """New York on Thursday and Friday, London on Thursday alone; a shadow on Monday."""
    with transaction():
        record_session(THURSDAY, {2: 5000, 4: 6000, 8: 7000}, signals={2: "HOLD"})
        record_session(FRIDAY, {2: 5100, 4: None}, signals={2: "BUY"})
        record_session(THURSDAY, {3: 3000}, "XLON", signals={3: "SELL"})
        record_session(MONDAY, {2: 9000}, method="1.1", published=False)


@pytest.mark.usefixtures("recorded")
def test_they_come_in_the_order_that_is_asked_for() -> None:
    found = earlier_scores([4, 3, 99, 2], MONDAY)
    assert found.total.tolist() == [MISSING, 3000, MISSING, 5100]
    assert found.signals() == [None, "SELL", None, "BUY"]
    assert found.session == FRIDAY
    assert found.sessions == {"XNYS": FRIDAY, "XLON": THURSDAY}


@pytest.mark.usefixtures("recorded")
def test_ranks_are_of_one_day() -> None:
    # Recorded were first places of two markets: New York on Friday, London on Thursday.
    assert earlier_scores([4, 3, 99, 2], MONDAY).rank.tolist() == [MISSING, 2, MISSING, 1]
    alike = earlier_scores([2, 3, 4], THURSDAY)
    assert alike.rank.tolist() == [1, 1, 2], "those of one day stay as they were recorded"


@pytest.mark.usefixtures("recorded")
def test_a_stock_that_the_last_session_lacks_has_none_although_an_older_one_had_it() -> None:
    assert earlier_scores([8], FRIDAY).total.tolist() == [MISSING]
    assert earlier_scores([8], THURSDAY).total.tolist() == [7000]


@pytest.mark.usefixtures("recorded")
def test_nothing_is_known_before_the_first_session() -> None:
    found = earlier_scores([2, 3], date(2026, 11, 18))
    assert found.total.tolist() == [MISSING, MISSING]
    assert (found.signals(), found.session) == ([None, None], None)


@pytest.mark.usefixtures("recorded")
def test_of_no_stocks_there_is_nothing() -> None:
    assert len(earlier_scores([], MONDAY).total) == 0


@pytest.mark.usefixtures("recorded")
def test_changes_are_known_where_both_totals_are() -> None:
    now = np.array([5150, 2900, MISSING, 1000])
    changes = earlier_scores([2, 3, 3, 4], MONDAY).changes(now)
    np.testing.assert_array_equal(changes, [50, -100, np.nan, np.nan])


@pytest.mark.usefixtures("recorded")
def test_movers_compare_with_ranks_of_one_day_too() -> None:
    with transaction():
        record_session(MONDAY, {2: 1, 3: 2, 4: 3}, "ALL")
    market = MarketColumns(cross_sections.of_session("ALL", MONDAY))
    snapshots = _Snapshots(FRIDAY)
    snapshots.rank_anew(market)
    assert {stock_id: snapshots.of(stock_id).rank for stock_id in (2, 3, 4)} == {
        2: 1,
        3: 2,
        4: None,
    }
    assert snapshots.codes_and_ranks()[3] == (SIGNALS.index("SELL"), 2)
