"""The served site, with two workers: what single processes cannot show.

Each test runs for a few seconds what `make bench-cache` runs for longer."""

from __future__ import annotations

import shutil

import pytest

from stockscore.caching.shared import BUDGET_SECONDS
from tests.caching import scenarios
from tests.caching.redis_server import RedisServer
from tests.caching.scenarios import read_through, scene
from tests.servers import MissingError

WORKERS = 2
SECONDS = 2.0
READERS = 16
PAGES = 8


@pytest.fixture(scope="module")
def make_scene(sqlite_template, tmp_path_factory):
    """`make_scene(redis)`: the site on a database of its own, served by two workers."""

    def make(redis):
        folder = tmp_path_factory.mktemp("served")
        path = folder / "stockscore.db"
        shutil.copyfile(sqlite_template, path)
        return scene(f"sqlite:///{path}", folder, redis, workers=WORKERS, seconds=SECONDS)

    return make


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    """A Redis server for the tests that use the served site one after the other."""
    try:
        server = RedisServer(tmp_path_factory.mktemp("redis"))
    except MissingError as reason:
        pytest.skip(str(reason))
    yield server
    server.end()


@pytest.fixture(scope="module")
def served(make_scene, redis):
    """The site on Redis."""
    with make_scene(redis) as made:
        yield made


def read(made, accident):
    return read_through(made, accident, pages=PAGES, count=READERS)


def test_in_a_storm_of_flips_nothing_fails_and_each_page_is_rendered_once_a_flip(served):
    before = served.flips
    report = read(served, scenarios.storm)
    assert report.problems == []
    assert report.resets == 0
    assert set(report.words) <= {"HIT", "MISS", "STALE"}
    # Where the machine is so busy that Redis seems to hang, each worker renders for itself.
    once = max(report.times) < BUDGET_SECONDS
    most = PAGES * (served.flips - before + 1) * (1 if once else WORKERS)
    assert 0 < report.words["MISS"] <= most


@pytest.mark.parametrize("name", [name for name in scenarios.ACCIDENTS if "worker" not in name])
def test_whatever_happens_to_redis_no_reader_gets_a_wrong_answer(served, name):
    report = read(served, scenarios.ACCIDENTS[name])
    assert report.problems == []
    assert report.resets == 0
    assert report.words["HIT"] > 0


def test_the_log_says_once_an_outage_and_process_that_redis_fails(served):
    before = served.server.log.read_text()
    read(served, scenarios.redis_is_killed)
    said = served.server.log.read_text()[len(before) :]
    assert 1 <= said.count("Redis fails") <= 2
    assert "Traceback" not in said


def test_a_worker_that_is_killed_mid_render_takes_no_other_reader_with_it(served):
    report = read(served, scenarios.worker_is_killed)
    assert report.problems == []
    assert report.words["HIT"] > 0


def test_without_redis_each_worker_renders_for_itself_and_nobody_goes_back(make_scene):
    with make_scene(None) as made:
        report = read(made, scenarios.storm)
    assert report.problems == []
    assert report.resets == 0
    assert 0 < report.words["MISS"] <= WORKERS * PAGES * made.flips
