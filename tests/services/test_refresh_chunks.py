"""A refresh cut into chunks, which several executions do, and any of which may be stopped."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from stockscore.extensions import db
from stockscore.market.hours import Session
from stockscore.providers.base import CoolingDown, Fundamentals, Listing, NotFound, Unavailable
from stockscore.services.refresh import chunk as service
from stockscore.services.refresh import plan, stock
from stockscore.services.refresh.chunk import ChunkResult
from stockscore.services.refresh.plan import Planned
from stockscore.store import bars, chunks, runs, sessions, stocks
from stockscore.store.models import Fetch
from stockscore.store.transactions import transaction
from tests.support.scripted_source import Source
from tests.support.waiting import PATIENCE_SECONDS

OPENS, CLOSES = (datetime(2026, 3, 5, hour, 0, tzinfo=UTC) for hour in (15, 21))
SLOT = "refresh-XNYS-20260305T1505Z"
LATER = "refresh-XNYS-20260305T1605Z"
CLOSING = "refresh-XNYS-20260305T2115Z"
NOW = datetime(2026, 3, 5, 15, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICKERS = tuple(f"T{number:02}" for number in range(12))


@pytest.fixture
def app(app_on, database_url):
    """Here every test runs on both kinds of database."""
    return app_on(database_url)


@pytest.fixture
def source(app, monkeypatch) -> Source:
    """Twelve stocks in New York, in chunks of four."""
    monkeypatch.setattr(plan, "CHUNK_SIZE", 4)
    with app.app_context():
        with transaction():
            listings = [Listing(ticker, ticker, "XNYS", "USD") for ticker in TICKERS]
            stocks.save_listings(listings, "test", NOW - timedelta(days=9))
            sessions.save(
                Session("XNYS", (OPENS + day).date(), OPENS + day, CLOSES + day)
                for day in map(timedelta, range(-30, 60))
                if (OPENS + day).isoweekday() < 6
            )
        made = Source()
        made.now = NOW
        yield made


def planned(slot: str = SLOT, now: datetime = NOW, every: int = 60) -> Planned:
    return plan.plan(slot, now, every)


def work(source: Source, run_id: int, number: int, **given) -> ChunkResult:
    """An execution of the chunk's own job."""
    told = {"job_id": f"{SLOT}-c{number}", "holder": "somebody", "stop": lambda: False} | given
    return service.work(source, source.clock, run_id, number, **told)


def do_all(source: Source, slot: str = SLOT, now: datetime = NOW) -> int:
    """A whole slot; the id of its run."""
    source.now = now
    made = planned(slot, now)
    for number, job_id in made.chunks:
        work(source, made.run_id, number, job_id=job_id)
    return made.run_id


def run_of(slot: str = SLOT) -> tuple:
    db.session.rollback()
    run = runs.of_slot(slot)
    return run.state, run.expected, run.updated, run.unchanged, run.failed


def asked(source: Source, what: str = "prices") -> list[str]:
    return [ticker for ticker, part in source.asked if part == what]


class Killed(BaseException):
    """What a kill is to the code that it stops: nothing after it happens."""


# A run, from its plan to its end


def test_the_last_chunk_closes_the_run_with_the_sums_of_all(source) -> None:
    made = planned()
    assert made.chunks == [(number, f"{SLOT}-c{number}") for number in (1, 2, 3)]
    source.answers["T05", "prices"] = NotFound("T05 is unknown.")
    told = [work(source, made.run_id, number) for number in (2, 3, 1)]
    assert told == [ChunkResult(False), ChunkResult(False), ChunkResult(True)]
    assert run_of() == ("done", 12, 11, 0, 1)
    assert sorted(asked(source)) == list(TICKERS)


def test_a_slot_is_planned_once_and_a_chunk_done_once(source) -> None:
    made = planned()
    work(source, made.run_id, 1)
    assert planned() == Planned(made.run_id, made.chunks[1:])
    assert work(source, made.run_id, 1) == ChunkResult(False)
    do_all(source)
    assert planned() == Planned(made.run_id, closed=True)
    assert len(asked(source)) == len(set(asked(source))) == 12


def test_of_chunks_that_end_at_the_same_moment_one_closes_the_run(app, source) -> None:
    made = planned()
    ready, told = threading.Barrier(3), []

    def one(number: int) -> None:
        with app.app_context():
            patient = Source()
            patient.now = NOW
            hold = iter([False] * 3)

            def stop() -> bool:  # the last stock of each is reached together
                if next(hold, None) is None:
                    ready.wait(PATIENCE_SECONDS)
                return False

            told.append(work(patient, made.run_id, number, stop=stop).closed)
            db.session.remove()

    threads = [threading.Thread(target=one, args=(number,)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False, False, True]
    assert run_of() == ("done", 12, 12, 0, 0)


# What stops a chunk


def test_a_killed_chunk_goes_on_at_its_next_stock_and_never_from_the_first_row(source) -> None:
    made = planned()
    source.answers["T02", "prices"] = [Killed()]
    with pytest.raises(Killed):
        work(source, made.run_id, 1)
    assert work(source, made.run_id, 1, holder="the next") == ChunkResult(False)
    assert asked(source) == ["T00", "T01", "T02", "T02", "T03"]
    first = chunks.of_run(made.run_id)[0]
    assert (first.state, first.done, first.updated) == ("done", 4, 4)
    assert len(bars.of(stocks.find("T02").id)) == 3


def test_a_chunk_is_given_back_between_two_stocks(source) -> None:
    made = planned()
    turns = iter([False, False, True])
    assert work(source, made.run_id, 1, stop=lambda: next(turns)) == ChunkResult(False, 0)
    assert work(source, made.run_id, 1, job_id="another", holder="another") == ChunkResult(False)
    assert asked(source) == ["T00", "T01", "T02", "T03"]


def test_what_another_job_holds_is_left_to_it_until_its_lease_ends(source) -> None:
    made = planned()
    source.answers["T01", "prices"] = [Killed()]
    with pytest.raises(Killed):
        work(source, made.run_id, 1)
    other = {"job_id": "another", "holder": "another"}
    assert work(source, made.run_id, 1, **other).pause == service.LEASE.total_seconds() + 1
    source.now += service.LEASE
    assert work(source, made.run_id, 1, **other) == ChunkResult(False)


def test_an_execution_that_was_taken_for_dead_changes_nothing_more(source) -> None:
    made = planned()
    stocks_before = []

    def overtaken() -> bool:
        if len(asked(source)) == 1 and not stocks_before:
            stocks_before.append(1)
            assert work(source, made.run_id, 1, holder="the next") == ChunkResult(False)
        return False

    assert work(source, made.run_id, 1, stop=overtaken) == ChunkResult(False)
    first = chunks.of_run(made.run_id)[0]
    assert (first.state, first.done, first.updated, first.unchanged) == ("done", 4, 4, 0)


def test_a_stock_that_ends_every_worker_is_passed_over_and_the_rest_is_done(source) -> None:
    made = planned()
    source.answers["T01", "prices"] = [Killed()] * 9
    for _ in range(service.POISON_AFTER):
        with pytest.raises(Killed):
            work(source, made.run_id, 1)
    assert work(source, made.run_id, 1) == ChunkResult(False)
    first = chunks.of_run(made.run_id)[0]
    assert (first.state, first.updated, first.failed) == ("done", 3, 1)
    fetch = db.session.get(Fetch, (stocks.find("T01").id, "prices"))
    assert "workers in a row ended over this stock" in fetch.message


def test_a_source_that_cools_down_is_not_waited_for_in_the_worker(source) -> None:
    made = planned()
    source.answers["T01", "prices"] = [CoolingDown("Slow down.", 60.0)]
    assert work(source, made.run_id, 1) == ChunkResult(False, 60.0)
    assert work(source, made.run_id, 1) == ChunkResult(False)
    assert run_of()[0] == "running"
    source.answers["T05", "prices"] = [CoolingDown("Slow down.", 900.0)]
    source.now += service.PATIENCE
    assert work(source, made.run_id, 2).pause is None
    assert chunks.of_run(made.run_id)[1].state == "failed"


def test_a_source_that_is_down_fails_the_run_stores_nothing_and_says_so(
    source, monkeypatch
) -> None:
    monkeypatch.setattr(stock, "GIVE_UP_AFTER", 2)
    for ticker in TICKERS:
        for what in ("prices", "fundamentals"):
            source.answers[ticker, what] = Unavailable("Away.")
    run_id = do_all(source)
    assert run_of() == ("failed", 12, 0, 0, 2)
    assert "could not be had" in runs.of_id(run_id).message
    assert {ticker for ticker, _ in source.asked} == {"T00", "T01"}, "the others are not tried"
    assert all(not bars.of(one.id) for one in stocks.active())
    source.answers.clear()
    do_all(source, LATER, NOW + HOUR)
    assert run_of(LATER) == ("done", 12, 12, 0, 0)


def test_a_stock_that_is_removed_meanwhile_is_left_alone(source) -> None:
    made = planned()
    with transaction():
        stocks.remove([stocks.find("T01").id], NOW)
    work(source, made.run_id, 1)
    assert asked(source) == ["T00", "T02", "T03"]


# The calendar, and runs that meet


@pytest.mark.parametrize(
    ("slot", "now", "why"),
    [
        ("refresh-XNYS-20260307T1505Z", NOW + timedelta(days=2), "market closed"),
        ("refresh-XNYS-20260305T1405Z", NOW, "market closed"),
        (SLOT, NOW + HOUR, "late"),
        (CLOSING, NOW + timedelta(days=1), "late"),
    ],
)
def test_a_slot_that_nobody_needs_ends_with_the_reason(source, slot, now, why) -> None:
    assert planned(slot, now) == Planned(None)
    assert (runs.of_slot(slot).state, runs.of_slot(slot).message) == ("skipped", why)
    assert planned(slot, now) == Planned(None)


def test_the_run_at_the_close_is_in_time_until_the_next_session_begins(source) -> None:
    made = planned(CLOSING, NOW + timedelta(days=1) - timedelta(seconds=2))
    assert len(made.chunks) == 3


def test_a_newer_slot_waits_for_a_run_that_is_being_worked_on(source) -> None:
    made = planned()
    source.now = NOW + HOUR
    turns = iter([False, True])

    def meanwhile() -> bool:
        assert planned(LATER, source.now).wait == plan.WAIT_SECONDS
        return next(turns)

    work(source, made.run_id, 1, stop=meanwhile)
    assert runs.of_slot(LATER).message == f"Waits for {SLOT}, which is being worked on."


def test_a_newer_slot_takes_over_what_nobody_works_on(source) -> None:
    first = planned()
    work(source, first.run_id, 1)
    do_all(source, LATER, NOW + HOUR)
    assert run_of() == ("failed", 12, 4, 0, 0)
    assert LATER in runs.of_slot(SLOT).message
    assert work(source, first.run_id, 2) == ChunkResult(True), "its jobs end without a word"
    assert run_of(LATER)[:2] == ("done", 12)
    assert len(asked(source)) == 4 + 12


# Which parts a slot asks for


def test_prices_are_asked_in_every_slot_and_statements_once_a_day(source) -> None:
    do_all(source)
    slots = [f"refresh-XNYS-20260306T{hour}05Z" for hour in range(15, 21)]
    slots += ["refresh-XNYS-20260306T2115Z"]
    shares = []
    for slot in slots:
        source.asked.clear()
        do_all(source, slot, datetime.strptime(slot[-14:], "%Y%m%dT%H%MZ").replace(tzinfo=UTC))
        assert sorted(asked(source)) == list(TICKERS)
        shares.append(asked(source, "fundamentals"))
    assert [len(share) for share in shares] == [2, 2, 2, 2, 2, 1, 1]
    assert sorted(ticker for share in shares for ticker in share) == list(TICKERS)


def test_statements_are_asked_for_at_once_after_a_report_and_then_daily_again(source) -> None:
    do_all(source)
    reported = NOW + timedelta(hours=20)  # before the next session opens
    with transaction():
        for ticker in ("T07", "T03"):
            stocks.expect_report(stocks.find(ticker).id, reported)
        stocks.expect_report(stocks.find("T05").id, NOW + timedelta(days=9))
    source.asked.clear()
    first = "refresh-XNYS-20260306T1505Z"
    do_all(source, first, datetime(2026, 3, 6, 15, 5, tzinfo=UTC))
    # A seventh of the ten that are left comes beside the two.
    assert len(asked(source, "fundamentals")) == 4
    assert {"T03", "T07"} <= set(asked(source, "fundamentals"))
    source.asked.clear()
    do_all(source, "refresh-XNYS-20260306T1605Z", datetime(2026, 3, 6, 16, 5, tzinfo=UTC))
    assert {"T03", "T07"}.isdisjoint(asked(source, "fundamentals"))


def test_what_the_source_says_of_the_next_report_is_kept(source) -> None:
    at = NOW + timedelta(days=20)
    source.answers["T01", "fundamentals"] = Fundamentals(
        "T01", None, [], "source", NOW, reports_at=at
    )
    do_all(source, "refresh-by-hand-1")
    db.session.expire_all()
    assert (stocks.find("T01").reports_at, stocks.find("T02").reports_at) == (at, None)


def test_by_hand_what_is_fresh_is_passed_over(source) -> None:
    do_all(source)
    source.asked.clear()
    do_all(source, "refresh-by-hand-1", NOW + timedelta(minutes=5))
    assert (len(asked(source, "fundamentals")), asked(source)) == (10, [])
    again = NOW + timedelta(minutes=6)
    assert planned("refresh-by-hand-2", again).closed
    assert runs.of_slot("refresh-by-hand-2").message == "Nothing was due."
