"""A page is of one edition, also where one is published while it is rendered."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from stockscore.caching import wiring
from stockscore.caching.pages import cached_page
from stockscore.caching.wiring import site_of
from stockscore.extensions import db
from stockscore.store import engine, epochs
from tests.support import cached_site
from tests.support.waiting import PATIENCE_SECONDS


@pytest.fixture
def app(database_url, tmp_path):
    """A site with a page that reads the edition twice, and waits in between."""
    app = Flask(__name__, instance_path=str(tmp_path))
    app.config.update(cached_site.CONFIG)
    app.config["SQLALCHEMY_DATABASE_URI"] = engine.url_of(database_url)
    db.init_app(app)
    engine.configure(app)
    app.read_once, app.go_on = threading.Event(), threading.Event()

    @app.get("/twice")
    @cached_page()
    def twice():
        first = epochs.current(db.session.connection())
        app.read_once.set()
        app.go_on.wait(PATIENCE_SECONDS)
        db.session.expire_all()
        return {"first": first[0], "second": epochs.current(db.session.connection())[0]}

    wiring.init_app(app)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_page_is_not_half_of_one_edition_and_half_of_the_next(app):
    cached_site.publish(app)
    answers = []
    reader = threading.Thread(target=lambda: answers.append(app.test_client().get("/twice")))
    reader.start()
    assert app.read_once.wait(PATIENCE_SECONDS)
    cached_site.publish(app)
    app.go_on.set()
    reader.join()
    said = answers[0].get_json()
    assert said["second"] == said["first"]
    (slot,) = site_of(app).lookup.memory.slots()
    assert slot.entry.edition == said["first"], "and it is kept as what it is"


def test_the_next_reader_gets_the_next_edition(app):
    app.go_on.set()
    cached_site.publish(app)
    before = app.test_client().get("/twice").get_json()["first"]
    cached_site.publish(app)
    site_of(app).lookup.editions.renew()
    assert app.test_client().get("/twice").get_json()["first"] == before + 1
