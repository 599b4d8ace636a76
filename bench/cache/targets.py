"""What granian serves for the benchmark: the same bytes from an empty WSGI function, from a bare
Flask view, and from the page cache."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

from flask import Flask, Response

from stockscore.caching import wiring
from stockscore.caching.pages import cached_page
from stockscore.extensions import db
from stockscore.store import engine
from tests.support import cached_site

Application = Callable[..., Iterable[bytes]]

PAGE_BYTES = 48_000
URL = "/page"


def _page() -> bytes:
    """As long and about as compressible as a list of ours."""
    chance = random.Random(4)  # noqa: S311  it only has to look like a page
    words = [
        "score",
        "value",
        "quality",
        "momentum",
        "health",
        "sector",
        "median",
        "price",
        "change",
        "strong",
    ]
    cells = (
        f'<td class="num">{chance.randrange(10_000) / 100}</td><td>{chance.choice(words)}</td>'
        for _ in range(2_000)
    )
    return ("<!doctype html><html><body><main>" + "".join(cells)).encode()[:PAGE_BYTES]


PAGE = _page()


def _process() -> Response:
    return Response(str(os.getpid()))


def empty() -> Application:
    """Nothing but the bytes."""
    length = str(len(PAGE))

    def application(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response(
            "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", length)]
        )
        return [PAGE]

    return application


def bare() -> Flask:
    """A view that returns the bytes."""
    app = Flask("bare")
    app.add_url_rule("/process", view_func=_process)
    app.add_url_rule(URL, "page", lambda: Response(PAGE, mimetype="text/html"))
    return app


def cached() -> Flask:
    """The same view behind the cache; the environment says which levels it has."""
    app = Flask("cached", instance_path=os.environ["SCRATCH_FOLDER"])
    app.config.update(cached_site.CONFIG, CACHE_TTL_DEFAULT=1_000_000)
    app.config["CACHE_MEMORY_MB"] = int(os.environ.get("CACHE_MEMORY_MB", "64"))
    if "REDIS_URL" in os.environ:
        app.config.update(REDIS_ENABLED=True, REDIS_URL=os.environ["REDIS_URL"])
    app.config["SQLALCHEMY_DATABASE_URI"] = engine.url_of(os.environ["DATABASE_URL"])
    db.init_app(app)
    engine.configure(app)
    app.add_url_rule("/process", view_func=_process)
    app.add_url_rule(URL, "page", cached_page()(lambda: Response(PAGE, mimetype="text/html")))
    wiring.init_app(app)
    return app


def timed() -> Application:
    """`cached`, which writes the seconds of its own work for each page to a file, at `/times`."""
    app = cached()
    inner, times = app.wsgi_app, []

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"] == "/times":
            Path(os.environ["SCRATCH_FOLDER"], "times").write_text("\n".join(map(str, times)))
            times.clear()
            return _process()(environ, start_response)
        began = perf_counter()
        body = inner(environ, start_response)
        if environ["PATH_INFO"] == URL:
            times.append(perf_counter() - began)
        return body

    return application
