"""One rate and one cool-down for all processes, in a real Redis."""

from __future__ import annotations

import threading

import pytest
from redis import Redis

from stockscore.providers.base import CoolingDown
from stockscore.providers.ratelimit import CALM_AFTER
from stockscore.providers.sharedrate import SharedRateLimiter
from stockscore.services import sources

RATE = 40.0


def limiter(redis_url, rate=RATE, cooldown=60.0, **more) -> SharedRateLimiter:
    """As of a process of its own."""
    return SharedRateLimiter(Redis.from_url(redis_url), "yahoo", rate, cooldown, **more)


def seconds(connection) -> float:
    whole, micro = connection.time()
    return whole + micro / 1e6


def test_four_processes_together_keep_the_rate_of_one(redis_url, connection):
    moments: list[float] = []

    def ask() -> None:
        mine, clock = limiter(redis_url), Redis.from_url(redis_url)
        for _ in range(20):
            mine.acquire()
            moments.append(seconds(clock))

    began = seconds(connection)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(moments) == 80
    # A second's worth may come at once; whatever comes after is spaced evenly.
    for place, moment in enumerate(sorted(moments)):
        assert moment >= began + (place - RATE) / RATE - 0.002


def test_a_refusal_of_one_pauses_all_others(redis_url):
    first, second = limiter(redis_url), limiter(redis_url, patience=20.0)
    assert first.refused() == pytest.approx(60, abs=0.01)
    with pytest.raises(CoolingDown) as raised:
        second.acquire()
    assert 20 < raised.value.retry_after <= 60


def test_refusals_under_way_count_as_one_and_later_ones_double(redis_url, connection):
    slept: list[float] = []

    def sleep(pause: float) -> None:
        """The cool-down is over when whoever waits for its end has slept."""
        slept.append(pause)
        connection.hset("stockscore:rate:yahoo", "open_at", 0)

    several = [limiter(redis_url, cooldown=3600.0, sleep=sleep) for _ in range(4)]
    for one in several:
        assert 0 < one.refused() <= 3600
    several[0].acquire()
    assert len(slept) == 1
    assert 0 < slept[0] <= 3600
    assert several[1].refused() == 7200


def test_what_the_source_asks_for_counts_up_to_the_cap(redis_url):
    one = limiter(redis_url, cooldown=1.0)
    assert one.refused(retry_after=7) == pytest.approx(7, abs=0.01)
    assert one.refused(retry_after=3600) == pytest.approx(15, abs=0.01)


def test_enough_good_answers_forget_past_refusals(redis_url):
    one, other = (limiter(redis_url, cooldown=0.02) for _ in range(2))
    for _ in range(3):
        one.refused()
        one.acquire()
    for _ in range(CALM_AFTER):
        other.answered()
    assert one.refused() == pytest.approx(0.02, abs=0.005)


def test_without_redis_a_process_keeps_to_the_rate_by_itself_and_says_so_once(caplog):
    slept: list[float] = []
    alone = limiter("redis://127.0.0.1:1/0", rate=1.0, patience=20.0, sleep=slept.append)
    alone.acquire()
    alone.refused()
    with pytest.raises(CoolingDown):
        alone.acquire()
    assert caplog.text.count("keeps to the rate") == 1


def test_workers_share_it_and_a_site_without_redis_does_not(app_on, sqlite_url, redis_url):
    on = {"REDIS_ENABLED": True, "QUEUE_REDIS_URL": redis_url, "DATA_PROVIDER": "yahoo"}
    one, other = (
        sources.limiter_of(app_on(sqlite_url, **on).config, "yahoo", sources.WORKER_PATIENCE)
        for _ in range(2)
    )
    one.refused()
    with pytest.raises(CoolingDown):
        other.acquire()
    sources.limiter_of(app_on(sqlite_url, REDIS_ENABLED=False).config, "yahoo").acquire()
