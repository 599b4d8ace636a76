"""Two processes with one Redis: what may be shown, and that no reader goes back to an older
edition.

Their clocks are the test's, so that a second passes when it says so."""

import subprocess
import threading

import pytest
from flask import Flask

from stockscore.caching import shared
from stockscore.caching.counters import Counters
from stockscore.caching.editions import Editions
from stockscore.caching.encodings import BROTLI, GZIP, IDENTITY, stored_as
from stockscore.caching.entries import key_of
from stockscore.caching.keys import PREFIX, Page, lock_key, page_key
from stockscore.caching.lookup import LASTING_SECONDS, TRIAL_SECONDS, Lookup, Policy, Wanted, Word
from stockscore.caching.memory import MemoryPages, MemoryPlace
from stockscore.caching.pages import Note
from stockscore.caching.rendering import Rendered
from stockscore.caching.shared import LOCK_SECONDS, RedisPages, SharedPages
from tests.caching.conftest import Clock
from tests.support.waiting import PATIENCE_SECONDS, wait_until

TTL, STALE = 300, 3600
CLIENT_OPTIONS = shared.CLIENT_OPTIONS
VERSION = "v"
PAGE = Page("/a", "", "list")


class Process:
    """One process: its own memory and knowledge, the common database and Redis."""

    def __init__(self, world, *, only_process=False, redis=True):
        self.world = world
        policy = Policy({"list": TTL}, STALE, only_process, VERSION, b"s" * 32)
        self.editions = Editions(world.read, clock=world.clock, spawn=lambda work: work())
        self.memory = MemoryPages(10_000_000)
        self.shared = SharedPages(world.backend() if redis else None, world.clock, world.clock)
        self.lookup = Lookup(
            policy,
            self.editions,
            self.memory,
            self.shared,
            Counters(),
            world.clock,
            world.clock,
            world.pause,
        )
        self.places = {}
        self.renders = 0
        self.entered = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()
        self.status = "200 OK"
        self.lasting = False

    def render(self, page):
        self.renders += 1
        edition, epoch = self.world.edition, self.world.epoch
        self.entered.release()
        self.gate.wait(PATIENCE_SECONDS)
        body = f"{page.url} of edition {edition}".encode()
        headers = (("Content-Type", "text/html"),)
        return Rendered(self.status, headers, body, Note(edition, epoch, lasting=self.lasting))

    def ask(self, page=PAGE, encoding=IDENTITY):
        """What a reader gets: the word and the edition of the page."""
        place = self.places.setdefault(page, MemoryPlace(page))
        found = self.lookup.find(Wanted(place, encoding, lambda: self.render(page)))
        return found.word, found.slot.entry.edition if found.slot else None

    def begin(self, page=PAGE):
        """A reader whose render is held up; ends when `gate` opens."""
        self.gate.clear()
        self.entered = threading.Semaphore(0)
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.ask(page)))
        thread.start()
        assert self.entered.acquire(timeout=PATIENCE_SECONDS)

        def end():
            self.gate.set()
            thread.join()
            return answers[0]

        return end


class World:
    """What all processes have in common."""

    def __init__(self, clock, redis_server):
        self.clock = clock
        self.edition = 1
        self.epoch = 0
        self.server = redis_server
        self.backends = []
        self.on_pause = lambda: None

    def read(self):
        return self.edition, self.epoch

    def pause(self, seconds):
        self.clock.pass_by(seconds)
        self.on_pause()

    def backend(self):
        config = {"CACHE_REDIS_URL": self.server.url, "CACHE_KEY_PREFIX": PREFIX}
        config["CACHE_OPTIONS"] = dict(shared.CLIENT_OPTIONS)
        self.backends.append(RedisPages.factory(Flask(__name__), config, [], {}))
        return self.backends[-1]

    def key(self, page=PAGE):
        return PREFIX + key_of(page_key(page, self.epoch, VERSION), stored_as(IDENTITY))

    def lock(self, page=PAGE):
        return PREFIX + lock_key(page_key(page, self.epoch, VERSION), self.edition)


@pytest.fixture
def world(own_redis, patient_redis):
    made = World(Clock(1_800_000_000.0), own_redis)
    yield made
    for backend in made.backends:
        backend.client.close()


@pytest.fixture
def first(world):
    return Process(world)


@pytest.fixture
def second(world):
    return Process(world)


def test_what_one_process_made_the_others_have(first, second):
    assert first.ask() == (Word.MISS, 1)
    assert second.ask() == (Word.REDIS, 1)
    assert second.ask() == (Word.MEMORY, 1)
    assert second.renders == 0


def test_a_process_has_all_encodings_of_a_page_of_which_it_fetched_one(first, second):
    first.ask()
    assert second.ask(encoding=GZIP) == (Word.REDIS, 1)
    for encoding in (IDENTITY, BROTLI):
        assert second.ask(encoding=encoding) == (Word.MEMORY, 1)
    ready, fetched = (process.places[PAGE].slot for process in (first, second))
    for encoding in (IDENTITY, GZIP, BROTLI):
        assert fetched.variant(encoding) == ready.variant(encoding)


@pytest.mark.parametrize("encoding", [IDENTITY, GZIP, BROTLI])
def test_redis_gives_a_page_in_any_encoding_and_keeps_none_plain(world, first, second, encoding):
    first.ask()
    assert second.ask(encoding=encoding) == (Word.REDIS, 1)
    ready, fetched = (process.places[PAGE].slot for process in (first, second))
    assert fetched.variant(encoding) == ready.variant(encoding)
    kept = {key.decode() for key in world.server.client.keys(f"{PREFIX}*:[0-9]")}
    key = page_key(PAGE, world.epoch, VERSION)
    assert kept == {PREFIX + key_of(key, compressed) for compressed in (GZIP, BROTLI)}


def test_a_page_is_rendered_once_for_all_processes_and_flips(world, first, second):
    for edition in (1, 2, 3):
        world.edition = edition
        world.clock.pass_by(1)
        for process in (first, second, first, second):
            assert process.ask()[1] == edition
    assert first.renders + second.renders == 3


def test_while_one_process_renders_the_other_shows_the_page_before(world, first, second):
    for process in (first, second):
        process.ask()
    world.edition = 2
    world.clock.pass_by(0.6)
    finish = first.begin()
    for _ in range(5):
        assert second.ask() == (Word.STALE, 1)
    world.clock.pass_by(3)
    assert second.ask() == (Word.STALE, 1), "the lock was taken in time and is still held"
    assert finish() == (Word.MISS, 2)
    assert second.ask() == (Word.REDIS, 2)
    assert second.renders == 0


def test_a_cold_page_is_waited_for_where_another_process_renders_it(world, first, second):
    finish = first.begin()
    world.on_pause = finish
    assert second.ask() == (Word.REDIS, 1)
    assert second.renders == 0
    assert second.lookup.counters.values()["lock_waits"] == 1


def test_nobody_goes_back_once_the_new_edition_can_have_been_seen_for_a_second(
    world, first, second
):
    second.ask()
    world.edition = 2
    world.clock.pass_by(0.5)
    assert first.ask() == (Word.MISS, 2)
    # Redis loses the page that a reader of the first process has.
    world.server.client.flushall()
    world.clock.pass_by(5)
    finish = second.begin()
    answers = []
    other = threading.Thread(target=lambda: answers.append(second.ask()))
    other.start()
    assert finish() == (Word.MISS, 2)
    other.join()
    assert answers[0][1] == 2, "waits for the render instead of showing edition 1"


def test_without_redis_a_process_among_others_shows_the_page_before_for_a_second(world):
    process = Process(world, redis=False)
    process.ask()
    world.edition = 2
    world.clock.pass_by(0.5)
    finish = process.begin()
    world.clock.pass_by(0.4)
    assert process.ask() == (Word.STALE, 1)
    world.clock.pass_by(0.2)
    waiting = []
    other = threading.Thread(target=lambda: waiting.append(process.ask()))
    other.start()
    finish()
    other.join()
    assert waiting[0][1] == 2


def test_a_process_alone_shows_the_page_before_as_long_as_the_render_takes(world):
    process = Process(world, only_process=True, redis=False)
    process.ask()
    world.clock.pass_by(100)
    world.edition = 2
    finish = process.begin()
    world.clock.pass_by(60)
    assert process.ask() == (Word.STALE, 1)
    assert finish() == (Word.MISS, 2)


def test_a_page_past_its_time_is_shown_while_one_request_renews_it(world, first):
    first.ask()
    world.clock.pass_by(TTL)
    finish = first.begin()
    assert first.ask() == (Word.STALE, 1)
    assert finish() == (Word.MISS, 1)
    assert first.ask() == (Word.MEMORY, 1)


def test_a_page_that_no_edition_changes_is_kept_over_editions_and_a_day_at_most(
    world, first, second
):
    first.lasting = second.lasting = True
    assert first.ask() == (Word.MISS, 1)
    world.edition = 2
    world.clock.pass_by(TTL + 60)
    assert first.ask() == (Word.MEMORY, 1)
    assert second.ask() == (Word.REDIS, 1)
    assert (first.renders, second.renders) == (1, 0)
    world.clock.pass_by(LASTING_SECONDS)
    assert first.ask()[0] is not Word.MEMORY
    world.epoch += 1
    world.clock.pass_by(2)
    assert second.ask() == (Word.MISS, 2)


def test_a_stale_page_is_shown_for_so_long_and_no_longer(world):
    process = Process(world, only_process=True, redis=False)
    process.ask()
    world.clock.pass_by(100)
    world.edition = 2
    process.status = "500 INTERNAL SERVER ERROR"
    assert process.ask() == (Word.STALE, 1)
    world.clock.pass_by(STALE - 1)
    assert process.ask() == (Word.STALE, 1)
    world.clock.pass_by(2)
    assert process.ask() == (Word.BYPASS, None)


def test_a_slow_render_of_an_older_edition_does_not_replace_a_newer_page(world, first, second):
    finish = first.begin()
    world.edition = 2
    world.clock.pass_by(1)
    assert second.ask() == (Word.MISS, 2)
    assert finish() == (Word.MISS, 1), "its own reader asked before the flip"
    assert second.ask() == (Word.MEMORY, 2)
    assert Process(world).ask() == (Word.REDIS, 2)


def test_a_clear_is_seen_and_nothing_from_before_it_is_shown(world, first, second):
    for process in (first, second):
        process.ask()
    world.epoch = 1
    world.clock.pass_by(1)
    assert first.ask() == (Word.MISS, 1)
    assert second.ask() == (Word.REDIS, 1)


def test_the_lock_of_a_process_that_died_is_taken_over_at_once(world, first, second):
    dead = threading.Event()
    finished = _a_process_that_ended()
    token = f"{shared.THIS_MACHINE}|{finished}|{world.clock()}|someone|1"
    world.server.client.set(world.lock(), token, px=10_000)
    world.on_pause = dead.set
    assert first.ask() == (Word.MISS, 1)
    assert not dead.is_set(), "did not wait"


def _a_process_that_ended():
    done = subprocess.Popen(["true"])
    done.wait()
    return done.pid


def test_the_lock_of_another_machine_ends_by_itself(world, first):
    world.server.client.set(world.lock(), f"elsewhere|1|{world.clock()}|someone|1", px=60_000)
    began = world.clock()
    assert first.ask() == (Word.MISS, 1)
    assert LOCK_SECONDS <= world.clock() - began < LOCK_SECONDS + 1


def test_a_lock_is_given_back(world, first):
    first.ask()
    assert not world.server.client.exists(world.lock())


@pytest.mark.parametrize(
    "planted", [b"", b"garbage", b"\x80\x04cos\nsystem\n", b"SSP1" + b"\xff" * 99]
)
def test_planted_bytes_are_a_miss_and_are_replaced(world, first, second, planted):
    world.server.client.set(world.key(), planted)
    assert first.ask() == (Word.MISS, 1)
    assert second.ask() == (Word.REDIS, 1)
    assert first.lookup.counters.values()["damaged"] >= (1 if planted else 0)


def test_a_planted_key_of_another_type_is_a_miss_and_is_replaced(world, first, second):
    world.server.client.lpush(world.key(), "x")
    assert first.ask() == (Word.MISS, 1)
    assert second.ask() == (Word.REDIS, 1)
    assert not first.shared.writes.is_open


def test_pages_left_by_a_database_with_higher_numbers_do_not_stand_in_the_way(world, first):
    world.edition = 9
    first.ask()
    world.edition = 2
    world.clock.pass_by(1)
    other = Process(world)
    assert other.ask() == (Word.MISS, 2)
    assert other.ask() == (Word.MEMORY, 2)
    assert first.ask() == (Word.REDIS, 2)


def test_a_page_with_a_query_is_kept_in_redis_for_seconds_until_it_is_asked_for_again(world, first):
    rare = Page("/a", "min_score=12.34", "list")
    first.ask(rare)
    assert world.server.client.pttl(world.key(rare)) <= TRIAL_SECONDS * 1000
    world.clock.pass_by(TTL + 1)
    first.ask(rare)
    assert world.server.client.pttl(world.key(rare)) > TTL * 1000
    first.ask()
    assert world.server.client.pttl(world.key()) > TTL * 1000


def test_redis_keeps_pages_for_as_long_as_they_may_be_shown(world, first):
    first.ask()
    assert world.server.client.pttl(world.key()) <= (TTL + STALE) * 1000


def test_with_redis_down_pages_come_from_memory_and_nothing_fails(world, first, caplog):
    world.server.kill()
    assert first.ask() == (Word.MISS, 1)
    assert first.ask() == (Word.MEMORY, 1)
    other = Page("/b", "", "list")
    assert first.ask(other) == (Word.MISS, 1)
    said = [record.getMessage() for record in caplog.records if "Redis" in record.getMessage()]
    assert len(said) == 1


def test_redis_is_used_again_once_it_is_back(world, first, second):
    world.server.kill()
    first.ask()
    world.server.start()
    world.clock.pass_by(5)
    wait_until(lambda: first.shared.breaker.lets_through())
    other = Page("/b", "", "list")
    assert first.ask(other) == (Word.MISS, 1)
    assert second.ask(other) == (Word.REDIS, 1)


@pytest.fixture
def impatient_redis(monkeypatch, world):
    """Redis is given as little time as on a site that is read."""
    monkeypatch.setattr(shared, "CLIENT_OPTIONS", CLIENT_OPTIONS)


def test_a_redis_that_hangs_is_left_alone_after_the_first_try(world, impatient_redis, first):
    world.server.stop()
    assert first.ask() == (Word.MISS, 1)
    assert first.shared.breaker.is_open
    assert first.shared.breaker.outages == 1
    for number in range(20):
        assert first.ask(Page(f"/{number}", "", "list")) == (Word.MISS, 1)
    assert first.shared.breaker.outages == 1
    world.server.go_on()


def test_a_lock_that_a_hung_redis_gives_out_late_is_given_back(
    world, impatient_redis, first, monkeypatch
):
    monkeypatch.setattr(shared, "LOCK_SECONDS", PATIENCE_SECONDS)

    def is_used():
        """Whether Redis answers this process, that leaves it alone after each failure."""
        world.clock.pass_by(5)
        return first.shared.breaker.lets_through() and first.shared.ask(
            lambda backend: backend.client.ping(), False
        )

    wait_until(is_used)
    world.server.stop()
    lock = first.shared.lock("lock:late")
    assert lock.mine is None
    world.server.go_on()
    wait_until(lambda: world.server.client.exists(PREFIX + "lock:late"))
    wait_until(is_used)
    wait_until(lambda: not world.server.client.exists(PREFIX + "lock:late"))


def test_a_full_redis_is_read_and_not_written_to(world, first, second):
    first.ask()
    world.server.client.config_set("maxmemory-policy", "noeviction")
    world.server.client.config_set("maxmemory", "1")
    other = Page("/b", "", "list")
    assert second.ask() == (Word.REDIS, 1)
    assert second.ask(other) == (Word.MISS, 1)
    assert second.shared.writes.is_open
    assert not second.shared.breaker.is_open
    world.server.client.config_set("maxmemory", "0")
    world.clock.pass_by(5)
    wait_until(lambda: second.shared.writes.lets_through())
    assert second.ask(Page("/c", "", "list")) == (Word.MISS, 1)
    assert first.ask(Page("/c", "", "list")) == (Word.REDIS, 1)


def test_a_flushed_redis_costs_nothing_that_memory_has(world, first):
    first.ask()
    world.server.client.flushall()
    assert first.ask() == (Word.MEMORY, 1)


def test_a_page_that_memory_has_no_room_for_comes_from_redis_each_time(world, first):
    first.memory.most_bytes = 10
    assert [first.ask()[0] for _ in range(3)] == [Word.MISS, Word.REDIS, Word.REDIS]
    assert first.places[PAGE].slot is None


def test_a_process_that_does_not_share_a_secret_shares_no_pages(world, first):
    first.ask()
    stranger = Process(world)
    stranger.lookup.policy = Policy({"list": TTL}, STALE, False, VERSION, b"other secret")
    assert stranger.ask() == (Word.MISS, 1)


def test_the_backend_of_flask_caching_refuses_to_walk_over_all_keys(world):
    with pytest.raises(NotImplementedError, match=r"services\.cache\.clear"):
        world.backend().clear()
