"""A small site with the real cache in front of it: pages whose content says what they were made
from, and hooks to hold a render up or to break it. Also run by granian, as `serve`."""

from __future__ import annotations

import logging
import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

from flask import Flask, abort, request, session
from sqlalchemy.exc import SQLAlchemyError

from stockscore.caching import wiring
from stockscore.caching.pages import cached_page, holds_until
from stockscore.extensions import csrf, db
from stockscore.store import engine, epochs
from stockscore.store.models import Edition
from stockscore.store.summary import EditionSummary
from stockscore.store.transactions import transaction
from tests.support import patience
from tests.support.waiting import PATIENCE_SECONDS

CONFIG = {
    "SECRET_KEY": "of the cached site",
    "STOCKSCORE_ENV": "development",
    "EXCHANGES": ("XNYS",),
    "WEB_CONCURRENCY": 1,
    "REDIS_ENABLED": False,
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "CACHE_ENABLED": True,
    "CACHE_TTL_DEFAULT": 300,
    "CACHE_TTL_LIST": 300,
    "CACHE_TTL_DETAIL": 300,
    "CACHE_TTL_LEADERBOARD": 600,
    "CACHE_TTL_SCORES": 0,
    "CACHE_STALE_SECONDS": 3600,
    "CACHE_MEMORY_MB": 64,
    "ADMIN_TOKEN": "",
}

RENDERING = "rendering"
"""Name of the file in the site's folder that holds the number of the last process to render."""

FILLING = "<p>Some text that compresses well, as pages do.</p>\n" * 40


class Hooks:
    """What a test does to renders: `gate` holds them up, `broken` makes them fail; each takes
    `seconds` and leaves the number of its process in `mark`, if there is one."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Semaphore(0)
        self.renders = 0
        self.broken: Exception | None = None
        self.mark: Path | None = None
        self.seconds = 0.0
        self._lock = threading.Lock()

    def render(self) -> int:
        with self._lock:
            self.renders += 1
            serial = self.renders
        self.entered.release()
        if self.mark is not None:
            # Whole at once: a reader of the mark must not find half of a number.
            half = self.mark.with_suffix(f".{threading.get_ident()}")
            half.write_text(str(os.getpid()))
            half.rename(self.mark)
            time.sleep(self.seconds)
        self.gate.wait(PATIENCE_SECONDS)
        if self.broken:
            raise self.broken
        return serial


def canonical(raw: bytes) -> str | None:
    """One parameter, a whole number whose default is 1."""
    given = dict(parse_qsl(raw.decode("ascii", "replace"), keep_blank_values=True))
    page = given.get("page") or "1"
    if not (page.isascii() and page.isdigit()):
        return None
    return "" if int(page) == 1 else f"page={int(page)}"


def make(url: str, folder: Path, **config) -> Flask:
    """The site on a database that has the tables."""
    app = Flask(__name__, instance_path=str(folder))
    app.config.update(CONFIG, **config)
    app.config["SQLALCHEMY_DATABASE_URI"] = engine.url_of(url)
    db.init_app(app)
    csrf.init_app(app)
    engine.configure(app)
    app.extensions["hooks"] = hooks = Hooks()
    _pages(app, hooks)
    wiring.init_app(app)
    return app


def _said(hooks: Hooks) -> dict:
    """What a page was made from."""
    serial = hooks.render()
    edition, _ = epochs.current(db.session.connection())
    query = request.query_string.decode()
    return {"path": request.path, "query": query, "edition": edition, "render": serial}


def _html(hooks: Hooks, name: str) -> str:
    said = _said(hooks)
    return (
        f"<!doctype html><html><body><main id=m><h1>{name}</h1>"
        f"<p>edition {said['edition']}</p><p>query {said['query']}</p>"
        f"<p>render {said['render']}</p>{FILLING}</main></body></html>"
    )


def _pages(app: Flask, hooks: Hooks) -> None:
    _kept_pages(app, hooks)
    _other_pages(app, hooks)

    @app.errorhandler(SQLAlchemyError)
    def database_gone(_error):
        db.session.rollback()
        return "<main>The database does not answer.</main>", 503


def _kept_pages(app: Flask, hooks: Hooks) -> None:
    @app.get("/pages/<name>")
    @cached_page("list", canonical)
    def page(name: str):
        if name == "none":
            abort(404)
        if request.args.get("page") == "x":
            abort(400, "page must be a number")
        return _html(hooks, name)

    @app.get("/spelled/<name>")
    @cached_page("list", path=lambda arguments: f"/spelled/{arguments['name'].upper()}")
    def spelled(name: str):
        return _html(hooks, name.upper())

    @app.get("/pages/<name>.json")
    @cached_page("list", canonical)
    def data(name: str):
        return {"name": name, **_said(hooks)}

    @app.get("/echo")
    @cached_page()
    def echo():
        sent = ("Cookie", "User-Agent", "Accept-Language", "Authorization", "X-Forwarded-Host")
        return {name: request.headers.get(name) for name in sent} | {
            "host": request.host,
            "render": hooks.render(),
        }

    @app.get("/short-lived")
    @cached_page()
    def short_lived():
        holds_until(datetime.fromtimestamp(time.time() + 60, UTC))
        return _html(hooks, "short-lived")

    @app.get("/without-database")
    @cached_page()
    def without_database():
        return f"made without a database, render {hooks.render()}"


def _other_pages(app: Flask, hooks: Hooks) -> None:
    @app.get("/once")
    @cached_page("scores")
    def once():
        return _html(hooks, "once")

    @app.get("/sets-cookie")
    @cached_page()
    def sets_cookie():
        session["seen"] = hooks.render()
        return "you were here"

    @app.get("/process")
    def process():
        return str(os.getpid())

    @app.get("/mine")
    def mine():
        return f"personal {hooks.render()}"


def publish(app: Flask) -> int:
    """A new edition, as another process would publish it: nobody here is told."""
    now = datetime.now(UTC)
    with app.app_context(), transaction() as session_:
        edition = Edition(
            published_at=now,
            known_at=now,
            method="1.0",
            fingerprint=str(time.monotonic_ns()),
            simulated=True,
            stocks=0,
            rated=0,
            summary=EditionSummary(now.date()),
        )
        session_.add(edition)
        session_.flush()
        return edition.id


def serve() -> Flask:
    """The site as the environment describes it, for a server's workers."""
    logging.basicConfig(format="%(process)d %(message)s", level=logging.INFO)
    patient_with = os.environ.get("PATIENT_WITH", "").split()
    if "database" in patient_with:
        patience.with_the_database()
    if "redis" in patient_with:
        patience.with_redis()
    folder = Path(os.environ["SCRATCH_FOLDER"])
    config = {"WEB_CONCURRENCY": int(os.environ["WEB_CONCURRENCY"])}
    if "REDIS_URL" in os.environ:
        config |= {"REDIS_URL": os.environ["REDIS_URL"], "REDIS_ENABLED": True}
    app = make(os.environ["DATABASE_URL"], folder, **config)
    app.extensions["hooks"].mark = folder / RENDERING
    app.extensions["hooks"].seconds = float(os.environ.get("RENDER_SECONDS", "0.02"))
    return app
