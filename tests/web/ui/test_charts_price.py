"""The chart of closing prices."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import pytest

from stockscore.web.ui.charts import ChartEvent, price_chart


def sessions(count):
    """Weekdays in a row that end on 24 Nov 2026."""
    days = (date(2026, 11, 24) - timedelta(days=n) for n in range(2 * count + 7))
    return [day for day in days if day.weekday() < 5][:count][::-1]


def chart(closes, **given):
    """A chart of these closes in dollars."""
    series = {"sma50": (), "sma200": (), "volumes": (), "events": ()} | given
    return price_chart(sessions(len(closes)), closes, currency="USD", name="Haldane", **series)


def test_the_description_tells_the_whole_story_in_a_sentence():
    made = chart([70.0, 66.77, 89.85, 84.12], events=[ChartEvent(1, "Golden cross", "up")])
    assert made.title == "Haldane, closing price and its averages over 4\u00a0sessions"
    assert made.description == (
        "From 70.00 USD on 19\u00a0Nov\u00a02026 to 84.12 USD on 24\u00a0Nov\u00a02026; "
        "lowest 66.77, highest 89.85. 1\u00a0marked event listed under the chart."
    )


@pytest.mark.parametrize("closes", [[], [None, None], [math.nan]])
def test_without_prices_there_is_no_chart(closes):
    made = chart(closes)
    assert made.empty
    assert made.description == "No prices are known."


def test_one_session_is_a_dot():
    made = chart([3.2])
    assert (made.lone_point.x, made.close) == (50.0, "")
    assert made.lone_point.y == pytest.approx((made.top + made.bottom) / 2)


def test_a_constant_price_is_a_line_through_the_middle():
    made = chart([10.0] * 30)
    assert made.close.startswith(f"M0.5 {(made.top + made.bottom) / 2:.0f}")


def test_the_top_of_the_axis_names_the_currency_and_ticks_have_equal_decimals():
    made = chart([0.0119, 0.0127, 0.0123])
    labels = [level.label for level in made.levels]
    assert labels[-1].endswith(" USD")
    assert {len(label.removesuffix(" USD")) for label in labels} == {6}


def test_pence_are_written_without_decimals():
    made = chart([11_950.0, 12_345.0])
    assert made.ends[0].text == "12,345"
    assert made.table.rows[-1][1] == "12,345"


def test_very_long_prices_are_shortened_where_room_is_short():
    assert chart([4e6, 5e6]).ends[0].text == "5.00\u00a0m"


def test_labels_at_the_ends_do_not_touch():
    made = chart([10.0] * 220, sma50=[10.01] * 171, sma200=[9.99] * 21)
    heights = sorted(end.y for end in made.ends)
    assert [end.word for end in made.ends] == ["price", "50 days", "200 days"]
    assert all(b - a >= 14.9 for a, b in pairwise(heights))


def test_an_average_that_begins_later_lacks_its_beginning():
    made = chart([10.0, 11.0, 12.0, 13.0], sma50=[12.5, 13.0])
    assert made.sma50.startswith("M2.5 ")


def test_without_volume_there_is_no_room_for_it():
    with_volume = chart([1.0, 2.0], volumes=[100.0, 200.0])
    without = chart([1.0, 2.0], volumes=[None, 0.0])
    assert with_volume.volume_label == "Volume, highest 200"
    assert without.volume == without.volume_label == ""
    assert without.height < with_volume.height


def test_events_are_numbered_in_order_and_listed_with_their_close():
    made = chart(
        [1.0, 2.0, 3.0],
        events=[ChartEvent(2, "second", "down"), ChartEvent(0, "first", "up")],
    )
    assert [(e.number, e.label, e.value) for e in made.events] == [
        (1, "first", "1.00"),
        (2, "second", "3.00"),
    ]


def test_events_outside_the_chart_or_without_a_close_are_left_out():
    events = [ChartEvent(index, "?", "up") for index in (-1, 1, 3, 99)]
    assert chart([1.0, None, 3.0], events=events).events == ()


def test_marks_of_events_in_one_week_do_not_cover_each_other():
    events = [ChartEvent(n, f"event {n}", way) for n in range(100, 105) for way in ("up", "down")]
    made = chart([50 + math.sin(n / 9) for n in range(252)], events=events)
    for i, one in enumerate(made.events):
        for other in made.events[i + 1 :]:
            apart = abs(one.x - other.x) * 3, abs(one.y - other.y)
            assert apart[0] >= 14 or apart[1] >= 14
    assert all(event.number_y >= 0 for event in made.events)
    assert all(event.y < made.base for event in made.events)


def test_a_mark_at_the_peak_makes_the_chart_taller_instead_of_leaving_it():
    events = [ChartEvent(1, "peak", "down")] * 4
    made = chart([1.0, 9.0, 1.0], events=events)
    assert min(event.number_y for event in made.events) >= 4
    assert made.top > 26


def test_the_table_has_the_figures_of_the_newest_session():
    made = chart([10.0] * 300, sma50=[11.0] * 251, volumes=[1e6] * 300)
    assert made.table.rows[-1] == (
        "24\u00a0Nov\u00a02026", "10.00", "11.00", "unknown", "1.00\u00a0m",
    )  # fmt: skip
    assert len(made.table.rows) <= 26


def test_five_years_are_as_light_as_one():
    year = chart([50 + math.sin(n) for n in range(252)])
    years = chart([50 + math.sin(n) for n in range(1260)])
    assert len(years.close) < 1.5 * len(year.close)
