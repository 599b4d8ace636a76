"""Which bars are believed, worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.providers.base import Bar
from stockscore.scoring.doctor.bars import LASTING, vet_bars, vet_currency

FIRST = date(2026, 3, 2)
NOW = datetime(2026, 8, 21, 22, tzinfo=UTC)


def bars(*closes: float, **actions: dict[int, float]) -> list[Bar]:
    """Bars a day apart; `splits={2: 10.0}` splits on the third, `dividends` likewise."""
    splits, dividends = actions.get("splits", {}), actions.get("dividends", {})
    return [
        Bar(
            FIRST + timedelta(days=index),
            None,
            None,
            None,
            close,
            None,
            dividend=dividends.get(index, 0.0),
            split=splits.get(index, 1.0),
        )
        for index, close in enumerate(closes)
    ]


LAST = Bar(FIRST - timedelta(days=1), None, None, None, 100.0, None)


def closes(accepted: list[Bar]) -> list[float]:
    return [bar.close for bar in accepted]


def test_prices_that_move_as_prices_do_are_believed() -> None:
    accepted, rejected = vet_bars(bars(100, 130, 60, 107.9), LAST)
    assert closes(accepted) == [100, 130, 60, 107.9]
    assert rejected == []


def test_a_jump_of_more_than_eighty_percent_is_held_back_with_all_that_follows_on_its_level() -> (
    None
):
    accepted, rejected = vet_bars(bars(101, 190, 191), LAST)
    assert closes(accepted) == [101]
    assert [(value.field, value.session, value.value, value.last_good) for value in rejected] == [
        ("close", FIRST + timedelta(days=1), "190", "101")
    ]
    assert rejected[0].reason == (
        "The close changed by +88% between 2026-03-02 and 2026-03-03 without a split: 101 to 190."
    )


@pytest.mark.parametrize(
    ("close", "held"), [(180.0, False), (180.1, True), (20.0, False), (19.9, True)]
)
def test_the_boundary_is_eighty_percent_either_way(close: float, held: bool) -> None:
    assert bool(vet_bars(bars(close), LAST)[1]) is held


def test_a_split_explains_its_own_jump() -> None:
    assert vet_bars(bars(10.1, splits={0: 10.0}), LAST)[1] == []
    assert vet_bars(bars(505.0, splits={0: 0.2}), LAST)[1] == []


def test_a_split_without_its_jump_is_held_back() -> None:
    assert vet_bars(bars(100.0, splits={0: 10.0}), LAST)[1][0].field == "close"


def test_a_spike_is_left_out_and_the_bars_after_it_are_believed() -> None:
    accepted, rejected = vet_bars(bars(101, 9999, 103), LAST)
    assert closes(accepted) == [101, 103]
    assert len(rejected) == 1


def test_a_split_during_held_bars_is_not_forgotten() -> None:
    accepted, _ = vet_bars(bars(101, 9999, 51, splits={1: 2.0}), LAST)
    assert closes(accepted) == [101, 51]


def test_a_level_that_stands_for_a_week_of_sessions_is_believed_after_all() -> None:
    fallen = [9.0] * LASTING
    assert vet_bars(bars(101, 10, *fallen[1:]), LAST)[1]
    accepted, rejected = vet_bars(bars(101, 10, *fallen), LAST)
    assert len(accepted) == 2 + LASTING
    assert rejected == []


def test_a_factor_of_a_hundred_is_a_unit_however_long_it_stands() -> None:
    accepted, rejected = vet_bars(bars(101, *[10000.0] * 20), LAST)
    assert closes(accepted) == [101]
    assert len(rejected) == 1


@pytest.mark.parametrize("close", [0.0, -3.0])
def test_a_price_is_above_nothing(close: float) -> None:
    accepted, rejected = vet_bars(bars(100, close, 101), LAST)
    assert closes(accepted) == [100, 101]
    assert rejected[0].reason.startswith(f"A close of {close:g} cannot be a price")


def test_a_dividend_of_nearly_the_price_is_another_unit() -> None:
    _, rejected = vet_bars(bars(100, dividends={0: 85.0}), LAST)
    assert rejected[0].field == "dividend"


def test_the_first_bars_of_a_stock_have_nothing_to_be_held_against() -> None:
    assert vet_bars(bars(100, 110), None)[1] == []


@pytest.mark.parametrize(("answered", "held"), [("GBp", False), ("GBX", False), ("GBP", True)])
def test_two_spellings_of_pence_are_one_unit_and_pounds_are_another(answered, held) -> None:
    assert bool(vet_currency(answered, "GBX")) is held


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.floats(-10, 1e6, allow_nan=False), st.sampled_from([1.0, 1.0, 2.0, 0.1, 0.0])),
        max_size=25,
    )
)
def test_no_believed_bar_lies_far_from_the_one_before_it_unless_the_level_stood(days) -> None:
    answer = bars(*(close for close, _ in days), splits=dict(enumerate(s for _, s in days)))
    accepted, rejected = vet_bars(answer, LAST)
    assert len(accepted) == len(answer) or rejected
    assert all(bar.close > 0 for bar in accepted)
    assert [bar.session for bar in accepted] == sorted(bar.session for bar in accepted)
