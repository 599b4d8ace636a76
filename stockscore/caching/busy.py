"""Which pages are asked for most, over all processes and a day or two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from heapq import nlargest

from stockscore.caching.keys import PREFIX
from stockscore.caching.memory import MemoryPages
from stockscore.caching.shared import RedisPages, SharedPages

MOST = 200
"""How many pages a process tells the others of at a time."""

DAYS = 2


class Busy:
    """Hits by address: of this process from its memory, of all processes from Redis, where each day
    has a sorted set that ends by itself."""

    def __init__(self, memory: MemoryPages, shared: SharedPages, site: str) -> None:
        self._memory = memory
        self._shared = shared
        self._prefix = f"{PREFIX}busy:{site}:"

    def post(self) -> None:
        """Tells the other processes of the hits since the last time."""
        if not self._shared.is_on:
            return
        slots = [slot for slot in self._memory.slots() if slot.hits > slot.hits_posted]
        slots = nlargest(MOST, slots, key=lambda slot: slot.hits - slot.hits_posted)
        news = {slot.key: (slot, slot.hits) for slot in slots}
        if not news:
            return
        name = self._names()[0]

        def add(backend: RedisPages) -> bool:
            pipe = backend.client.pipeline(transaction=False)
            for slot, hits in news.values():
                pipe.zincrby(name, hits - slot.hits_posted, slot.place.page.url)
            pipe.expire(name, timedelta(days=DAYS))
            pipe.execute()
            return True

        if self._shared.write(add, False):
            for slot, hits in news.values():
                slot.hits_posted = hits

    def busiest(self, most: int) -> list[tuple[str, int]]:
        """Addresses and their hits, most first."""
        if not self._shared.is_on:
            return self._own(most)
        hits: Counter[str] = Counter()
        for name in self._names():
            for url, score in self._shared.ask(_top_of(name, most), ()):
                hits[url.decode("utf-8", "replace")] += int(score)
        return hits.most_common(most)

    def _own(self, most: int) -> list[tuple[str, int]]:
        slots = nlargest(most, self._memory.slots(), key=lambda slot: slot.hits)
        return [(slot.place.page.url, slot.hits) for slot in slots]

    def _names(self) -> list[str]:
        today = datetime.now(UTC).date()
        return [f"{self._prefix}{today - timedelta(days=ago):%Y%m%d}" for ago in range(DAYS)]


def _top_of(name: str, most: int) -> Callable[[RedisPages], Sequence[tuple[bytes, float]]]:
    """Asks for the addresses with most hits in a sorted set."""

    def ask(backend: RedisPages) -> Sequence[tuple[bytes, float]]:
        found: list[tuple[bytes, float]] = backend.client.zrevrange(
            name, 0, most - 1, withscores=True
        )
        return found

    return ask
