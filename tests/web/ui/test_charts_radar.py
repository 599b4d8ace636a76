"""The four factors as a shape."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from stockscore.scoring.method import FACTORS
from stockscore.web.ui.charts.radar import CENTRE, REACH, SIZE, radar

points = st.none() | st.integers(0, 2500)
shapes = st.fixed_dictionaries(dict.fromkeys(FACTORS, points))


@given(st.lists(shapes, min_size=1, max_size=4))
def test_every_dot_is_as_far_out_as_its_points(series):
    found = radar([(str(index), factors) for index, factors in enumerate(series)])
    for shape, factors in zip(found.shapes, series, strict=True):
        rated = [factors[key] for key in FACTORS if factors[key] is not None]
        far = [math.dist((CENTRE, CENTRE), dot) for dot in shape.dots]
        assert len(far) == len(rated)
        for distance, value in zip(far, rated, strict=True):
            # Coordinates are written to a tenth of a pixel.
            assert abs(distance - REACH * value / 2500) < 0.1


@given(shapes)
def test_all_of_it_stays_inside_the_picture(factors):
    found = radar([("A", factors)])
    for x, y in (*found.shapes[0].dots, *((axis.label_x, axis.label_y) for axis in found.axes)):
        assert 0 < x < SIZE
        assert 0 < y < SIZE


def test_what_is_not_rated_is_said_and_has_no_dot():
    found = radar([("A", {"value": 1250, "quality": None, "momentum": 0, "health": 2500})])
    assert len(found.shapes[0].dots) == 3
    assert "quality not rated" in found.description
    assert found.table.rows == (
        ("Value", "12.5"),
        ("Quality", "not rated"),
        ("Momentum", "0.0"),
        ("Health", "25.0"),
    )
