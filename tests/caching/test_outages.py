"""With the database gone, what is kept goes on being served and says how old it is."""

import gzip
import re
import shutil
import time
from pathlib import Path

import pytest

from stockscore.caching.wiring import site_of
from stockscore.extensions import db
from tests.support import cached_site
from tests.support.waiting import PATIENCE_SECONDS


class Database:
    """The file of a database, which can be taken away and put back."""

    def __init__(self, url):
        self.path = Path(url.removeprefix("sqlite:///"))
        self.safe = self.path.with_suffix(".safe")

    def take_away(self, *apps):
        for app in apps:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
        shutil.move(self.path, self.safe)
        for left in self.path.parent.glob(f"{self.path.name}-*"):
            # The connection of a look-up in the background may take it along as it closes.
            left.unlink(missing_ok=True)
        self.path.mkdir()
        for app in apps:
            site_of(app).lookup.editions.renew()

    def put_back(self, *apps):
        self.path.rmdir()
        shutil.move(self.safe, self.path)
        for app in apps:
            site_of(app).lookup.editions.renew()


@pytest.fixture
def database(sqlite_url):
    return Database(sqlite_url)


@pytest.fixture
def app(site):
    return site()


@pytest.fixture
def browser(app):
    return app.test_client()


def test_a_kept_page_is_shown_with_a_line_that_says_how_old_it_is(app, browser, database):
    began = time.monotonic()
    before = browser.get("/pages/a").data
    database.take_away(app)
    for _ in range(2):
        answer = browser.get("/pages/a")
        assert answer.status_code == 200
        assert answer.headers["X-Cache"] == "STALE"
        assert int(answer.headers["Age"]) <= time.monotonic() - began
        text = answer.data
        line = re.search(rb'\n<div class="notice stale" role="status">.*?</div>\n', text)[0]
        assert b"This page is less than a minute old." in line
        assert text.index(line) == text.index(b"<main id=m>") + len("<main id=m>")
        assert text.replace(line, b"") == before
        assert int(answer.headers["Content-Length"]) == len(text)


def test_the_line_counts_minutes_and_then_hours(app, browser, database):
    browser.get("/pages/a")
    (slot,) = site_of(app).lookup.memory.slots()
    database.take_away(app)
    for seconds, words in ((61, b"a minute"), (12 * 60, b"12 minutes"), (7300, b"2 hours")):
        began = time.monotonic()
        slot.created = began - seconds
        slot.fresh_until = began - 1
        answer = browser.get("/pages/a")
        assert b"This page is " + words + b" old." in answer.data
        assert 0 <= int(answer.headers["Age"]) - seconds <= time.monotonic() - began


def test_the_line_is_in_the_compressed_page_too(app, browser, database):
    browser.get("/pages/a")
    database.take_away(app)
    plain = browser.get("/pages/a")
    zipped = browser.get("/pages/a", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(zipped.data) == plain.data
    assert int(zipped.headers["Content-Length"]) == len(zipped.data)


def test_a_reader_who_has_the_page_without_the_line_gets_it_with_the_line(app, browser, database):
    fresh = browser.get("/pages/a").headers["ETag"]
    database.take_away(app)
    answer = browser.get("/pages/a", headers={"If-None-Match": fresh})
    assert answer.status_code == 200
    with_line = answer.headers["ETag"]
    assert with_line != fresh
    again = browser.get("/pages/a", headers={"If-None-Match": with_line})
    assert (again.status_code, again.headers["ETag"]) == (304, with_line)
    database.put_back(app)
    back = browser.get("/pages/a", headers={"If-None-Match": with_line})
    assert (back.status_code, back.headers["ETag"]) == (200, fresh)


def test_data_is_served_as_it_was_and_says_so_in_its_headers(app, browser, database):
    before = browser.get("/pages/a.json")
    database.take_away(app)
    answer = browser.get("/pages/a.json")
    assert answer.headers["X-Cache"] == "STALE"
    assert answer.data == before.data
    assert answer.headers["ETag"] == before.headers["ETag"]


def test_what_is_not_kept_is_a_friendly_503_that_says_when_to_come_back(app, browser, database):
    browser.get("/pages/a")
    database.take_away(app)
    answer = browser.get("/pages/b")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["X-Cache"] == "BYPASS"
    assert b"The database does not answer." in answer.data


def test_a_page_that_needs_no_database_is_shown_and_not_kept(app, browser, database):
    database.take_away(app)
    assert b"render 1" in browser.get("/without-database").data
    assert b"render 2" in browser.get("/without-database").data


def test_a_page_that_is_past_its_time_is_shown_before_anybody_noticed_the_outage(site, database):
    app = site(CACHE_TTL_LIST=1)
    browser = app.test_client()
    browser.get("/pages/a")
    (slot,) = site_of(app).lookup.memory.slots()
    slot.fresh_until -= 10
    editions = site_of(app).lookup.editions
    state = editions.state
    database.take_away(app)
    editions.state, editions.due = state, time.monotonic() + PATIENCE_SECONDS
    answer = browser.get("/pages/a")
    assert answer.headers["X-Cache"] == "STALE"
    assert b"notice stale" in answer.data


def test_everything_is_as_before_once_the_database_is_back(app, browser, database):
    before = browser.get("/pages/a").data
    database.take_away(app)
    browser.get("/pages/a")
    database.put_back(app)
    answer = browser.get("/pages/a")
    assert answer.headers["X-Cache"] == "HIT"
    assert answer.data == before


def test_a_process_that_starts_without_a_database_serves_what_redis_has(site, database, on_redis):
    scratch_app = site(**on_redis)
    cached_site.publish(scratch_app)
    before = scratch_app.test_client().get("/pages/a").data
    database.take_away(scratch_app)
    answer = site(**on_redis).test_client().get("/pages/a")
    assert answer.headers["X-Cache"] == "STALE"
    assert b"notice stale" in answer.data
    assert b"edition 1<" in answer.data
    assert before.split(b"<main")[0] in answer.data
