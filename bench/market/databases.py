"""The databases of the benchmark: a market of each size, loaded once and measured on a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bench.market.process import Measured
from stockscore.cli.demo import demo_load
from stockscore.config import ROOT

FOLDER = ROOT / "build" / "bench"

WATCHED_SECONDS = 0.2
"""How often the memory of the program that loads is read."""


class DatabaseMarkets:
    """Markets by size, on SQLite in `build/bench/`, or on a PostgreSQL server.

    `server` is an address of that server with a role that may create databases, empty for SQLite.
    """

    def __init__(self, server: str = "") -> None:
        self._server = server
        FOLDER.mkdir(parents=True, exist_ok=True)

    @property
    def kind(self) -> str:
        """What the tables are headed with."""
        return "PostgreSQL" if self._server else "SQLite"

    def loaded(self, stocks: int, years: int) -> tuple[str, Measured | None]:
        """The address of a market of that size, and what loading it took (None: it was there)."""
        name = f"market_{stocks}_{years}"
        url = self._url(name)
        if self._exists(name):
            return url, None
        half = self._url(f"{name}_half")
        self._remove(f"{name}_half")
        self._create(f"{name}_half")
        taken = load(half, stocks, years)
        self._rename(f"{name}_half", name)
        return url, taken

    @contextmanager
    def copy(self, stocks: int, years: int) -> Iterator[str]:
        """The address of a copy of a loaded market, which is removed in the end."""
        name, copied = f"market_{stocks}_{years}", f"market_{stocks}_{years}_copy"
        self._remove(copied)
        if self._server:
            self._execute(f"CREATE DATABASE {copied} TEMPLATE {name}")
        else:
            shutil.copyfile(FOLDER / f"{name}.db", FOLDER / f"{copied}.db")
        try:
            yield self._url(copied)
        finally:
            self._remove(copied)

    def megabytes(self, url: str) -> float:
        """What a database takes on the disk."""
        database = make_url(url).database or ""
        if self._server:
            return int(self._execute(f"SELECT pg_database_size('{database}')")[0][0]) / 1e6
        files = (Path(database + suffix) for suffix in ("", "-wal"))
        return sum(path.stat().st_size for path in files if path.exists()) / 1e6

    def _url(self, name: str) -> str:
        if self._server:
            return make_url(self._server).set(database=name).render_as_string(hide_password=False)
        return f"sqlite:///{FOLDER / name}.db"

    def _exists(self, name: str) -> bool:
        if self._server:
            found = self._execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")  # noqa: S608  ours
            return bool(found)
        return (FOLDER / f"{name}.db").exists()

    def _create(self, name: str) -> None:
        if self._server:
            self._execute(f"CREATE DATABASE {name}")

    def _remove(self, name: str) -> None:
        if self._server:
            self._execute(f"DROP DATABASE IF EXISTS {name}")
            return
        for suffix in ("", "-wal", "-shm"):
            Path(FOLDER, f"{name}.db{suffix}").unlink(missing_ok=True)

    def _rename(self, old: str, new: str) -> None:
        if self._server:
            self._execute(f"ALTER DATABASE {old} RENAME TO {new}")
        else:
            # Whoever closed it last has put everything into the one file.
            Path(FOLDER, f"{old}.db").rename(FOLDER / f"{new}.db")

    def _execute(self, statement: str) -> list[tuple[object, ...]]:
        """Rows of a statement on the server's own database, outside of any transaction."""
        url = make_url(self._server).set(drivername="postgresql").render_as_string(False)
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def load(url: str, stocks: int, years: int) -> Measured:
    """Migrates a new database and loads a simulated market of that size, by the commands."""
    environ = os.environ | {"DATABASE_URL": url, "REDIS_ENABLED": "false"}
    command = [sys.executable, "-m", "flask", "db", "upgrade"]
    subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
    return _watched([sys.executable, "-m", "flask", *load_command(stocks, years)], environ)


def load_command(stocks: int, years: int) -> list[str]:
    """The words of the command; `stocks` 0 is the simulated market of its own size."""
    if not stocks:
        return ["demo", "load"]
    return ["demo", "load", "--stocks", str(stocks), "--years", str(years)]


def takes_sizes() -> bool:
    """Whether the simulated market can be loaded in any size."""
    options = {name for parameter in demo_load.params for name in parameter.opts}
    return {"--stocks", "--years"} <= options


def _watched(command: list[str], environ: dict[str, str]) -> Measured:
    """CPU, time and peak memory of a program."""
    began, before = time.perf_counter(), os.times()
    peak = 0.0
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE) as running:
        # Errors and progress are few lines, which the pipe holds until the end.
        status = Path(f"/proc/{running.pid}/status")
        while running.poll() is None:
            peak = max(peak, _peak(status))
            time.sleep(WATCHED_SECONDS)
        said = running.stderr.read().decode() if running.stderr else ""
    if running.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{said}")
    after = os.times()
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return Measured(cpu, time.perf_counter() - began, peak, {})


def _peak(status: Path) -> float:
    """Peak memory of a process in MB; 0 where it has just ended."""
    try:
        lines = status.read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return max(
        (int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), default=0
    )
