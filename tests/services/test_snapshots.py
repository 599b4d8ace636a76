"""Daily snapshots, on both kinds of database."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select, update

from stockscore.extensions import db
from stockscore.services import scores, snapshots
from stockscore.services.errors import InputError
from stockscore.store.models import CrossSection, Snapshot, SnapshotDay
from stockscore.store.transactions import transaction
from tests.support import small_market
from tests.support.waiting import PATIENCE_SECONDS


@pytest.fixture
def app(app_on, database_url):
    made = app_on(database_url)
    with made.app_context():
        small_market.save()
        scores.publish(small_market.NOW)
        yield made


def rows() -> list[tuple]:
    db.session.rollback()
    query = select(Snapshot.session, func.count()).group_by(Snapshot.session)
    return [tuple(row) for row in db.session.execute(query)]


def test_a_snapshot_says_how_many_it_recorded_and_is_dated_by_the_session(app):
    taken = snapshots.take("XNYS", small_market.NOW)
    assert (taken.stocks, taken.session) == (len(small_market.TICKERS), small_market.TODAY)
    assert taken.sentence == f"XNYS {small_market.TODAY}: 12 new snapshots."
    assert rows() == [(small_market.TODAY, 12)]


def test_a_second_one_adds_nothing_and_says_so(app):
    snapshots.take("XNYS", small_market.NOW)
    assert snapshots.take("XNYS", small_market.NOW).stocks == 0
    assert rows() == [(small_market.TODAY, 12)]


def test_two_at_once_record_each_stock_once_and_neither_fails(app):
    taken, ready = [], threading.Barrier(2)

    def take() -> None:
        with app.app_context():
            ready.wait(PATIENCE_SECONDS)
            taken.append(snapshots.take("XNYS", small_market.NOW).stocks)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert sorted(taken) == [0, 12]
    assert rows() == [(small_market.TODAY, 12)]
    assert db.session.scalars(select(SnapshotDay.state)).all() == ["taken"]


def test_what_a_newer_release_published_by_its_own_method_is_not_recorded(app):
    with transaction():
        db.session.execute(update(CrossSection).values(method="9.9"))
    with pytest.raises(InputError, match=r"made by method 9\.9, which this program does not know"):
        snapshots.take("XNYS", small_market.NOW)
    assert rows() == []
