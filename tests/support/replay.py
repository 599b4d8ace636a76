"""The replayed Yahoo Finance, a proxy on the loopback interface that the real yfinance talks to.

It lies beside the checkout (`../shared/yahoo`, or where STOCKSCORE_TEST_YAHOO says) and is no part
of the project; tests that need it are skipped where it is absent.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from replay import ReplayMarket

_BESIDE = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "yahoo"
FOLDER = Path(os.environ.get("STOCKSCORE_TEST_YAHOO", _BESIDE))
ABSENT = "the replayed Yahoo Finance (../shared/yahoo) is not on this machine"


def skip_without_replay() -> None:
    """Skips the test where the replayed market is absent."""
    if not (FOLDER / "replay.py").is_file():
        pytest.skip(ABSENT)


@pytest.fixture
def replayed_market(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReplayMarket]:
    """A replayed market of 2026-08-21 without faults, which this process's yfinance asks."""
    skip_without_replay()
    monkeypatch.syspath_prepend(str(FOLDER))
    from replay import ReplayMarket

    with ReplayMarket() as replayed:
        for name, value in replayed.env.items():
            monkeypatch.setenv(name, value)
        yield replayed


@contextmanager
def served_market(
    faults: Mapping[str, float] | None = None, seed: int = 0
) -> Iterator[dict[str, str]]:
    """A replayed market in a process of its own; gives the environment that leads to it."""
    skip_without_replay()
    command = [sys.executable, str(FOLDER / "replay.py"), "--seed", str(seed)]
    if faults:
        plan = ",".join(f"{kind}:{rate}" for kind, rate in faults.items())
        command += ["--fault", plan]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield _exports(process)
        finally:
            process.terminate()


def _exports(process: subprocess.Popen[str]) -> dict[str, str]:
    """The variables that the server prints before it says that it is ready."""
    variables = {}
    for line in process.stdout or ():
        if line.strip() == "READY":
            return variables
        name, _, value = line.removeprefix("export ").strip().partition("=")
        variables[name] = value
    pytest.fail("the replayed market did not start")
