"""Fixtures for all tests: databases with all migrations applied, applications on them, Redis and
a browser. Tests are marked by what they ask for, so that `make quick` can do without it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import delete

from stockscore import create_app
from stockscore.extensions import db
from tests.support import postgresql, servers
from tests.support.chromium import running_chromium
from tests.support.redis_server import running_redis

# An example may take as long as it takes: how fast a machine is says nothing about the code.
settings.register_profile("stockscore", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("stockscore")

_TEMPLATE = "stockscore_template"
_RUN = pytest.StashKey[servers.Run]()

# A test that failed, or killed a process, may have left a transaction open.
_DISCONNECT_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def pytest_configure(config):
    # Workers of pytest-xdist find the run of the process that started them.
    if not hasattr(config, "workerinput"):
        config.stash[_RUN] = servers.Run()
    # Most of the first answer of an application is the compiling of its templates.
    compiled = Path(os.environ[servers.RUN_FOLDER]) / "templates"
    compiled.mkdir(exist_ok=True)
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(compiled))}


def pytest_unconfigure(config):
    if _RUN in config.stash:
        config.stash[_RUN].end()


_MARKED_BY = {
    "chromium": "browser",
    "postgresql_server": "postgres",
    "own_postgresql": "postgres",
    "redis_server": "redis",
    "own_redis": "redis",
    "replayed_market": "replay",
    "demo_stocks": "slow",
    "later": "slow",
    "larger": "slow",
}
"""Fixture -> the marker of all tests that need it; others say by hand what they start."""


def pytest_collection_modifyitems(items):
    for item in items:
        needed = set(item.fixturenames)
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        if parameters.get("database_url") == "postgresql":
            needed.add("postgresql_server")
        for marker in {_MARKED_BY[name] for name in needed & _MARKED_BY.keys()}:
            item.add_marker(marker)


def _migrated(url):
    app = create_app({"DATABASE_URL": url, "TESTING": True})
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_template():
    """The path of a SQLite file with all migrations applied; copy it."""

    def make(folder):
        path = folder / "template.db"
        _migrated(f"sqlite:///{path}")
        return str(path)

    return servers.once("sqlite", make)


@pytest.fixture(scope="session")
def postgresql_server():
    """The address of a PostgreSQL server that has the migrated database `stockscore_template`;
    tests that ask for it are skipped, with the reason, where there can be none."""

    def make(_folder):
        address = postgresql.shared_postgresql()
        _execute(address + "postgres", f"CREATE DATABASE {_TEMPLATE}")
        _migrated(address + _TEMPLATE)
        return address

    try:
        return servers.once("postgresql-template", make)
    except servers.MissingError as reason:
        pytest.skip(str(reason))


def _execute(address, command):
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(command)


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server, worker_id):
    """The address of this process's own database; `postgresql_url` hands it out empty."""
    name = f"stockscore_{worker_id}"
    _execute(postgresql_server + "postgres", f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    return postgresql_server + name


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path):
    """The address of a migrated, empty SQLite database of this test's own."""
    path = tmp_path / "stockscore.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_database):
    """The address of a migrated, empty PostgreSQL database that no other test uses now."""
    yield postgresql_database
    # Deleting a few rows takes a tenth of the time of a new database.
    tables = list(reversed(db.metadata.sorted_tables))
    deletions = [str(delete(table)) for table in tables]
    # So that the first edition of each test is number 1, as in a new database.
    restarts = [f"ALTER SEQUENCE IF EXISTS {table.name}_id_seq RESTART" for table in tables]
    _execute(postgresql_database, ";".join([_DISCONNECT_OTHERS, *deletions, *restarts]))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """The address of a migrated, empty database; the test runs on both kinds."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def app_on():
    """`app_on(url, **config)`: an application on a database, closed after the test."""
    apps = []

    def make(url, **config):
        app = create_app({"DATABASE_URL": url, "TESTING": True, **config})
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def app(app_on, sqlite_url):
    """An application on a migrated, empty SQLite database."""
    return app_on(sqlite_url)


@pytest.fixture
def client(app):
    """A browser of `app`."""
    return app.test_client()


@pytest.fixture
def runner(app):
    """Runs the commands of `app`."""
    return app.test_cli_runner()


@pytest.fixture(scope="session")
def chromium():
    """Debian's chromium, one for all tests of a process."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory):
    """A Redis server that the tests of a process share; they leave it running and empty."""
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis_server):
    """The address of an empty Redis database that no other test uses now."""
    yield redis_server.url
    redis_server.client.flushall()


@pytest.fixture
def connection(redis_server, redis_url):
    """A client of it."""
    return redis_server.client


@pytest.fixture
def own_redis(tmp_path):
    """A Redis server of this test's own, to kill, stop or fill."""
    with running_redis(tmp_path) as server:
        yield server
