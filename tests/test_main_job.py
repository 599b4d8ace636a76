"""The main job on real input: the commands, the real yfinance, a market with faults, the pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.replay import served_market
from tests.support.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.replay

ROOT = Path(__file__).resolve().parent.parent

TICKERS = [
    "AAPL",
    "MSFT",
    "NVDA",
    "AMZN",
    "GOOG",
    "GOOGL",
    "META",
    "BRK-B",
    "JPM",
    "V",
    "XOM",
    "UNH",
    "JNJ",
    "PG",
    "HD",
    "MA",
    "CVX",
    "ABBV",
    "KO",
    "PEP",
    "COST",
    "MRK",
    "AVGO",
    "LLY",
    "WMT",
    "BAC",
    "TMO",
    "CSCO",
    "ACN",
    "MCD",
    "NFLX",
    "AMD",
    "CRM",
    "DIS",
    "O",
    "PLD",
    "NEE",
    "DUK",
    "GS",
    "AIG",
]

FAULTS = {
    "429": 0.04,
    "500": 0.05,
    "reset": 0.04,
    "garbage": 0.04,
    "empty": 0.04,
    "500@DIS": 1.0,
    "empty@NEE": 1.0,
    "garbage@timeseries": 0.1,
}
"""What goes wrong in the first run: a fifth of all requests, and two stocks altogether."""

SETTINGS = {
    "DATA_PROVIDER": "yahoo",
    "PROVIDER_RATE_PER_SECOND": "10000",
    "PROVIDER_COOLDOWN_SECONDS": "0.005",
    "PROVIDER_TIMEOUT_SECONDS": str(PATIENCE_SECONDS),
}


def flask(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as a user does; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={**os.environ, **SETTINGS, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def story(tmp_path_factory, sqlite_template):
    """The whole job, once: a refresh with faults and what is read then, and one that mends."""
    folder = tmp_path_factory.mktemp("main-job")
    database = {"DATABASE_URL": f"sqlite:///{folder / 'market.db'}"}
    (folder / "market.db").write_bytes(Path(sqlite_template).read_bytes())
    universe = folder / "universe.csv"
    rows = [f"{ticker},{ticker},XNYS,USD,," for ticker in (*TICKERS, "NOSUCH")]
    header = "ticker,name,exchange,currency,sector,industry"
    universe.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    told = {"import": flask(database, "universe", "import", str(universe))}
    with served_market(FAULTS, seed=3) as market:
        told["faulty refresh"] = flask({**database, **market}, "refresh")
    told["first score"] = flask(database, "score")
    told["first pages"] = pages(database)
    with served_market() as market:
        told["mending refresh"] = flask({**database, **market}, "refresh")
    told["second score"] = flask(database, "score")
    told["second pages"] = pages(database)
    return told


def pages(database: Mapping[str, str]) -> dict[str, tuple[dict, str]]:
    """Every stock's page as JSON and as HTML."""
    from stockscore import create_app

    client = create_app({**database, "TESTING": True}).test_client()
    found = {}
    for ticker in (*TICKERS, "NOSUCH"):
        answer = client.get(f"/stocks/{ticker}.json")
        page = client.get(f"/stocks/{ticker}")
        assert (answer.status_code, page.status_code) == (200, 200), ticker
        found[ticker] = (answer.get_json(), page.get_data(as_text=True))
    return found


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """The numbers of a refresh's last line."""
    return {name: int(number) for number, name in re.findall(r"(\d+) (\w+)", done.stdout)}


def complaints(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """The sentences about single stocks."""
    lines = (line.partition(": ") for line in done.stderr.splitlines())
    return {ticker: said for ticker, _, said in lines if ticker in (*TICKERS, "NOSUCH")}


def test_the_universe_is_imported(story) -> None:
    assert "41 stocks added" in story["import"].stdout


def test_faults_fail_single_stocks_and_never_the_run(story) -> None:
    found = counts(story["faulty refresh"])
    assert found["updated"] > 25
    assert found["failed"] >= 3
    assert {"DIS", "NEE", "NOSUCH"} <= complaints(story["faulty refresh"]).keys()


def test_every_stock_that_had_data_is_scored_and_the_others_say_why(story) -> None:
    said = complaints(story["faulty refresh"])
    rated = 0
    for ticker, (answer, page) in story["first pages"].items():
        if ticker not in said:
            assert answer["score"]["rated"], ticker
        if answer["score"] and answer["score"]["rated"]:
            assert 0 <= answer["score"]["total"] <= 100
            rated += 1
        else:
            assert "Yahoo" in page, f"{ticker} does not say why it is not rated"
    assert rated > 25


def test_a_second_run_mends_what_failed(story) -> None:
    found = complaints(story["mending refresh"])
    # Of Broadcom the source quotes an enterprise value of a fifth of its market value.
    assert "enterprise value" in found.pop("AVGO")
    assert set(found) == {"NOSUCH"}
    for ticker, (answer, _) in story["second pages"].items():
        if ticker != "NOSUCH":
            assert answer["score"]["rated"], ticker
            assert answer["sector"], ticker


def test_a_stock_that_yahoo_does_not_know_says_so_and_is_not_rated(story) -> None:
    answer, page = story["second pages"]["NOSUCH"]
    assert not (answer["score"] and answer["score"]["rated"])
    assert "Yahoo does not know the symbol NOSUCH" in page
