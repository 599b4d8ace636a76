"""Puts the page cache in front of an application."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import Any

from flask import Flask, abort, request
from flask_caching import Cache
from sqlalchemy import Engine

from stockscore.caching import encodings
from stockscore.caching.addresses import LONGEST_QUERY, Addresses, resolver
from stockscore.caching.breaker import in_background
from stockscore.caching.busy import Busy
from stockscore.caching.counters import Board, Counters, FileBoard, NoBoard, RedisBoard, Tally
from stockscore.caching.editions import Editions
from stockscore.caching.keys import PREFIX, secret_of, version_of
from stockscore.caching.layer import PageCache
from stockscore.caching.lookup import Lookup, Policy
from stockscore.caching.memory import MemoryPages
from stockscore.caching.pages import FAMILIES
from stockscore.caching.rendering import Wsgi
from stockscore.caching.shared import CLIENT_OPTIONS, RedisPages, SharedPages
from stockscore.config import ROOT
from stockscore.extensions import db
from stockscore.store import epochs

NAME = "pages"
"""The key of `app.extensions` under which the cache of an application is found."""

MADE_OF = ("templates", "static", "stockscore")
"""Folders whose files pages are made of."""

POST_SECONDS = 1.0
"""How often a process adds its counters to those of the others."""

store = Cache(with_jinja2_ext=False)
"""Flask-Caching: its Redis backend where Redis is enabled, else its memory one."""


@dataclass(frozen=True, slots=True)
class Site:
    """The parts of an application's cache, for commands and pages that show or steer it."""

    lookup: Lookup
    addresses: Addresses
    counters: Counters
    tally: Tally
    busy: Busy
    application: Wsgi
    enabled: bool


def init_app(app: Flask) -> None:
    """Wires the cache into an application; `site_of` finds it later. Nothing is connected yet."""
    config = app.config
    ttl = {family: config[f"CACHE_TTL_{family.upper()}"] for family in FAMILIES}
    site = sha256(str(config["SQLALCHEMY_DATABASE_URI"]).encode()).hexdigest()[:12]
    version = version_of(
        tuple(ROOT / name for name in MADE_OF), site, encodings.NAMES, config["EXCHANGES"]
    )
    memory, shared = _levels(app)
    with app.app_context():
        editions = _editions(db.engine, shared, f"{PREFIX}state:{version}")
    policy = Policy(
        ttl=ttl,
        stale_seconds=config["CACHE_STALE_SECONDS"],
        only_process=not shared.is_on and config["WEB_CONCURRENCY"] == 1,
        version=version,
        secret=secret_of(config["SECRET_KEY"]),
    )
    counters = Counters()
    lookup = Lookup(policy, editions, memory, shared, counters)
    tally = Tally(counters, _board(app, shared, site))
    addresses = Addresses(resolver(app.url_map, app.view_functions, ttl))
    enabled = config["CACHE_ENABLED"]
    busy = Busy(memory, shared, site)

    def post() -> None:
        tally.post()
        busy.post()

    application = app.wsgi_app
    app.extensions[NAME] = Site(lookup, addresses, counters, tally, busy, application, enabled)
    kept = lookup if enabled else None
    layer = PageCache(application, addresses, kept, counters, _now_and_then(post))
    # Flask's documented place for middleware is one that its types call a method.
    app.wsgi_app = layer  # type: ignore[method-assign]
    app.before_request(_refuse_long_questions)


def site_of(app: Flask) -> Site:
    """The cache of an application."""
    site: Site = app.extensions[NAME]
    return site


def _levels(app: Flask) -> tuple[MemoryPages, SharedPages]:
    """The process's memory, and Redis where it is enabled, both backends of Flask-Caching."""
    options: dict[str, Any] = {
        "CACHE_MEMORY_BYTES": app.config["CACHE_MEMORY_MB"] * 1024 * 1024,
        "CACHE_KEY_PREFIX": PREFIX,
    }
    if not app.config["REDIS_ENABLED"]:
        options["CACHE_TYPE"] = f"{MemoryPages.__module__}.{MemoryPages.__name__}"
        store.init_app(app, options)
        return app.extensions["cache"][store], SharedPages(None)
    options["CACHE_TYPE"] = f"{RedisPages.__module__}.{RedisPages.__name__}"
    options["CACHE_REDIS_URL"] = app.config["REDIS_URL"]
    options["CACHE_OPTIONS"] = dict(CLIENT_OPTIONS)
    store.init_app(app, options)
    memory = MemoryPages(options["CACHE_MEMORY_BYTES"])
    return memory, SharedPages(app.extensions["cache"][store])


def _board(app: Flask, shared: SharedPages, site: str) -> Board:
    """Where processes add up their counters: in Redis, else in a file beside the database of SQLite
    or, for a database that is none, in the instance folder."""
    if shared.is_on:
        return RedisBoard(shared, site)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.get_backend_name() != "sqlite":
        return FileBoard(Path(app.instance_path) / f"cache-{site}.json")
    if url.database in {None, "", ":memory:"}:
        return NoBoard()
    return FileBoard(Path(app.instance_path) / f"{url.database}-cache.json")


def _editions(engine: Engine, shared: SharedPages, name: str) -> Editions:
    """Reads edition and epoch from the database, and leaves them in Redis for processes that start
    while there is none."""
    told: list[tuple[int, int]] = []

    def read() -> tuple[int, int]:
        with engine.connect() as connection:
            known = epochs.current(connection)
        if told != [known]:
            text = f"{known[0]} {known[1]}"
            shared.write(lambda backend: backend.client.set(name, text, ex=86_400), None)
            told[:] = [known]
        return known

    def remembered() -> tuple[int, int] | None:
        text = shared.ask(lambda backend: backend.client.get(name), None)
        try:
            edition, epoch = (text or b"").split()
            return int(edition), int(epoch)
        except ValueError:
            return None

    # A database in memory has one connection, which no second thread may use beside a request.
    in_memory = engine.dialect.name == "sqlite" and engine.url.database in {None, "", ":memory:"}
    spawn = _at_once if in_memory else in_background
    return Editions(read, remembered, spawn=spawn)


def _at_once(work: Callable[[], None]) -> None:
    work()


def _now_and_then(work: Callable[[], None]) -> Callable[[], None]:
    """`work` in the background, about once in `POST_SECONDS` while it is called."""
    lock = threading.Lock()

    def work_twice() -> None:
        try:
            work()
            # What is counted until the next call must not be left behind when traffic ends.
            sleep(POST_SECONDS)
            work()
        finally:
            lock.release()

    def when_due() -> None:
        if lock.acquire(blocking=False):
            in_background(work_twice)

    return when_due


def _refuse_long_questions() -> None:
    """400 for query strings that no page of ours can mean."""
    if len(request.query_string) > LONGEST_QUERY:
        abort(400, f"A query string may have {LONGEST_QUERY} characters here.")
