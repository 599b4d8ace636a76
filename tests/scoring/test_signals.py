"""Signals with their hysteresis, and horizon fit with its weights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.scoring.horizons import BY_KEY, HORIZONS, fit, own_weights
from stockscore.scoring.signals import SIGNALS, next_down, next_up, signal_of


@pytest.mark.parametrize(
    ("total", "signal"),
    [
        (10000, "STRONG BUY"),
        (7000, "STRONG BUY"),
        (6999, "BUY"),
        (6000, "BUY"),
        (5999, "HOLD"),
        (4500, "HOLD"),
        (4499, "SELL"),
        (3500, "SELL"),
        (3499, "STRONG SELL"),
        (0, "STRONG SELL"),
        (None, None),
    ],
)
def test_a_first_rating_uses_the_plain_table(total, signal):
    assert signal_of(total) == signal
    assert signal_of(total, "no such signal") == signal


@pytest.mark.parametrize(
    ("previous", "total", "signal"),
    [
        # A boundary counts once it is crossed by a full point.
        ("HOLD", 6000, "HOLD"),
        ("HOLD", 6099, "HOLD"),
        ("HOLD", 6100, "BUY"),
        ("BUY", 5999, "BUY"),
        ("BUY", 5900, "BUY"),
        ("BUY", 5899, "HOLD"),
        ("STRONG BUY", 6900, "STRONG BUY"),
        ("STRONG BUY", 6899, "BUY"),
        ("SELL", 3400, "SELL"),
        ("SELL", 3399, "STRONG SELL"),
        ("STRONG SELL", 3599, "STRONG SELL"),
        ("STRONG SELL", 3600, "SELL"),
        # Over several levels each boundary on the way counts by itself.
        ("HOLD", 7050, "BUY"),
        ("HOLD", 7100, "STRONG BUY"),
        ("STRONG SELL", 4550, "SELL"),
        ("STRONG BUY", 4450, "HOLD"),
        ("STRONG BUY", 4399, "SELL"),
        ("STRONG BUY", 0, "STRONG SELL"),
        ("STRONG SELL", 10000, "STRONG BUY"),
    ],
)
def test_against_an_earlier_signal_boundaries_count_only_by_a_full_point(previous, total, signal):
    assert signal_of(total, previous) == signal


def test_a_signal_holds_when_nothing_changes_and_never_moves_against_the_total():
    for previous in SIGNALS:
        seen = [SIGNALS.index(signal_of(total, previous)) for total in range(0, 10001, 7)]
        assert seen == sorted(seen, reverse=True)
        for total in range(0, 10001, 7):
            now = signal_of(total, previous)
            assert signal_of(total, now) == now


FACTORS = {"value": 1552, "quality": 1982, "momentum": 1665, "health": 2024}


@pytest.mark.parametrize(
    ("horizon", "points"),
    [
        # 4 · (.15 · 15.52 + .15 · 19.82 + .50 · 16.65 + .20 · 20.24) = 4 · 17.674 = 70.696
        ("short", 7070),
        # 15.52 + 19.82 + 16.65 + 20.24
        ("medium", 7223),
        # 4 · (.30 · 15.52 + .30 · 19.82 + .15 · 16.65 + .25 · 20.24) = 4 · 18.1595 = 72.638
        ("long", 7264),
    ],
)
def test_horizon_fit_is_four_times_the_weighted_factors(horizon, points):
    assert fit(FACTORS, BY_KEY[horizon].weights) == points


def test_a_perfect_stock_fits_every_horizon_perfectly():
    perfect = dict.fromkeys(FACTORS, 2500)
    assert [fit(perfect, horizon.weights) for horizon in HORIZONS] == [10000] * 3


def test_the_weight_of_an_unrated_factor_goes_to_the_others():
    # (15 · 1552 + 15 · 1982 + 50 · 1665) / 80 · 4 = 136260 / 20 = 6813
    assert fit(FACTORS | {"health": None}, (15, 15, 50, 20)) == 6813
    assert fit(FACTORS | {"health": None, "value": None}, (25, 25, 25, 25)) is None
    assert fit(FACTORS | {"health": None}, (0, 0, 0, 100)) is None


def test_own_weights_are_read_from_the_url():
    assert own_weights("30,30,15,25") == (30, 30, 15, 25)
    assert own_weights(" 0, 0 ,100,0 ") == (0, 0, 100, 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Give four weights"),
        ("50,50", "there are 2"),
        ("30,30,15,25,0", "there are 5"),
        ("30,30,15,x", "'x'"),
        ("30,30,15,-25", "'-25'"),
        ("30.5,29.5,15,25", "'30.5'"),
        ("nan,30,15,25", "'nan'"),
        ("٣٠,30,15,25", "whole percentage"),
        ("1000,30,15,25", "'1000'"),
        ("30,30,15,20", "add up to 95"),
        ("0,0,0,0", "add up to 0"),
    ],
)
def test_bad_weights_are_refused_with_a_sentence(text, says):
    with pytest.raises(ValueError, match="such as 30,30,15,25") as refused:
        own_weights(text)
    assert says in str(refused.value)


totals = st.integers(0, 10_000)
before = st.sampled_from([None, *SIGNALS])


@given(totals, before)
def test_the_next_better_signal_comes_at_the_total_that_is_named_and_not_below(total, previous):
    now = signal_of(total, previous)
    found = next_up(total, previous)
    if found is None:
        assert now == SIGNALS[0]
        return
    signal, least = found
    assert signal_of(least, previous) == signal
    assert SIGNALS.index(signal) < SIGNALS.index(now)
    assert SIGNALS.index(signal_of(least - 1, previous)) >= SIGNALS.index(now)


@given(totals, before)
def test_the_next_worse_signal_comes_at_the_total_that_is_named_and_not_above(total, previous):
    now = signal_of(total, previous)
    found = next_down(total, previous)
    if found is None:
        assert now == SIGNALS[-1]
        return
    signal, most = found
    assert signal_of(most, previous) == signal
    assert SIGNALS.index(signal) > SIGNALS.index(now)
    assert SIGNALS.index(signal_of(most + 1, previous)) <= SIGNALS.index(now)
