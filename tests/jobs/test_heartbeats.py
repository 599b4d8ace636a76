"""Signs of life on a real Redis."""

from stockscore.services import heartbeats


def test_a_process_that_beats_is_alive_and_a_silent_one_is_not(connection, redis_url):
    settings = {"REDIS_ENABLED": True, "QUEUE_REDIS_URL": redis_url}
    heartbeats.beat(connection, heartbeats.SCHEDULER)
    scheduler, worker = heartbeats.pulses(settings)
    assert (scheduler.process, scheduler.alive) == ("scheduler", True)
    assert (worker.process, worker.alive, worker.age) == ("worker", False, None)


def test_an_old_beat_says_since_when_a_process_is_silent(connection, redis_url):
    settings = {"REDIS_ENABLED": True, "QUEUE_REDIS_URL": redis_url}
    connection.set("stockscore:beat:worker", "1000.0")
    _, worker = heartbeats.pulses(settings)
    assert not worker.alive
    assert worker.age > heartbeats.ALIVE_SECONDS
