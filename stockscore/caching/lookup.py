"""Finds the answer for a page: in memory, in Redis, with whoever is making it, or by making it.

A reader who got a newer edition of a page more than a second ago never gets an older one. So an
older edition's page is shown only while nobody can have seen the new one's for that long: for a
second from the last moment when the new edition did not exist, and after that only as long as the
render that began within that second still holds the lock that all processes share. A process that
shares its readers with no other knows its own answers, and needs neither.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from time import monotonic, sleep, time

from stockscore.caching import encodings, entries, http, outage
from stockscore.caching.counters import Counters
from stockscore.caching.doorkeeper import Doorkeeper
from stockscore.caching.editions import Editions, State
from stockscore.caching.entries import CacheEntry
from stockscore.caching.flights import Flight, Flights
from stockscore.caching.keys import lock_key, page_key
from stockscore.caching.memory import MemoryPages, MemoryPlace, MemorySlot
from stockscore.caching.rendering import Rendered
from stockscore.caching.shared import LOCK_SECONDS, Lock, SharedPages, WriteResult

log = logging.getLogger(__name__)

UNSEEN_SECONDS = 1.0
"""For so long after an edition appears, anybody may still be shown a page of the one before."""

LOOK_AGAIN_SECONDS = 0.02
"""How often a request that waits for another process looks whether it is ready."""

RECHECK_SECONDS = 0.05
"""While others make a stale page anew, Redis is asked for it at most this often."""

LASTING_SECONDS = 24 * 3600.0
"""How long a page that no edition changes is kept: long, and not for ever, because a database may
be put in the place of another."""

TRIAL_SECONDS = 20.0
"""How long Redis keeps a page with a query that is rendered for the first time."""

Render = Callable[[], Rendered]


class Word(Enum):
    """Where an answer came from: what `X-Cache` says of it, and the counter it adds to."""

    MEMORY = ("HIT", "hits_memory")
    REDIS = ("HIT", "hits_redis")
    FLIGHT = ("HIT", "hits_flight")
    MISS = ("MISS", "misses")
    STALE = ("STALE", "stale")
    BYPASS = ("BYPASS", "bypass")

    def __init__(self, text: str, counter: str) -> None:
        self.text = text
        self.counter = counter


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for: a page, the encoding that will be sent, and how to make it."""

    place: MemoryPlace
    encoding: int
    render: Render


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: a slot that can be sent, or what the application said where it cannot be kept.

    `gone` says that the database cannot be asked, so that nobody knows whether it is current."""

    word: Word
    slot: MemorySlot | None = None
    rendered: Rendered | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Settings: seconds of freshness by family, seconds that a stale page may still be shown, and
    whether this process is the only one that answers the site's readers."""

    ttl: dict[str, int]
    stale_seconds: int
    only_process: bool
    version: str
    secret: bytes


class Lookup:
    """The two levels, the flights and the rule of what may be shown. Threads share it."""

    def __init__(
        self,
        policy: Policy,
        editions: Editions,
        memory: MemoryPages,
        shared: SharedPages,
        counters: Counters,
        clock: Callable[[], float] = monotonic,
        wall: Callable[[], float] = time,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        self.policy = policy
        self.editions = editions
        self.memory = memory
        self.shared = shared
        self.counters = counters
        self._clock = clock
        self._wall = wall
        self._sleep = pause
        self._flights: Flights[Found] = Flights()
        self._doorkeeper = Doorkeeper()

    def find(self, wanted: Wanted) -> Found:
        """The answer for a page. Raises what the application raises, if it must be asked."""
        self.shared.begin_request()
        state = self.editions.current()
        if state is None:
            # Nothing is known, so nothing can be kept; the application says what is wrong.
            return Found(Word.BYPASS, rendered=wanted.render())
        key = page_key(wanted.place.page, state.epoch, self.policy.version)
        slot, word = self._at_hand(wanted, key, state)
        newest = self.editions.state or state
        if newest.epoch != state.epoch:
            return self.find(wanted)
        if slot is not None and slot.entry.edition > newest.edition:
            # The database was replaced by one whose numbers are lower.
            self.memory.delete(key)
            slot = None
        if slot is not None and not newest.reachable and self._is_in_time(slot):
            return Found(Word.STALE, slot, gone=True)
        if slot is not None and self._is_fresh(slot, newest):
            return self._hit(wanted.place, slot, newest, word)
        return self._make(wanted, key, slot, newest)

    def _hit(self, place: MemoryPlace, slot: MemorySlot, state: State, word: Word) -> Found:
        """A fresh slot, which the place has at hand from now on for as long as `state` lasts."""
        if state.reachable and self.memory.slot(slot.key) is slot:
            slot.state, slot.place, place.slot = state, place, slot
        return Found(word, slot)

    def _at_hand(self, wanted: Wanted, key: str, state: State) -> tuple[MemorySlot | None, Word]:
        """The newest slot that can be had without making it."""
        slot = self.memory.slot(key)
        if slot is not None and (
            self._is_fresh(slot, state) or self._clock() < slot.looked_up + RECHECK_SECONDS
        ):
            return slot, Word.MEMORY
        return self._fetch(wanted, key, slot), Word.REDIS

    def _fetch(self, wanted: Wanted, key: str, known: MemorySlot | None) -> MemorySlot | None:
        """What Redis has of a page, if it is newer than what is known; else what is known."""
        now = self._clock()
        if known is not None:
            known.looked_up = now
        encoding = encodings.stored_as(wanted.encoding)
        data = self.shared.get(entries.key_of(key, encoding))
        if data is None:
            return known
        entry = entries.unpack(data, encoding, key, self.policy.secret)
        if entry is None:
            self.counters.damaged.add()
            return known
        state = self.editions.state
        if state is None or entry.edition > state.edition:
            # Another process knew of a new edition first; or this is left from another database.
            state = self.editions.renew()
            if state is None or entry.edition > state.edition:
                return known
        return self._adopt(wanted.place, key, entry)

    def _adopt(self, place: MemoryPlace, key: str, entry: CacheEntry) -> MemorySlot:
        """Keeps an entry in memory, unless a newer one is there; the slot of whichever it is."""
        known = self.memory.slot(key)
        age = (entry.edition, entry.created)
        if known is not None and (known.entry.edition, known.entry.created) >= age:
            return known
        slot = MemorySlot(key, place, entry, self._wall(), self._clock())
        if known is not None:
            slot.hits, slot.hits_posted = known.hits, known.hits_posted
        self.memory.set(key, slot)
        return slot

    def _is_fresh(self, slot: MemorySlot, state: State) -> bool:
        entry = slot.entry
        of_now = entry.lasting or entry.edition == state.edition
        return of_now and self._clock() < slot.fresh_until

    def _is_in_time(self, slot: MemorySlot) -> bool:
        """Whether a page may still be shown although it is stale, or for all we know may be."""
        stale_since = min(slot.fresh_until, self.editions.superseded_at(slot.entry.edition))
        return self._clock() < stale_since + self.policy.stale_seconds

    def _may_show(self, slot: MemorySlot | None, state: State, begun: float | None) -> bool:
        """Whether a stale page may be shown now (see the top of this module); `begun` is when
        (monotonic) the holder of the shared lock took it, None where nobody holds it."""
        if slot is None or not self._is_in_time(slot):
            return False
        if self.policy.only_process or slot.entry.edition == state.edition:
            return True
        unseen_until = state.absent_at + UNSEEN_SECONDS
        if self._clock() <= unseen_until:
            return True
        return begun is not None and begun <= unseen_until and not self.shared.breaker.is_open

    def _make(self, wanted: Wanted, key: str, slot: MemorySlot | None, state: State) -> Found:
        """Makes the page, or waits for whoever is making it, or shows the stale one meanwhile."""
        name = lock_key(key, state.edition)
        flight, is_mine = self._flights.join(name)
        if not is_mine:
            if self._may_show(slot, state, flight.locked_at):
                return Found(Word.STALE, slot)
            return self._wait_for(flight, wanted)
        try:
            found = flight.result = self._lead(wanted, key, slot, state, flight)
        finally:
            self._flights.land(name, flight)
        return found

    def _wait_for(self, flight: Flight[Found], wanted: Wanted) -> Found:
        began = self._clock()
        flight.landed.wait(LOCK_SECONDS)
        self._waited(began)
        found = flight.result
        if found is None:
            # The render failed or takes for ever; this request finds out by itself.
            return Found(Word.BYPASS, rendered=wanted.render())
        if found.word is Word.MISS:
            return Found(Word.FLIGHT, found.slot)
        return found

    def _lead(
        self, wanted: Wanted, key: str, slot: MemorySlot | None, state: State, flight: Flight[Found]
    ) -> Found:
        """Makes the page under the lock that all processes share."""
        name = lock_key(key, state.edition)
        lock = self.shared.lock(name)
        if lock.mine is False:
            if not lock.orphaned and self._may_show(slot, state, self._monotonic(lock.since)):
                return Found(Word.STALE, slot)
            lock = self._wait_for_lock(name, lock)
        flight.locked_at = self._clock() if lock.mine else None
        try:
            # Whoever held the lock before may have made the page since it was looked up.
            newest = self._fetch(wanted, key, slot) if lock.mine else slot
            if newest is not None and self._is_fresh(newest, state):
                return self._hit(wanted.place, newest, state, Word.REDIS)
            return self._render(wanted, newest, state)
        finally:
            if lock.mine:
                self.shared.unlock(name, lock)

    def _wait_for_lock(self, name: str, lock: Lock) -> Lock:
        """Waits for the lock of another process until it is given back, or ends; the last answer
        about it."""
        began = self._clock()
        while lock.mine is False and self._clock() - began < LOCK_SECONDS:
            if lock.orphaned:
                self.shared.unlock(name, lock)
            else:
                self._sleep(LOOK_AGAIN_SECONDS)
            # What is waited for here is the other's render, not Redis.
            self.shared.begin_request()
            lock = self.shared.lock(name)
        self._waited(began)
        return lock

    def _waited(self, began: float) -> None:
        self.counters.lock_waits.add()
        self.counters.spend("lock_wait_seconds", self._clock() - began)

    def _monotonic(self, wall: float) -> float:
        return self._clock() - (self._wall() - wall)

    def _render(self, wanted: Wanted, slot: MemorySlot | None, state: State) -> Found:
        """Makes the page; a stale one where it cannot be made."""
        began, wall = self._clock(), self._wall()
        try:
            rendered = wanted.render()
        finally:
            self.counters.renders.add()
            self.counters.spend("render_seconds", self._clock() - began)
        note = rendered.note
        if note.edition is not None and http.may_be_kept(rendered.code, rendered.headers):
            return Found(Word.MISS, self._keep(wanted.place, rendered, note.edition, wall))
        self.counters.renders_failed.add()
        if rendered.code >= 500 and slot is not None and self._is_in_time(slot):
            return Found(Word.STALE, slot, gone=rendered.code == 503 or not state.reachable)
        return Found(Word.BYPASS, rendered=rendered)

    def _keep(
        self, place: MemoryPlace, rendered: Rendered, edition: int, wall: float
    ) -> MemorySlot:
        """Keeps a page on both levels; its slot."""
        page, note = place.page, rendered.note
        ttl = LASTING_SECONDS if note.lasting else float(self.policy.ttl[page.family])
        if note.until is not None:
            ttl = max(0.0, min(ttl, note.until - wall))
        headers = http.content_headers(rendered.headers)
        bodies = encodings.bodies(rendered.body)
        entry = CacheEntry(
            edition=edition,
            created=wall,
            ttl=ttl,
            etag=entries.etag_of(headers, rendered.body),
            headers=headers,
            bodies=bodies,
            size=entries.size_of(bodies),
            note_at=outage.place_of_line(headers, rendered.body),
            lasting=note.lasting,
        )
        self.editions.learn(edition, note.epoch)
        key = page_key(page, note.epoch, self.policy.version)
        slot = self._adopt(place, key, entry)
        state = self.editions.state
        if state is not None and self._is_fresh(slot, state):
            self._hit(place, slot, state, Word.MISS)
        self._share(place, key, entry)
        return slot

    def _share(self, place: MemoryPlace, key: str, entry: CacheEntry) -> None:
        if not self.shared.is_on:
            return
        seconds = entry.ttl + self.policy.stale_seconds
        if place.page.query and not self._doorkeeper.has_met(place.page.url):
            seconds = min(seconds, TRIAL_SECONDS)
        packed = {
            entries.key_of(key, encoding): entries.pack(entry, encoding, key, self.policy.secret)
            for encoding in encodings.STORED
        }
        if self.shared.put(packed, entry.edition, max(seconds, 1.0)) is not WriteResult.NEWER:
            return
        # Either this edition was superseded while it was rendered, which is fine, or what is there
        # is not of this database, or not ours at all, and would stand in the way for ever.
        state = self.editions.renew()
        if state is not None and state.edition == entry.edition:
            self.shared.put(packed, entry.edition, max(seconds, 1.0), force=True)
