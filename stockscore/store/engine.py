"""How the program connects to its database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url

from stockscore.config import ROOT
from stockscore.extensions import db

BEGIN = "stockscore_begin"
"""Execution option of a connection: how SQLite begins its transaction (DEFERRED or IMMEDIATE)."""

_BUSY_SECONDS = 30
"""How long a writer waits for another one; the longest write is an import of a whole market."""


def url_of(text: str) -> URL:
    """The address in SQLAlchemy's form; PostgreSQL is always reached through psycopg 3, and a
    relative path of SQLite begins in the project's folder, wherever a command is run.

    Takes what hosts hand out too (`postgres://…`). Raises `sqlalchemy.exc.ArgumentError` for what
    is no URL.
    """
    if text.startswith("postgres://"):
        text = "postgresql://" + text.removeprefix("postgres://")
    url = make_url(text)
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(database=str(ROOT / url.database))
    return url


def configure(app: Flask) -> None:
    """Prepares the application's databases, after `db.init_app`; a second call changes nothing."""
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                _make_folder(engine, Path(app.instance_path))
                _listen(engine)


def _make_folder(engine: Engine, instance: Path) -> None:
    """SQLite makes files but no folders, and a fresh clone has no `instance/`."""
    if instance in Path(engine.url.database or "").parents:
        instance.mkdir(exist_ok=True)


def _listen(engine: Engine) -> None:
    for name, function in (("connect", _on_connect), ("begin", _on_begin)):
        if not event.contains(engine, name, function):
            event.listen(engine, name, function)


def _on_connect(connection: Any, _record: Any) -> None:
    # The driver would begin transactions by itself, only before writes, and never for DDL; with
    # this they begin where SQLAlchemy says so, which gives readers a snapshot and migrations a
    # way back.
    connection.isolation_level = None
    cursor = connection.cursor()
    # First of all, so that the next ones wait for another process too.
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA foreign_keys = ON")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    # Safe with WAL: a power cut may lose the last commits and never damages the file.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get(BEGIN, "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
