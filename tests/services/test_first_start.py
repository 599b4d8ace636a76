"""`make live`: it says how many of how many came, which failed and why, records what is due, and
starts no site on nothing."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from stockscore.market.hours import Session
from stockscore.providers.base import Listing, NotFound, RateLimited, Unavailable
from stockscore.services import first_start, sources
from stockscore.services.errors import ServiceError
from stockscore.services.refresh import account
from stockscore.services.refresh.stock import RefreshCounts
from stockscore.store import cross_sections, sessions, stocks
from stockscore.store.transactions import transaction
from tests.support.scripted_source import START, Source

MEMBERS = {"AAA": "XNYS", "BBB": "XNAS", "CCC": "XNAS"}


class IndexSource(Source):
    """A source of an index whose members are on two exchanges."""

    def universe(self, _index: str, _now: datetime) -> list[Listing]:
        return [Listing(ticker, f"{ticker} Inc.", mic, "USD") for ticker, mic in MEMBERS.items()]


@contextmanager
def quiet(_title):
    yield lambda _done, _total, _label: None


@pytest.fixture
def source(app_on, sqlite_url, monkeypatch):
    """The source, in an application that serves it; New York and Nasdaq have closed."""
    scripted = IndexSource()
    monkeypatch.setattr(sources, "provider_of", lambda _settings: scripted)
    scripted.app = app_on(sqlite_url, DATA_PROVIDER="yahoo", CLOCK=scripted.clock)
    with scripted.app.app_context():
        with transaction():
            sessions.save([session for mic in ("XNYS", "XNAS") for session in days_of(mic)])
        yield scripted


def days_of(mic: str) -> list[Session]:
    found = [START.date() + timedelta(days=step) for step in range(-5, 300)]
    return [
        Session(
            mic,
            day,
            datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC),
            datetime(day.year, day.month, day.day, 21, tzinfo=UTC),
        )
        for day in found
    ]


def prepare(source) -> list[str]:
    said: list[str] = []
    first_start.prepare(source.app, source.clock, "sp500", quiet, said.append)
    return said


def fail(source, error, tickers=MEMBERS) -> None:
    for ticker in tickers:
        for what in ("prices", "fundamentals"):
            source.answers[ticker, what] = error


def test_all_exchanges_are_recorded_not_new_york_alone(source) -> None:
    said = prepare(source)
    assert said[0] == "3 of 3 stocks came."
    assert said[-1] == "XNAS 2026-03-05: 2 new snapshots. XNYS 2026-03-05: 1 new snapshots."
    assert cross_sections.of_session("XNAS", START.date()) is not None
    assert prepare(source)[-1] == "No snapshot was due."


def test_a_session_that_was_over_before_the_site_began_is_no_gap(source) -> None:
    source.now = START.replace(hour=15)
    assert prepare(source)[-1] == "No snapshot was due."


def test_where_nothing_came_there_is_no_site(source) -> None:
    fail(source, Unavailable("The connection broke off."))
    said: list[str] = []
    with pytest.raises(ServiceError, match="nothing to show"):
        first_start.prepare(source.app, source.clock, "sp500", quiet, said.append)
    assert said[0] == "0 of 3 stocks came."
    assert said[1].startswith("3 failed, the source gave no usable answer: AAA, BBB, CCC.")
    assert "Check that this machine reaches the source" in said[1]


def test_where_nothing_came_the_edition_of_before_is_shown_with_its_age(source) -> None:
    prepare(source)
    source.now += timedelta(days=3)
    fail(source, Unavailable("The connection broke off."))
    assert prepare(source)[-1] == (
        "The site shows edition 1 of 2026-03-05 21:30 UTC, which is 3 days old."
    )


def test_what_came_is_shown_and_what_failed_is_said_by_reason(source) -> None:
    fail(source, NotFound("Nobody knows BBB."), ["BBB"])
    said = prepare(source)
    assert said[0] == "2 of 3 stocks came."
    assert said[1] == (
        "1 failed, the source does not know them: BBB. Nobody knows BBB. Correct these tickers in "
        "the universe, or leave them: they are not rated."
    )
    assert "Edition 1 is published" in said[3]


def test_many_failures_are_grouped() -> None:
    counts = RefreshCounts(expected=500, unchanged=7, failed=20, stopped="The source is down.")
    counts.failures = {f"T{n}": RateLimited.state for n in range(12)}
    counts.failures |= {f"U{n}": "failed" for n in range(8)}
    first, refused, other, left, after = account.lines(counts)
    assert first == "7 of 500 stocks came."
    assert refused.startswith(
        "12 failed, the source asked to slow down: T0, T1, T2, T3, T4, T5, T6, T7 and 4 more."
    )
    assert other.startswith("8 failed, something else went wrong: U0")
    assert left == "The source is down."
    assert after == "What came is kept; the next start goes on with the rest."


def test_stocks_that_are_there_are_kept_when_the_index_is_given_again(source) -> None:
    prepare(source)
    assert prepare(source)[0] == "3 of 3 stocks came."
    assert len(stocks.active()) == 3
