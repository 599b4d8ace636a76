"""How SQLite is set up, and which addresses are understood."""

import pytest
from sqlalchemy import text

from stockscore.extensions import db
from stockscore.store import engine, fx
from stockscore.store.transactions import transaction
from tests.store.conftest import NOW


def test_sqlite_waits_for_writers_checks_references_and_survives_power_cuts(app_on, sqlite_url):
    with app_on(sqlite_url).app_context():
        settings = {
            name: db.session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert settings == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "synchronous": 1,
    }


def test_configuring_an_application_twice_changes_nothing(app_on, sqlite_url):
    app = app_on(sqlite_url)
    engine.configure(app)
    with app.app_context(), transaction():
        fx.save("EUR", "USD", NOW.date(), 1.1, "csv")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p%40ss@h:5432/d", "postgresql+psycopg://u:p%40ss@h:5432/d"),
        ("postgresql://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_addresses_as_hosts_hand_them_out_are_understood(given, used):
    assert engine.url_of(given).render_as_string(hide_password=False) == used
