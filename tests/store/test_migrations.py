"""Migrations lead to the schema of the models, and back to nothing."""

import re

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate.cli import db as flask_db
from sqlalchemy import inspect, text

from stockscore.extensions import db
from stockscore.store.models import Stock

pytestmark = pytest.mark.usefixtures("database")
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_migrated_schema_is_that_of_the_models():
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_migrating_down_leaves_nothing_and_up_again_everything():
    tables = set(inspect(db.engine).get_table_names())
    flask_migrate.downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    flask_migrate.upgrade()
    assert set(inspect(db.engine).get_table_names()) == tables


def test_migrating_twice_changes_nothing_and_loses_nothing(add):
    add("AAPL")
    flask_migrate.upgrade()
    assert db.session.query(Stock).count() == 1


def test_every_constraint_has_a_name_so_that_migrations_can_change_it():
    inspector = inspect(db.engine)
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        for constraint in (*inspector.get_foreign_keys(table), *inspector.get_indexes(table)):
            assert constraint["name"], (table, constraint)


def test_the_command_prints_plain_lines_only(database, app_on):
    runner = app_on(database).test_cli_runner()
    down = runner.invoke(flask_db, ["downgrade", "base"])
    up = runner.invoke(flask_db, ["upgrade"])
    again = runner.invoke(flask_db, ["upgrade"])
    assert [down.exit_code, up.exit_code, again.exit_code] == [0, 0, 0]
    taken, applied = down.output.splitlines(), up.output.splitlines()
    assert taken[-1] == "Took back migration 0001: the first tables"
    assert applied[0] == "Applied migration 0001: the first tables"
    numbers = [re.fullmatch(r"Took back migration (\d{4}): .+", line)[1] for line in taken]
    assert [re.match(r"Applied migration (\d{4})", line)[1] for line in applied] == numbers[::-1]
    assert again.output == ""


@only_sqlite
@pytest.mark.parametrize("table", ["bars", "snapshots"])
def test_the_largest_tables_are_stored_by_their_key_in_sqlite(table):
    query = text("SELECT sql FROM sqlite_master WHERE name = :name")
    assert "WITHOUT ROWID" in db.session.execute(query, {"name": table}).scalar()


@only_sqlite
def test_references_are_checked_again_after_a_migration():
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()
    assert db.session.execute(text("PRAGMA foreign_keys")).scalar() == 1
