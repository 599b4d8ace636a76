"""The pane of the relative strength index."""

from datetime import date, timedelta

import pytest

from stockscore.web.ui.charts import price_chart, rsi_chart

DAYS = [date(2026, 11, 1) + timedelta(days=n) for n in range(20)]


def test_it_says_where_the_index_stands_and_how_often_it_was_beyond():
    made = rsi_chart(DAYS[:4], [None, 28.0, 71.5, 55.26], name="Haldane")
    assert made.title == "Haldane, RSI of 14 days"
    assert made.description == (
        "55.3 on 4\u00a0Nov\u00a02026, between 30 and 70; lowest 28.0, highest 71.5. "
        "Above 70 on 1\u00a0session, below 30 on 1\u00a0session."
    )
    assert [row[1:] for row in made.table.rows] == [
        ("unknown", "unknown"),
        ("28.0", "oversold"),
        ("71.5", "overbought"),
        ("55.3", "between"),
    ]


def test_its_sessions_stand_under_those_of_the_price():
    values = [50.0] * len(DAYS)
    price, pane = price_chart(DAYS, values), rsi_chart(DAYS, values)
    assert (price.sessions, price.ticks) == (pane.sessions, pane.ticks)


def test_the_borders_cut_the_scale_of_a_hundred_at_30_and_70():
    made = rsi_chart(DAYS, [50.0] * len(DAYS))
    high, low = (level.y for level in made.levels)
    whole = made.base - made.top
    assert (high - made.top, made.base - low) == pytest.approx((0.3 * whole, 0.3 * whole), abs=0.1)


@pytest.mark.parametrize("values", [[], [None] * 5, [float("nan")]])
def test_without_an_index_there_is_no_pane_but_a_sentence(values):
    made = rsi_chart(DAYS[: len(values)], values)
    assert made.empty
    assert made.description == "There are too few sessions for an RSI of 14 days; it needs 15."
