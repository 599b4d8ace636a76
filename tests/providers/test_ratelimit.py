"""The token bucket and its cool-down, on a clock that only moves when somebody waits."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.providers.ratelimit import CALM_AFTER, COOLDOWN_CAP, RateLimiter


class Time:
    """A clock whose pauses pass at once."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.now += seconds


def limiter(time: Time, rate: float, cooldown: float = 60.0) -> RateLimiter:
    return RateLimiter(rate, cooldown, clock=time.clock, sleep=time.sleep)


def test_a_seconds_worth_comes_at_once_and_the_rest_evenly() -> None:
    time = Time()
    bucket = limiter(time, 4.0)
    moments = []
    for _ in range(12):
        bucket.acquire()
        moments.append(time.now - 1000.0)
    assert moments[:4] == [0.0] * 4
    assert moments[4:] == pytest.approx([0.25 * step for step in range(1, 9)])


def test_idle_time_saves_up_one_second_and_no_more() -> None:
    time = Time()
    bucket = limiter(time, 2.0)
    bucket.acquire()
    time.now += 3600.0
    for _ in range(3):
        bucket.acquire()
    assert time.slept == pytest.approx([0.5])


@settings(max_examples=40)
@given(
    rate=st.floats(0.2, 50.0),
    idle=st.lists(st.floats(0.0, 5.0), min_size=2, max_size=40),
)
def test_no_second_ever_sees_more_calls_than_the_rate_and_its_burst(rate, idle) -> None:
    time = Time()
    bucket = limiter(time, rate)
    calls = []
    for pause in idle:
        time.now += pause
        bucket.acquire()
        calls.append(time.now)
    for start in calls:
        inside = [call for call in calls if start <= call < start + 1.0]
        assert len(inside) <= 2 * max(1.0, rate) + 1


def test_a_refusal_stops_everybody_until_the_cooldown_is_over() -> None:
    time = Time()
    bucket = limiter(time, 10.0)
    assert bucket.refused() == 60.0
    bucket.acquire()
    assert time.now - 1000.0 == pytest.approx(60.0)


def test_refusals_in_a_row_double_the_cooldown_up_to_a_cap() -> None:
    bucket = limiter(Time(), 10.0, cooldown=2.0)
    pauses = [bucket.refused() for _ in range(8)]
    assert pauses[:4] == [2.0, 4.0, 8.0, 16.0]
    assert pauses[-1] == 2.0 * COOLDOWN_CAP


def test_good_answers_in_a_row_make_the_next_refusal_the_first_again() -> None:
    bucket = limiter(Time(), 10.0, cooldown=2.0)
    bucket.refused()
    bucket.refused()
    for _ in range(CALM_AFTER):
        bucket.answered()
    assert bucket.refused() == 2.0


def test_one_good_answer_between_refusals_does_not_shorten_the_next_pause() -> None:
    bucket = limiter(Time(), 10.0, cooldown=2.0)
    bucket.refused()
    bucket.answered()
    assert bucket.refused() == 4.0


def test_the_pause_that_the_source_asks_for_is_kept_within_the_cap() -> None:
    bucket = limiter(Time(), 10.0, cooldown=2.0)
    assert bucket.refused(retry_after=7.0) == 7.0
    assert bucket.refused(retry_after=10_000.0) == 2.0 * COOLDOWN_CAP


def test_a_cooldown_that_opens_while_somebody_waits_holds_that_one_too() -> None:
    time = Time()
    bucket = limiter(time, 1.0)

    def refuse_once(seconds: float) -> None:
        if not time.slept:
            bucket.refused()
        Time.sleep(time, seconds)

    bucket = RateLimiter(1.0, 60.0, clock=time.clock, sleep=refuse_once)
    bucket.acquire()
    bucket.acquire()
    assert time.now - 1000.0 == pytest.approx(60.0)


def test_threads_share_one_pace() -> None:
    time = Time()
    bucket = limiter(time, 5.0)
    threads = [
        threading.Thread(target=lambda: [bucket.acquire() for _ in range(5)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.now - 1000.0 >= (20 - 5) / 5.0 - 1e-6


@pytest.mark.parametrize(("rate", "cooldown"), [(0.0, 1.0), (-1.0, 1.0), (1.0, 0.0)])
def test_a_rate_or_a_cooldown_of_nothing_is_refused(rate: float, cooldown: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        RateLimiter(rate, cooldown)
