"""Real servers for tests: each is started once a run, when the first test asks for it, and all are
stopped with the run, however it ends."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

RUN_FOLDER = "STOCKSCORE_TEST_RUN"
"""Environment variable by which the processes of one run (pytest-xdist) find its folder."""

STOP = "stop"
"""Name of the script in a server's folder that the keeper of a run runs at its end."""

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
            ["sh", "-c", _KEEPER.format(name=STOP), "keeper", str(self.folder)],
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


def stopped_with_the_run(name: str, process: str) -> Callable[[], None]:
    """Lets the keeper of the test run kill a process (or `-`group), should the tests be killed
    before they do; what is given back withdraws it. Outside of a test run nothing is done."""
    run = os.environ.get(RUN_FOLDER)
    if run is None:
        return lambda: None
    folder = Path(run) / name
    try:
        folder.mkdir()
    except FileNotFoundError:
        # The run was killed and has been cleared away; only this process does not know it yet.
        os.kill(int(process), signal.SIGKILL)
        raise
    (folder / STOP).write_text(f"kill -9 -- {process}")
    return lambda: shutil.rmtree(folder, ignore_errors=True)
