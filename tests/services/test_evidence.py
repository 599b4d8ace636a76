"""The evidence is derived from snapshots and bars, on both databases to the same bits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from stockscore.extensions import db
from stockscore.services import evidence, evidence_days
from stockscore.services.evidence_days import Dates
from stockscore.store import evidence as store
from stockscore.store import stocks
from stockscore.store.evidence import RecordedSessions
from stockscore.store.models import EvidenceDay, EvidenceReturns, Stock
from stockscore.store.transactions import transaction
from tests.support import recorded_market

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SESSIONS = 40


@pytest.fixture
def app(app_on, database_url):
    made = app_on(database_url)
    with made.app_context():
        recorded_market.fill(SESSIONS)
        assert evidence.update().sentence.startswith(f"Evidence: {SESSIONS} new dates up to")
        yield made


def kept():
    db.session.rollback()
    days = select(EvidenceDay.method, EvidenceDay.session, EvidenceDay.figures, EvidenceDay.charged)
    returns = select(EvidenceReturns.session, EvidenceReturns.stock_ids, EvidenceReturns.returns)
    return [
        [tuple(row) for row in db.session.execute(query.order_by(*query.selected_columns[:2]))]
        for query in (days, returns)
    ]


def forget_since(day):
    """As if the dates from a day on had not been computed yet."""
    with transaction():
        for model in (EvidenceDay, EvidenceReturns):
            db.session.execute(db.delete(model).where(model.session >= day))


def test_day_by_day_from_nothing_and_after_a_removal_it_is_the_same_record(app, monkeypatch):
    before = kept()
    days = sorted({row[1] for row in before[0]})
    assert len(days) == SESSIONS
    assert {row[0] for row in before[0]} == {"1.0", "1.1"}
    assert any("ic.total.neutral.all" in row[2].get("21", {}) for row in before[0])

    assert evidence.update().dates == 0
    assert kept() == before

    # The last three dates come one by one, as they do after each day's snapshot.
    forget_since(days[-3])
    whole = evidence_days.complete_dates(store.recorded_sessions())
    for day in days[-3:]:
        known = Dates([other for other in whole.days if other <= day], whole.trading)
        monkeypatch.setattr(evidence, "complete_dates", lambda _, known=known: known)
        assert evidence.update().newest == day
    monkeypatch.undo()
    assert kept() == before

    result = app.test_cli_runner().invoke(args=["evidence", "--rebuild"])
    assert result.exit_code == 0, result.output
    assert f"{len(days)} new dates up to {days[-1]}, 2 methods." in result.output
    assert kept() == before

    with transaction():
        gone = [stock.id for stock in stocks.active()][:3]
        stocks.remove(gone, NOW)
        # One that was added later stands before others of its exchange.
        db.session.execute(db.update(Stock).where(Stock.id == gone[0]).values(name="Renamed"))
    evidence.update(rebuild=True)
    assert kept() == before


def test_a_stock_that_vanished_is_charged_once_and_one_that_was_removed_is_not(app):
    vanished = stocks.find(f"S{recorded_market.VANISHES:02d}").id
    charged = [(row[1], row[3]) for row in kept()[0] if row[0] == "1.0" and row[3]]
    days = recorded_market.weekdays(SESSIONS)
    assert charged == [(days[recorded_market.ENDED + 4], [vanished])]
    row = next(row for row in kept()[0] if row[0] == "1.0" and row[3])
    assert row[2]["21"]["ic.total.neutral.all"] != row[2]["21"]["ic.total.neutral.all.unassumed"]
    app.config["EVIDENCE_CASH_OFFERS"] = (f"S{recorded_market.VANISHES:02d}",)
    evidence.update(rebuild=True)
    assert not any(row[3] for row in kept()[0])


def sessions(*days):
    return {date(2026, 11, day) for day in days}


def test_a_date_waits_for_the_snapshots_of_all_exchanges_that_trade_on_it():
    calendar = {"XNYS": sessions(2, 3, 4, 5), "XLON": sessions(2, 3, 4, 5)}
    late = RecordedSessions({"XNYS": sessions(2, 3, 4, 5), "XLON": sessions(2, 3, 4)}, {}, calendar)
    assert evidence_days.complete_dates(late).days == sorted(sessions(2, 3, 4))
    gap = RecordedSessions(late.taken, {"XLON": sessions(5)}, calendar)
    found = evidence_days.complete_dates(gap)
    assert found.days == sorted(sessions(2, 3, 4, 5))
    assert found.trading[date(2026, 11, 5)] == {"XNYS", "XLON"}


def test_an_exchange_that_is_no_longer_recorded_holds_nothing_up():
    days = [date(2026, 11, 2) + timedelta(days=place) for place in range(25)]
    given = RecordedSessions(
        {"XNYS": set(days), "XLON": set(days[:2])},
        {},
        {"XNYS": set(days), "XLON": set(days)},
    )
    found = evidence_days.complete_dates(given)
    assert found.days == days
    assert found.trading[days[10]] == {"XNYS", "XLON"}
    assert found.trading[days[-1]] == {"XNYS"}
