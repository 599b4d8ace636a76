"""The schedule as data: what is new, what stands, what has changed and what is gone."""

from __future__ import annotations

import pytest

from stockscore.jobs import schedule
from stockscore.jobs.schedule import Definition
from stockscore.services import schedule_entries
from tests.support.scheduling import HandClock, Rehearsal

REFRESH = Definition("refresh", "XNYS", 60)
SNAPSHOT = Definition("snapshot", "XNYS")


@pytest.fixture
def rehearsal(app_on, sqlite_url, redis_url, connection):
    clock = HandClock()
    app = app_on(sqlite_url, REDIS_ENABLED=True, QUEUE_REDIS_URL=redis_url, CLOCK=clock)
    return Rehearsal(app, connection, clock)


@pytest.fixture
def arrange(rehearsal):
    """Makes the entries those defined; the difference that was found."""

    def make(*definitions):
        with rehearsal.app.app_context():
            return rehearsal.scheduler.arrange(definitions, rehearsal.clock())

    return make


def times(connection):
    """Ids of the entries with their next times, in seconds."""
    return {
        name.decode(): at
        for name, at in connection.zrange(schedule_entries.ENTRIES, 0, -1, False, True)
    }


def test_a_new_definition_is_added_and_looked_at_now(arrange, connection, rehearsal):
    arrange(REFRESH)
    assert times(connection) == {"refresh-XNYS": rehearsal.clock().timestamp()}
    assert arrange(REFRESH, SNAPSHOT).save == (SNAPSHOT,)
    assert set(times(connection)) == {"refresh-XNYS", "snapshot-XNYS"}


def test_an_existing_definition_keeps_its_entry_and_its_next_time(arrange, connection, rehearsal):
    arrange(REFRESH)
    before = connection.hgetall("rq:job:refresh-XNYS"), times(connection)
    rehearsal.clock.move(hours=-2)
    assert arrange(REFRESH) == schedule.Difference((), ())
    assert (connection.hgetall("rq:job:refresh-XNYS"), times(connection)) == before


def test_a_modified_definition_is_saved_anew_and_no_other(arrange, connection, rehearsal):
    arrange(REFRESH, SNAPSHOT)
    before = connection.hgetall("rq:job:snapshot-XNYS")
    rehearsal.clock.move(hours=1)
    often = Definition("refresh", "XNYS", 15)
    assert arrange(often, SNAPSHOT) == schedule.Difference((often,), ())
    assert arrange(often, SNAPSHOT) == schedule.Difference((), ())
    assert times(connection)["refresh-XNYS"] == rehearsal.clock().timestamp()
    assert connection.hgetall("rq:job:snapshot-XNYS") == before


def test_a_removed_definition_is_gone_and_no_other(arrange, connection):
    arrange(REFRESH, SNAPSHOT)
    assert arrange(SNAPSHOT).remove == ("refresh-XNYS",)
    assert set(times(connection)) == {"snapshot-XNYS"}
    assert not connection.exists("rq:job:refresh-XNYS")


def test_entries_of_others_are_never_touched(arrange, connection, rehearsal):
    theirs = rehearsal.scheduler.schedule(rehearsal.clock(), "theirs.job", id="theirs")
    before = connection.hgetall(theirs.key), times(connection)["theirs"]
    arrange(REFRESH)
    arrange()
    assert (connection.hgetall(theirs.key), times(connection)["theirs"]) == before


def test_a_market_is_two_entries_an_exchange_and_one_for_the_house():
    ids = [definition.id for definition in schedule.definitions(["XLON", "XNYS"], "XNYS", 60)]
    exchanges = ["refresh-XLON", "snapshot-XLON", "refresh-XNYS", "snapshot-XNYS"]
    assert ids == [*exchanges, "housekeeping"]


def test_the_interval_of_a_refresh_alone_changes_with_the_setting():
    hourly = schedule.definitions(["XNYS"], "XNYS", 60)
    existing = {one.id: one.as_data() for one in hourly}
    change = schedule.difference(schedule.definitions(["XNYS"], "XNYS", 30), existing)
    assert [one.id for one in change.save] == ["refresh-XNYS"]
    assert change.remove == ()
