"""Indicators of one chart, their events, and that they agree with the engine's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stockscore.scoring import indicators, series
from stockscore.scoring.series import Event


def events_of(closes):
    averages = (series.sma(closes, window) for window in (series.SHORT, series.LONG))
    return series.events(*averages, series.rsi(closes))


def test_adjusted_closes_are_multiplied_by_all_later_adjustments():
    # A 2-for-1 split on the third day, a dividend of 1 on 50 on the fourth: 0.98.
    assert series.adjusted([100, 104, 50, 49], [1, 1, 0.5, 0.98]) == pytest.approx(
        [49.0, 50.96, 49.0, 49.0]
    )


def test_a_moving_average_begins_when_its_window_is_full():
    assert series.sma([1, 2, 3, 5], 3) == [None, None, 2.0, pytest.approx(10 / 3)]
    assert series.sma([], 3) == []


def test_rsi_of_a_chart_starts_after_14_changes():
    closes = [100.0]
    for _ in range(7):
        closes += [closes[-1] + 2, closes[-1] + 1]
    closes.append(closes[-1] + 1)
    # As in test_metrics: averages 1 and 0.5, then 1 and 0.4642857.
    assert series.rsi(closes) == [None] * 14 + [
        pytest.approx(66.6666667),
        pytest.approx(68.2926829),
    ]
    assert series.rsi(closes[:14]) == [None] * 14
    assert series.rsi([5.0] * 15)[-1] == 50.0


def wave(bars: int, seed: int) -> list[float]:
    return [
        100 + 30 * math.sin(index / (17 + seed)) + 7 * math.sin(index * (1.3 + seed))
        for index in range(bars)
    ]


@pytest.mark.parametrize("bars", [15, 60, 199, 250, 253, 300])
def test_the_chart_agrees_with_the_engine(bars):
    rows = np.array([wave(bars, seed) for seed in range(3)]).T
    counts = np.full(3, bars)
    for index in range(3):
        closes = rows[:, index].tolist()
        engine = indicators.rsi(rows, counts)[index]
        assert series.rsi(closes[-250:])[-1] == pytest.approx(engine, rel=1e-9)
        # Older bars have all but faded from the chart's longer series.
        assert series.rsi(closes)[-1] == pytest.approx(engine, abs=1e-4)
        for window in (50, 200):
            average = series.sma(closes, window)[-1]
            engine = indicators.to_average(rows, window)[index]
            if average is None:
                assert math.isnan(engine)
            else:
                assert closes[-1] / average - 1 == pytest.approx(engine, abs=1e-12)


def test_stocks_with_fewer_bars_are_computed_as_if_they_stood_alone():
    long, short = wave(253, 1), wave(40, 2)
    together = np.full((253, 2), np.nan)
    together[:, 0], together[-40:, 1] = long, short
    found = indicators.rsi(together, np.array([253, 40]))
    assert found[0] == pytest.approx(series.rsi(long[-250:])[-1])
    assert found[1] == pytest.approx(series.rsi(short)[-1])


def test_golden_and_death_cross():
    # 200 sessions at 100: both averages are 100. From 110 the short one rises first; after a fall
    # to 50 it lies below again. SMA50 < SMA200 when 60 d > 10 (50 − d) …
    closes = [100.0] * 200 + [110.0] * 60 + [50.0] * 20
    found = [event for event in events_of(closes) if event.kind.endswith("cross")]
    # Equal averages are no side: the first session above 100 makes one without a crossing. On the
    # way down, with d sessions at 50, SMA50 = 110 − 1.2 d and SMA200 = 103 − 0.25 d (the window has
    # lost 260 + d − 200 sessions of 100): below from 7 < 0.95 d, d = 8, place 260 + 7.
    assert found == [Event(267, "death_cross", "down")]


def test_a_cross_upwards_is_golden():
    closes = [100.0] * 200 + [90.0] * 60 + [150.0] * 20
    found = [event for event in events_of(closes) if event.kind.endswith("cross")]
    # SMA50 = 90 + 1.2 d, SMA200 = 97 + 0.25 d: above from d = 8.
    assert found == [Event(267, "golden_cross", "up")]


def test_a_touch_is_no_crossing():
    assert series.crossings([1, 2, 1], [2, 2, 2]) == []
    assert series.crossings([1, 2, 3], [2, 2, 2]) == [(2, "up")]
    assert series.crossings([None, 3, 1], [2, None, 2]) == []


def test_rsi_leaving_a_zone_is_an_event():
    falling = [100.0 - index for index in range(15)]  # RSI 0
    # Gains of g against an average loss of (13/14): after one rise of 10 the averages are 10/14 and
    # 13/14, RSI 43: it has left the zone below 30.
    found = events_of([*falling, falling[-1] + 10])
    assert found == [Event(15, "rsi_oversold", "up")]
    rising = [100.0 + index for index in range(15)]
    assert events_of([*rising, rising[-1] - 10]) == [Event(15, "rsi_overbought", "down")]


def test_a_short_or_empty_series_has_no_events():
    assert events_of([]) == []
    assert events_of([1.0, 2.0]) == []


def test_an_average_is_the_exact_sum_divided():
    closes = [10 ** (index % 7 - 3) * (1 + index / 997) for index in range(120)]
    expected = [math.fsum(closes[end - 50 : end]) / 50 for end in range(50, 121)]
    assert series.sma(closes, 50) == [None] * 49 + expected
    assert series.sma(closes[:3], 50) == [None] * 3
