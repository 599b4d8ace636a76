"""The services of docker-compose.yml as processes of this machine: their own `command`, their own
`environment`, their own `healthcheck`; only the names of hosts lead elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support import compose
from tests.support.servers import stopped_with_the_run
from tests.support.waiting import PATIENCE_SECONDS, wait_until

KEPT = ("LANG", "LC_ALL", "TMPDIR")
"""What a process gets of this one's environment; a container gets nothing of it."""


class Composed:
    """Services that were started, by name."""

    def __init__(
        self, read: Mapping[str, Any], hosts: Mapping[str, str], folder: Path, **more: str
    ) -> None:
        """`hosts` maps the beginning of addresses to that of the real servers; `more` is added to
        every environment."""
        self._services = read["services"]
        self._hosts, self._folder, self._more = hosts, folder, more
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._withdraw: list[Callable[[], None]] = []

    def environment(self, name: str, **own: str) -> dict[str, str]:
        """The service's environment, with the addresses of this machine."""
        told = dict(self._services[name]["environment"])
        for setting, value in told.items():
            for host, here in self._hosts.items():
                told[setting] = told[setting].replace(host, here)
            assert "@" not in value or told[setting] != value, f"{setting} leads to no server here"
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {**kept, "PATH": path, "FLASK_APP": "stockscore", **told, **self._more, **own}

    def run(self, name: str, *command: str) -> None:
        """Runs the service's command (or another in its place) to its end, which must be good."""
        done = subprocess.run(
            command or self._services[name]["command"],
            cwd=compose.ROOT,
            env=self.environment(name),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def start(self, name: str, **own: str) -> None:
        """Starts the service and waits until its own health check passes."""
        environment = self.environment(name, **own)
        with self._log(name).open("wb") as log:
            process = subprocess.Popen(
                self._services[name]["command"],
                cwd=compose.ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running[name] = process
        self._withdraw.append(stopped_with_the_run(f"{name}-{process.pid}", f"-{process.pid}"))
        kind, *check = self._services[name]["healthcheck"]["test"]
        assert kind == "CMD"

        def healthy() -> bool:
            assert process.poll() is None, f"{name} has ended: {self.said(name)}"
            done = subprocess.run(
                check, cwd=compose.ROOT, env=environment, capture_output=True, check=False
            )
            return done.returncode == 0

        wait_until(healthy, f"{name} is not healthy: {self.said(name)}")

    def said(self, name: str) -> str:
        """What a service has written."""
        return self._log(name).read_text("utf-8")

    def stop(self) -> dict[str, int]:
        """Asks all to end, as Compose does; their exit statuses."""
        for process in self._running.values():
            process.terminate()
        codes = {name: process.wait(PATIENCE_SECONDS) for name, process in self._running.items()}
        self._running.clear()
        return codes

    def end(self) -> None:
        """Ends what still runs, in whatever state."""
        for process in self._running.values():
            # The whole group: a server that is killed alone leaves its workers behind.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for withdraw in self._withdraw:
            withdraw()

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"


@contextmanager
def composed(
    read: Mapping[str, Any], hosts: Mapping[str, str], folder: Path, **more: str
) -> Iterator[Composed]:
    """Services, ended with the block."""
    made = Composed(read, hosts, folder, **more)
    try:
        yield made
    finally:
        made.end()
