"""Which exchanges are looked after, and what `flask doctor` finds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stockscore.providers.base import Listing
from stockscore.services import exchanges, setup_checks
from stockscore.store import sessions, stocks
from stockscore.store.transactions import transaction
from tests.support.small_market import NOW, trading_days

AHEAD = NOW.date() + timedelta(days=20)


@pytest.fixture
def add(app_context):
    """`add("XNAS", 2)` lists two stocks there."""

    def listed(mic: str, count: int) -> None:
        with transaction():
            names = [f"{mic}{number}" for number in range(count)]
            stocks.save_listings([Listing(name, name, mic, "USD") for name in names], "test", NOW)

    return listed


def found(*configured: str) -> list[str]:
    return [each.sentence for each in setup_checks.findings({"EXCHANGES": configured}, NOW)]


def test_looked_after_are_all_with_stocks_home_being_the_one_with_most(add) -> None:
    assert exchanges.looked_after(()) == ["XNYS"]
    add("XNYS", 2)
    add("XNAS", 3)
    add("MARS", 9)
    assert exchanges.looked_after(()) == ["XNAS", "XNYS"]
    assert exchanges.looked_after(("XLON",)) == ["XLON"]


def test_an_empty_installation_has_nothing_wrong(add) -> None:
    assert found() == []
    assert found("XLON") == []


def test_stocks_that_nothing_looks_after_are_found(add) -> None:
    with transaction():
        sessions.save(trading_days(AHEAD))
    add("XNYS", 1)
    assert found() == []
    add("XNAS", 2)
    (sentence,) = found("XNYS")
    assert sentence == (
        "2 stocks are on XNAS, which nothing looks after: EXCHANGES is XNYS, so that it is neither "
        "refreshed by the schedule nor recorded day by day."
    )
    add("MARS", 1)
    assert found("XNYS", "XNAS")[0].startswith("1 stock is on MARS, which nothing looks after: its")


def test_sessions_that_end_soon_are_found(add) -> None:
    add("XNYS", 1)
    assert found() == ["The sessions of XNYS are not stored as far as two weeks from now."]
    with transaction():
        sessions.save(trading_days(AHEAD))
    assert found() == []


def test_the_command_ends_with_1_where_there_is_anything(add, runner) -> None:
    assert runner.invoke(args=["doctor"]).output == "Nothing is wrong.\n"
    add("XNYS", 1)
    answer = runner.invoke(args=["doctor"])
    assert answer.exit_code == 1
    assert "flask market sync" in answer.output
    assert '"check": "sessions"' in runner.invoke(args=["doctor", "--json"]).output
