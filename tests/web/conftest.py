"""A published market for tests of pages: made once by the real services, and then only read."""

import shutil

import pytest

from stockscore import create_app
from stockscore.extensions import db
from tests.support import servers, small_market
from tests.support.chromium import served
from tests.support.published_market import fill


@pytest.fixture(scope="session")
def market_database(sqlite_template, tmp_path_factory):
    """The address of a database that holds the published market, a copy of the run's."""

    def make(folder):
        path = folder / "market.db"
        shutil.copyfile(sqlite_template, path)
        app = create_app({"DATABASE_URL": f"sqlite:///{path}", "TESTING": True})
        with app.app_context():
            fill()
            db.session.remove()
            db.engine.dispose()
        return str(path)

    path = tmp_path_factory.mktemp("market") / "market.db"
    shutil.copyfile(servers.once("published-market", make), path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def market(market_database):
    """An application on the published market, an hour after Friday's close; tests only read it."""
    app = create_app(
        {"DATABASE_URL": market_database, "TESTING": True, "CLOCK": lambda: small_market.NOW}
    )
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def copied_market(market_database, tmp_path):
    """Makes an application, with some settings, on a copy of the published market to write to."""
    made = []

    def make(**settings):
        path = tmp_path / f"copy-{len(made)}.db"
        shutil.copyfile(market_database.removeprefix("sqlite:///"), path)
        clock = {"CLOCK": lambda: small_market.NOW}
        app = create_app({"DATABASE_URL": f"sqlite:///{path}", "TESTING": True} | clock | settings)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def browser(market):
    """Reads pages of the published market."""
    return market.test_client()


@pytest.fixture(scope="session")
def site(market):
    """The published market on a real server."""
    with served(market) as url:
        yield url
