"""Rank correlations agree with scipy's, with ties and gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata, spearmanr

from stockscore.scoring.evidence.ranks import (
    LEAST_STOCKS,
    Ranked,
    double_ranks,
    less_group_means,
    ordered,
    rank_correlation,
)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60))
def test_mid_ranks_are_those_of_scipy(values):
    column = np.array(values, dtype=float)
    order = ordered(column)
    assert (double_ranks(column, order) == 2 * rankdata(column)[order]).all()


@pytest.mark.parametrize("ties", [3, 40, 10_000])
def test_the_value_of_a_date_is_spearmans(ties):
    rng = np.random.default_rng(ties)
    scores, returns = rng.integers(0, ties, 300).astype(float), rng.normal(size=300)
    scores[::7], returns[::11] = np.nan, np.nan
    both = ~np.isnan(scores) & ~np.isnan(returns)
    found = rank_correlation(Ranked(scores), Ranked(returns))
    assert found == pytest.approx(spearmanr(scores[both], returns[both])[0], abs=1e-14)
    few = both & (np.arange(300) < 200)
    found = rank_correlation(Ranked(scores), Ranked(returns), few)
    assert found == pytest.approx(spearmanr(scores[few], returns[few])[0], abs=1e-14)


def test_too_few_stocks_and_equal_ones_have_no_value():
    column = np.arange(LEAST_STOCKS - 1.0)
    assert rank_correlation(Ranked(column), Ranked(column)) is None
    column = np.arange(float(LEAST_STOCKS))
    assert rank_correlation(Ranked(column), Ranked(column)) == 1
    assert rank_correlation(Ranked(column), Ranked(np.ones(LEAST_STOCKS))) is None


def test_returns_are_less_the_mean_of_their_sector():
    found = less_group_means(
        np.array([1.0, 3.0, np.nan, 5.0, 9.0, 2.0]), np.array([0, 0, 0, 1, 1, -1])
    )
    assert np.allclose(found, [-1, 1, np.nan, -2, 2, 0], equal_nan=True)
