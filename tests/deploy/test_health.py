"""The health checks of containers, as commands, against a real Redis."""

from __future__ import annotations

import pytest

from stockscore.jobs import health
from stockscore.services import heartbeats
from tests.support.ports import free_port


@pytest.fixture
def check(monkeypatch, redis_url, capsys):
    """`check(service)`: the exit status, and what was said."""
    monkeypatch.setenv("REDIS_ENABLED", "true")
    monkeypatch.setenv("QUEUE_REDIS_URL", redis_url)

    def run(*arguments):
        return health.main(arguments), capsys.readouterr().err

    return run


@pytest.mark.parametrize("process", heartbeats.PROCESSES)
def test_a_process_is_healthy_while_it_beats(check, connection, process):
    assert check(process) == (1, f"The {process} has given no sign of life.\n")
    heartbeats.beat(connection, process)
    assert check(process) == (0, "")


def test_a_worker_elsewhere_does_not_speak_for_this_one(check, connection, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "another-container")
    heartbeats.beat(connection, heartbeats.WORKER)
    monkeypatch.setattr("socket.gethostname", lambda: "this-container")
    assert check("worker")[0] == 1


def test_what_is_silent_for_more_than_a_minute_is_not_healthy(check, connection):
    heartbeats.beat(connection, heartbeats.SCHEDULER)
    for key in connection.keys("stockscore:beat:scheduler*"):
        connection.set(key, "1000.0")
    status, said = check("scheduler")
    assert status == 1
    assert said.startswith("The scheduler has given no sign of life for ")


def test_a_redis_that_is_gone_is_said(check, monkeypatch):
    monkeypatch.setenv("QUEUE_REDIS_URL", "redis://127.0.0.1:1/0")
    status, said = check("worker")
    assert status == 1
    assert "does not answer" in said


@pytest.mark.parametrize("service", ["web", "rq-dashboard"])
def test_a_server_that_does_not_answer_is_not_healthy(check, monkeypatch, service):
    monkeypatch.setenv("PORT", str(free_port()))
    status, said = check(service)
    assert status == 1
    assert "answers: nothing" in said


def test_a_service_that_is_not_known_is_a_wrong_question(check):
    assert check("wroker")[0] == 2
    assert check()[0] == 2
