"""The pages in a process's memory: bounded, and what is asked for stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.caching.entries import CacheEntry
from stockscore.caching.keys import Page
from stockscore.caching.memory import MemoryPages, MemoryPlace, MemorySlot

BODY = b"x" * 8_000
SIZE = 10_000


def slot_of(key, body=BODY):
    entry = CacheEntry(
        1, 0.0, 300.0, 'W/"e"', (("Content-Type", "text/html"),), (body,), len(body) + 2_000
    )
    place = MemoryPlace(Page(f"/{key}", "", "list"))
    slot = MemorySlot(key, place, entry, wall=50.0, now=1000.0)
    place.slot = slot
    return slot


@pytest.fixture
def memory():
    return MemoryPages(most_bytes=4 * SIZE)


def test_a_slot_is_found_under_its_key(memory):
    slot = slot_of("a")
    assert memory.set("a", slot)
    assert memory.slot("a") is slot
    assert memory.slot("b") is None
    assert memory.get("a") is slot, "Flask-Caching's own interface works too"


def test_age_and_end_are_reckoned_from_when_the_page_was_made():
    slot = slot_of("a")
    assert slot.created == 950.0
    assert slot.fresh_until == 1250.0


def test_there_is_never_more_than_the_bound(memory):
    for number in range(50):
        memory.set(str(number), slot_of(str(number)))
    assert memory.bytes == 4 * SIZE
    assert len(memory) == 4
    assert memory.evicted.value == 46


def test_a_page_that_is_asked_for_stays_while_strangers_pass_through(memory):
    popular = slot_of("popular")
    memory.set("popular", popular)
    for number in range(50):
        popular.hits += 1
        memory.set(str(number), slot_of(str(number)))
    assert memory.slot("popular") is popular


def test_a_page_that_was_popular_once_goes_in_the_end(memory):
    once = slot_of("once")
    once.hits = 1_000
    memory.set("once", once)
    for number in range(50):
        memory.set(str(number), slot_of(str(number)))
    assert memory.slot("once") is None


def test_what_leaves_memory_is_no_longer_at_hand_anywhere(memory):
    first = slot_of("0")
    memory.set("0", first)
    for number in range(1, 10):
        memory.set(str(number), slot_of(str(number)))
    assert first.place.slot is None


def test_a_newer_slot_takes_the_place_of_the_one_before(memory):
    memory.set("a", slot_of("a"))
    newer = slot_of("a", b"y")
    memory.set("a", newer)
    assert memory.slot("a") is newer
    assert memory.bytes == newer.entry.size
    assert len(memory) == 1


def test_a_page_larger_than_the_bound_is_not_kept(memory):
    assert not memory.set("a", slot_of("a", b"x" * 5 * SIZE))
    assert memory.bytes == 0


def test_clearing_and_deleting_give_the_room_back(memory):
    memory.set("a", slot_of("a"))
    memory.set("b", slot_of("b"))
    assert memory.delete("a")
    assert not memory.delete("a")
    assert memory.bytes == SIZE
    memory.clear()
    assert (memory.bytes, len(memory), memory.slots()) == (0, 0, [])


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 15_000), st.booleans()), max_size=60
    )
)
def test_bytes_are_always_those_of_what_is_there_and_within_the_bound(steps):
    memory = MemoryPages(most_bytes=4 * SIZE)
    for key, length, is_asked in steps:
        slot = slot_of(key, b"x" * length)
        slot.hits = int(is_asked)
        memory.set(key, slot)
        assert memory.bytes == sum(kept.entry.size for kept in memory.slots()) <= 4 * SIZE
