"""A scheduler on a database, a Redis and a clock of the test's own, and a stand-in for workers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stockscore.jobs import queues
from stockscore.jobs.scheduler import SlotScheduler
from stockscore.services import calendars, timetable
from stockscore.store import runs
from stockscore.store.transactions import transaction

TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""Before the open in New York, in the week of Thanksgiving."""


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = TUESDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Moves it by days, hours, minutes, …; the new moment."""
        self.now += timedelta(**by)
        return self.now


class Rehearsal:
    """A scheduler whose rounds the test starts by hand."""

    def __init__(self, app, connection, clock: HandClock) -> None:
        self.app, self.connection, self.clock = app, connection, clock
        self.scheduler = self.another()

    def another(self, connection=None, tend: float = 0) -> SlotScheduler:
        """Another scheduler on the same Redis, that tends the schedule in every round."""
        return SlotScheduler(self.app, connection or self.connection, tend=tend)

    def round(self, scheduler: SlotScheduler | None = None) -> list[str]:
        """One round; the ids of what waits in the queue after it."""
        with self.app.app_context():
            (scheduler or self.scheduler).round()
        return self.waiting()

    def waiting(self) -> list[str]:
        """Ids of the jobs that wait, each as often as it does."""
        return queues.queue_of(self.connection, queues.MARKET).job_ids

    def work(self) -> list[str]:
        """Does what workers do with every job that waits, as far as slots go: takes it out of the
        queue and notes the slot's run, which must be its first, and that it was scored. The slots
        that were run."""
        done = []
        with self.app.app_context():
            while taken := self.connection.lpop(f"rq:queue:{queues.MARKET}"):
                slot = taken.decode()
                with transaction():
                    run_id = runs.start(slot.split("-")[0], slot, self.clock())
                    assert run_id is not None, f"{slot} was enqueued again after its run"
                    runs.finish(run_id, self.clock())
                    if slot.startswith("refresh"):
                        runs.finish(
                            runs.start("score", f"score-{run_id}", self.clock()), self.clock()
                        )
                done.append(slot)
        return done

    def settle(self) -> None:
        """Has done what is still due of the session before."""
        self.round()
        self.work()

    def listed(self, start: datetime, end: datetime, every: int = 60) -> list[str]:
        """The ids of all slots of New York that the calendar has between two moments."""
        with self.app.app_context():
            return [slot.id for slot in timetable.listing(["XNYS"], every, start, end)]

    def know_the_calendar(self) -> None:
        """Writes the sessions around now, which takes the calendar a while."""
        with self.app.app_context():
            calendars.sync(["XNYS"], self.clock())


def market(ids: list[str]) -> list[str]:
    """Without housekeeping, which follows no exchange."""
    return [slot for slot in ids if not slot.startswith("housekeeping")]
