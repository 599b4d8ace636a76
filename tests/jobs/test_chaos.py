"""A trading day during which everything that can be killed is killed, on real servers."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime

import flask_migrate
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from stockscore import create_app
from stockscore.extensions import db
from stockscore.providers.base import Listing
from stockscore.services import timetable
from stockscore.store import fetches, runs, stocks
from stockscore.store.models import Fetch, JobRun, RefreshChunk, Snapshot, Stock, StoredBar
from stockscore.store.transactions import transaction
from tests.support import postgresql, worker_processes
from tests.support.redis_server import running_redis
from tests.support.replay import served_market
from tests.support.servers import MissingError
from tests.support.waiting import wait_until

DAY = date(2026, 8, 21)
EVERY = 180
FAULTS = {"429": 0.04, "500": 0.04, "reset": 0.04, "garbage": 0.03, "empty": 0.03, "timeout": 0.02}
"""Together every fifth request, of every kind there is."""

_NAMES = (
    "AAPL MSFT NVDA AMZN JPM XOM KO PEP V HD GS DIS ABBV CRM GOOG CAT MCD IBM BA MMM AXP TRV HON "
    "NKE PG JNJ MRK UNH"
)
TICKERS = tuple(_NAMES.split())
KILLS = 50


class Clock:
    """The clock of all processes, in a file that is replaced whole."""

    def __init__(self, path) -> None:
        self.path = path

    def move(self, hour: int, minute: int, second: int = 0) -> None:
        moment = datetime(DAY.year, DAY.month, DAY.day, hour, minute, second, tzinfo=UTC)
        new = self.path.with_suffix(".new")
        new.write_text(moment.isoformat(), "ascii")
        new.replace(self.path)


@pytest.fixture
def own_postgresql(worker_id):
    """A server of the test's own with an empty database: its address, and what crashes it."""
    try:
        address, restart = postgresql.own_postgresql(f"chaos-{worker_id}")
    except MissingError as reason:
        pytest.skip(str(reason))
    return postgresql.new_database(address, "chaos"), restart


@pytest.fixture
def durable_redis(tmp_path):
    """A Redis with its append-only file, as in docker-compose.yml."""
    folder = tmp_path / "redis"
    folder.mkdir()
    with running_redis(folder, "--appendonly", "yes", "--appendfsync", "everysec") as server:
        yield server


@pytest.fixture
def clock(tmp_path):
    made = Clock(tmp_path / "clock")
    made.move(13, 0)
    return made


@pytest.fixture
def settings(own_postgresql, durable_redis, clock):
    """What all processes of a test are told."""
    return {
        **worker_processes.FAST_SOURCE,
        "PROVIDER_TIMEOUT_SECONDS": "0.5",
        "DATABASE_URL": own_postgresql[0],
        "REDIS_ENABLED": "true",
        "REDIS_URL": durable_redis.url,
        "QUEUE_REDIS_URL": durable_redis.url,
        "REFRESH_EVERY_MINUTES": str(EVERY),
        "CLOCK_FILE": str(clock.path),
    }


@pytest.fixture
def app(settings):
    """The site, whose universe has a few dozen stocks."""
    made = create_app({**settings, "REDIS_ENABLED": True, "TESTING": True})
    with made.app_context():
        flask_migrate.upgrade()
        with transaction():
            listings = [Listing(ticker, ticker, "XNYS", "USD") for ticker in TICKERS]
            stocks.save_listings(listings, "test", worker_processes.LONG_AGO)
        yield made
        db.session.remove()
        db.engine.dispose()


def asked(question):
    """The answer of a database that may be starting again; None while it is."""
    try:
        db.session.rollback()
        return question()
    except DBAPIError:
        db.session.remove()
        return None


def ended(slot: str):
    """The run of a slot once it has ended."""

    def look():
        run = runs.of_slot(slot)
        return run if run is not None and run.state != runs.RUNNING else None

    return asked(look)


def scored(slot: str):
    """The run of a refresh once the score after it has ended too."""
    run = ended(slot)
    return run if run and (run.state == runs.SKIPPED or ended(f"score-{run.id}")) else None


def wait_for_more(slot: str) -> None:
    """Until a few more stocks are done, or the slot's run has ended."""
    before = wait_until(lambda: asked(lambda: (worker_processes.done_stocks(),)), "no database")[0]
    wait_until(
        lambda: (asked(worker_processes.done_stocks) or 0) > before + 3 or ended(slot),
        "it stands still",
    )


def stale() -> list[str]:
    """Tickers whose prices or statements were never had."""
    had = select(Fetch.stock_id).where(Fetch.state == fetches.OK).group_by(Fetch.stock_id)
    whole = had.having(func.count() == 2)
    return list(db.session.scalars(select(Stock.ticker).where(Stock.id.not_in(whole))))


def the_days_slots() -> list[str]:
    first, last = (datetime(DAY.year, DAY.month, DAY.day, hour, tzinfo=UTC) for hour in (0, 23))
    return [slot.id for slot in timetable.listing(["XNYS"], EVERY, first, last)]


@pytest.mark.replay
def test_a_day_of_kills_leaves_nothing_stale_doubled_lost_or_waiting(
    app, settings, own_postgresql, durable_redis, clock, tmp_path
):
    slots = the_days_slots()
    assert [slot[:7] for slot in slots] == ["refresh"] * 4 + ["snapsho"]
    with (
        served_market(FAULTS, seed=7) as market,
        worker_processes.workers({**settings, **market}, tmp_path / "workers", 2) as workers,
        worker_processes.schedulers(workers.environment, tmp_path / "schedulers", 2) as two,
    ):
        clock.move(13, 35, 1)
        wait_until(lambda: asked(worker_processes.done_stocks), "nothing is done")
        workers.kill()
        workers.start()
        two.kill()
        two.start()
        wait_for_more(slots[0])
        durable_redis.kill()
        durable_redis.start()
        wait_for_more(slots[0])
        own_postgresql[1]()
        wait_until(lambda: scored(slots[0]), slots[0])
        for slot, (hour, minute) in zip(slots[1:4], [(16, 35), (19, 35), (20, 15)], strict=True):
            clock.move(hour, minute, 1)
            wait_until(lambda slot=slot: scored(slot), slot)
        clock.move(20, 30, 1)
        wait_until(lambda: ended(slots[4]), slots[4])
        for again in range(4):
            # What failed by its own faults in the last slot is had by the next one.
            if not stale():
                break
            by_hand = f"refresh-by-hand-{again}"
            worker_processes.enqueue(durable_redis.client, "refresh", by_hand)
            wait_until(lambda by_hand=by_hand: scored(by_hand), by_hand)
        assert stale() == []
        assert workers.stop() == [0, 0]

    ran = Counter(db.session.scalars(select(JobRun.slot).where(JobRun.slot.is_not(None))))
    assert set(ran.values()) == {1}
    assert {slot for slot in ran if slot.split("-")[1] == "XNYS"} == set(slots)
    # The evening before, and the night, were over when the schedulers began.
    assert not db.session.scalars(select(JobRun).where(JobRun.state == runs.RUNNING)).all()
    assert not db.session.scalars(
        select(RefreshChunk).where(RefreshChunk.state.in_(("waiting", "running")))
    ).all()
    assert runs.of_slot(slots[4]).state == runs.DONE
    taken = db.session.execute(
        select(Snapshot.session, func.count()).group_by(Snapshot.session)
    ).all()
    assert taken == [(DAY, len(TICKERS))]
    counts = set(
        db.session.scalars(
            select(func.count())
            .where(StoredBar.session >= date(2026, 1, 1))
            .group_by(StoredBar.stock_id)
        )
    )
    assert len(counts) == 1, "a stock lacks sessions that others have"


def test_schedulers_killed_fifty_times_enqueue_every_slot_once(
    app, settings, durable_redis, clock, tmp_path
):
    chance = random.Random(11)  # noqa: S311  moments, no secrets
    wanted = [slot for slot in the_days_slots() if slot.startswith("refresh")]
    enqueued: Counter[str] = Counter()

    def take() -> None:
        """Takes what waits out of the queue, as a worker does, and notes the run."""
        while taken := durable_redis.client.lpop("rq:queue:market"):
            slot = taken.decode()
            enqueued[slot] += 1
            with transaction():
                run_id = runs.start(slot.split("-")[0], slot, worker_processes.LONG_AGO)
                if run_id is not None:
                    runs.finish(run_id, worker_processes.LONG_AGO, runs.SKIPPED)

    times = [(13, 35), (16, 35), (19, 35), (20, 15)]
    log = tmp_path / "log"
    with worker_processes.schedulers(worker_processes.environment_of(settings), log, 2) as two:
        for kill in range(KILLS):
            hour, minute = times[kill * len(times) // KILLS]
            clock.move(hour, minute, kill % 60)
            # At any moment of its start and of its first rounds.
            with suppress(subprocess.TimeoutExpired):
                two.running[0].wait(chance.uniform(0.0, 0.9))
                pytest.fail("a scheduler ended by itself")
            two.kill()
            two.start()
            if kill % 5 == 4:
                # Until somebody comes that far, which a kill in each second may prevent.
                due = wanted[kill * len(times) // KILLS]
                wait_until(lambda due=due: take() or enqueued[due], due)
        take()
    assert {slot: enqueued[slot] for slot in wanted} == dict.fromkeys(wanted, 1)
    assert set(enqueued.values()) == {1}
