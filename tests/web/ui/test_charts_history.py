"""The chart of scores over time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from stockscore.web.ui.charts import ChartStep, history_chart

DAYS = [date(2026, 5, 28) + timedelta(days=n) for n in range(180)]


def chart(totals, uncertainties=None, **given):
    """A chart of these totals in hundredths."""
    reach = uncertainties or [0] * len(totals)
    return history_chart(DAYS[: len(totals)], totals, reach, name="Haldane", **given)


def test_the_description_tells_first_and_last():
    made = chart([5812, 7223], [75, 600])
    assert made.description == (
        "A step line from 58.12 on 28\u00a0May\u00a02026 to 72.23 on 29\u00a0May\u00a02026, "
        "within the band of its uncertainty."
    )
    assert (made.end, made.end_uncertainty) == ("72.2", "±\u00a06.0")


@pytest.mark.parametrize("totals", [[], [None, None]])
def test_without_a_rating_there_is_no_chart(totals):
    made = chart(totals)
    assert made.empty
    assert made.description == "There are no snapshots yet."


def test_the_axis_says_where_signals_begin_and_spans_at_least_twenty_points():
    made = chart([6050] * 5)
    borders = [level.label for level in made.levels if level.border]
    assert borders == ["60 BUY", "70 STRONG BUY"]
    assert [level.label for level in made.levels][-1] == "80 points"


@pytest.mark.parametrize("total", [0, 40, 5000, 9990, 10_000])
def test_the_axis_stays_between_nothing_and_a_hundred(total):
    made = chart([total] * 3, [1200] * 3)
    numbers = [int(level.label.split()[0]) for level in made.levels]
    assert min(numbers) >= 0
    assert max(numbers) <= 100
    assert 24 <= made.end_y <= 314


def test_labels_of_the_axis_do_not_touch():
    for low in range(0, 9000, 700):
        made = chart([low, low + 1000, 9900 if low % 1400 else low])
        heights = sorted(level.y for level in made.levels)
        assert all(b - a >= 13 for a, b in pairwise(heights))


def test_a_day_without_a_rating_breaks_the_line_and_is_said_in_the_table():
    made = chart([6000, None, 6100], signals=["BUY", None, "BUY"])
    assert made.line.count("M") == made.band.count("M") == 2
    assert made.table.rows[1][1:] == ("not rated", "", "not rated")
    assert made.table.rows[2][1:] == ("61.00", "±\u00a00", "BUY")


def test_steps_are_numbered_and_those_in_one_week_do_not_cover_each_other():
    totals = [5000 + 20 * n for n in range(126)]
    made = chart(totals, steps_at=[ChartStep(n, "a reason") for n in (62, 60, 61, 63)])
    assert [dot.number for dot in made.steps] == [1, 2, 3, 4]
    assert [dot.day for dot in made.steps] == DAYS[60:64]
    for i, one in enumerate(made.steps):
        for other in made.steps[i + 1 :]:
            assert abs(one.x - other.x) * 3 >= 18 or abs(one.y - other.y) >= 18


def test_a_step_at_a_day_without_a_rating_is_left_out():
    assert chart([5000, None], steps_at=[ChartStep(1, "?"), ChartStep(7, "?")]).steps == ()
