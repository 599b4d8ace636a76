"""The scheduler under a moved clock, on a real Redis and database: which slots, and when."""

from __future__ import annotations

import dataclasses
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from zoneinfo import ZoneInfo

import pytest

from stockscore.jobs import queues
from stockscore.services import calendars, heartbeats, schedule_entries, timetable
from stockscore.store import chunks, editions, runs, sessions, snapshots, stocks
from stockscore.store.summary import EditionSummary
from stockscore.store.transactions import transaction
from tests.support import small_market
from tests.support.scheduling import TUESDAY, HandClock, Rehearsal, market

NEW_YORK = ZoneInfo("America/New_York")
FULL = [hour(9 + n, 35) for n in range(7)] + [hour(16, 15)]
HALF = [hour(9 + n, 35) for n in range(4)] + [hour(13, 15)]


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def rehearsal_on(app_on, redis_url, connection, clock):
    """`rehearsal_on(url, **settings)`: a scheduler on a database."""

    def make(url, **more):
        given = {"REDIS_ENABLED": True, "QUEUE_REDIS_URL": redis_url, "CLOCK": clock}
        rehearsal = Rehearsal(app_on(url, **given, **more), connection, clock)
        rehearsal.know_the_calendar()
        return rehearsal

    return make


@pytest.fixture
def rehearsal(rehearsal_on, sqlite_url):
    return rehearsal_on(sqlite_url)


def play(rehearsal, start, end, minutes=5):
    """Lets the clock run from one moment to another, always 50 ms late; what workers got, and how
    late each slot was, by id."""
    rehearsal.clock.now = start + timedelta(milliseconds=50)
    rehearsal.settle()
    scheduler, enqueued = rehearsal.another(tend=3600), {}
    while rehearsal.clock() < end:
        rehearsal.round(scheduler)
        for slot in rehearsal.work():
            assert slot not in enqueued
            enqueued[slot] = rehearsal.clock()
        rehearsal.clock.move(minutes=minutes)
    return enqueued


def by_the_clock_of_new_york(enqueued):
    """Day -> times of its refreshes, from their ids; and the days of the snapshots."""
    days, recorded_days = defaultdict(list), []
    for slot in enqueued:
        job, _, stamp = slot.split("-")
        if job == "refresh":
            at = datetime.strptime(stamp, "%Y%m%dT%H%MZ").replace(tzinfo=UTC).astimezone(NEW_YORK)
            days[at.date()].append(at.time())
        else:
            recorded_days.append(datetime.strptime(stamp, "%Y%m%d").replace(tzinfo=UTC).date())
    return dict(days), recorded_days


def test_the_week_of_thanksgiving_has_exactly_its_slots(rehearsal_on, database_url):
    rehearsal = rehearsal_on(database_url)
    enqueued = play(
        rehearsal, datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)
    )
    days, recorded_days = by_the_clock_of_new_york(market(enqueued))
    assert days == {
        date(2026, 11, 23): FULL,
        date(2026, 11, 24): FULL,
        date(2026, 11, 25): FULL,
        date(2026, 11, 27): HALF,
    }
    assert recorded_days == list(days)
    assert len(enqueued) - len(market(enqueued)) == 5  # nights of housekeeping


@pytest.mark.slow
@pytest.mark.parametrize(
    ("monday", "opens"),
    [(datetime(2026, 3, 2, tzinfo=UTC), (14, 13)), (datetime(2026, 10, 26, tzinfo=UTC), (13, 14))],
)
def test_a_clock_change_moves_the_slots_with_the_exchange(rehearsal_on, sqlite_url, monday, opens):
    rehearsal = rehearsal_on(sqlite_url)
    rehearsal.clock.now = monday
    rehearsal.know_the_calendar()
    enqueued = market(play(rehearsal, monday, monday + timedelta(days=12)))
    days, recorded_days = by_the_clock_of_new_york(enqueued)
    weeks = [monday.date() + timedelta(days=n) for n in (*range(5), *range(7, 12))]
    assert days == dict.fromkeys(weeks, FULL)
    assert recorded_days == weeks
    hours = [slot[-5:-3] for slot in enqueued if slot.endswith("35Z")]
    assert (hours[0], hours[-1]) == (str(opens[0]), str(opens[1] + 6))


def test_each_slot_comes_in_the_round_after_its_moment_and_the_one_at_the_close_too(rehearsal):
    start = datetime(2026, 11, 27, 12, tzinfo=UTC)
    enqueued = play(rehearsal, start, start + timedelta(hours=9))
    rehearsal.clock.now = start
    with rehearsal.app.app_context():
        listed = timetable.listing(["XNYS"], 60, start, start + timedelta(hours=9))
    assert [slot.id for slot in listed][-2:] == [
        "refresh-XNYS-20261127T1815Z",
        "snapshot-XNYS-20261127",
    ]
    for slot in listed:
        assert enqueued[slot.id] - slot.due_at == timedelta(milliseconds=50)


def test_a_job_says_its_slot_and_waits_where_workers_look(rehearsal, connection):
    rehearsal.clock.now = datetime(2026, 11, 25, 3, tzinfo=UTC)
    assert market(rehearsal.round()) == ["refresh-XNYS-20261124T2115Z", "snapshot-XNYS-20261124"]
    for job, slot in (("refresh", "T2115Z"), ("snapshot", "")):
        found = queues.job_of(connection, f"{job}-XNYS-20261124{slot}")
        assert found.func_name == queues.KINDS[job].function
        assert found.args == [found.id]
        assert found.origin in queues.NAMES
        assert found.timeout == queues.KINDS[job].timeout


def test_what_is_too_late_is_not_begun(rehearsal):
    rehearsal.clock.now = datetime(2026, 11, 24, 17, 40, tzinfo=UTC)
    assert market(rehearsal.round()) == ["refresh-XNYS-20261124T1735Z"]


def test_without_a_worker_for_a_day_every_slot_waits_once(rehearsal):
    rehearsal.settle()
    start = TUESDAY
    while rehearsal.clock() < start + timedelta(days=1):
        rehearsal.round()
        rehearsal.clock.move(minutes=10)
    waiting = market(rehearsal.waiting())
    assert waiting == rehearsal.listed(start, rehearsal.clock())
    assert market(rehearsal.work()) == waiting


def test_a_job_slower_than_its_interval_is_not_begun_again(rehearsal, connection):
    rehearsal.clock.now = datetime(2026, 11, 24, 15, tzinfo=UTC)
    (slow,) = market(rehearsal.round())
    connection.lpop("rq:queue:market", 9)
    with rehearsal.app.app_context(), transaction():
        run_id = runs.start("refresh", slow, rehearsal.clock())
        chunks.add(run_id, [[(1, ["prices"])]], [f"{slow}-c1"])
        chunk = chunks.locked(run_id, 1)
        chunk.state, chunk.lease_until = chunks.RUNNING, rehearsal.clock() + timedelta(hours=1)
    # Not even where Redis has forgotten that the job is running.
    connection.flushall()
    rehearsal.clock.move(minutes=30)
    assert slow not in rehearsal.round()
    rehearsal.clock.move(minutes=30)
    assert market(rehearsal.round()) == ["refresh-XNYS-20261124T1535Z"]


@pytest.mark.parametrize("redis_forgets", [False, True])
def test_a_clock_that_steps_back_an_hour_runs_nothing_twice_and_skips_nothing(
    rehearsal, connection, redis_forgets
):
    rehearsal.settle()
    start, seen = TUESDAY, []
    for step in range(10 * 6):
        if step == 30:
            rehearsal.clock.move(hours=-1)
            if redis_forgets:
                connection.flushall()
        rehearsal.round()
        seen += rehearsal.work()
        rehearsal.clock.move(minutes=12)
    assert sorted(market(seen)) == sorted(rehearsal.listed(start, rehearsal.clock()))


def test_a_clock_that_was_days_ahead_and_is_set_right_keeps_no_slot_waiting(rehearsal):
    rehearsal.clock.move(days=30)
    rehearsal.round()
    rehearsal.work()
    rehearsal.clock.now = datetime(2026, 11, 24, 14, 36, tzinfo=UTC)
    assert "refresh-XNYS-20261124T1435Z" in rehearsal.round()


def test_a_redis_that_comes_back_empty_gets_its_entries_and_what_was_not_begun(
    rehearsal, connection
):
    rehearsal.clock.now = datetime(2026, 11, 24, 21, 20, tzinfo=UTC)
    rehearsal.round()
    begun = rehearsal.work()
    rehearsal.clock.move(minutes=15)
    (waits,) = rehearsal.round()
    connection.flushall()
    assert rehearsal.round() == [waits]
    assert waits == "snapshot-XNYS-20261124"
    assert "refresh-XNYS-20261124T2115Z" in begun
    assert connection.zcard(schedule_entries.ENTRIES) == 3


def record_first_edition(rehearsal, now):
    with rehearsal.app.app_context(), transaction():
        editions.add(
            published_at=now,
            known_at=now,
            as_of=now,
            method="1.0",
            fingerprint="x",
            simulated=False,
            stocks=0,
            rated=0,
            summary=EditionSummary(now.date()),
        )


def test_missed_snapshots_since_the_first_edition_are_made_up(rehearsal):
    record_first_edition(rehearsal, datetime(2026, 11, 13, 22, tzinfo=UTC))
    noted = datetime(2026, 11, 20, 22, tzinfo=UTC)
    with rehearsal.app.app_context(), transaction():
        snapshots.record_day("XNYS", date(2026, 11, 16), "taken", noted)
        snapshots.record_day("XNYS", date(2026, 11, 17), "gap", noted, "no data")
        runs.finish(runs.start("snapshot", "snapshot-XNYS-20261118", noted), noted)
    made_up = [slot for slot in rehearsal.round() if slot.startswith("snapshot")]
    # That of Friday the 13th was due before anything was published; Monday's is not too late.
    assert made_up == [f"snapshot-XNYS-202611{day}" for day in (19, 20, 23)]
    rehearsal.work()
    assert rehearsal.round() == []


def test_without_an_edition_there_is_no_snapshot_to_make_up(rehearsal):
    rehearsal.round()
    assert [s for s in rehearsal.waiting() if s.startswith("snapshot")] == [
        "snapshot-XNYS-20261123"
    ]


def test_the_calendar_rolls_on_by_itself_for_a_year_and_more(rehearsal):
    rehearsal.round()
    for _ in range(6):
        rehearsal.clock.move(days=91)
        rehearsal.round()
        with rehearsal.app.app_context():
            _first, last = sessions.span("XNYS")
        assert last - rehearsal.clock().date() >= calendars.ENOUGH - timedelta(days=4)
    rehearsal.clock.now = datetime(2028, 7, 5, 14, tzinfo=UTC)
    assert "refresh-XNYS-20280705T1335Z" in rehearsal.round()


def test_an_exchange_joins_the_schedule_with_its_first_stock_and_leaves_with_its_last(
    rehearsal, connection
):
    rehearsal.round()
    listing = dataclasses.replace(small_market.listing(0), exchange="XTKS", currency="JPY")
    with rehearsal.app.app_context(), transaction():
        stocks.save_listings([listing], "test", rehearsal.clock())
    rehearsal.clock.now = datetime(2026, 11, 25, 3, 40, tzinfo=UTC)
    assert "refresh-XTKS-20261125T0205Z" in rehearsal.round()
    rehearsal.clock.now = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    # The snapshot of Tokyo is dated by its session, whatever day it is in New York or here.
    assert "snapshot-XTKS-20261125" in rehearsal.round()
    with rehearsal.app.app_context(), transaction():
        stocks.remove([stocks.find(listing.ticker).id], rehearsal.clock())
    rehearsal.round()
    ids = {name.decode() for name in connection.zrange(schedule_entries.ENTRIES, 0, -1)}
    assert ids == {"refresh-XNYS", "snapshot-XNYS", "housekeeping"}


POISON = {
    "no JSON": lambda redis, key: redis.hset(key, "meta", b"\x80\x04pickled"),
    "no data": lambda redis, key: redis.hdel(key, "data"),
    "no number": lambda redis, key: redis.hset(key, "timeout", "soon"),
    "no definition": lambda redis, key: redis.hset(key, "meta", '{"definition": {"a": 1}}'),
    "no interval": lambda redis, key: redis.hset(
        key,
        "meta",
        '{"definition": {"job": "refresh", "exchange": "XNYS", "every_minutes": 0}}',
    ),
    "no hash": lambda redis, key: (redis.delete(key), redis.set(key, "text")),
    "nothing": lambda redis, key: redis.delete(key),
}


@pytest.mark.parametrize("spoil", POISON.values(), ids=POISON)
def test_an_entry_that_cannot_be_used_is_set_aside_and_reported_and_made_anew(
    rehearsal, connection, spoil
):
    scheduler = rehearsal.another(tend=3600)
    rehearsal.round(scheduler)
    rehearsal.work()
    spoil(connection, "rq:job:refresh-XNYS")
    rehearsal.clock.now = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    # The others go on in the same round, ours is made anew in the next.
    assert market(rehearsal.round(scheduler)) == ["snapshot-XNYS-20261124"]
    assert "refresh-XNYS-20261124T2115Z" in rehearsal.round(scheduler)
    kept = schedule_entries.read(rehearsal.app.config)
    (aside,) = kept.set_aside
    assert (aside.id, aside.set_aside_at) == ("refresh-XNYS", rehearsal.clock())
    assert "refresh-XNYS" in {entry.id for entry in kept.entries}
    with rehearsal.app.app_context():
        (run,) = [run for run in runs.recent() if run.job == "schedule"]
        assert run.state == "failed"
        assert run.message.startswith("The entry refresh-XNYS of the schedule cannot be used")


def test_an_entry_of_others_is_enqueued_as_rq_scheduler_does(rehearsal, connection):
    rehearsal.scheduler.schedule(TUESDAY, "theirs.job", id="theirs", interval=60)
    connection.zadd(schedule_entries.ENTRIES, {b"\xff\xfe": 0})
    assert "theirs" in rehearsal.round()
    assert connection.zscore(schedule_entries.ENTRIES, "theirs") > time.time()
    assert connection.zscore(schedule_entries.ENTRIES, b"\xff\xfe") is None


def test_every_round_is_a_sign_of_life_even_of_one_that_has_to_wait(rehearsal, connection):
    connection.set("rq:scheduler_lock", "another's", ex=60)
    rehearsal.round()
    assert rehearsal.waiting() == []
    assert heartbeats.pulses(rehearsal.app.config)[0].alive


def test_an_outage_is_said_once_and_waited_for(rehearsal, connection, caplog):
    scheduler = rehearsal.another()
    connection.set(schedule_entries.ENTRIES, "no sorted set")
    for _ in range(3):
        scheduler.run(burst=True)
    connection.delete(schedule_entries.ENTRIES)
    scheduler.run(burst=True)
    said = [record.getMessage().split(":")[0] for record in caplog.records]
    assert said[0] == "The scheduler waits"
    assert said.count("The scheduler waits") == said.count("The scheduler works again after") == 1
    assert connection.zcard(schedule_entries.ENTRIES) == 3
