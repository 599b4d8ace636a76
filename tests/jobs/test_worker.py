"""`python worker.py` as it is run, on a real Redis and the real yfinance over a replayed Yahoo."""

from __future__ import annotations

import pytest

from stockscore.extensions import db
from stockscore.jobs import queues
from stockscore.providers.base import Listing
from stockscore.services import heartbeats
from stockscore.store import bars, runs, stocks
from stockscore.store.transactions import transaction
from tests.support import worker_processes
from tests.support.replay import served_market
from tests.support.waiting import PATIENCE_SECONDS, wait_until
from tests.support.worker_processes import FAST_SOURCE, enqueue

TICKERS = ("AAPL", "MSFT", "NVDA", "AMZN", "JPM", "XOM", "KO", "PEP", "V", "HD", "GS", "DIS")


@pytest.fixture
def settings(sqlite_url, redis_url):
    """What all processes of a test are told."""
    return {
        **FAST_SOURCE,
        "DATABASE_URL": sqlite_url,
        "REDIS_ENABLED": "true",
        "REDIS_URL": redis_url,
        "QUEUE_REDIS_URL": redis_url,
    }


@pytest.fixture
def app(app_on, settings):
    """The site, whose universe has a few stocks."""
    made = app_on(settings["DATABASE_URL"], **settings)
    with made.app_context():
        with transaction():
            listings = [Listing(ticker, ticker, "XNYS", "USD") for ticker in TICKERS]
            stocks.save_listings(listings, "test", worker_processes.LONG_AGO)
        yield made


def ended(slot: str):
    """The run of a slot once it has ended."""
    db.session.rollback()
    run = runs.of_slot(slot)
    return run if run is not None and run.state != runs.RUNNING else None


@pytest.mark.replay
def test_a_fresh_install_does_its_jobs_and_publishes_what_they_brought(
    app, settings, connection, tmp_path
) -> None:
    with (
        served_market() as market,
        worker_processes.workers({**settings, **market}, tmp_path / "log", 2) as workers,
    ):
        enqueue(connection, "refresh", "refresh-by-hand-1")
        score = wait_until(lambda: ended("score-1"), "no score")
        run = ended("refresh-by-hand-1")
        assert (run.state, run.expected, run.updated, run.failed) == ("done", 12, 12, 0)
        assert score.message == "Edition 1 is published: 12 of 12 stocks rated."
        assert wait_until(lambda: ended("warm-1"), "not warmed").message.startswith("3 pages")
        assert heartbeats.pulse_here(app.config, heartbeats.WORKER).alive
        assert workers.stop() == [0, 0]
    assert all(bars.of(stock.id) for stock in stocks.active())
    assert '"job_id": "refresh-by-hand-1", "state": "done"' in workers.said
    assert "Traceback" not in workers.said


@pytest.mark.replay
def test_a_worker_that_is_asked_to_end_gives_its_chunk_back(
    app, settings, connection, tmp_path
) -> None:
    slow = {**settings, "PROVIDER_RATE_PER_SECOND": "3"}
    with (
        served_market() as market,
        worker_processes.workers({**slow, **market}, tmp_path / "log") as workers,
    ):
        enqueue(connection, "refresh", "refresh-by-hand-1")
        wait_until(lambda: worker_processes.done_stocks() >= 2, "nothing is done")
        assert workers.stop() == [0]
        db.session.rollback()
        (chunk,) = worker_processes.chunks_of("refresh-by-hand-1")
        assert chunk.state == "waiting"
        assert 2 <= chunk.done < len(TICKERS)
        assert queues.job_of(connection, chunk.job_id).get_status() == "queued"


@pytest.mark.slow
def test_without_redis_it_says_what_to_do_and_ends(sqlite_url, tmp_path) -> None:
    told = {"DATABASE_URL": sqlite_url, "REDIS_ENABLED": "false"}
    with worker_processes.workers(told, tmp_path / "log") as workers:
        assert workers.running[0].wait(PATIENCE_SECONDS) == 1
        assert "set REDIS_ENABLED=true" in workers.said
