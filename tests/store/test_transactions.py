"""A write is whole or not at all."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import date

import pytest
from sqlalchemy import select

from stockscore.extensions import db
from stockscore.store import bars, fx, stocks
from stockscore.store.models import FxRate
from stockscore.store.transactions import transaction
from tests.store.conftest import NOW, bar
from tests.support.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.usefixtures("database")


def save_rate(base):
    fx.save(base, "USD", NOW.date(), 1.1, "csv")


def write_and_raise(error, *bases, each=nullcontext):
    """Saves rates in one transaction, `each` in a context of its own, that an error leaves."""
    with transaction():
        for base in bases:
            with each():
                save_rate(base)
        raise error


def rates():
    return sorted(db.session.scalars(select(FxRate.base)))


def test_what_is_written_is_there_for_others_at_the_end(database, app_on):
    with transaction():
        save_rate("EUR")
    with app_on(database).app_context():
        assert rates() == ["EUR"]


def test_an_error_leaves_nothing_of_what_was_written():
    with pytest.raises(RuntimeError):
        write_and_raise(RuntimeError, "EUR", "GBP")
    assert rates() == []


def test_an_interruption_leaves_nothing_either():
    with pytest.raises(KeyboardInterrupt):
        write_and_raise(KeyboardInterrupt, "EUR")
    assert rates() == []


def test_a_process_that_is_killed_in_the_middle_leaves_nothing(database):
    program = f"""
import os, signal
from stockscore import create_app
from stockscore.store.transactions import transaction
from tests.store.test_transactions import save_rate
with create_app({{"DATABASE_URL": {database!r}}}).app_context(), transaction() as session:
    save_rate("EUR")
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert killed.returncode == -9, killed.stderr.decode()
    assert rates() == []


def test_a_transaction_within_one_is_kept_only_with_the_outer_one():
    with pytest.raises(RuntimeError):
        write_and_raise(RuntimeError, "EUR", each=transaction)
    assert rates() == []


def test_an_error_that_leaves_only_the_inner_transaction_undoes_only_that():
    with transaction():
        save_rate("EUR")
        with pytest.raises(RuntimeError):
            write_and_raise(RuntimeError, "GBP")
        save_rate("SEK")
    assert rates() == ["EUR", "SEK"]


def test_after_an_error_the_next_transaction_works():
    with pytest.raises(RuntimeError):
        write_and_raise(RuntimeError)
    with transaction():
        save_rate("EUR")
    assert rates() == ["EUR"]


def test_what_was_read_before_does_not_hinder_a_write_after_another_process_wrote(database, app_on):
    assert rates() == []
    with app_on(database).app_context(), transaction():
        save_rate("EUR")
    with transaction():
        assert rates() == ["EUR"]
        save_rate("GBP")
    assert rates() == ["EUR", "GBP"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_reader_sees_one_state_of_sqlite_while_another_process_writes(database, app_on):
    assert rates() == []
    with app_on(database).app_context(), transaction():
        save_rate("EUR")
    assert rates() == []
    db.session.rollback()
    assert rates() == ["EUR"]


def write_bars(app, both_ready, source):
    """One of two writers that save the same bars, each in its own order."""
    with app.app_context():
        ids = [stock.id for stock in stocks.active()]
        if source == "two":
            ids.reverse()
        both_ready.wait(PATIENCE_SECONDS)
        for stock_id in ids:
            with transaction():
                bars.save(stock_id, [bar(day) for day in range(2, 20)], source)
        rows = [
            (stock_id, date(2026, 11, day), None, None, None, 12.0, None, 0, 1, 1, source)
            for stock_id in ids
            for day in range(1, 20)
        ]
        with transaction():
            bars.save_many(rows)


def test_two_writers_that_save_the_same_bars_at_once_both_succeed(database, app_on, add):
    add(*(f"T{number}" for number in range(20)))
    both_ready = threading.Barrier(2)
    with ThreadPoolExecutor() as pool:
        writers = [
            pool.submit(write_bars, app_on(database), both_ready, source)
            for source in ("one", "two")
        ]
        for writer in writers:
            writer.result(PATIENCE_SECONDS)
    db.session.rollback()
    kept = [bars.of(stock.id) for stock in stocks.active()]
    assert [len(rows) for rows in kept] == [19] * 20
    assert {row.close for rows in kept for row in rows} == {12.0}
