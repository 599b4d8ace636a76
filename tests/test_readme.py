"""Every command of the README, run as it stands there, in a copy of the checkout.

The copy borrows this checkout's installed packages; everything else (the database, the simulated
market, the site) is made by the commands themselves.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.support.ports import free_port
from tests.support.replay import served_market
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
STARTED = re.compile(r"StockScore is at (http://\S+)")


def commands(block: str) -> list[str]:
    """The lines of a block without their comments."""
    return [line.split("  #")[0].strip() for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout without what was made in it, but for its installed packages."""
    folder = tmp_path_factory.mktemp("clone") / "stockscore"
    made = shutil.ignore_patterns(".git", ".venv", "instance", "__pycache__", ".*_cache", "*.db*")
    shutil.copytree(ROOT, folder, ignore=made)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def environment(**more: str) -> dict[str, str]:
    """The environment of a person's shell: without what the test runner put there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return kept | more


@contextmanager
def serving(command: str, folder: Path, **environ: str) -> Iterator[str]:
    """Runs a command that serves the site, until it says where; stops it at the end."""
    with subprocess.Popen(
        ["sh", "-c", command],
        cwd=folder,
        env=environment(PORT=str(free_port()), **environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        said = []
        try:
            for line in process.stdout:
                said.append(line)
                if found := STARTED.search(line):
                    break
            else:
                pytest.fail("".join(said))
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield found.group(1)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def read(url: str) -> str:
    """The answer of the site, once it listens."""
    return wait_until(lambda: _answer(url), f"{url} answers")


def _answer(url: str) -> str:
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310  our own site
            return answer.read().decode()
    except URLError as error:
        # The server says where it will be a moment before it listens.
        if not isinstance(error.reason, ConnectionRefusedError):
            raise
        return ""


def run(lines: list[str], folder: Path, **environ: str) -> str:
    """Runs commands in one shell, each of which must succeed; what they said."""
    done = subprocess.run(
        ["bash", "-ec", "\n".join(lines)],
        cwd=folder,
        env=environment(**environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_readme_has_the_blocks_that_this_file_runs() -> None:
    assert [commands(block)[0] for block in BLOCKS] == [
        "make run",
        "make live",
        "export DATA_PROVIDER=yahoo DATABASE_URL=sqlite:///instance/live.db",
        "export DATA_PROVIDER=csv DATABASE_URL=sqlite:///instance/own.db",
        commands(BLOCKS[-1])[0],
    ]
    assert commands(BLOCKS[0]) == ["make run", "make test"]
    assert all((ROOT / name).exists() for name in re.findall(r"`(docs/[\w./]+)`", README))


@pytest.fixture(scope="module")
def simulated(checkout: Path) -> Path:
    """The checkout after `make run` has filled its database once."""
    with serving("make run", checkout) as site:
        page = read(f"{site}/")
        assert "Simulated market" in page
        stocks = json.loads(read(f"{site}/stocks.json"))
        assert stocks["total"] >= 500
        assert any(item["score"]["total"] for item in stocks["items"])
    return checkout


def test_make_run_serves_the_simulated_market_and_starts_again(simulated: Path) -> None:
    with serving("make run", simulated) as site:
        assert json.loads(read(f"{site}/readyz"))["edition"] == 1


def test_make_works_from_any_folder(simulated: Path, tmp_path: Path) -> None:
    assert "make run" in run([f'make -f "{simulated}/Makefile" help'], tmp_path)


def test_make_test_runs_the_tests(checkout: Path) -> None:
    said = run(["make test ARGS=tests/test_clock.py"], checkout, TEST_PROCESSES="0")
    assert re.search(r"^\d+ passed in ", said, re.MULTILINE)


def test_a_published_score_is_verified(simulated: Path) -> None:
    said = run(commands(BLOCKS[-1]), simulated)
    assert "is exactly what was said" in said


def test_own_figures_come_as_csv_files(checkout: Path) -> None:
    said = run(commands(BLOCKS[3]), checkout)
    assert "3 of 3 stocks rated" in said


@pytest.mark.replay
def test_make_live_serves_real_data_and_is_brought_up_to_date(checkout: Path) -> None:
    """Five companies instead of five hundred: the universe is there already, as after a stop."""
    universe = checkout / "five.csv"
    universe.write_text(
        "ticker,name,exchange,currency,sector,industry\n"
        + "".join(f"{ticker},{ticker},XNYS,USD,,\n" for ticker in ("KO", "PG", "XOM", "GE", "T"))
    )
    run(
        [
            "export DATABASE_URL=sqlite:///instance/live.db",
            ".venv/bin/flask db upgrade",
            f".venv/bin/flask universe import {universe}",
        ],
        checkout,
    )
    with served_market() as replayed:
        fast = {"PROVIDER_RATE_PER_SECOND": "100", **replayed}
        with serving("make live", checkout, **fast) as site:
            stocks = json.loads(read(f"{site}/stocks.json"))
            assert stocks["total"] == 5
            assert all(item["score"]["total"] for item in stocks["items"])
            assert "Simulated market" not in read(f"{site}/")
        assert "5 unchanged" in run(commands(BLOCKS[2]), checkout, **fast)
