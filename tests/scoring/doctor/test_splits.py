"""What a split is: whether share counts change with it, and what adjusted closes tell of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.scoring.assemble import assemble
from stockscore.scoring.doctor.footing import footing, told_splits
from stockscore.scoring.doctor.splits import in_words, plain_ratio, share_splits
from stockscore.scoring.statements import Period, Statement

DAY = date(2026, 10, 1)
BEFORE, AFTER = DAY - timedelta(days=20), DAY + timedelta(days=5)


def counted(day: date, **figures: float) -> Statement:
    """A summary that was told on a day."""
    known_at = datetime(day.year, day.month, day.day, 21, tzinfo=UTC)
    return Statement(Period.TRAILING, day, known_at, "USD", "test", figures)


@pytest.mark.parametrize(
    ("ratio", "plain"),
    [
        (4.0, Fraction(4)),
        (1.5, Fraction(3, 2)),
        (0.125, Fraction(1, 8)),
        (7.0, Fraction(7)),
        (1 / 190, Fraction(1, 190)),
        (1.05, Fraction(21, 20)),
        (4 / 3, Fraction(4, 3)),
        (1.281, None),
        (1.046, None),
        (1.324, None),
        (float("nan"), None),
        (0.0, None),
    ],
)
def test_splits_are_agreed_in_small_whole_numbers(ratio, plain) -> None:
    assert plain_ratio(ratio) == plain


def test_a_split_is_said_as_new_shares_for_old_ones() -> None:
    assert [in_words(ratio) for ratio in (4.0, 1.5, 0.05, 1.281)] == [
        "4 for 1",
        "3 for 2",
        "1 for 20",
        "1.281 for 1",
    ]


@pytest.mark.parametrize("ratio", [1.281, 1.253, 1.046, 2.0, 1.5, 0.1])
@pytest.mark.parametrize("shares_change", [True, False])
@pytest.mark.parametrize("quoted", [True, False])
def test_share_counts_before_and_after_tell_a_split_from_a_spin_off(
    ratio, shares_change, quoted
) -> None:
    after = 1e9 * 1.01 * (ratio if shares_change else 1.0)
    known = [
        counted(BEFORE, shares=1e9),
        counted(AFTER, market_cap=after * 50, price=50.0)
        if quoted
        else counted(AFTER, shares=after),
    ]
    assert share_splits([(DAY, ratio)], known) == [(DAY, ratio)] * shares_change


@pytest.mark.parametrize(
    ("ratio", "is_split"), [(4.0, True), (1.5, True), (0.05, True), (1.281, False), (1.046, False)]
)
def test_without_share_counts_an_odd_ratio_is_a_spin_off(ratio, is_split) -> None:
    assert bool(share_splits([(DAY, ratio)], [counted(BEFORE, shares=1e9)])) is is_split
    assert bool(share_splits([(DAY, ratio)], [])) is is_split


def test_a_count_that_was_told_after_the_split_is_no_witness_of_before() -> None:
    told_late = Statement(
        Period.QUARTER,
        BEFORE,
        datetime(2026, 11, 1, tzinfo=UTC),
        "USD",
        "test",
        {"shares": 4e9},
    )
    assert share_splits([(DAY, 4.0)], [told_late, counted(AFTER, shares=4e9)]) == [(DAY, 4.0)]


def test_figures_per_share_are_not_restated_for_a_spin_off() -> None:
    known = [counted(BEFORE, shares=1e9, eps=4.9, price=122.6)]
    assert assemble(known, [(DAY, 1.281)]).figures == {"shares": 1e9, "eps": 4.9, "price": 122.6}
    assert assemble(known, [(DAY, 2.0)]).figures == {"shares": 2e9, "eps": 2.45, "price": 61.3}


# What adjusted closes tell


def told(closes: list[float], adjusted: list[float]) -> list[float]:
    """The splits, those of the first bar left out."""
    found = told_splits(np.array(closes), np.array(adjusted) / np.array(closes))
    return found[1:].tolist()


@pytest.mark.parametrize("ratio", [4.0, 2.0, 1.5, 1.25, 7.0, 20.0, 0.125, 0.05, 1 / 3])
@pytest.mark.parametrize("dividend", [0.0, 0.006])
def test_an_adjusted_close_that_falls_by_the_closes_own_jump_tells_of_a_split(
    ratio, dividend
) -> None:
    if dividend and ratio < 1.9:
        return  # with a dividend on the same day no small ratio can be told from a large dividend
    closes = [100.0, 101.0, 102.0 / ratio, 103.0 / ratio]
    factor = (1 - dividend) / ratio
    adjusted = [round(close * factor, 4) for close in closes[:2]] + closes[2:]
    assert told(closes, adjusted) == [
        1.0,
        pytest.approx(ratio, rel=1e-9 if ratio > 1 else 0.03),
        1.0,
    ]


@pytest.mark.parametrize("paid", [0.005, 0.02, 0.1, 0.29])
def test_a_dividend_is_no_split(paid) -> None:
    closes = [100.0, 101.0, 101.0 * (1 - paid), 100.0 * (1 - paid)]
    adjusted = [closes[0] * (1 - paid), closes[1] * (1 - paid), *closes[2:]]
    assert told(closes, adjusted) == [1.0, 1.0, 1.0]


def test_a_step_of_the_adjustment_without_a_jump_of_the_close_is_no_split() -> None:
    assert told([100.0, 101.0, 100.0], [25.0, 25.25, 100.0]) == [1.0, 1.0]


@pytest.mark.parametrize("place", [1, 5, 9])
def test_one_wrong_close_beside_a_good_adjusted_one_is_no_split(place) -> None:
    closes = [100.0] * 10
    closes[place] = 1.0
    assert told(closes, [100.0] * 10) == [1.0] * 9


def test_without_adjusted_closes_nothing_is_told() -> None:
    found = told_splits(np.array([100.0, 25.0]), np.array([np.nan, 1.0]))
    assert np.isnan(found).all()


# Footing


def test_two_splits_are_each_looked_at_for_themselves() -> None:
    # The first is restated, the second is not.
    closes = np.array([50.0] * 10 + [50.0] * 10 + [10.0] * 10)
    splits = np.ones(30)
    splits[10], splits[20] = 2.0, 5.0
    found = footing(closes, splits)
    assert (closes * found.factors).tolist() == [100.0] * 10 + [50.0] * 10 + [10.0] * 10
    assert {place: int(left.sum()) for place, left in found.unrestated.items()} == {20: 20}


def test_one_wrong_bar_is_no_change_of_footing() -> None:
    closes = np.full(40, 100.0)
    closes[15] = 25.0
    splits = np.ones(40)
    splits[30] = 4.0
    found = footing(closes, splits)
    assert (found.factors[:30] == 4.0).all()


@given(
    st.lists(st.floats(-0.04, 0.04), min_size=30, max_size=80),
    st.sampled_from([1.5, 2.0, 3.0, 7.0, 10.0, 1 / 3, 1 / 8, 1 / 20, 1 / 190]),
    st.data(),
)
def test_traded_prices_come_back_whether_a_source_restates_or_not(steps, ratio, data) -> None:
    market = 100 * np.exp(np.cumsum(steps))
    place = data.draw(st.integers(6, len(steps) - 6))
    traded = market.copy()
    traded[place:] /= ratio
    restated = traded.copy()
    restated[:place] /= ratio
    splits = np.ones(len(steps))
    splits[place] = ratio
    for answered in (traded, restated):
        assert answered * footing(answered, splits).factors == pytest.approx(traded)
