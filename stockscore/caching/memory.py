"""The pages that a process keeps in its own memory, ready to send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_caching.backends.simplecache import SimpleCache

from stockscore.caching import encodings, http
from stockscore.caching.editions import State
from stockscore.caching.entries import CacheEntry
from stockscore.caching.keys import Page
from stockscore.caching.ticks import Tick

Header = tuple[str, str]
Variant = tuple[list[Header], list[bytes]]


class Verbatim:
    """Keeps values as they are; Flask-Caching's own serializers pickle."""

    @staticmethod
    def dumps(value: Any) -> Any:
        return value

    @staticmethod
    def loads(value: Any) -> Any:
        return value


class MemoryPlace:
    """Where the slot of a page is found without a look-up, as long as memory keeps it."""

    __slots__ = ("page", "slot")

    def __init__(self, page: Page) -> None:
        self.page = page
        self.slot: MemorySlot | None = None


class MemorySlot:
    """An entry at hand, with the headers of every answer it can give.

    `state` is the state of knowledge in which it was last found fresh, `fresh_until` and `created`
    are on the monotonic clock. `variants` are what `variant` has made so far;
    `looked_up` is when Redis was last asked for a newer one. `hits` may miss a few, as threads add
    to it without a lock; of them `hits_seen` were there when room was last made, and `hits_posted`
    have been told to the other processes.
    """

    __slots__ = (
        "created",
        "entry",
        "fresh_until",
        "hits",
        "hits_posted",
        "hits_seen",
        "key",
        "looked_up",
        "note",
        "place",
        "state",
        "unchanged",
        "variants",
    )

    def __init__(
        self, key: str, place: MemoryPlace, entry: CacheEntry, wall: float, now: float
    ) -> None:
        """`wall` and `now` are the same moment as Unix time and on the monotonic clock."""
        self.key = key
        self.place = place
        self.entry = entry
        self.state: State | None = None
        self.created = now - max(0.0, wall - entry.created)
        self.fresh_until = self.created + entry.ttl
        self.looked_up = now
        self.hits = 0
        self.hits_posted = 0
        self.hits_seen = 0
        self.variants: list[Variant | None] = [None] * len(entry.bodies)
        self.unchanged = unchanged_headers(entry.etag, "HIT")
        self.note: tuple[int, dict[int, Variant]] = (-1, {})

    def variant(self, encoding: int) -> Variant:
        """Headers (without `Age`) and body of a hit; made when it is first asked for."""
        made = self.variants[encoding]
        if made is None:
            body = encodings.recode(self.entry.bodies, encoding)
            made = headers(self.entry, encoding, "HIT", body, self.entry.etag), [body]
            self.variants[encoding] = made
        return made


def headers(entry: CacheEntry, encoding: int, word: str, body: bytes, etag: str) -> list[Header]:
    """The headers of a whole answer but `Age`; `word` is what `X-Cache` says."""
    made = [*entry.headers, ("Content-Length", str(len(body)))]
    if encoding != encodings.IDENTITY:
        made.append(("Content-Encoding", encodings.NAMES[encoding]))
    return made + unchanged_headers(etag, word)


def unchanged_headers(etag: str, word: str) -> list[Header]:
    """The headers of a 304 but `Age`: those that a whole answer would have for caches."""
    return [
        ("ETag", etag),
        ("Vary", "Accept-Encoding"),
        ("Cache-Control", http.PUBLIC_STALE if word == "STALE" else http.PUBLIC),
        ("X-Cache", word),
    ]


class MemoryPages(SimpleCache):
    """Slots by key, bounded in bytes.

    Flask-Caching's `SimpleCache` without pickle, and with the clock algorithm (second chance)
    instead of its sort over everything at each insertion: a page that was asked for since the hand
    last passed stays.
    """

    serializer: Any = Verbatim()

    def __init__(self, most_bytes: int, default_timeout: int = 0) -> None:
        super().__init__(threshold=1, default_timeout=default_timeout)
        self.most_bytes = most_bytes
        self.bytes = 0
        self.evicted = Tick()

    @classmethod
    def factory(
        cls, _app: Flask, config: dict[str, Any], _args: list[Any], _kwargs: dict[str, Any]
    ) -> MemoryPages:
        """As Flask-Caching makes its backends; `CACHE_MEMORY_BYTES` is the bound."""
        return cls(config["CACHE_MEMORY_BYTES"])

    def slot(self, key: str) -> MemorySlot | None:
        """The slot of a key. Needs no lock: a look into a dictionary is one step."""
        found = self._cache.get(key)
        return found[1] if found else None

    def set(self, key: str, value: MemorySlot, timeout: int | timedelta | None = None) -> bool:
        """Keeps a slot, and drops what has been asked for least where there is no more room."""
        del timeout  # an entry knows itself how long it is fresh, and stale ones are of use too
        with self._lock:
            self._forget(key)
            self._cache[key] = (0, value)
            self.bytes += value.entry.size
            self._make_room()
        return key in self._cache

    def delete(self, key: str) -> bool:
        """Drops a slot; says whether there was one."""
        with self._lock:
            return self._forget(key)

    def clear(self) -> bool:
        """Drops all slots."""
        with self._lock:
            for key in list(self._cache):
                self._forget(key)
            return True

    def slots(self) -> list[MemorySlot]:
        """All slots, in no order."""
        with self._lock:
            return [slot for _, slot in self._cache.values()]

    def __len__(self) -> int:
        return len(self._cache)

    def _forget(self, key: str) -> bool:
        gone = self._cache.pop(key, None)
        if gone is None:
            return False
        slot = gone[1]
        self.bytes -= slot.entry.size
        if slot.place.slot is slot:
            slot.place.slot = None
        return True

    def _make_room(self) -> None:
        while self.bytes > self.most_bytes and self._cache:
            key = next(iter(self._cache))
            slot = self._cache[key][1]
            if slot.hits != slot.hits_seen:
                slot.hits_seen = slot.hits
                self._cache[key] = self._cache.pop(key)
                continue
            self._forget(key)
            self.evicted.add()
