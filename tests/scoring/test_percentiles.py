"""Mid-ranks, shrinking and medians on numbers that fit on one hand."""

from __future__ import annotations

import numpy as np
import pytest

from stockscore.scoring.percentiles import ranks, shrunk, standing

ONE = np.zeros


def test_fractions_are_mid_rank_less_a_half_over_the_number():
    found, _ = standing(np.array([30.0, 10.0, 20.0, 40.0]), ONE(4, dtype=int))
    assert found.fraction.tolist() == [0.625, 0.125, 0.375, 0.875]


def test_ties_share_their_mean_rank():
    # Ranks 1, (2 + 3) / 2, (2 + 3) / 2, 4: (r − 0.5) / 4.
    found, _ = standing(np.array([5.0, 7.0, 7.0, 9.0]), ONE(4, dtype=int))
    assert found.fraction.tolist() == [0.125, 0.5, 0.5, 0.875]


def test_all_tied_and_one_alone_are_in_the_middle():
    assert standing(np.full(7, 3.0), ONE(7, dtype=int))[0].fraction.tolist() == [0.5] * 7
    assert standing(np.array([3.0]), ONE(1, dtype=int))[0].fraction.tolist() == [0.5]


def test_the_noise_of_a_division_does_not_break_a_tie():
    # 0.1 · 3 is 0.30000000000000004.
    found, _ = standing(np.array([0.3, 0.1 * 3, 0.2]), ONE(3, dtype=int))
    assert found.fraction.tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 6])


def test_groups_are_ranked_and_counted_apart():
    found, medians = standing(np.array([1.0, 2.0, 3.0, 10.0]), np.array([0, 0, 0, 1]))
    assert found.fraction.tolist() == pytest.approx([1 / 6, 0.5, 5 / 6, 0.5])
    assert found.count.tolist() == [3, 3, 3, 1]
    assert medians == {0: 2.0, 1: 10.0}


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two():
    assert standing(np.array([1.0, 2.0, 4.0, 100.0]), ONE(4, dtype=int))[1] == {0: 3.0}


def test_sector_percentiles_are_mixed_with_ten_stocks_of_the_universe():
    found, _ = standing(np.array([1.0, 2.0]), ONE(2, dtype=int))
    mixed = shrunk(found, np.array([0.9, 0.9]), np.array([True, False]), 10)
    # (2 · 0.25 + 10 · 0.9) / 12; an unknown sector takes the universe's.
    assert mixed.tolist() == pytest.approx([9.5 / 12, 0.9])


def test_ranks_begin_at_the_best_and_break_ties_by_the_tiebreak():
    found = ranks(np.array([5, 9, 9, 1]), ONE(4, dtype=int), np.array([0, 2, 1, 3]))
    assert found.tolist() == [3, 2, 1, 4]


def test_nothing_to_rank_is_no_error():
    empty = np.empty(0, dtype=int)
    assert standing(np.empty(0), empty)[1] == {}
    assert ranks(empty, empty, empty).tolist() == []
