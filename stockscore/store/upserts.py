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
    statement = update_on_conflict(insert_into(model, _dialect()), keys, update)
    # One statement executed many times: no number of rows reaches a limit of parameters.
    return written.execute(statement, rows)


def insert_ignoring(model: type[Model]) -> Insert:
    """An INSERT that passes over rows whose key stands already."""
    return insert_into(model, _dialect()).on_conflict_do_nothing()


def insert_into(model: type[Model], dialect: str) -> sqlite.Insert | postgresql.Insert:
    """An INSERT in the form of a dialect ("sqlite" or "postgresql"), which may name conflicts."""
    # The table, not the model: the unit of work has nothing to do with rows in bulk.
    if dialect == "sqlite":
        return sqlite.insert(model.__table__)
    return postgresql.insert(model.__table__)


def update_on_conflict(
    statement: sqlite.Insert | postgresql.Insert, keys: Sequence[str], update: Sequence[str]
) -> Insert:
    """The INSERT that updates these columns where a row with the same keys stands; with none of
    them it passes over the row."""
    if not update:
        return statement.on_conflict_do_nothing(index_elements=keys)
    standing, given = statement.table.c, statement.excluded
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={name: given[name] for name in update},
        # A row that says the same is not written again, and not counted.
        where=or_(*(standing[name].is_distinct_from(given[name]) for name in update)),
    )


def _dialect() -> str:
    return db.session.get_bind().dialect.name
