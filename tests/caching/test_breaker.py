"""The circuit breaker: one failure, then nobody waits, and it mends itself."""

import logging

import pytest

from stockscore.caching.breaker import PAUSE_SECONDS, Breaker


class Thing:
    """Fails as long as it is broken; work in the background is run when the test says so."""

    def __init__(self, clock):
        self.broken = True
        self.probes = 0
        self.waiting = []
        self.breaker = Breaker("The thing", self.probe, clock, self.waiting.append)

    def probe(self):
        self.probes += 1
        if self.broken:
            raise OSError("still broken")

    def run_background(self):
        while self.waiting:
            self.waiting.pop()()


@pytest.fixture
def thing(clock):
    return Thing(clock)


def test_it_lets_everybody_through_while_all_is_well(thing):
    assert all(thing.breaker.lets_through() for _ in range(5))
    assert thing.probes == 0


def test_after_one_failure_nobody_gets_through(thing):
    thing.breaker.failed("reason")
    assert not any(thing.breaker.lets_through() for _ in range(5))


def test_the_first_one_after_the_pause_starts_one_probe_and_does_not_wait_for_it(thing, clock):
    thing.breaker.failed("reason")
    clock.pass_by(PAUSE_SECONDS)
    assert not any(thing.breaker.lets_through() for _ in range(5))
    assert len(thing.waiting) == 1


def test_it_stays_open_while_probes_fail_and_tries_again_after_each_pause(thing, clock):
    thing.breaker.failed("reason")
    for count in (1, 2, 3):
        clock.pass_by(PAUSE_SECONDS)
        thing.breaker.lets_through()
        thing.run_background()
        assert thing.probes == count
        assert not thing.breaker.lets_through()


def test_a_probe_that_works_closes_it(thing, clock):
    thing.breaker.failed("reason")
    thing.broken = False
    clock.pass_by(PAUSE_SECONDS)
    thing.breaker.lets_through()
    thing.run_background()
    assert thing.breaker.lets_through()


def test_the_log_says_it_once_an_outage(thing, clock, caplog):
    caplog.set_level(logging.INFO)
    for _ in range(20):
        thing.breaker.failed("connection refused")
    thing.broken = False
    clock.pass_by(7)
    thing.breaker.lets_through()
    thing.run_background()
    for _ in range(20):
        thing.breaker.failed("timeout")
    assert [record.getMessage() for record in caplog.records] == [
        "The thing fails (connection refused); it is left alone until it works again",
        "The thing works again after 7 s",
        "The thing fails (timeout); it is left alone until it works again",
    ]
    assert thing.breaker.outages == 2
