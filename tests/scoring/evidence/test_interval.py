"""Intervals that hold at every look."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.scoring.evidence.interval import (
    factor,
    last,
    level_of,
    sequence,
    values_needed,
)
from stockscore.scoring.evidence.verdict import placebos, verdict

RUNS = 120


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=200))
def test_the_mean_is_the_plain_mean_and_the_deviation_the_plain_one(values):
    found = last(values)
    assert found.mean == pytest.approx(statistics.fmean(values), abs=1e-12)
    assert found.deviation == pytest.approx(np.std(values, ddof=1), abs=1e-9)
    assert len(sequence(values)) == len(values)


def test_the_width_is_the_published_formula():
    level, count = 0.05, 252
    spread = (-2 * math.log(level) + math.log(-2 * math.log(level) + 1)) / 252
    inner = 2 * (count * spread + 1) / (count**2 * spread)
    width = math.sqrt(inner * math.log(math.sqrt(count * spread + 1) / level))
    assert factor(count) == pytest.approx(width, rel=1e-15)
    assert factor(252, level_of(3)) > factor(252)


@pytest.mark.parametrize("effect", [0.01, 0.04, 0.2])
def test_the_values_needed_are_the_first_that_suffice(effect):
    count = values_needed(effect, 0.1)
    assert 0.1 * factor(count) <= effect < 0.1 * factor(count - 1)


def _noise(seed, mean, count):
    return np.random.default_rng(seed).normal(mean, 0.1, count).tolist()


def _proven(values):
    return [i.excludes_zero for i in sequence(values)[125:]]


def test_noise_is_hardly_ever_called_proven_and_a_real_effect_is_found():
    """Binomial tolerance: of 120 runs at 5 % more than 14 happen once in five hundred times. The
    daily mean of a 21-session IC of 0.08 is about 0.08 / √21."""
    false = sum(any(_proven(_noise(seed, 0, 1260))) for seed in range(RUNS))
    assert false <= 14
    found = sum(any(_proven(_noise(seed, 0.08 / math.sqrt(21), 504))) for seed in range(RUNS))
    assert found >= 0.65 * RUNS - 3 * math.sqrt(RUNS * 0.65 * 0.35)


GOOD = placebos([0.01, -0.01] * 70, [0.2, 0.21] * 70)


def test_there_is_no_verdict_before_the_126th_value_and_none_while_zero_is_covered():
    assert verdict([], GOOD).says == "too early"
    clear = [0.1, 0.12] * 62
    assert verdict(clear, GOOD).says == "too early"
    assert verdict([*clear, 0.1], GOOD).says == "too early"
    assert verdict([*clear, 0.1, 0.1], GOOD).says == "higher"
    assert verdict([-value for value in [*clear, 0.1, 0.1]], GOOD).says == "lower"
    assert verdict([0.1, -0.1] * 80, GOOD).says == "too early"


def test_a_verdict_goes_when_the_interval_covers_zero_again():
    assert verdict([0.1, 0.12] * 70, GOOD).says == "higher"
    assert verdict([0.1, 0.12] * 70 + [-0.1, -0.12] * 70, GOOD).says == "too early"


def test_the_smallest_effect_and_the_years_are_said_once_the_noise_is_known():
    assert verdict([0.1, -0.1] * 31, GOOD).smallest is None
    found = verdict([0.1, -0.1] * 40, GOOD)
    assert found.smallest == found.interval.half
    needed = values_needed(0.04, found.interval.deviation)
    assert found.years == max(0, needed - 80) / 252


def test_a_placebo_that_fails_takes_the_verdict_away():
    proven = [0.1, 0.12] * 70
    seems_to_work = placebos([0.1, 0.11] * 40, [0.2, 0.21] * 70)
    assert verdict(proven, seems_to_work).says == "out of order"
    not_found = placebos([0.01, -0.01] * 70, [0.2, -0.2] * 70)
    assert verdict(proven, not_found).says == "out of order"
    too_soon = placebos([0.01] * 10, [0.2, -0.2] * 30)
    assert too_soon.in_order
    assert (too_soon.shuffled_is_nothing, too_soon.look_ahead_is_found) == (None, None)
