"""The large rule, and the zones it is cut into."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.scoring.signals import THRESHOLDS, signal_of
from stockscore.web.ui.charts import ZONES, band_of, ruler
from stockscore.web.ui.charts.ruler import HILL
from stockscore.web.ui.charts.zones import zone_at


def test_the_zones_are_those_of_the_signals_without_a_gap():
    assert [zone.name for zone in ZONES] == list(reversed(THRESHOLDS))
    assert (ZONES[0].low, ZONES[-1].high) == (0, 100)
    assert all(a.high == b.low for a, b in pairwise(ZONES))


@given(st.integers(0, 10_000))
def test_a_first_rating_lies_in_the_zone_of_its_signal(total):
    assert zone_at(total / 100).name == signal_of(total)


def test_a_rating_is_described_with_its_band_and_its_median():
    made = ruler(7223, 600, medians=[("Sector median", 5458)])
    assert made.title == "Score 72.23 ±\u00a06.00 on a scale from 0 to 100"
    assert made.description == (
        "The mark stands at 72.23, in the zone STRONG BUY. "
        "Missing data could move it between 66.23 and 78.23. Sector median 54.6."
    )
    assert (made.reading.x, made.here) == (72.23, "STRONG BUY")
    assert [flag.text for flag in made.band_ends] == ["66.2", "78.2"]
    assert made.table.rows[0] == ("Score", "72.23")


def test_the_signal_is_named_even_where_hysteresis_holds_it_beside_its_zone():
    made = ruler(6050, signal="HOLD")
    assert made.here == "HOLD"
    assert "in the zone BUY, its signal is HOLD." in made.description


def test_a_stock_without_a_rating_has_no_mark():
    made = ruler(None, 600, medians=[("Sector median", 5458)])
    assert (made.reading, made.band, made.here) == (None, None, None)
    assert made.band_ends == ()
    assert "not rated" in made.title
    assert [flag.text for flag in made.medians] == ["Sector median 54.6"]


def test_unknown_medians_are_left_out_and_not_marked_at_nothing():
    assert ruler(5000, medians=[("Sector median", None)]).medians == ()


@pytest.mark.parametrize(
    ("total", "uncertainty", "ends"),
    [(7223, 600, (66.23, 78.23)), (300, 800, (0, 11.0)), (9900, 250, (96.5, 100))],
)
def test_a_band_is_cut_at_the_ends_of_the_scale(total, uncertainty, ends):
    band = band_of(total, uncertainty)
    assert (band.low, band.high) == ends


def test_certainty_has_no_band():
    assert band_of(7223, 0) is None
    assert band_of(7223, None) is None


@given(st.integers(0, 10_000), st.integers(0, 3000), st.integers(0, 10_000), st.integers(0, 10_000))
@settings(max_examples=30)
def test_every_rule_fits_into_its_height(total, uncertainty, sector, market):
    made = ruler(total, uncertainty, medians=[("Sector median", sector), ("Market median", market)])
    for flag in (made.reading, *made.medians):
        assert made.baseline_of(flag) >= 8
        assert made.top_of(flag) < made.base
    assert made.height > made.base


def test_the_outline_of_the_market_reaches_its_full_height_and_closes():
    path = ruler(5000, counts=[0] * 18 + [3, 9, 12, 9, 3] + [0] * 17).hill
    heights = [float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", path)]
    assert min(heights) == 0
    assert max(heights) == HILL
    assert path.endswith("Z")


def test_without_a_market_there_is_no_outline():
    assert ruler(5000).hill == ruler(5000, counts=[0] * 40).hill == ""
