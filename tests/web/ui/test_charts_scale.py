"""Scales, ticks and the thinning of labels."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.web.ui.charts import scale
from stockscore.web.ui.charts.scale import Scale

values = st.floats(-1e9, 1e9, allow_nan=False)


def sessions(count, first=date(2025, 11, 24)):
    """Weekdays in a row."""
    days = (first + timedelta(days=n) for n in range(2 * count + 7))
    return [day for day in days if day.weekday() < 5][:count]


def test_a_scale_runs_upwards():
    axis = Scale(0, 50, top=10, bottom=110)
    assert [axis.y(value) for value in (0, 25, 50)] == [110, 60, 10]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (66.8, 89.9, (65, 70, 75, 80, 85, 90)),
        (0, 4, (0, 1, 2, 3, 4)),
        (0.0119, 0.0127, (0.0118, 0.012, 0.0122, 0.0124, 0.0126, 0.0128)),
        (-3, 3, (-4, -2, 0, 2, 4)),
        (9_800, 14_900, (8_000, 10_000, 12_000, 14_000, 16_000)),
    ],
)
def test_ticks_are_round_and_enclose_the_range(low, high, expected):
    assert scale.ticks(low, high) == pytest.approx(expected)


@given(st.lists(values, min_size=1, max_size=20))
@settings(max_examples=100)
def test_every_range_has_an_axis_with_at_least_two_ticks(series):
    low, high = scale.domain(series)
    assert low < min(series) or low == pytest.approx(min(series))
    assert high > low
    ticks = scale.ticks_inside(low, high)
    assert 2 <= len(ticks) <= 12
    assert all(low <= tick <= high for tick in ticks)
    assert list(ticks) == sorted(set(ticks))


def test_a_constant_series_runs_through_the_middle():
    assert scale.domain([10, 10]) == (9.5, 10.5)
    assert scale.domain([0.0]) == (-1.0, 1.0)


@pytest.mark.parametrize(
    ("ticks", "places"), [((1, 2), 0), ((0.0118, 0.012), 4), ((1.5, 4.0), 1), ((7,), 0)]
)
def test_labels_have_the_decimals_that_tell_ticks_apart(ticks, places):
    assert scale.step_places(ticks) == places


@pytest.mark.parametrize("count", [1, 2, 8, 30, 63, 126, 252, 300, 600, 1260, 2600, 7000])
def test_labels_of_time_stand_side_by_side_on_a_phone_and_on_a_desk(count):
    ticks = scale.time_ticks(sessions(count))
    assert ticks
    for width, shown in (
        (scale.PHONE_WIDTH, [t for t in ticks if t.label and not t.roomy]),
        (scale.DESK_WIDTH, [t for t in ticks if t.label]),
    ):
        assert shown
        ends = 0.0
        for tick in shown:
            start = tick.x / 100 * width + 3
            assert start >= ends
            ends = start + len(tick.label) * scale.CHARACTER
        assert ends <= width + 80


def test_january_is_named_by_its_year():
    labels = [tick.label for tick in scale.time_ticks(sessions(252))]
    assert "2026" in labels
    assert "Jan" not in labels


def test_no_sessions_have_no_ticks():
    assert scale.time_ticks([]) == ()


@pytest.mark.parametrize("count", [0, 1, 26, 27, 252, 1260])
def test_a_table_has_few_rows_and_ends_with_the_newest(count):
    rows = scale.milestones(sessions(count))
    assert len(rows) <= 26
    assert rows == sorted(set(rows))
    assert not count or rows[-1] == count - 1


def test_a_year_is_told_by_the_ends_of_its_months():
    days = sessions(252)
    months = [(days[i].year, days[i].month) for i in scale.milestones(days)]
    assert len(months) == len(set(months)) == 13
