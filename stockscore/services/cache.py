"""The page cache as people steer it: clear it, ask how it does, fill it before readers come."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from stockscore.caching import editions
from stockscore.caching.encodings import GZIP
from stockscore.caching.lookup import Found, Wanted, Word
from stockscore.caching.rendering import Environ, render
from stockscore.caching.wiring import Site, site_of
from stockscore.services.errors import ServiceError
from stockscore.store import epochs
from stockscore.store.transactions import transaction

log = logging.getLogger(__name__)

WARM_PAGES = 50
"""How many of the busiest pages are made ready."""

FIRST_PAGES = ("/", "/stocks", "/leaderboard")
"""What is made ready as long as nobody has read anything."""

ENVIRON: Environ = {
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SCRIPT_NAME": "",
    "wsgi.url_scheme": "http",
}


@dataclass(frozen=True, slots=True)
class Stats:
    """How the cache does. `totals` are the counters of `caching.counters`, over all processes of
    the site where `complete`, else this process's alone; the rest is this process's.

    `redis` is "off", "working", "failing" or "full"; `busiest` are addresses with their hits."""

    totals: dict[str, float]
    complete: bool
    enabled: bool
    edition: int | None
    epoch: int | None
    database: bool
    redis: str
    outages: int
    entries: int
    bytes: int
    evicted: int
    busiest: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Warmed:
    """Pages that were made, that were ready already, and that could not be made or kept."""

    made: int
    ready: int
    failed: int


def clear(now: datetime) -> int:
    """Empties the cache by beginning a new epoch, and gives its number: at once in this process,
    within a second in all others. Costs the same however much is in it."""
    with transaction():
        epoch = epochs.advance(now)
    editions.cleared(epoch)
    log.info("the page cache is cleared: epoch %d", epoch)
    return epoch


def stats(app: Flask, busiest: int = 20) -> Stats:
    """How the cache of an application does."""
    site = site_of(app)
    lookup = site.lookup
    lookup.shared.begin_request()
    state = lookup.editions.current()
    totals, complete = site.tally.totals()
    return Stats(
        totals=totals,
        complete=complete,
        enabled=site.enabled,
        edition=state.edition if state else None,
        epoch=state.epoch if state else None,
        database=bool(state and state.reachable),
        redis=_redis(site),
        outages=lookup.shared.breaker.outages,
        entries=len(lookup.memory),
        bytes=lookup.memory.bytes,
        evicted=lookup.memory.evicted.value,
        busiest=site.busy.busiest(busiest),
    )


def redis_state(app: Flask) -> str:
    """What this process knows of the cache's Redis: "off", "working", "failing" or "full"."""
    return _redis(site_of(app))


def _redis(site: Site) -> str:
    shared = site.lookup.shared
    if not shared.is_on:
        return "off"
    if shared.breaker.is_open:
        return "failing"
    return "full" if shared.writes.is_open else "working"


def warm(
    app: Flask,
    most: int = WARM_PAGES,
    on_progress: Callable[[int, int, str], None] = lambda *_: None,
) -> Warmed:
    """Makes the busiest pages of the current edition, so that no reader waits for them.

    Raises `ServiceError` where this process has no cache in common with those that serve.
    """
    site = site_of(app)
    if not site.enabled:
        raise ServiceError("The page cache is switched off; set CACHE_ENABLED=true to use it.")
    if _redis(site) != "working":
        raise ServiceError(
            "Pages can only be made ready through Redis, which is "
            f"{_redis(site)}: without it each web process keeps its pages in its own memory. "
            "Set REDIS_ENABLED=true and check REDIS_URL."
        )
    urls = [url for url, _ in site.busy.busiest(most)] or list(FIRST_PAGES)
    words: Counter[Word | None] = Counter()
    for done, url in enumerate(urls, 1):
        found = _page(site, url)
        words[found.word if found else None] += 1
        on_progress(done, len(urls), url)
    ready = sum(words[word] for word in (Word.MEMORY, Word.REDIS, Word.FLIGHT))
    return Warmed(words[Word.MISS], ready, len(urls) - words[Word.MISS] - ready)


def _page(site: Site, url: str) -> Found | None:
    """What the cache has for an address now; None for one that is no page any more."""
    path, _, query = url.partition("?")
    place = site.addresses.place(path.encode("utf-8", "replace").decode("latin-1"), query)
    if place is None:
        return None
    environ = {**ENVIRON, "wsgi.errors": sys.stderr}
    return site.lookup.find(
        Wanted(place, GZIP, lambda: render(site.application, environ, place.page))
    )
