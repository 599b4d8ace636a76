"""The scheduler: enqueues each slot of the exchanges when it is due, once.

The one module that knows rq-scheduler. Of it remain the set of entries and the way they are walked;
what it does not do well is ours:

- an entry is never enqueued itself. For every due slot that has had no run a fresh job is enqueued
  under the slot's id, in one step that fails where the id is taken; then the entry's next time is
  written. Whoever dies in between, comes second or has lost the lock enqueues nothing twice, and
  the entry, which is never taken out, is due again for whoever comes next;
- what is due is read from the sessions and runs in the database, by the application's clock, not
  from the times in Redis: those only say when to look. A Redis that comes back empty, or a clock
  that was set back, loses nothing;
- an outage of Redis or the database is waited for, and an entry that cannot be read or handled is
  set aside and reported instead of stopping all others.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from redis import Redis, RedisError, exceptions
from redis.lock import Lock
from rq.job import Job
from rq.serializers import JSONSerializer
from rq_scheduler import Scheduler
from sqlalchemy.exc import DBAPIError

from stockscore import clock
from stockscore.jobs import queues, recovery, schedule
from stockscore.jobs.schedule import Definition
from stockscore.market import slots
from stockscore.market.calendars import CalendarRangeError
from stockscore.services import calendars, exchanges, heartbeats, schedule_entries, timetable
from stockscore.services.runlog import failed

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
TEND_SECONDS = 30.0
"""How often the schedule is compared with its definitions and the calendars' horizon looked at."""

LOCK_SECONDS = 30.0
"""How long the lock of a scheduler that was killed keeps the others waiting. Longer work than that
does no harm: the lock only saves work, the ids of slots keep it right."""

MINUTE = timedelta(minutes=1)

GONE = (exceptions.ConnectionError, exceptions.TimeoutError, DBAPIError)
"""What an outage looks like; anything else that an entry raises is its own fault."""


class JsonJob(Job):
    """A job that is JSON unless told otherwise: rq-scheduler cannot tell its jobs."""

    def __init__(
        self, job_id: str | None = None, connection: Redis | None = None, serializer: Any = None
    ) -> None:
        super().__init__(job_id, connection, serializer or JSONSerializer)


class UnreadableError(Exception):
    """An entry holds something else than it should; the message says what is wrong."""


def run(app: Flask) -> None:
    """Works until it is asked to end. Raises `ServiceError` where Redis is switched off."""
    SlotScheduler(app, queues.connect(app.config)).run()


class SlotScheduler(Scheduler):  # type: ignore[misc]  # rq-scheduler has no types
    """Walks the entries, enqueues what is due, and keeps the entries as they are defined."""

    job_class = JsonJob
    scheduled_jobs_key = schedule_entries.ENTRIES

    def __init__(
        self,
        app: Flask,
        connection: Redis,
        poll: float = POLL_SECONDS,
        tend: float = TEND_SECONDS,
        lock: float = LOCK_SECONDS,
    ) -> None:
        super().__init__(queues.MARKET, connection=connection)
        self._app = app
        self._poll, self._tend = poll, tend
        self._lock = Lock(connection, self.scheduler_lock_key, timeout=lock, blocking=False)
        self._tended: float | None = None
        self._stopping = False
        self._trouble: str | None = None

    def run(self, burst: bool = False) -> None:
        """Works until SIGTERM or SIGINT, or once (`burst`)."""
        self._install_signal_handlers()
        while not self._stopping:
            self._try()
            if burst:
                return
            # A signal that comes during the sleep is noticed after it, at most a second later.
            time.sleep(self._poll)
        log.info("The scheduler has ended.")

    def _install_signal_handlers(self) -> None:
        def stop(*_args: Any) -> None:
            # No more than a note: a handler may interrupt any command that Redis is being sent.
            self._stopping = True

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)

    def _try(self) -> None:
        """One round. Trouble is reported when it begins, and waited for."""
        try:
            with self._app.app_context():
                self.round()
        except Exception as error:
            # Whatever it is, ending would stop the market's schedule until a person comes.
            trouble = f"{type(error).__name__}: {error}"
            if self._trouble is None:
                foreseen = isinstance(error, (RedisError, DBAPIError))
                log.error("The scheduler waits: %s", trouble, exc_info=not foreseen)
            self._trouble = trouble
            # What was lost meanwhile is found at once when the outage ends.
            self._tended = None
        else:
            if self._trouble is not None:
                log.info("The scheduler works again after: %s", self._trouble)
            self._trouble = None

    def round(self) -> None:
        """Gives a sign of life and, unless another scheduler has the lock, does what is due."""
        heartbeats.beat(self.connection, heartbeats.SCHEDULER)
        if not self.acquire_lock():
            return
        try:
            if self._tended is None or time.monotonic() - self._tended >= self._tend:
                self.tend(clock.now())
                self._tended = time.monotonic()
            self.enqueue_jobs()
        finally:
            self.remove_lock()

    def acquire_lock(self) -> bool:
        """Takes the lock; False where somebody has it."""
        return bool(self._lock.acquire())

    def remove_lock(self) -> None:
        """Gives the lock back, unless it has run out and is another's by now."""
        try:
            self._lock.release()
        except exceptions.LockError:
            log.info("The lock of the scheduler ran out before its work was done.")

    def tend(self, now: datetime) -> None:
        """Lets the calendars roll on, makes the entries those defined, and enqueues the snapshots
        that were missed and the jobs that were lost."""
        settings = self._app.config
        try:
            calendars.sync(settings["EXCHANGES"], now)
        except CalendarRangeError:
            # The stored sessions reach months further; until they end a newer package is needed.
            log.exception("The calendars cannot be brought up to date.")
        mics = exchanges.looked_after(settings["EXCHANGES"])
        every = settings["REFRESH_EVERY_MINUTES"]
        self.arrange(schedule.definitions(mics, mics[0], every), now)
        for slot in timetable.missed_snapshots(mics, every, now):
            self._enqueue(slot)
        recovery.tend(self.connection, now)

    def arrange(self, wanted: tuple[Definition, ...], now: datetime) -> schedule.Difference:
        """Saves the entries that are missing or changed, to be looked at now, and removes those
        that are gone; entries of others are left alone."""
        existing = {
            entry.id: entry.meta["definition"]
            for entry in self._entries(self.connection.zrange(self.scheduled_jobs_key, 0, -1), now)
            if "definition" in entry.meta
        }
        change = schedule.difference(wanted, existing)
        for definition in change.save:
            self._save(definition, now)
            log.info("Scheduled %s.", definition.id)
        for entry_id in change.remove:
            self.connection.zrem(self.scheduled_jobs_key, entry_id)
            self.connection.delete(JsonJob.key_for(entry_id))
            log.info("No longer scheduled: %s.", entry_id)
        for definition in wanted:
            self._pull_forward(definition, now)
        return change

    def _save(self, definition: Definition, now: datetime) -> None:
        entry = self._create_job(
            queues.KINDS[definition.job].function,
            id=definition.id,
            meta={"definition": definition.as_data()},
            description=f"entry {definition.id}",
            commit=False,
        )
        # All of it or nothing. Whatever was left under that key, were it no hash at all, is gone.
        with self.connection.pipeline() as commands:
            commands.delete(entry.key)
            entry.save(pipeline=commands)
            commands.zadd(self.scheduled_jobs_key, {entry.id: now.timestamp()})
            commands.execute()

    def _pull_forward(self, definition: Definition, now: datetime) -> None:
        """Looks at an entry now if its time lies beyond its next slot: the clock has been set back,
        or the calendar has changed, since it was written."""
        following = slots.after(_near(definition, now), now)
        score = self.connection.zscore(self.scheduled_jobs_key, definition.id)
        if following is not None and score is not None and score > following.due_at.timestamp():
            self._look_at(definition, now)

    def _look_at(self, definition: Definition, moment: datetime) -> None:
        # An entry that another scheduler has removed meanwhile stays removed.
        self.connection.zadd(self.scheduled_jobs_key, {definition.id: moment.timestamp()}, xx=True)

    def get_jobs_to_queue(self, with_times: bool = False) -> Iterator[Job]:  # noqa: ARG002
        """The entries whose time has come, by the application's clock."""
        now = clock.now()
        due = self.connection.zrangebyscore(self.scheduled_jobs_key, "-inf", now.timestamp())
        return self._entries(due, now)

    def _entries(self, ids: list[bytes], now: datetime) -> Iterator[Job]:
        """The entries of those ids that can be read; the others are set aside."""
        for entry_id in ids:
            try:
                yield self._read(entry_id)
            except GONE:
                raise
            except Exception as error:  # noqa: BLE001  each kind of rubbish has errors of its own
                self._set_aside(entry_id, error, now)

    def _read(self, entry_id: bytes) -> Job:
        entry = JsonJob.fetch(entry_id.decode(), connection=self.connection)
        if "unserialized" in entry.meta:
            raise UnreadableError("what it is cannot be read")
        if "definition" in entry.meta:
            Definition(**entry.meta["definition"])
        return entry

    def enqueue_job(self, job: Job) -> None:
        """Enqueues the due slots of an entry and writes when to look at it next. An entry that is
        not ours is enqueued as rq-scheduler does it."""
        now = clock.now()
        try:
            if "definition" in job.meta:
                self._enqueue_slots(Definition(**job.meta["definition"]), now)
            else:
                super().enqueue_job(job)
        except GONE:
            raise
        except Exception as error:  # noqa: BLE001  it must not keep all others from their time
            self._set_aside(job.id.encode(), error, now)

    def _enqueue_slots(self, definition: Definition, now: datetime) -> None:
        found = _near(definition, now)
        for slot in timetable.to_run(found, now):
            self._enqueue(slot)
        following = slots.after(found, now)
        # Without a following slot the calendar has not rolled on yet; the next tending does it.
        self._look_at(definition, following.due_at if following else now + MINUTE)

    def _enqueue(self, slot: slots.Slot) -> None:
        if queues.enqueue(self.connection, slot.job, slot.id, slot.id):
            log.info("Enqueued %s.", slot.id, extra={"data": {"slot": slot.id}})

    def _set_aside(self, entry_id: bytes, error: Exception, now: datetime) -> None:
        reason = f"{type(error).__name__}: {error}"
        if schedule_entries.set_aside(self.connection, entry_id, reason, now):
            sentence = f"The entry {entry_id.decode('utf-8', 'replace')} of the schedule cannot be "
            sentence += "used and was set aside."
            log.error("%s %s", sentence, reason, exc_info=error)
            failed("schedule", now, sentence, error)
        # One of ours is made anew in the next round.
        self._tended = None


def _near(definition: Definition, now: datetime) -> list[slots.Slot]:
    return timetable.near(definition.job, definition.exchange, definition.every_minutes, now)
