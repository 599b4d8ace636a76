"""Very many rows of one table, inserted or put in the place of those with the same keys.

SQLite executes one statement for every row, past SQLAlchemy. PostgreSQL takes more than a few rows
by COPY into a temporary table, and inserts them from there with one statement.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, cast

import psycopg
from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    Column,
    Connection,
    CursorResult,
    Date,
    DateTime,
    Double,
    LargeBinary,
    MetaData,
    Table,
    Text,
    select,
)
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeDecorator, TypeEngine

from stockscore.extensions import Model, db
from stockscore.store.upserts import insert_into, update_on_conflict

WORTH_COPYING = 60
"""Rows from which on COPY, with the temporary table, costs less than a statement for each."""

_TYPES: dict[type, tuple[TypeEngine[Any], str]] = {
    bool: (Boolean(), "bool"),
    int: (BigInteger(), "int8"),
    float: (Double(), "float8"),
    str: (Text(), "text"),
    bytes: (LargeBinary(), "bytea"),
    date: (Date(), "date"),
    datetime: (DateTime(timezone=True), "timestamptz"),
}
"""In what a value is copied: SQLAlchemy's type, and PostgreSQL's name of it."""


def upsert_tuples(
    model: type[Model],
    rows: Iterable[Sequence[Any]],
    keys: Sequence[str],
    update: Sequence[str] | None = None,
) -> int:
    """`upserts.upsert` for very many rows: the number of those that are new or now say something
    else.

    A row has the values of all columns in the table's order, as the driver takes them (for SQLite
    dates as ISO text); nothing looks at them here. Of two rows with one key the later one wins.
    """
    names = [column.name for column in model.__table__.columns]
    key_of = itemgetter(*(names.index(name) for name in keys))
    by_key = {key_of(row): row for row in rows}
    if not by_key:
        return 0
    # One order for all writers, so that two of them never wait for each other's rows in PostgreSQL.
    ordered = [by_key[key] for key in sorted(by_key)]
    if update is None:
        update = [name for name in names if name not in keys]
    connection = db.session.connection()
    how = model, tuple(keys), tuple(update), connection.engine.url.drivername
    if connection.dialect.name == "sqlite" or len(ordered) < WORTH_COPYING:
        return _rowcount(connection, _upsert_of_one(*how), ordered)
    return _copied(connection, _copying(*how), ordered)


def is_sqlite() -> bool:
    """Whether rows of `upsert_tuples` are for SQLite's driver, which takes dates as ISO text."""
    return db.session.get_bind().dialect.name == "sqlite"


def _rowcount(connection: Connection, statement: str, rows: Any = None) -> int:
    options = {"preserve_rowcount": True}
    result = connection.exec_driver_sql(statement, rows, execution_options=options)
    return cast("CursorResult[Any]", result).rowcount


@functools.cache
def _upsert_of_one(
    model: type[Model], keys: tuple[str, ...], update: tuple[str, ...], driver: str
) -> str:
    """The statement for one row, its values by position."""
    names = [column.name for column in model.__table__.columns]
    dialect = _dialect(driver)
    statement = update_on_conflict(insert_into(model, dialect.name), keys, update)
    positional = dialect(paramstyle="qmark" if dialect.name == "sqlite" else "format")
    return str(statement.compile(dialect=positional, column_keys=names))


@dataclass(frozen=True, slots=True)
class _Copying:
    """The statements that make the temporary table, fill it, insert from it, and empty it again;
    and the types of its columns."""

    create: str
    copy: str
    insert: str
    empty: str
    types: tuple[str, ...]


@functools.cache
def _copying(
    model: type[Model], keys: tuple[str, ...], update: tuple[str, ...], driver: str
) -> _Copying:
    table = model.__table__
    types = [_TYPES[_python_type(column.type)] for column in table.columns]
    names = [column.name for column in table.columns]
    incoming = Table(
        f"incoming_{table.name}",
        MetaData(),
        *(Column(name, kind) for name, (kind, _) in zip(names, types, strict=True)),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DELETE ROWS",
    )
    dialect = _dialect(driver)()
    rows = select(incoming).order_by(*(incoming.c[name] for name in keys))
    insert = insert_into(model, "postgresql").from_select(names, rows)
    return _Copying(
        create=str(CreateTable(incoming, if_not_exists=True).compile(dialect=dialect)),
        copy=f"COPY {incoming.name} FROM STDIN (FORMAT BINARY)",
        insert=str(update_on_conflict(insert, keys, update).compile(dialect=dialect)),
        empty=f"TRUNCATE {incoming.name}",
        types=tuple(name for _, name in types),
    )


def _dialect(driver: str) -> type[DefaultDialect]:
    return cast("type[DefaultDialect]", URL.create(driver).get_dialect())


def _python_type(kind: TypeEngine[Any]) -> type:
    return (kind.impl_instance if isinstance(kind, TypeDecorator) else kind).python_type


def _copied(connection: Connection, copying: _Copying, rows: list[Sequence[Any]]) -> int:
    connection.exec_driver_sql(copying.create)
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(copying.copy) as copy:
        copy.set_types(copying.types)
        for row in rows:
            copy.write_row(row)
    written = _rowcount(connection, copying.insert)
    # A transaction may copy several times, and only its end would empty the table.
    connection.exec_driver_sql(copying.empty)
    return written
