"""The table of what may be enqueued, on a real Redis."""

import pytest

from stockscore.jobs import queues
from stockscore.services.errors import ServiceError


def test_every_kind_goes_to_a_queue_that_workers_listen_to():
    assert {kind.queue for kind in queues.KINDS.values()} == set(queues.NAMES)


def test_a_job_of_one_id_is_enqueued_once(connection):
    assert queues.enqueue(connection, "score", "score-1")
    assert not queues.enqueue(connection, "score", "score-1")
    assert queues.queue_of(connection, queues.MARKET).job_ids == ["score-1"]


def test_a_job_is_json_with_its_limits_and_retries(connection):
    queues.enqueue(connection, "snapshot", "snapshot-XNYS-20261127", "XNYS", "2026-11-27")
    job = queues.job_of(connection, "snapshot-XNYS-20261127")
    assert job.args == ["XNYS", "2026-11-27"]
    assert job.timeout == queues.KINDS["snapshot"].timeout
    assert job.result_ttl == queues.RESULT_SECONDS
    assert job.failure_ttl == queues.FAILURE_SECONDS
    assert (job.retries_left, job.retry_intervals) == (3, [60, 300, 900])
    assert b"\x80\x04" not in b"".join(connection.hgetall(job.key).values())


def test_without_redis_there_are_no_jobs_and_the_sentence_says_what_to_do():
    with pytest.raises(ServiceError, match="REDIS_ENABLED=true"):
        queues.connect({"REDIS_ENABLED": False})
