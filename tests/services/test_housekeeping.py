"""What housekeeping deletes, what it never touches, and what it says of failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from stockscore.extensions import db
from stockscore.providers.base import Listing
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.services import housekeeping
from stockscore.store import chunks, fetches, quarantine, runs, stocks
from stockscore.store.models import JobRun, Quarantine, RefreshChunk
from stockscore.store.transactions import transaction

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
HELD = RejectedValue("price-jump", "price", "1", "2", "no")


def days(number: float) -> datetime:
    return NOW - timedelta(days=number)


@pytest.fixture
def app(app_on, database_url):
    """Here every test runs on both kinds of database."""
    made = app_on(database_url)
    with made.app_context():
        yield made


@pytest.fixture
def ids(app):
    with transaction():
        stocks.save_listings([Listing(t, t, "XNYS", "USD") for t in "AB"], "test", days(400))
    return [stock.id for stock in stocks.active()]


def ran(job: str, started: datetime, state: str = runs.DONE, slot: str | None = None) -> int:
    with transaction():
        run_id = runs.start(job, slot, started)
        if state != runs.RUNNING:
            runs.finish(run_id, started, state)
        if job == "refresh":
            chunks.add(run_id, [[(1, ["prices"])]], [f"job-{run_id}"])
    return run_id


def left(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_old_chunks_and_runs_go_and_what_runs_stays(app):
    ran("refresh", days(200))
    ran("refresh", days(40))
    kept = ran("refresh", days(20))
    running = ran("refresh", days(300), runs.RUNNING)
    done = housekeeping.clean_up(NOW)
    assert (done.chunks, done.runs) == (2, 1)
    db.session.rollback()
    assert set(db.session.scalars(select(RefreshChunk.run_id))) == {kept, running}
    assert left(JobRun) == 3
    assert housekeeping.clean_up(NOW).sentence.startswith("0 old rows deleted.")


def test_resolved_cases_go_after_half_a_year_and_open_ones_never(ids):
    with transaction():
        for stock_id, seen in zip(ids, (days(300), days(300)), strict=True):
            quarantine.add(
                stock_id, RejectedValue("price-jump", "price", "1", "2", "no"), "test", seen
            )
        quarantine.resolve(ids[0], "price", days(200))
    assert housekeeping.clean_up(NOW).cases == 1
    assert left(Quarantine) == 1


def test_the_digest_names_what_failed_since_yesterday(ids):
    ran("score", days(0.5), runs.FAILED, "score-7")
    ran("score", days(2), runs.FAILED, "score-1")
    with transaction():
        fetches.record(ids[0], "prices", "unavailable", "no", "test", days(1))
        fetches.record(ids[1], "prices", fetches.OK, None, "test", days(1))
        quarantine.add(
            ids[1], RejectedValue("price-jump", "price", "1", "2", "no"), "test", days(1)
        )
    found = housekeeping.digest(NOW, failed_jobs=2)
    assert found == housekeeping.Digest(("score-7",), stale=1, quarantined=1, failed_jobs=2)
    assert found.sentence == (
        "Failed since yesterday: score-7; given up and kept among the failed jobs: 2; "
        "stocks not had for 3 days: 1; values held back: 1."
    )


def test_a_failure_makes_the_digest_a_warning_and_a_good_day_does_not(app, caplog):
    housekeeping.clean_up(NOW)
    assert not [record for record in caplog.records if record.levelname == "WARNING"]
    ran("snapshot", days(0.1), runs.FAILED, "snapshot-XNYS-20260304")
    housekeeping.clean_up(NOW)
    assert "snapshot-XNYS-20260304" in caplog.text
