"""Factor bars, named scales, sparklines and heat."""

from __future__ import annotations

import math

import pytest

from stockscore.web.ui.charts import factor_bar, heat, spark, zone_scale


def test_a_factor_bar_is_solid_to_the_low_end_of_its_band():
    bar = factor_bar("Value", 1552, 275, 1360)
    assert (bar.low, bar.mark, bar.high, bar.median) == (51.08, 62.08, 73.08, 54.4)
    assert bar.band == 22.0
    assert bar.label == "Value 15.5 of 25, plus or minus 2.75, sector median 13.6"


def test_a_band_of_a_factor_is_cut_at_the_ends():
    assert (factor_bar("Value", 100, 300).low, factor_bar("Value", 2400, 300).high) == (0, 100)


def test_a_factor_without_a_rating_is_an_empty_track_and_says_so():
    bar = factor_bar("Health", None, None, 1260)
    assert (bar.mark, bar.low, bar.band) == (None, 0, 0)
    assert bar.label == "Health not rated, sector median 12.6"


def altman(value):
    """The scale of Altman's Z''."""
    return zone_scale(
        value,
        borders=(1.1, 2.6),
        names=("distress", "grey", "safe"),
        low=0.0,
        high=4.0,
        label="Altman Z",
    )


def test_a_scale_names_the_zone_of_its_value():
    scale = altman(3.53)
    assert scale.label == "Altman Z 3.53, safe; borders 1.10 and 2.60"
    assert scale.mark == 88.25
    assert [(zone.name, zone.x, zone.width) for zone in scale.zones] == [
        ("distress", 0, 27.5),
        ("grey", 27.5, 37.5),
        ("safe", 65, 35),
    ]


@pytest.mark.parametrize(("value", "at"), [(-12.0, 0), (99.0, 100), (1.1, 27.5)])
def test_a_value_beyond_the_scale_stands_at_its_end(value, at):
    assert altman(value).mark == at


@pytest.mark.parametrize("value", [None, math.nan])
def test_an_unknown_value_has_no_mark(value):
    assert altman(value).mark is None
    assert altman(value).label == "Altman Z unknown"


def test_sparklines_share_one_scale_and_start_in_the_middle():
    line = spark([7000, 7250, 7500])
    assert line.points == "2.0,10.0 32.0,6.2 62.0,2.5"
    assert (line.x, line.y, line.direction) == (62.0, 2.5, "up")


def test_a_sparkline_beyond_the_scale_stays_in_its_box():
    assert spark([7000, 2000]).y == 17.5


def test_a_sparkline_needs_two_values():
    assert spark([]) is None
    assert spark([None, 7000, None]) is None
    assert spark([7000, None, 7000]).direction == "flat"


@pytest.mark.parametrize(
    ("value", "reference", "kind", "step"),
    [
        (5620, 5290, "total", "high-2"),
        (5330, 5290, "total", "mid"),
        (4700, 5290, "total", "low-3"),
        (1380, 1290, "factor", "high-1"),
        (920, 1290, "factor", "low-3"),
        (-110, 0, "change", "low-2"),
        (None, 5290, "total", "mid"),
        (5290, None, "total", "mid"),
    ],
)
def test_heat_grows_with_the_distance_from_the_market(value, reference, kind, step):
    assert heat(value, reference, kind) == step
