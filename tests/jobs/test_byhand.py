"""Jobs that a person asks for, on a real Redis."""

from __future__ import annotations

import pytest

from stockscore.jobs import queues
from stockscore.services import background, heartbeats


@pytest.fixture
def app(app_on, sqlite_url, redis_url):
    return app_on(sqlite_url, REDIS_ENABLED=True, REDIS_URL=redis_url, QUEUE_REDIS_URL=redis_url)


@pytest.mark.parametrize("job", background.JOBS)
def test_flask_jobs_enqueue_puts_it_where_workers_look(app, connection, job):
    result = app.test_cli_runner().invoke(args=["jobs", "enqueue", job])
    assert result.exit_code == 0, result.output
    (job_id,) = queues.queue_of(connection, queues.KINDS[job].queue).get_job_ids()
    assert job_id.startswith(f"{job}-by-hand-")
    assert f"Enqueued {job_id};" in result.output
    assert queues.job_of(connection, job_id).args == [job_id]
    assert "No worker is at work" in result.output


def test_it_does_not_warn_where_a_worker_is_at_work(app, connection):
    heartbeats.beat(connection, heartbeats.WORKER)
    result = app.test_cli_runner().invoke(args=["jobs", "enqueue", "score"])
    assert "No worker" not in result.output


def test_an_unknown_job_is_wrong_usage(app):
    result = app.test_cli_runner().invoke(args=["jobs", "enqueue", "chunk"])
    assert result.exit_code == 2
    assert "'chunk' is not one of 'refresh'" in result.output


def test_without_redis_it_says_what_does_the_same_work(app_on, sqlite_url):
    result = app_on(sqlite_url).test_cli_runner().invoke(args=["jobs", "enqueue", "score"])
    assert result.exit_code == 1
    assert "set REDIS_ENABLED=true" in result.output


def test_a_redis_that_does_not_answer_is_a_sentence(app_on, sqlite_url):
    gone = {"REDIS_ENABLED": True, "QUEUE_REDIS_URL": "redis://127.0.0.1:1/0"}
    result = app_on(sqlite_url, **gone).test_cli_runner().invoke(args=["jobs", "enqueue", "score"])
    assert result.exit_code == 1
    assert "does not answer" in result.output
