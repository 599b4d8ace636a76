"""Starts the site from nothing: the port, the database, its first contents, the server."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from stockscore.config import ROOT
from stockscore.services import calendars, demo, refresh, scores, sources, universe
from stockscore.services.errors import ServiceError
from stockscore.services.runlog import recorded
from stockscore.store import editions, stocks

Progress = Callable[[str], AbstractContextManager[Callable[[int, int, str], None]]]

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


def prepare(
    app: Flask, clock: Callable[[], datetime], index: str | None, progress: Progress
) -> None:
    """Migrates the database and fills it: the simulated market where the provider is `demo`, else
    what is still missing of the members of `index`."""
    (ROOT / "instance").mkdir(exist_ok=True)
    upgrade()
    provider = sources.provider_of(app.config)
    if app.config["DATA_PROVIDER"] == "demo":
        if editions.latest() is None:
            with progress("Simulated market") as step, recorded("demo-load", clock) as run:
                run.message = demo.load(provider, clock(), step).sentence
        return
    if index and not stocks.active():
        universe.add(index, provider, clock())
    if index:
        calendars.sync(app.config["EXCHANGES"], clock())
        with progress("Refresh") as step:
            refresh.refresh(provider, clock, on_progress=step)
    if stocks.active() and (index or editions.latest() is None):
        with recorded("score", clock) as run:
            run.message = scores.publish(clock()).sentence


def serve(settings: Mapping[str, Any]) -> None:
    """Replaces this process by the server; never returns."""
    url = f"http://{settings['HOST']}:{settings['PORT']}"
    sys.stderr.write(f"StockScore is at {url} (stop it with Ctrl-C)\n")
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
        "stockscore:create_app",
    ]
    os.execv(sys.executable, command)  # noqa: S606  no shell, and every word is our own
