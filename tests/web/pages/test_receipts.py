"""What a stranger can check: receipts of days and stocks, and a score computed by hand."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from datetime import date

import pytest

from stockscore import clock
from stockscore.config import ROOT
from stockscore.scoring.stored_score import day_receipt
from stockscore.services import verification
from stockscore.services.runlog import recorded
from stockscore.store import cross_sections

THURSDAY = date(2026, 11, 19)
SCRIPT = ROOT / "docs" / "examples" / "verify.py"


@pytest.fixture(scope="module")
def script():
    """The script of docs/verify.md as a module."""
    spec = importlib.util.spec_from_file_location("verify", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_receipts_of_days_are_listed_newest_first(browser, market):
    listed = browser.get("/receipts.json").json
    with market.app_context():
        section = cross_sections.of_session("XNYS", THURSDAY)
    assert [item["receipt"] for item in listed["items"]] == [section.day_receipt]
    assert (listed["total"], listed["items"][0]["session"]) == (1, "2026-11-19")
    assert browser.get("/receipts.json?page=2").status_code == 400


def test_the_receipt_of_a_day_follows_from_those_of_its_stocks(browser):
    (item,) = browser.get("/receipts.json?date=2026-11-19").json["items"]
    assert day_receipt(item["receipts"]) == item["receipt"]
    assert len(item["receipts"]) == item["stocks"]
    nothing = browser.get("/receipts.json?date=2026-11-20")
    assert nothing.status_code == 400
    assert "Nothing was recorded on 2026-11-20" in nothing.json["error"]
    assert browser.get("/receipts.json?date=2026-02-30").status_code == 400


def test_the_status_lists_them(browser):
    page = browser.get("/status").text
    receipt = browser.get("/status.json").json["receipts"][0]["receipt"]
    assert receipt[:12] in page
    assert 'href="/receipts.json"' in page
    assert "Nothing has been computed again yet" in page


@pytest.mark.parametrize("ticker", ["T05", "T06", "T11", "BRK.B"])
@pytest.mark.parametrize("question", ["", "?as_of=2026-11-19"])
def test_a_score_is_computed_by_hand(browser, script, ticker, question):
    answer = browser.get(f"/stocks/{ticker}/inputs.json{question}")
    if ticker == "BRK.B" and question:
        assert answer.status_code == 404
        return
    said = json.loads(answer.text)
    assert said["percentiles_whole"] is True
    results = script.verified(said)
    assert set(results) == {"value", "quality", "momentum", "health", "total", "receipt"}
    assert {name: mine for name, (mine, _) in results.items()} == {
        name: theirs for name, (_, theirs) in results.items()
    }


def test_the_script_is_short_and_runs_alone(site):
    assert len(SCRIPT.read_text("utf-8").splitlines()) < 60
    address = f"{site}/stocks/T05/inputs.json"
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), address], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "total computed" in done.stdout
    assert "DIFFERS" not in done.stdout


def test_a_value_that_was_changed_is_noticed_by_hand(browser, script):
    said = browser.get("/stocks/T05/inputs.json").json
    said["values"]["total"] += 1
    results = script.verified(said)
    assert results["total"][0] != results["total"][1]
    assert results["receipt"][0] != results["receipt"][1]


def test_inputs_of_what_is_not_there(browser):
    assert browser.get("/stocks/NOPE/inputs.json").status_code == 404
    assert browser.get("/stocks/T05/inputs.json?as_of=2027-01-01").status_code == 400
    before = browser.get("/stocks/T05/inputs.json?as_of=2020-01-01")
    assert before.status_code == 404
    assert "The record begins on 2026-11-19" in before.json["error"]
    friday = browser.get("/stocks/T05/inputs.json?as_of=2026-11-20")
    assert friday.status_code == 303
    assert friday.headers["Location"].endswith("/stocks/T05/inputs.json?as_of=2026-11-19")


def test_a_night_in_which_the_past_was_revised_names_what_differs(copied_market):
    app = copied_market()
    with app.app_context():
        found = verification.nightly(clock.now().date())
        assert found == verification.nightly(clock.now().date())
    assert (len(found.sample), found.session) == (verification.SAMPLE, THURSDAY)
    # The bars of this market were rewritten after Thursday's session was recorded.
    assert {score.recorded_on for score in found.differing} == {THURSDAY}
    assert "12 differ from what was said: T00 (2026-11-19)" in found.sentence
    done = app.test_cli_runner().invoke(args=["score", "verify", "--nightly"])
    assert (done.exit_code, done.stderr) == (1, f"{found.sentence}\n")
    browser = app.test_client()
    assert found.sentence in browser.get("/status").text
    kept = browser.get("/status.json").json["verified"]
    assert (kept["updated"], kept["failed"]) == (verification.SAMPLE, 12)
    counted = browser.get("/metrics").text
    assert 'stockscore_verified_scores{result="agrees"} 10' in counted
    assert 'stockscore_verified_scores{result="differs"} 12' in counted


def test_a_night_that_could_not_be_done_says_so(copied_market):
    app = copied_market()
    with app.app_context(), pytest.raises(RuntimeError), recorded("verify", clock.now):
        raise RuntimeError("the disk is full")
    assert "it could not be done. the disk is full" in app.test_client().get("/status").text
    assert "stockscore_verified 0" in app.test_client().get("/metrics").text
