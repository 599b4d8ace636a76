"""Path data of curves."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.web.ui.charts.lines import LINE_POINTS, band, columns, line, runs, steps, thinned
from stockscore.web.ui.charts.scale import Scale

AXIS = Scale(0, 100, top=0, bottom=100)
series = st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=700)


def test_a_line_runs_through_the_middle_of_each_session():
    assert line([0.0, 50.0, 100.0], AXIS) == "M0.5 100L1.5 50L2.5 0"


def test_a_gap_breaks_a_line_and_a_value_alone_is_a_dot():
    assert line([10.0, None, 20.0, 30.0], AXIS) == "M0.5 90h.01M2.5 80L3.5 70"


def test_a_step_line_holds_each_value_for_its_session():
    assert steps([40.0, 40.0, 60.0, None, 50.0], AXIS) == "M0 60H2V40H3M4 50H5"


def test_a_band_encloses_the_step_line():
    assert band([40.0, 40.0, None], [60.0, 70.0, 80.0], AXIS) == "M0 40H1V30H2V60H1V60H0Z"


def test_volume_stands_on_the_base_and_many_sessions_share_a_bar():
    assert columns([50.0, None, 0.0, 100.0], AXIS) == "M0.1 100v-50h0.7v50M3.1 100v-100h0.7v100"
    assert columns([1.0] * 2600, AXIS).count("M") == LINE_POINTS


@given(series)
@settings(max_examples=60)
def test_runs_hold_exactly_the_known_values(values):
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    assert [point for run in runs(values) for point in run] == known


@given(st.lists(st.floats(0, 100), min_size=1, max_size=900), st.integers(4, 300))
@settings(max_examples=60)
def test_a_thinned_line_keeps_its_ends_its_peak_and_its_trough(values, limit):
    kept = thinned(list(enumerate(values)), limit)
    indices = [index for index, _ in kept]
    assert indices == sorted(set(indices))
    assert len(kept) <= max(limit, 4)
    assert {0, len(values) - 1} <= set(indices)
    shown = [value for _, value in kept]
    assert (min(shown), max(shown)) == (min(values), max(values))


@given(series)
@settings(max_examples=60)
def test_a_path_stays_inside_the_chart(values):
    path = line(values, AXIS)
    points = [tuple(map(float, pair.split())) for pair in re.findall(r"[\d.]+ [\d.]+", path)]
    assert all(0 <= x <= len(values) and 0 <= y <= 100 for x, y in points)
    assert len(points) <= LINE_POINTS + 4 * len(runs(values))
