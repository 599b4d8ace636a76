"""What SQLite and PostgreSQL would treat differently is treated alike."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from stockscore.extensions import db
from stockscore.store import runs
from stockscore.store.models import JobRun, Stock
from stockscore.store.transactions import transaction
from tests.store.conftest import NOW

pytestmark = pytest.mark.usefixtures("database")


def test_a_moment_comes_back_as_the_same_moment_in_utc():
    in_tokyo = datetime(2026, 11, 24, 0, 30, 15, 123456, tzinfo=timezone(timedelta(hours=9)))
    with transaction():
        runs.start("refresh", None, in_tokyo)
    (run,) = runs.recent()
    assert run.started_at == in_tokyo
    assert run.started_at.tzinfo is UTC


def test_moments_compare_in_the_database_whatever_zone_they_are_given_in():
    with transaction():
        runs.start("refresh", None, NOW)
    in_new_york = NOW.astimezone(timezone(timedelta(hours=-5)))
    query = select(JobRun.job).where(JobRun.started_at == in_new_york)
    assert db.session.scalars(query).all() == ["refresh"]


@pytest.mark.parametrize("naive", [NOW.replace(tzinfo=None), NOW.date()])
def test_a_moment_without_a_zone_is_refused_with_a_sentence(naive):
    with pytest.raises(StatementError, match="a moment needs a time zone"), transaction():
        runs.start("refresh", None, naive)


@pytest.mark.parametrize("bad", ["A\0B", "\ud800AB", "A\u202eB", "A\x1b[31mB"])
def test_characters_that_break_databases_or_pages_are_dropped_in_what_is_stored(bad):
    with transaction():
        run = runs.start(bad, None, NOW)
        runs.finish(run, NOW, error=f"first line\n\tsecond {bad}")
    db.session.expire_all()
    (run,) = runs.recent()
    assert run.job in {"AB", "A[31mB"}
    assert run.error in {"first line\n\tsecond AB", "first line\n\tsecond A[31mB"}


def test_a_nul_byte_in_what_is_looked_for_finds_nothing_and_raises_nothing():
    columns = (Stock.ticker, Stock.name, Stock.sector, Stock.isin, Stock.search_text)
    for column in columns:
        assert db.session.scalars(select(Stock).where(column == "x\0y")).all() == []
        assert db.session.scalars(select(Stock).where(column.contains("\0"))).all() == []
