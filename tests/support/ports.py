"""Ports of this machine for servers that tests start."""

from __future__ import annotations

import fcntl
import os
import random
import socket
from pathlib import Path

from tests.support.servers import RUN_FOLDER

FIRST, LAST = 15_000, 32_000
"""Below the ports that the system gives to outgoing connections, which would take a free one."""


def free_port() -> int:
    """A port that nothing listens on, and that no other test of this run is given."""
    run = os.environ.get(RUN_FOLDER)
    if run is None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]
    with (Path(run) / "ports").open("a+") as given:
        fcntl.flock(given, fcntl.LOCK_EX)
        given.seek(0)
        taken = set(given.read().split())
        while True:
            port = random.randrange(FIRST, LAST)  # noqa: S311  no secret
            if str(port) not in taken and _is_free(port):
                given.write(f"{port}\n")
                return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: connections that have ended do not keep a port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
