"""Without Redis, one process of a kind at a time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stockscore.services.errors import ServiceError
from stockscore.services.process_lock import exclusive

URL = "postgresql://me:secret@there/market"


def test_a_second_one_is_told_and_the_next_one_may(tmp_path):
    with (
        exclusive("refresh", URL, tmp_path),
        pytest.raises(ServiceError, match="at work on this"),
        exclusive("refresh", URL.replace("secret", "other"), tmp_path),
    ):
        pass
    with exclusive("refresh", URL, tmp_path):
        pass


def test_other_work_and_other_databases_do_not_wait(tmp_path):
    with (
        exclusive("refresh", URL, tmp_path),
        exclusive("score", URL, tmp_path),
        exclusive("refresh", URL + "2", tmp_path),
    ):
        pass


def test_no_name_of_a_lock_tells_a_password(tmp_path):
    with exclusive("refresh", URL, tmp_path):
        assert "secret" not in "".join(one.name for one in tmp_path.iterdir())


def test_a_killed_holder_leaves_nothing_behind(tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from stockscore.services.process_lock import exclusive\n"
        f"with exclusive('refresh', {URL!r}, Path({str(tmp_path)!r})):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ServiceError), exclusive("refresh", URL, tmp_path):
            pass
        holder.kill()
    with exclusive("refresh", URL, tmp_path):
        pass
