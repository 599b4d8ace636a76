"""What a person has decided about a doubtful value holds for the next answer that brings it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stockscore.market.hours import Session
from stockscore.providers.base import Listing
from stockscore.services import quarantine as service
from stockscore.services import refresh
from stockscore.store import bars, quarantine, sessions, stocks
from stockscore.store.transactions import transaction
from tests.support.scripted_source import START, Source

TODAY = START.date()


@pytest.fixture
def source(app) -> Source:
    """A source, and a stock whose price has really risen by 177 % in a day."""
    with app.app_context():
        days = [TODAY + timedelta(days=step) for step in range(-9, 9)]
        with transaction():
            stocks.save_listings([Listing("AAA", "AAA Inc.", "XNYS", "USD")], "test", START)
            sessions.save(
                [
                    Session(
                        "XNYS",
                        day,
                        datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC),
                        datetime(day.year, day.month, day.day, 21, 0, tzinfo=UTC),
                    )
                    for day in days
                    if day.weekday() < 5
                ]
            )
        scripted = Source()
        ask(scripted)
        scripted.now += timedelta(days=1)
        scripted.closes["AAA"] = [11.0, 12.0, 33.24]
        ask(scripted)
        yield scripted


def ask(source: Source) -> refresh.RefreshCounts:
    return refresh.refresh(source, source.clock, ("AAA",), force=True)


def closes() -> list[float]:
    return [bar.close for bar in bars.of(stocks.find("AAA").id)]


def decide(decision: str, source: Source) -> None:
    (case,) = quarantine.open_items()
    service.decide([case.id], decision, "ann", source.now)


def test_a_true_jump_that_was_accepted_is_in_use_after_the_next_refresh(source) -> None:
    assert closes() == [10.0, 11.0, 12.0]
    decide("accepted", source)
    assert closes() == [10.0, 11.0, 12.0], "nothing happens before an answer brings it"
    assert ask(source).quarantined == 0
    assert closes() == [10.0, 11.0, 12.0, 33.24]
    source.now += timedelta(days=3)
    source.closes["AAA"] = [33.24, 33.24, 33.24, 34.0]
    ask(source)
    assert closes()[-1] == 34.0, "what follows is held against the accepted level"
    assert quarantine.open_items() == []


def test_a_jump_that_was_refused_stays_out_and_is_not_asked_about_again(source) -> None:
    decide("refused", source)
    ask(source)
    assert closes() == [10.0, 11.0, 12.0]
    assert quarantine.open_items() == []
