"""The worker: RQ's own, with limits and pauses of ours, in the application's context.

RQ forks a process for each job. What RQ does otherwise is changed through its own hooks:
- a killed worker is missed within half a minute, and its jobs are taken up at once by any other,
  also by one that is busy;
- a job's soft limit raises what no `except Exception` swallows; its hard limit kills the process;
- a worker that is asked to end tells its job, which may give back what is left of it.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import threading
from datetime import timedelta
from typing import Any, NoReturn

from flask import Flask
from redis import Redis, RedisError
from rq import Queue, Worker
from rq.exceptions import AbandonedJobError
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import HorseMonitorTimeoutException, UnixSignalDeathPenalty
from rq.utils import now as moment

from stockscore import clock
from stockscore.extensions import db
from stockscore.jobs import queues, stopping
from stockscore.services import heartbeats, sources

logger = logging.getLogger(__name__)

MONITOR_SECONDS = 10
"""How often a working worker says that it lives."""

MISSED_AFTER = 30
"""Seconds without a sign of life after which a job is taken for abandoned."""

MAINTENANCE_SECONDS = 10
"""How often a worker looks for abandoned jobs. A killed worker may leave the lock that guards this
behind, which then ends after the same time."""

IDLE_SECONDS = 10
"""How long an idle worker waits for a job before it looks round."""

HARD_SECONDS = 15
"""A job that goes on for so long beyond its soft limit is killed with its process."""

RECONNECT_SECONDS = 2.0

_IDLE_MARGIN, _TTL_MARGIN = 15, 60
"""What RQ takes off a worker's time to live, and what it adds to a job's."""

_PR_SET_PDEATHSIG = 1


class OutOfTime(BaseException):
    """The job has taken longer than its soft limit.

    It is no `Exception`, because sources and libraries catch those and would go on.
    """


class SoftLimit(UnixSignalDeathPenalty):
    """Raises `OutOfTime` in a job; a worker's own alarms stay what they are."""

    def handle_death_penalty(self, signum: int, frame: Any) -> NoReturn:
        """Called by the alarm."""
        if self._exception is HorseMonitorTimeoutException:
            super().handle_death_penalty(signum, frame)
        raise OutOfTime(f"The job took longer than {self._timeout} seconds.")


class MaintainedQueue(Queue):
    """A queue whose lock for maintenance ends soon after the worker that held it was killed; RQ's
    own would stay for a quarter of an hour."""

    def acquire_maintenance_lock(self) -> bool:
        """Whether this worker may look after the queue now."""
        return bool(
            self.connection.set(self.registry_cleaning_key, 1, nx=True, ex=MAINTENANCE_SECONDS)
        )


class PatientJob(Job):
    """A job that is tried again after a pause where it failed itself, and at once where the worker
    that had it was lost."""

    is_abandoned = False

    def get_retry_interval(self) -> int:
        """Seconds before the next try."""
        return 0 if self.is_abandoned else super().get_retry_interval()


MaintainedQueue.job_class = PatientJob


def _mark(job: Job, kind: type[BaseException], *_: object) -> None:
    """RQ tells its exception handlers of an abandoned job before it looks at the pause."""
    if isinstance(job, PatientJob):
        job.is_abandoned = kind is AbandonedJobError


class MarketWorker(Worker):
    """Does the jobs of an application."""

    death_penalty_class = SoftLimit
    queue_class = MaintainedQueue
    job_class = PatientJob

    def __init__(self, app: Flask, connection: Redis) -> None:
        super().__init__(
            [
                MaintainedQueue(name, connection=connection, serializer=JSONSerializer)
                for name in queues.NAMES
            ],
            connection=connection,
            serializer=JSONSerializer,
            exception_handlers=[_mark],
            maintenance_interval=MAINTENANCE_SECONDS,
            worker_ttl=IDLE_SECONDS + _IDLE_MARGIN,
            job_monitoring_interval=MONITOR_SECONDS,
            log_job_description=False,
        )
        self._app = app

    @property
    def was_asked_to_end(self) -> bool:
        """Whether a signal has asked for the end."""
        return self._shutdown_requested_date is not None

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Beats for RQ and for the pages of the site."""
        super().heartbeat(timeout, pipeline)
        heartbeats.beat(self.connection, heartbeats.WORKER)

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:  # noqa: ARG002
        """How long a job may be without a sign of life; RQ would wait a minute longer."""
        return MISSED_AFTER

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        """Called while a job is being done: kills it at the hard limit, and looks after the jobs of
        others, for which an idle worker may not be at hand."""
        super().maintain_heartbeats(job, execution)
        limit = timedelta(seconds=(job.timeout or 0) + HARD_SECONDS)
        if job.started_at and job.timeout and moment() - job.started_at > limit:
            self.log.warning("job %s did not end at its limit and is killed", job.id)
            self.kill_horse()
        if self.should_run_maintenance_tasks:
            self.run_maintenance_tasks()

    def handle_warm_shutdown_request(self) -> None:
        """Tells the job that it may give back what is left of it."""
        super().handle_warm_shutdown_request()
        if self.horse_pid:
            self.kill_horse(stopping.SIGNAL)

    def setup_work_horse_signals(self) -> None:
        """In the process of a job."""
        super().setup_work_horse_signals()
        stopping.listen()

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Does a job in a context of its own."""
        with self._app.app_context():
            return super().perform_job(job, queue, execution)


def prepare_forks(app: Flask) -> None:
    """Lets every process forked from this one end with it, and have connections of its own."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    parent = 0

    def before() -> None:
        nonlocal parent
        parent = os.getpid()

    def in_child() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # it ended before it could be tied to
                os._exit(1)
        with app.app_context():
            for engine in db.engines.values():
                # Not closed: the sockets are the parent's.
                engine.dispose(close=False)

    os.register_at_fork(before=before, after_in_child=in_child)
    # A job that has not begun to listen yet must not die of being told to hurry.
    signal.signal(stopping.SIGNAL, signal.SIG_IGN)


def run(app: Flask) -> None:
    """Works until it is asked to end; waits for a Redis that has gone."""
    with app.app_context():
        sources.preload(app.config, clock.now())
    prepare_forks(app)
    connection = queues.connect(app.config, patient=True)
    while True:
        try:
            worker = MarketWorker(app, connection)
            worker.work(with_scheduler=True, logging_level="WARNING")
            if worker.was_asked_to_end:
                return
        except RedisError as error:
            logger.warning("Redis has gone (%s); waiting for it", error)
        connection.connection_pool.disconnect()
        threading.Event().wait(RECONNECT_SECONDS)
