"""A process with wrong settings says so and ends; it does not end in a traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.compose import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "command", [["worker.py"], ["scheduler.py"], ["-m", "stockscore.jobs.health", "worker"]]
)
def test_a_missing_secret_ends_a_process_with_a_sentence(command: list[str]) -> None:
    wrong = {"STOCKSCORE_ENV": "production", "SECRET_KEY": "change-me"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | wrong,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "SECRET_KEY must be set" in done.stderr
    assert "Traceback" not in done.stderr
