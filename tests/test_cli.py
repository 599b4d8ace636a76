"""The commands: what they say, their exit status, and that nothing ever ends in a traceback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from stockscore.providers.base import Listing
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.services import scores
from stockscore.store import quarantine, stocks
from stockscore.store.transactions import transaction
from tests.support import small_market
from tests.support.small_market import NOW

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def app(app_on, sqlite_url):
    """An application whose clock stands on the evening of the small market's last session."""
    return app_on(sqlite_url, CLOCK=lambda: NOW)


@pytest.fixture
def filled(app):
    """The small market, scored."""
    with app.app_context():
        small_market.save()
        scores.publish(NOW)


def flask(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_help_lists_every_command() -> None:
    listed = flask("--help").stdout
    for name in ("universe", "import", "refresh", "score", "snapshot", "market", "schedule"):
        assert f"\n  {name} " in listed


@pytest.mark.usefixtures("filled")
def test_score_publishes_an_edition_and_says_its_number(runner) -> None:
    again = runner.invoke(args=["score"])
    assert again.exit_code == 0
    assert again.output == "Nothing has changed: 12 of 12 stocks rated.\n"


def test_score_without_stocks_fails_with_what_to_do(runner) -> None:
    answer = runner.invoke(args=["score"])
    assert answer.exit_code == 1
    assert "flask universe add sp500" in answer.output


@pytest.mark.usefixtures("filled")
def test_verify_says_that_the_score_is_exactly_what_was_said(runner) -> None:
    answer = runner.invoke(args=["score", "verify", "t03"])
    assert answer.exit_code == 0
    said, computed, verdict = answer.output.splitlines()
    assert said.endswith("  method 1.1")
    assert computed.split()[1:] == said.split()[1:-2]
    assert verdict == "T03 is exactly what was said for 2026-11-20."


@pytest.mark.usefixtures("filled")
def test_verify_of_an_unknown_ticker_is_wrong_usage(runner) -> None:
    answer = runner.invoke(args=["score", "verify", "T0"])
    assert answer.exit_code == 2
    assert "No stock is called 'T0'. Near: T00" in answer.output


@pytest.mark.usefixtures("filled")
def test_snapshot_records_the_session(runner) -> None:
    assert "XNYS 2026-11-20: 12 new snapshots." in runner.invoke(args=["snapshot"]).output
    assert "XNYS 2026-11-20: 0 new snapshots." in runner.invoke(args=["snapshot"]).output
    gap = runner.invoke(args=["snapshot", "--date", "2026-11-18"])
    assert "a gap is recorded" in gap.output
    assert gap.exit_code == 0


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "words",
    [
        ["snapshot", "--date", "yesterday"],
        ["snapshot", "--exchange", "MARS"],
        ["market", "status", "--at", "noon"],
        ["market", "status", "--at", "2026-11-27T10:00:00"],
        ["market", "status", "--at", "0001-01-01T00:00Z"],
        ["market", "status", "--at", "1990-01-02T00:00Z", "--exchange", "XTKS"],
        ["schedule", "list", "--from", "Monday"],
        ["schedule", "list", "--from", "2026-11-27T10:00:00"],
        ["schedule", "list", "--from", "2026-11-27", "--to", "2026-11-26"],
        ["schedule", "list", "--from", "1990-01-02", "--exchange", "XTKS"],
        ["schedule", "list", "--exchange", "MARS"],
        ["refresh", "--what", "everything"],
        ["refresh", "NOSUCH"],
        ["universe", "import", "no-such-file.csv"],
        ["import", "prices", "no-such-file.csv"],
        ["import", "fundamentals", "."],
        ["score", "verify"],
        ["score", "verify", "T03", "--date", "2026-11-20"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_a_sentence_and_status_2(runner, words) -> None:
    answer = runner.invoke(args=words)
    assert answer.exit_code == 2
    assert "Traceback" not in answer.output
    assert answer.output.strip()


def test_market_status_answers_in_json(runner) -> None:
    answer = runner.invoke(args=["market", "status", "--at", "2026-11-27T17:30:00Z", "--json"])
    assert json.loads(answer.output) == {
        "exchange": "XNYS",
        "at": "2026-11-27T17:30:00Z",
        "is_open": True,
        "session": "2026-11-27",
        "opens_at": "2026-11-27T14:30:00Z",
        "closes_at": "2026-11-27T18:00:00Z",
        "next_open": "2026-11-30T14:30:00Z",
        "next_close": "2026-11-27T18:00:00Z",
        "reason": "open",
    }


def test_schedule_list_gives_the_slots_of_thanksgivings_week(runner) -> None:
    words = ["schedule", "list", "--from", "2026-11-25T21:10:00Z", "--to", "2026-11-27T14:35:00Z"]
    answer = runner.invoke(args=[*words, "--json"])
    closing, recording, next_one = json.loads(answer.output)
    assert closing == {
        "id": "refresh-XNYS-20261125T2115Z",
        "job": "refresh",
        "exchange": "XNYS",
        "session": "2026-11-25",
        "at": "2026-11-25T21:15:00Z",
    }
    assert recording["id"] == "snapshot-XNYS-20261125"
    assert next_one["id"] == "refresh-XNYS-20261127T1435Z"
    assert len(runner.invoke(args=words).output.splitlines()) == 3


def test_schedule_list_takes_dates_and_an_exchange_far_beyond_what_is_stored(runner) -> None:
    words = ["schedule", "list", "--from", "2029-05-01", "--to", "2029-05-31", "--json"]
    listed = json.loads(runner.invoke(args=[*words, "--exchange", "xtks"]).output)
    days = sorted({row["session"] for row in listed})
    # The first two days of May 2029 are sessions, then come Golden Week's holidays.
    assert days[:3] == ["2029-05-01", "2029-05-02", "2029-05-07"]
    assert days[-1] == "2029-05-31"


def test_schedule_list_follows_the_setting_of_the_interval(app_on, sqlite_url) -> None:
    runner = app_on(sqlite_url, REFRESH_EVERY_MINUTES=30).test_cli_runner()
    words = ["schedule", "list", "--from", "2026-11-27", "--to", "2026-11-27", "--json"]
    assert len(json.loads(runner.invoke(args=words).output)) == 9


@pytest.mark.slow
def test_demo_cases_names_the_awkward_stocks(runner) -> None:
    said = runner.invoke(args=["demo", "cases"]).output
    assert "\nrecent split: " in said
    assert "\nnegative equity: " in said


@pytest.mark.usefixtures("filled")
def test_jobs_runs_answers_in_json(runner) -> None:
    assert json.loads(runner.invoke(args=["jobs", "runs", "--json"]).output) == []


@pytest.mark.slow
def test_an_empty_database_is_a_sentence(tmp_path: Path) -> None:
    answer = flask("score", DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    assert answer.returncode == 1
    assert "flask db upgrade" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.slow
def test_wrong_settings_are_a_sentence_and_status_2() -> None:
    answer = flask("score", PORT="http", DATA_PROVIDER="bloomberg")
    assert answer.returncode == 2
    assert "PORT takes a whole number" in answer.stderr
    assert "DATA_PROVIDER takes one of" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.slow
def test_a_taken_port_is_a_sentence_before_any_work(tmp_path: Path) -> None:
    database = tmp_path / "never.db"
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = flask("serve", PORT=str(port), DATABASE_URL=f"sqlite:///{database}")
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"Port {port} of 127.0.0.1 cannot be used")
    assert "PORT=" in answer.stderr
    assert not database.exists()


@pytest.mark.slow
def test_a_relative_database_lies_in_the_project_from_any_folder(tmp_path: Path) -> None:
    program = (
        "from stockscore import create_app\n"
        "app = create_app({'DATABASE_URL': 'sqlite:///instance/own.db'})\n"
        "print(app.config['SQLALCHEMY_DATABASE_URI'].database)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == str(ROOT / "instance" / "own.db")


@pytest.fixture
def case_id(app) -> int:
    """A value that is held back."""
    with app.app_context(), transaction():
        stocks.save_listings([Listing("KO", "Coca-Cola", "XNYS", "USD")], "test", NOW)
        held = RejectedValue("price-jump", "close", "177", "61.5", "up 188 % in a day")
        quarantine.add(stocks.active()[0].id, held, "yahoo", NOW)
        return quarantine.open_items()[0].id


def test_the_quarantine_is_listed_and_decided(runner, case_id) -> None:
    listed = runner.invoke(args=["quarantine", "list"]).output.split("\t")
    assert listed[:4] == [str(case_id), "open", "KO", "close"]
    refused = runner.invoke(args=["quarantine", "refuse", str(case_id), "--by", "Ann"])
    assert refused.output.startswith("Refused 177 as close of KO: 61.5 stays in use")
    assert "Nothing is held back." in runner.invoke(args=["quarantine", "list"]).output
    (case,) = json.loads(runner.invoke(args=["quarantine", "list", "--all", "--json"]).output)
    assert (case["decision"], case["decided_by"]) == ("refused", "Ann")
    assert case["decided_at"] == NOW.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("named", ["999", "0", "x", str(2**70)])
@pytest.mark.usefixtures("case_id")
def test_an_unknown_case_is_wrong_usage(runner, named) -> None:
    assert runner.invoke(args=["quarantine", "accept", named]).exit_code == 2


def test_a_case_is_decided_once(runner, case_id) -> None:
    assert runner.invoke(args=["quarantine", "accept", str(case_id)]).exit_code == 0
    again = runner.invoke(args=["quarantine", "accept", str(case_id)])
    assert again.exit_code == 2
    assert "was accepted already" in again.output


@pytest.mark.usefixtures("filled")
def test_a_snapshot_of_all_exchanges_passes_over_one_without_a_session(runner, app) -> None:
    with app.app_context(), transaction():
        stocks.save_listings([Listing("NAS", "Nas", "XNAS", "USD")], "test", NOW)
    answer = runner.invoke(args=["snapshot", "--date", "2026-11-20"])
    assert answer.exit_code == 0
    assert "XNYS 2026-11-20: 12 new snapshots." in answer.output
    assert "XNAS 2026-11-20: a gap is recorded" in answer.output
    assert runner.invoke(args=["snapshot", "--date", "2026-11-21"]).exit_code == 2
