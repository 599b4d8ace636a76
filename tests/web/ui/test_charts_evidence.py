"""The charts of the evidence: a mean within its interval, and groups in order."""

from datetime import date, timedelta

import pytest

from stockscore.web.ui.charts import group_chart, mean_chart

DAYS = [date(2026, 1, 1) + timedelta(days=place) for place in range(500)]


def test_without_a_look_a_sentence_stands_for_the_chart():
    chart = mean_chart([], [], [], name="Mean IC", nothing="It is too early.")
    assert chart.empty
    assert chart.description == "It is too early."


def test_a_mean_is_drawn_within_its_interval_and_beside_the_line_of_zero():
    chart = mean_chart(DAYS[:3], [0.02, 0.01, 0.01], [0.05, 0.04, 0.03], name="Mean IC", nothing="")
    assert chart.sessions == 3
    assert [level.label for level in chart.levels if level.border] == ["0.000"]
    assert (chart.end, chart.end_half) == ("+0.010", "± 0.030")
    assert "which covers zero" in chart.description
    assert chart.table.rows[-1] == ("3\u00a0Jan\u00a02026", "+0.010", "−0.020", "+0.040")
    found = mean_chart(DAYS[:1], [0.05], [0.01], name="Mean IC", nothing="")
    assert "which excludes zero" in found.description


def test_of_many_looks_some_are_drawn_and_the_newest_among_them():
    means = [place / 1000 for place in range(500)]
    chart = mean_chart(DAYS, means, [0.1] * 500, name="Mean IC", nothing="")
    assert chart.sessions <= 240
    assert chart.end == "+0.499"


def test_groups_stand_on_both_sides_of_zero_with_their_values_beyond_them():
    chart = group_chart(("Lowest", "Highest"), (-0.05, 0.1), title="Returns")
    low, high = chart.columns
    assert low.y == chart.zero
    assert high.y + high.height == chart.zero
    assert high.height == pytest.approx(2 * low.height, abs=0.2)
    assert low.value_y > low.y + low.height > high.value_y
    assert (low.is_lead, high.is_lead) == (False, True)
    assert chart.description == "Lowest −5.0\u00a0%, Highest +10.0\u00a0%."
    assert group_chart((), (), title="Returns").empty
    assert group_chart(("Lowest", "Highest"), (0.0, 0.0), title="Returns").columns[0].height == 1
