"""Rates, attempts, quarantined values, runs and sessions."""

from datetime import date, timedelta

import pytest

from stockscore.extensions import db
from stockscore.market.hours import Session
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.store import fetches, fx, quarantine, runs, sessions, stocks
from stockscore.store.models import Fetch
from stockscore.store.transactions import transaction
from tests.store.conftest import NOW

pytestmark = pytest.mark.usefixtures("database")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def euro(database):
    with transaction():
        fx.save_days("EUR", "USD", {TODAY - 10 * DAY: 1.25, TODAY: 1.5}, "csv")


@pytest.mark.usefixtures("euro")
def test_the_rate_of_a_day_is_the_newest_up_to_it():
    assert fx.rate("EUR", "USD", TODAY) == 1.5
    assert fx.rate("EUR", "USD", TODAY - DAY) == 1.25
    assert fx.rate("EUR", "USD", TODAY - 11 * DAY) is None


@pytest.mark.usefixtures("euro")
def test_a_rate_counts_in_both_directions_and_the_newer_one_wins():
    assert fx.rate("USD", "EUR", TODAY - DAY) == 0.8
    with transaction():
        fx.save("USD", "EUR", TODAY - 5 * DAY, 0.5, "csv")
    assert fx.rate("USD", "EUR", TODAY - DAY) == 0.5
    assert fx.rate("EUR", "USD", TODAY - DAY) == 2.0
    assert fx.rate("EUR", "USD", TODAY) == 1.5


@pytest.mark.usefixtures("euro")
def test_a_stale_or_unknown_rate_is_no_rate_and_one_currency_needs_none():
    assert fx.rate("EUR", "USD", TODAY + 30 * DAY) == 1.5
    assert fx.rate("EUR", "USD", TODAY + 31 * DAY) is None
    assert fx.rate("EUR", "SEK", TODAY) is None
    assert fx.rate("SEK", "SEK", TODAY) == 1.0


@pytest.mark.parametrize("pair", [("NOK", "USD"), ("USD", "NOK")])
@pytest.mark.parametrize(("late", "counts"), [(1, True), (3, True), (7, True), (8, False)])
def test_a_rate_that_is_first_known_at_a_weekend_counts_for_the_session_before(pair, late, counts):
    with transaction():
        fx.save("NOK", "USD", TODAY + late * DAY, 0.1, "csv")
        fx.save("NOK", "USD", TODAY + 9 * DAY, 0.5, "csv")
    expected = 0.1 if pair[0] == "NOK" else 10.0
    known_on = TODAY + 10 * DAY
    found = fx.rate(*pair, TODAY, known_on)
    assert found == (pytest.approx(expected) if counts else None)
    # What nobody knew then counts for nothing that was said then.
    assert fx.rate(*pair, TODAY, TODAY) is None
    assert fx.rate(*pair, TODAY) is None


@pytest.mark.usefixtures("euro")
def test_a_rate_up_to_the_day_goes_before_any_later_one():
    assert fx.rate("EUR", "USD", TODAY - DAY, TODAY) == 1.25


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_a_rate_that_is_no_positive_number_is_refused(rate):
    with pytest.raises(ValueError, match="a positive number: EUR/USD"), transaction():
        fx.save_days("EUR", "USD", {TODAY - DAY: 1.0, TODAY: rate}, "csv")


def attempt(stock, state, at, what="prices", message=None):
    with transaction():
        fetches.record(stock.id, what, state, message, "yahoo", at)


def test_a_failed_attempt_does_not_hide_the_last_success(add):
    stock = add("AAPL")
    attempt(stock, fetches.OK, NOW)
    attempt(stock, "unavailable", NOW + HOUR, message="The source did not answer.")
    kept = db.session.get(Fetch, (stock.id, "prices"))
    assert (kept.attempted_at, kept.succeeded_at) == (NOW + HOUR, NOW)
    assert (kept.state, kept.message) == ("unavailable", "The source did not answer.")


def test_what_never_succeeded_has_no_success(add):
    stock = add("AAPL")
    attempt(stock, "not_found", NOW)
    assert db.session.get(Fetch, (stock.id, "prices")).succeeded_at is None


def test_an_interrupted_run_goes_on_where_it_stopped(add):
    done, old, failed, _never = (add(one) for one in ("DONE", "OLD", "FAILED", "NEVER"))
    attempt(done, fetches.OK, NOW)
    attempt(old, fetches.OK, NOW - 3 * HOUR)
    attempt(failed, "rate_limited", NOW - 2 * HOUR)
    due = [stock.ticker for stock in fetches.due("prices", before=NOW - HOUR)]
    assert due == ["NEVER", "OLD", "FAILED"]


def test_prices_and_fundamentals_are_due_apart_and_removed_stocks_never(add):
    stock, removed = add("AAPL"), add("GONE")
    with transaction():
        stocks.remove([removed.id], NOW)
    attempt(stock, fetches.OK, NOW, what="prices")
    assert fetches.due("prices", before=NOW) == []
    assert [one.ticker for one in fetches.due("fundamentals", before=NOW)] == ["AAPL"]


def add_case(stock, value=1.0, at=NOW, field="close", **options):
    with transaction():
        held = RejectedValue("price-jump", field, str(value), "80.0", "fell 99 %", **options)
        return quarantine.add(stock.id, held, "yahoo", at)


def test_a_value_that_is_not_accepted_is_noted_with_its_reason(add):
    stock = add("AAPL")
    assert add_case(stock, session=TODAY)
    (case,) = quarantine.open_items()
    noted = (case.field, case.value, case.last_good, case.reason, case.session, case.seen_at)
    assert noted == ("close", "1.0", "80.0", "fell 99 %", TODAY, NOW)


@pytest.mark.parametrize("session", [None, TODAY])
def test_another_value_brings_the_open_case_up_to_date(add, session):
    stock = add("AAPL")
    add_case(stock, 1.0, session=session)
    assert not add_case(stock, 2.0, NOW + HOUR, session=session)
    (case,) = quarantine.open_items()
    assert (case.value, case.seen_at) == ("2.0", NOW)


def test_cases_of_other_stocks_fields_and_sessions_are_apart(add):
    one, other = add("AAA"), add("BBB")
    assert add_case(one)
    assert add_case(other)
    assert add_case(one, field="currency")
    assert add_case(one, session=TODAY)
    assert add_case(one, session=TODAY - DAY)
    assert len(quarantine.open_items()) == 5


def test_a_resolved_case_is_open_no_more_and_the_next_value_is_a_new_one(add):
    stock = add("AAPL")
    add_case(stock)
    with transaction():
        assert quarantine.resolve(stock.id, "close", NOW + HOUR) == 1
        assert quarantine.resolve(stock.id, "close", NOW + HOUR) == 0
    assert quarantine.open_items() == []
    assert add_case(stock)


def test_one_session_or_all_of_a_field_are_resolved(add):
    stock = add("AAPL")
    for back in range(3):
        add_case(stock, session=TODAY - back * DAY)
    add_case(stock, field="currency")
    with transaction():
        assert quarantine.resolve(stock.id, "close", NOW, TODAY) == 1
        assert quarantine.resolve(stock.id, "close", NOW) == 2
    assert [case.field for case in quarantine.open_items()] == ["currency"]


def start(slot, now=NOW):
    with transaction():
        return runs.start("refresh", slot, now, expected=3)


def test_a_run_is_noted_from_its_start_to_its_end():
    run_id = start("refresh-XNYS-20261123T1435Z")
    (run,) = runs.recent()
    assert (run.state, run.expected, run.ended_at) == ("running", 3, None)
    with transaction():
        runs.finish(run_id, NOW + HOUR, updated=2, failed=1, message="One stock failed.")
    (run,) = runs.recent()
    assert (run.state, run.updated, run.failed) == ("done", 2, 1)
    assert (run.ended_at, run.message) == (NOW + HOUR, "One stock failed.")


def test_a_slot_has_one_run_only_and_commands_without_one_any_number():
    assert start("refresh-XNYS-20261123T1435Z") is not None
    assert start("refresh-XNYS-20261123T1435Z") is None
    assert start(None) != start(None)
    assert len(runs.recent()) == 3


def test_the_last_runs_come_newest_first():
    ids = [start(None, NOW + hours * HOUR) for hours in (2, 0, 1)]
    assert [run.id for run in runs.recent(limit=2)] == [ids[0], ids[2]]


def session(day, mic="XNYS"):
    opens_at = NOW.replace(day=day, hour=14, minute=30)
    return Session(mic, date(2026, 11, day), opens_at, opens_at + 6 * HOUR)


@pytest.fixture
def calendar(database):
    with transaction():
        sessions.save([session(day) for day in (19, 20, 23, 24)] + [session(21, "XTKS")])


@pytest.mark.usefixtures("calendar")
def test_sessions_come_back_as_they_were_in_order():
    with transaction():
        breaks = Session("XHKG", TODAY, NOW, NOW + 6 * HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR)
        assert sessions.save([breaks]) == 1
        assert sessions.save([breaks]) == 0
    assert sessions.of("XHKG", TODAY) == breaks
    assert sessions.around("XNYS", NOW) == [session(day) for day in (19, 20, 23, 24)]
    assert sessions.between("XNYS", date(2026, 11, 20), TODAY) == [session(20), session(23)]


@pytest.mark.usefixtures("calendar")
def test_the_last_closed_session_is_one_that_has_closed():
    assert sessions.last_closed("XNYS", NOW) == session(20)
    assert sessions.last_closed("XNYS", session(23).closes_at) == session(23)
    assert sessions.last_closed("XNYS", NOW - 30 * DAY) is None
    assert sessions.last_closed("XPAR", NOW) is None


@pytest.mark.usefixtures("calendar")
def test_days_without_a_session_have_none_and_the_span_is_known():
    assert sessions.of("XNYS", date(2026, 11, 22)) is None
    assert sessions.span("XNYS") == (date(2026, 11, 19), date(2026, 11, 24))
    assert sessions.span("XPAR") is None


@pytest.mark.usefixtures("calendar")
def test_only_sessions_near_the_moment_are_read():
    assert sessions.around("XNYS", NOW + 60 * DAY) == []


@pytest.mark.usefixtures("calendar")
def test_a_changed_calendar_replaces_what_was_known():
    half_day = Session("XNYS", TODAY, session(23).opens_at, session(23).opens_at + 3 * HOUR)
    with transaction():
        assert sessions.save([session(20), half_day]) == 1
    assert sessions.of("XNYS", TODAY) == half_day


# Decisions


def test_what_is_accepted_or_refused_of_a_stock_is_known_by_field_and_session(add):
    stock_id = add("AAPL").id
    doubtful = RejectedValue("price-jump", "close", "277.001", "100", "A jump.", TODAY)
    with transaction():
        quarantine.add_accepted(stock_id, doubtful, "csv", NOW, "import")
    decisions = quarantine.decisions_on(stock_id)
    assert decisions.accepts("close", TODAY, "277.0009")
    assert not decisions.accepts("close", TODAY, "278")
    assert not decisions.accepts("close", TODAY - DAY, "277.001")
    assert not decisions.accepts("market_cap", TODAY, "277.001")
    assert not decisions.refuses("close", TODAY, "277.001")
    assert quarantine.open_items() == []


def test_what_was_mended_is_noted_once_and_is_no_open_case(add):
    stock_id = add("AAPL").id
    mended = RejectedValue("split-not-restated", "split", "4", None, "Taken as traded.", TODAY)
    with transaction():
        assert quarantine.note(stock_id, mended, "yahoo", NOW)
        assert not quarantine.note(stock_id, mended, "yahoo", NOW + DAY)
    assert quarantine.open_items() == []
    assert quarantine.decisions_on(stock_id).accepted == {}
