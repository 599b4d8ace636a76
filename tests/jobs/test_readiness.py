"""/readyz, /status and /metrics on what runs behind the pages, with a real Redis."""

from __future__ import annotations

import re

import pytest

from stockscore.jobs import queues
from stockscore.services import heartbeats
from stockscore.services.backlog import backlogs
from tests.support import small_market
from tests.support.published_market import fill


@pytest.fixture
def site(app_on, sqlite_url, redis_url):
    """A browser of a published site whose background half uses the test's Redis."""
    app = app_on(
        sqlite_url,
        REDIS_ENABLED=True,
        REDIS_URL=redis_url,
        QUEUE_REDIS_URL=redis_url,
        CLOCK=lambda: small_market.NOW,
    )
    with app.app_context():
        fill()
    return app.test_client()


def beat_all(connection):
    for process in heartbeats.PROCESSES:
        heartbeats.beat(connection, process)


def test_ready_is_where_everything_lives(site, connection):
    beat_all(connection)
    ready = site.get("/readyz")
    assert ready.status_code == 200
    assert ready.json["problems"] == []
    assert ready.json["status"] == "ready"
    named = {name: ready.json[name] for name in ("database", "redis", "scheduler", "worker")}
    assert named == {"database": "ok", "redis": "ok", "scheduler": "alive", "worker": "alive"}
    assert ready.json["cache_redis"] == "working"


def test_a_dead_scheduler_is_named_and_takes_no_page_from_its_readers(site, connection):
    beat_all(connection)
    connection.set("stockscore:beat:scheduler", "1000.0")
    degraded = site.get("/readyz")
    assert degraded.status_code == 200
    assert degraded.json["status"] == "degraded"
    assert degraded.json["scheduler"] == "silent"
    assert degraded.json["scheduler_beat_age_seconds"] > 60
    (sentence,) = degraded.json["problems"]
    assert sentence.startswith("The scheduler has given no sign of life for ")
    assert "silent" in site.get("/status").text
    assert site.get("/status.json").json["background"]["worker"] == "alive"


def test_a_redis_that_is_gone_is_named_and_nothing_is_guessed(app_on, sqlite_url):
    nobody = "redis://127.0.0.1:1/0"
    app = app_on(sqlite_url, REDIS_ENABLED=True, REDIS_URL=nobody, QUEUE_REDIS_URL=nobody)
    answer = app.test_client().get("/readyz").json
    assert (answer["redis"], answer["scheduler"]) == ("failed", "unknown")
    assert "The Redis of the background jobs does not answer." in answer["problems"]
    metrics = app.test_client().get("/metrics").text
    assert "stockscore_queues_redis_reachable 0" in metrics
    assert "stockscore_queue_jobs" not in metrics


def test_without_background_jobs_nothing_is_missing(client):
    answer = client.get("/readyz").json
    assert (answer["redis"], answer["scheduler"], answer["worker"]) == ("off", "off", "off")
    assert answer["problems"] == ["No edition is published yet."]
    assert "beat_age" not in client.get("/metrics").text


def test_metrics_count_what_waits_and_what_failed(site, connection):
    heartbeats.beat(connection, heartbeats.WORKER)
    queues.enqueue(connection, "score", "score-1")
    queues.enqueue(connection, "score", "score-2")
    failed = queues.queue_of(connection, queues.MARKET).failed_job_registry
    failed.add(queues.job_of(connection, "score-2"), ttl=60)
    text = site.get("/metrics").text
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert values['stockscore_queue_jobs{queue="market",state="waiting"}'] == "2"
    assert values['stockscore_queue_jobs{queue="market",state="failed"}'] == "1"
    assert values["stockscore_queues_redis_reachable"] == "1"
    assert values["stockscore_edition_age_seconds"] == "0"
    assert float(values['stockscore_beat_age_seconds{kind="worker"}']) < 60
    described = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    assert described == {name.split("{")[0] for name in values}


def test_the_backlog_agrees_with_rq(connection, redis_url):
    settings = {"REDIS_ENABLED": True, "QUEUE_REDIS_URL": redis_url}
    assert backlogs(settings) == ()
    queues.enqueue(connection, "chunk", "chunk-1")
    (backlog,) = backlogs(settings)
    queue = queues.queue_of(connection, queues.CHUNKS)
    assert (backlog.queue, backlog.waiting) == (queue.name, queue.count)
    assert queue.started_job_registry.key == "rq:wip:chunks"
    assert queue.failed_job_registry.key == "rq:failed:chunks"


def test_a_process_knows_whether_it_is_itself_that_beats(connection, redis_url, monkeypatch):
    settings = {"REDIS_ENABLED": True, "QUEUE_REDIS_URL": redis_url}
    heartbeats.beat(connection, heartbeats.WORKER)
    assert heartbeats.pulse_here(settings, heartbeats.WORKER).alive
    monkeypatch.setattr(heartbeats.socket, "gethostname", lambda: "another-container")
    assert heartbeats.pulse_here(settings, heartbeats.WORKER).age is None
