"""Where labels stand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stockscore.web.ui.charts.labels import apart, extent, flags
from stockscore.web.ui.charts.scale import DESK_WIDTH, PHONE_WIDTH

places = st.floats(0, 100)


def collisions(placed, width):
    """Pairs of labels that overlap, and labels that another's mark runs through."""
    spans = [extent(flag.x, flag.text, flag.anchor, width) for flag in placed]
    found = []
    for i, flag in enumerate(placed):
        for j, other in enumerate(placed):
            if i == j:
                continue
            if flag.row == other.row and spans[i][0] < spans[j][1] and spans[j][0] < spans[i][1]:
                found.append((flag.text, other.text))
            stands = other.row > flag.row or (other.row == flag.row and other.anchor != "middle")
            at = other.x / 100 * width
            if stands and spans[i][0] < at < spans[i][1]:
                found.append((flag.text, "mark of", other.text))
    return found


@given(places, places, places)
@example(0.0, 39.0, 59.0)
@settings(max_examples=40)
def test_no_label_covers_another_is_crossed_or_leaves_the_chart(score, sector, market):
    marks = [
        (score, f"{score:.2f}"),
        (sector, f"Sector median {sector:.1f}"),
        (market, f"Market median {market:.1f}"),
    ]
    placed = flags(marks)
    assert [flag.text for flag in placed] == [text for _, text in marks]
    assert collisions(placed, PHONE_WIDTH) == []
    for flag in placed:
        left, right = extent(flag.x, flag.text, flag.anchor, PHONE_WIDTH)
        assert left >= 0
        assert right <= PHONE_WIDTH


def test_a_reading_with_room_stands_over_its_mark():
    reading, median = flags([(72.23, "72.23"), (54.58, "Sector median 54.6")])
    assert (reading.row, reading.anchor) == (0, "middle")
    assert median.row == 0
    assert collisions((reading, median), DESK_WIDTH) == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([100.0, 100.0, 100.0], [85.0, 100.0, 115.0]),
        ([20.0, 200.0], [20.0, 200.0]),
        ([295.0, 299.0], [285.0, 300.0]),
        ([50.0, 10.0], [50.0, 10.0]),
        ([150.0], [150.0]),
        ([], []),
    ],
)
def test_labels_at_the_ends_of_lines_move_apart_as_little_as_needed(wanted, expected):
    moved = apart(wanted, 15, 0, 300)
    assert sorted(moved) == pytest.approx(sorted(expected), abs=15)
    assert all(b - a >= 14.9 for a, b in pairwise(sorted(moved)))


@given(st.lists(st.floats(-50, 350), min_size=1, max_size=8))
@settings(max_examples=80)
def test_labels_that_moved_apart_keep_their_order_and_stay_inside(wanted):
    moved = apart(wanted, 15, 0, 300)
    assert all(0 <= y <= 300 for y in moved)
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    gaps = [moved[b] - moved[a] for a, b in pairwise(order)]
    assert all(gap >= 14.8 for gap in gaps)
