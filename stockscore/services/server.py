"""The web server: granian, with its limits said."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from typing import Any

from stockscore.config import ROOT
from stockscore.services.errors import ServiceError

THREADS = 4
"""Threads a process answers with; granian's own default is far too many for a page server."""

BACKLOG_PER_WORKER = 256
MEMORY_MIB = 512
"""A worker that grows beyond this is replaced."""


def check_port(host: str, port: int) -> None:
    """Raises `ServiceError` where the port is taken, before any work is done."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServiceError(
                f"Port {port} of {host} cannot be used ({error.strerror}); stop what is using it, "
                f"or choose another: PORT={port + 1} make run."
            ) from error


def serve(
    settings: Mapping[str, Any],
    target: str = "stockscore:create_app",
    name: str = "StockScore",
) -> None:
    """Replaces this process by the server of `target`, a factory; never returns."""
    url = f"http://{settings['HOST']}:{settings['PORT']}"
    sys.stderr.write(f"{name} is at {url} (stop it with Ctrl-C)\n")
    sys.stderr.flush()
    os.chdir(ROOT)
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", settings["HOST"], "--port", str(settings["PORT"])),
        *("--workers", str(settings["WEB_CONCURRENCY"])),
        *("--blocking-threads", str(THREADS)),
        *("--backpressure", str(BACKLOG_PER_WORKER)),
        *("--workers-max-rss", str(MEMORY_MIB), "--respawn-failed-workers"),
        *("--log-level", "warning", "--no-ws"),
        target,
    ]
    os.execv(sys.executable, command)  # noqa: S606  no shell, and every word is our own
