"""The distribution of scores."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.web.ui.charts import ZONES, histogram

counts_of_market = st.lists(st.integers(0, 5000), min_size=40, max_size=40)


def counts(**bars):
    """Forty bars; `at_50=3` gives the bar that begins at 50 points three stocks."""
    made = [0] * 40
    for name, number in bars.items():
        made[int(float(name.removeprefix("at_")) / 2.5)] = number
    return made


def test_bars_have_the_colour_of_the_zone_they_stand_in():
    made = histogram(counts(at_30=1, at_35=2, at_45=3, at_60=4, at_70=5))
    assert [block.zone for block in made.blocks] == [
        "strong-sell", "sell", "hold", "buy", "strong-buy",
    ]  # fmt: skip


def test_the_title_counts_stocks_and_the_description_counts_signals():
    made = histogram(counts(at_50=390, at_60=6), median=5290, signals={"HOLD": 391, "BUY": 5})
    assert made.title == "How the scores of 396\u00a0stocks are distributed"
    assert made.description.startswith(
        "The median is 52.9. Stocks by signal: STRONG SELL 0, SELL 0"
    )
    assert [zone.count for zone in made.zones] == ["0", "0", "391", "5", "0"]


def test_an_empty_market_says_so():
    made = histogram([0] * 40)
    assert made.empty
    assert made.description == "No stock is rated yet."
    assert made.median is None
    assert made.table.rows == ()


def test_the_table_has_every_bar_with_its_zone():
    assert histogram(counts(at_45=33)).table.rows == (("45.0 to 47.5", "33", "HOLD"),)


@pytest.mark.parametrize(
    ("bars", "axis"),
    [
        ({"at_50": 1}, (15, 90)),
        ({"at_12.5": 1}, (10, 90)),
        ({"at_0": 1}, (0, 90)),
        ({"at_97.5": 1}, (15, 100)),
    ],
)
def test_the_axis_holds_every_stock_and_room_for_the_names_of_the_outer_zones(bars, axis):
    made = histogram(counts(**bars))
    assert (made.low, made.high) == axis


def test_counts_of_thousands_are_set_smaller():
    assert histogram(counts(at_50=10), signals={"HOLD": 5051}).long_counts
    assert not histogram(counts(at_50=10), signals={"HOLD": 999}).long_counts


@given(counts_of_market)
@settings(max_examples=40)
def test_everything_stands_inside_the_chart(numbers):
    made = histogram(numbers, median=5000, signals={zone.name: 1 for zone in ZONES})
    assert len(made.blocks) == sum(1 for number in numbers if number)
    for block in made.blocks:
        assert block.x >= 0
        assert block.x + block.width <= 100.05
        assert block.y >= 60
        assert block.y + block.height == pytest.approx(282)
    assert all(0 < zone.x < 100 for zone in made.zones)
    assert all(0 <= x <= 100 for x, _ in made.numbers)
