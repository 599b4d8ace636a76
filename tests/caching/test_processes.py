"""The served site, with two workers: what single processes cannot show.

Each test runs for a few seconds what `make bench-cache` runs for longer."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.support import scenarios
from tests.support.redis_server import running_redis
from tests.support.scenarios import read_through, scene

pytestmark = pytest.mark.slow

WORKERS = 2
SECONDS = 2.0
READERS = 16
PAGES = 8


@pytest.fixture(scope="module")
def make_scene(sqlite_template, tmp_path_factory):
    """`make_scene(redis)`: the site on a database of its own, served by two workers; Redis has as
    little time as on a site that is read only where that is what is tested."""

    def make(redis, patient_with="database redis"):
        folder = tmp_path_factory.mktemp("served")
        path = folder / "stockscore.db"
        shutil.copyfile(sqlite_template, path)
        return scene(f"sqlite:///{path}", folder, redis, WORKERS, SECONDS, patient_with)

    return make


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    """A Redis server for the tests that use the served site one after the other."""
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


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
    assert 0 < report.words["MISS"] <= PAGES * (served.flips - before + 1)


@pytest.mark.parametrize("name", ["Redis is flushed", "Redis is full", "Redis evicts"])
def test_whatever_happens_to_redis_no_reader_gets_a_wrong_answer(served, name):
    report = read(served, scenarios.ACCIDENTS[name])
    assert report.problems == []
    assert report.resets == 0


def test_nobody_waits_for_a_redis_that_hangs(make_scene, redis):
    with make_scene(redis, patient_with="database") as made:
        report = read(made, scenarios.redis_hangs)
    assert report.problems == []
    assert report.resets == 0


def test_without_redis_no_reader_gets_a_wrong_answer_and_the_log_says_it_once_a_process(
    make_scene, redis
):
    with make_scene(redis) as made:
        report = read(made, scenarios.redis_is_killed)
        said = made.server.log.read_text()
    assert report.problems == []
    assert report.resets == 0
    assert 1 <= said.count(" Redis fails") <= WORKERS
    processes = re.findall(r"(\d+) Redis fails", said)
    assert len(set(processes)) == len(processes)
    assert "Traceback" not in said


def test_a_worker_that_is_killed_mid_render_takes_no_other_reader_with_it(served):
    report = read(served, scenarios.worker_is_killed)
    assert report.problems == []


def test_without_redis_each_worker_renders_for_itself_and_nobody_goes_back(make_scene):
    with make_scene(None) as made:
        report = read(made, scenarios.storm)
    assert report.problems == []
    assert report.resets == 0
    assert 0 < report.words["MISS"] <= WORKERS * PAGES * made.flips
