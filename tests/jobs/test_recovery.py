"""What the database says is to be done finds its way back into the queues."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from rq.job import JobStatus

from stockscore.extensions import db
from stockscore.jobs import queues, recovery
from stockscore.providers.base import Listing
from stockscore.services.refresh import chunk, plan
from stockscore.store import chunks, runs, stocks
from stockscore.store.transactions import transaction
from tests.support.scripted_source import Source

NOW = datetime(2026, 3, 5, 21, 30, tzinfo=UTC)
SLOT = "refresh-by-hand-1"


@pytest.fixture
def app(app_on, database_url, monkeypatch):
    """Here every test runs on both kinds of database; four stocks, in chunks of two."""
    monkeypatch.setattr(plan, "CHUNK_SIZE", 2)
    made = app_on(database_url)
    with made.app_context():
        with transaction():
            listings = [Listing(ticker, ticker, "XNYS", "USD") for ticker in "ABCD"]
            stocks.save_listings(listings, "test", NOW - timedelta(days=9))
        yield made


@pytest.fixture
def run_id(app) -> int:
    """The run of a refresh that has been cut into two chunks."""
    return plan.plan(SLOT, NOW, 60).run_id


def work(run_id: int, number: int, stop=lambda: False):
    source = Source()
    return chunk.work(source, source.clock, run_id, number, f"{SLOT}-c{number}", "me", stop)


def end(connection, job_id: str, status: JobStatus) -> None:
    """Lets a job that waits end as RQ would write it."""
    job = queues.job_of(connection, job_id)
    connection.lrem(f"rq:queue:{job.origin}", 0, job_id)
    job.set_status(status)


def waiting(connection) -> list[str]:
    return [
        job_id
        for name in queues.NAMES
        for job_id in queues.queue_of(connection, name).get_job_ids()
    ]


def test_chunks_of_a_redis_that_lost_everything_are_enqueued_once(run_id, connection):
    wanted = [f"{SLOT}-c1", f"{SLOT}-c2"]
    assert recovery.tend(connection, NOW) == wanted
    assert recovery.tend(connection, NOW) == []
    connection.flushall()
    assert recovery.tend(connection, NOW) == wanted
    assert waiting(connection) == wanted


def test_a_chunk_that_somebody_does_is_left_to_them_until_they_give_no_sign(run_id, connection):
    with transaction():
        part = chunks.locked(run_id, 1)
        part.state, part.holder = chunks.RUNNING, "somebody"
        part.lease_until = NOW + timedelta(minutes=3)
    assert recovery.tend(connection, NOW) == [f"{SLOT}-c2"]
    assert recovery.tend(connection, NOW + timedelta(minutes=4)) == [f"{SLOT}-c1"]


def test_a_refresh_whose_score_was_never_enqueued_is_scored(run_id, connection):
    for number in (1, 2):
        work(run_id, number)
    assert runs.of_id(run_id).state == runs.DONE
    assert recovery.tend(connection, NOW) == [f"score-{run_id}"]
    assert recovery.tend(connection, NOW) == []
    with transaction():
        runs.start("score", f"score-{run_id}", NOW)
        runs.finish(runs.of_slot(f"score-{run_id}").id, NOW)
    connection.flushall()
    assert recovery.tend(connection, NOW) == []


def test_a_refresh_that_waited_for_another_one_is_not_forgotten(app, connection):
    with transaction():
        runs.claim("refresh", SLOT, NOW)
    assert recovery.tend(connection, NOW) == [], "it may be at work"
    assert recovery.tend(connection, NOW + timedelta(minutes=20)) == [SLOT]
    assert waiting(connection) == [SLOT]


def test_a_job_that_failed_for_good_ends_its_chunk_and_the_rest_is_scored(run_id, connection):
    recovery.tend(connection, NOW)
    end(connection, f"{SLOT}-c1", JobStatus.FAILED)
    work(run_id, 2)
    recovery.tend(connection, NOW)
    db.session.expire_all()
    run = runs.of_id(run_id)
    assert (run.state, run.updated, run.ended_at) == (runs.FAILED, 2, NOW)
    assert f"{SLOT}-c1 failed for good" in run.message
    assert f"score-{run_id}" in recovery.tend(connection, NOW)


def test_a_job_that_ended_without_its_work_is_enqueued_again(run_id, connection):
    recovery.tend(connection, NOW)
    end(connection, f"{SLOT}-c1", JobStatus.FINISHED)
    assert recovery.tend(connection, NOW) == [f"{SLOT}-c1"]
    assert sorted(waiting(connection)) == [f"{SLOT}-c1", f"{SLOT}-c2"]


def test_a_score_whose_worker_ended_three_times_has_failed(app, connection):
    with transaction():
        runs.claim("score", "score-7", NOW - timedelta(minutes=20))
    assert recovery.tend(connection, NOW) == ["score-7"]
    end(connection, "score-7", JobStatus.FAILED)
    assert recovery.tend(connection, NOW) == []
    db.session.expire_all()
    assert runs.of_slot("score-7").state == runs.FAILED


def test_a_failed_run_whose_next_try_was_lost_gets_it_within_the_half_hour(app, connection):
    slot = "snapshot-XNYS-20260305"
    with transaction():
        run = runs.claim("snapshot", slot, NOW)
        runs.finish(run.id, NOW, runs.FAILED, message="It was not to be.")
    assert recovery.tend(connection, NOW) == [slot]
    connection.flushall()
    assert recovery.tend(connection, NOW + timedelta(hours=1)) == []


def test_runs_of_commands_are_nobodys_business(app, connection):
    with transaction():
        runs.start("refresh", None, NOW)
    assert recovery.tend(connection, NOW) == []
