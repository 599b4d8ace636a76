"""Rows that are inserted, or take the place of the row with the same key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Insert, or_
from sqlalchemy.dialects import postgresql, sqlite

from stockscore.extensions import Model, db
from stockscore.store import written


def upsert(
    model: type[Model],
    rows: Iterable[Mapping[str, Any]],
    keys: Sequence[str],
    update: Sequence[str] | None = None,
) -> int:
    """Inserts rows, or updates those that stand with the same `keys` (a primary key or a unique
    constraint); the number of rows that are new or now say something else.

    Every row has the same columns. `update` names those that may change, by default all but the
    keys; with none of them, what stands stays. Of two rows with one key the later one wins.
    """
    # One order for all writers, so that two of them never wait for each other's rows in PostgreSQL.
    rows = sorted(rows, key=itemgetter(*keys))
    if not rows:
        return 0
    if update is None:
        update = [name for name in rows[0] if name not in keys]
    statement = _statement(model, keys, update)
    # One statement executed many times: no number of rows reaches a limit of parameters.
    return written.execute(statement, rows)


def upsert_tuples(model: type[Model], rows: Iterable[Sequence[Any]], keys: Sequence[str]) -> int:
    """`upsert` for very many rows: the values of all columns in the table's order, as the driver
    takes them (for SQLite dates as ISO text), handed over without a look at them."""
    columns = [column.name for column in model.__table__.columns]
    rows = sorted(rows, key=itemgetter(*(columns.index(name) for name in keys)))
    if not rows:
        return 0
    statement = _statement(model, keys, [name for name in columns if name not in keys])
    connection = db.session.connection()
    on_sqlite = connection.dialect.name == "sqlite"
    positional = (
        sqlite.dialect(paramstyle="qmark") if on_sqlite else postgresql.dialect(paramstyle="format")
    )
    text = str(statement.compile(dialect=positional, column_keys=columns))
    return connection.exec_driver_sql(
        text, rows, execution_options={"preserve_rowcount": True}
    ).rowcount


def insert_ignoring(model: type[Model]) -> Insert:
    """An INSERT that passes over rows whose key stands already."""
    return _insert(model).on_conflict_do_nothing()


def _insert(model: type[Model]) -> sqlite.Insert | postgresql.Insert:
    # The table, not the model: the unit of work has nothing to do with rows in bulk.
    if db.session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model.__table__)
    return postgresql.insert(model.__table__)


def _statement(model: type[Model], keys: Sequence[str], update: Sequence[str]) -> Insert:
    statement = _insert(model)
    if not update:
        return statement.on_conflict_do_nothing(index_elements=keys)
    standing, given = model.__table__.c, statement.excluded
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={name: given[name] for name in update},
        # A row that says the same is not written again, and not counted.
        where=or_(*(standing[name].is_distinct_from(given[name]) for name in update)),
    )
