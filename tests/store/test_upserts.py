"""Rows are inserted, or take the place of those with the same key."""

from datetime import date

import pytest
from sqlalchemy import select

from stockscore.extensions import db
from stockscore.store.models import FxRate
from stockscore.store.transactions import transaction
from stockscore.store.upserts import insert_ignoring, upsert

pytestmark = pytest.mark.usefixtures("database")

KEYS = ("base", "quote", "day")


def row(base, rate=1.0, source="csv"):
    day = date(2026, 11, 23)
    return {"base": base, "quote": "USD", "day": day, "rate": rate, "source": source}


def put(*rows, **options):
    with transaction():
        return upsert(FxRate, rows, KEYS, **options)


def kept():
    query = select(FxRate.base, FxRate.rate, FxRate.source).order_by(FxRate.base)
    return [tuple(one) for one in db.session.execute(query)]


def test_new_rows_are_inserted_and_counted():
    assert put(row("EUR"), row("GBP")) == 2
    assert kept() == [("EUR", 1.0, "csv"), ("GBP", 1.0, "csv")]


def test_a_row_with_the_same_key_is_updated():
    put(row("EUR"), row("GBP"))
    assert put(row("GBP", 2.0), row("SEK")) == 2
    assert kept() == [("EUR", 1.0, "csv"), ("GBP", 2.0, "csv"), ("SEK", 1.0, "csv")]


def test_saving_the_same_again_writes_nothing():
    put(row("EUR"), row("GBP"))
    assert put(row("EUR"), row("GBP")) == 0


def test_only_the_named_columns_change():
    put(row("EUR"))
    put(row("EUR", 2.0, "yahoo"), update=["rate"])
    assert kept() == [("EUR", 2.0, "csv")]


def test_with_no_column_to_change_what_stands_stays():
    put(row("EUR"))
    assert put(row("EUR", 2.0), row("GBP", 2.0), update=[]) == 1
    assert kept() == [("EUR", 1.0, "csv"), ("GBP", 2.0, "csv")]


def test_of_two_rows_with_one_key_the_later_one_wins():
    put(row("EUR", 1.0), row("EUR", 3.0), row("EUR", 2.0))
    assert kept() == [("EUR", 2.0, "csv")]


def test_no_rows_are_no_work():
    assert put() == 0


def test_more_rows_than_a_statement_has_parameters_are_saved():
    assert put(*(row(f"X{number}") for number in range(15_000))) == 15_000


@pytest.mark.parametrize("base", ["EUR", "GBP"])
def test_inserting_may_pass_over_what_stands(base):
    put(row("EUR"))
    with transaction():
        db.session.execute(insert_ignoring(FxRate).values(row(base, 5.0)))
    assert kept()[0] == ("EUR", 1.0, "csv")
    assert len(kept()) == len({"EUR", base})
