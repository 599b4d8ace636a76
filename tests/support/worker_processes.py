"""The background half as it is run: workers and schedulers as processes, on a database and a Redis
of a test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from redis import RedisError
from sqlalchemy import func, select

from stockscore.extensions import db
from stockscore.jobs import queues
from stockscore.store import chunks, runs
from stockscore.store.models import RefreshChunk
from tests.support.servers import stopped_with_the_run
from tests.support.waiting import PATIENCE_SECONDS, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

FAST_SOURCE = {
    "DATA_PROVIDER": "yahoo",
    "PROVIDER_RATE_PER_SECOND": "10000",
    "PROVIDER_COOLDOWN_SECONDS": "0.005",
    "PROVIDER_TIMEOUT_SECONDS": "2",
}


def environment_of(settings: Mapping[str, str]) -> dict[str, str]:
    """Of a process with these settings."""
    return {**os.environ, **settings, "LOG_FORMAT": "json"}


class BackgroundProcesses:
    """Processes of `python worker.py`, or of another program."""

    def __init__(self, settings: Mapping[str, str], log: Path, program: str) -> None:
        self.environment = environment_of(settings)
        self._log = log
        self._program = program
        self.running: list[subprocess.Popen[bytes]] = []
        self._withdraw: list[Callable[[], None]] = []

    def start(self, count: int = 1) -> None:
        """Starts more of them."""
        for _ in range(count):
            with self._log.open("ab") as output:
                process = subprocess.Popen(
                    [sys.executable, self._program],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
            self.running.append(process)
            withdraw = stopped_with_the_run(f"background-{process.pid}", str(process.pid))
            self._withdraw.append(withdraw)

    def kill(self) -> None:
        """Kills one, as when the machine takes it: with SIGKILL, in the middle of what it does."""
        process = self.running.pop(0)
        process.kill()
        process.wait()
        self._withdraw.pop(0)()

    def stop(self) -> list[int]:
        """Asks all to end, and waits; their exit statuses."""
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(PATIENCE_SECONDS) for process in self.running]
        self.running.clear()
        return codes

    def end(self) -> None:
        """Ends all, in whatever state they are."""
        for process in self.running:
            process.kill()
            process.wait()
        for withdraw in self._withdraw:
            withdraw()

    @property
    def said(self) -> str:
        """All that they have written."""
        return self._log.read_text("utf-8")


@contextmanager
def workers(
    environment: Mapping[str, str], log: Path, count: int = 1, program: str = "worker.py"
) -> Iterator[BackgroundProcesses]:
    """Some workers, ended with the block."""
    made = BackgroundProcesses(environment, log, program)
    try:
        made.start(count)
        yield made
    finally:
        made.end()


def schedulers(
    environment: Mapping[str, str], log: Path, count: int
) -> AbstractContextManager[BackgroundProcesses]:
    """Some schedulers, ended with the block."""
    return workers(environment, log, count, "scheduler.py")


def enqueue(connection, kind: str, *arguments) -> None:
    """Enqueues a job called like its first argument, also while Redis comes back."""

    def done() -> bool:
        try:
            queues.enqueue(connection, kind, arguments[0], *arguments)
        except RedisError:
            return False
        return True

    wait_until(done, f"{arguments[0]} could not be enqueued")


def chunks_of(slot: str) -> list[RefreshChunk]:
    """The chunks of a slot's run as they are now."""
    db.session.rollback()
    run = runs.of_slot(slot)
    return [] if run is None else chunks.of_run(run.id)


def done_stocks() -> int:
    """How many stocks of all chunks have been dealt with."""
    db.session.rollback()
    return db.session.scalar(select(func.coalesce(func.sum(RefreshChunk.done), 0)))
