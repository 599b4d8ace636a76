"""How Alembic reaches the database and the models; run by `flask db …`."""

from __future__ import annotations

import logging

import click
from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from stockscore.extensions import db
from stockscore.store import models  # noqa: F401 - it defines the tables
from stockscore.store.engine import BEGIN

_ONE_AT_A_TIME = 7223
"""Any number: PostgreSQL's advisory lock that lets one process migrate while others wait."""


def run_offline() -> None:
    """Prints the SQL instead of running it (`flask db upgrade --sql`)."""
    url = db.engine.url
    context.configure(url=url, literal_binds=True, **_options())
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Runs the migrations in one transaction, so that an interrupted one leaves no half schema."""
    with db.engine.connect().execution_options(**{BEGIN: "IMMEDIATE"}) as connection:
        _foreign_keys(connection, enforced=False)
        context.configure(connection=connection, on_version_apply=_tell, **_options())
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
            context.run_migrations()
        _foreign_keys(connection, enforced=True)


def _options() -> dict:
    given = current_app.extensions["migrate"].configure_args
    return {
        **given,
        "target_metadata": db.metadata,
        # SQLite changes few things of a table in place: the others are copied into a new one.
        "render_as_batch": True,
        "compare_type": True,
        "transactional_ddl": True,
    }


def _foreign_keys(connection: Connection, enforced: bool) -> None:
    """SQLite would empty the tables that refer to one being copied. Past SQLAlchemy, because the
    setting only counts outside of a transaction."""
    if connection.dialect.name == "sqlite":
        setting = f"PRAGMA foreign_keys = {'ON' if enforced else 'OFF'}"
        connection.connection.driver_connection.execute(setting)


def _tell(*, step, **_more) -> None:
    """One plain line a migration, for whoever typed the command."""
    verb = "Applied" if step.is_upgrade else "Took back"
    revision = step.up_revision
    click.echo(f"{verb} migration {revision.revision}: {revision.doc}")


if "verbose" not in context.get_x_argument(as_dictionary=True):  # flask db -x verbose upgrade
    logging.getLogger("alembic").setLevel(logging.WARNING)

if context.is_offline_mode():
    run_offline()
else:
    run_online()
