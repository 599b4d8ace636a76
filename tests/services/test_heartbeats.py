"""Signs of life of the worker and the scheduler."""

from stockscore.services import heartbeats


def test_without_redis_no_pulse_is_known():
    assert heartbeats.pulses({"REDIS_ENABLED": False}) is None


def test_a_redis_that_does_not_answer_is_no_pulse_known():
    nobody = {"REDIS_ENABLED": True, "QUEUE_REDIS_URL": "redis://127.0.0.1:1/0"}
    assert heartbeats.pulses(nobody) is None
