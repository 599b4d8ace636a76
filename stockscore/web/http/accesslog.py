"""One log line a request, whoever answers it: the page cache, a page, or a static file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.wsgi import ClosingIterator

log = logging.getLogger("stockscore.access")

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

SAFE = "/~:@!$&'()*+,;="


def init_app(app: Flask) -> None:
    """Puts the log around all of the application where the setting says so."""
    if app.config["ACCESS_LOG"]:
        # How Flask is wrapped, though the type of a method does not say so.
        app.wsgi_app = AccessLog(app.wsgi_app)  # type: ignore[method-assign]


class AccessLog:
    """Goes around the whole application (see `init_app`)."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers as the application does, and logs when the answer is complete."""
        began = perf_counter()
        answered: tuple[str, list[tuple[str, str]]] = ("500", [])

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            nonlocal answered
            answered = status, headers
            return start_response(status, headers, *exc_info)

        try:
            body = self._application(environ, start)
        except Exception:
            _write(environ, "500", [], perf_counter() - began)
            raise
        if isinstance(body, list):
            _write(environ, *answered, perf_counter() - began)
            return body
        return ClosingIterator(body, lambda: _write(environ, *answered, perf_counter() - began))


def _write(environ: Environ, status: str, headers: list[tuple[str, str]], seconds: float) -> None:
    named = {name.lower(): value for name, value in headers}
    # What strangers ask for must not be able to end a line of the log.
    asked = quote(environ["PATH_INFO"].encode("latin-1", "replace"), SAFE)
    if environ.get("QUERY_STRING"):
        asked += "?" + quote(environ["QUERY_STRING"].encode("latin-1", "replace"), SAFE + "%?")
    data = {
        "method": environ["REQUEST_METHOD"],
        "url": asked,
        "status": int(status[:3]),
        "bytes": int(named.get("content-length", 0)),
        "cache": named.get("x-cache", ""),
        "ms": round(seconds * 1000, 2),
        "remote": environ.get("REMOTE_ADDR", ""),
    }
    log.info(
        "%(remote)s %(method)s %(url)s %(status)d %(bytes)d %(cache)s %(ms).2f ms",
        data,
        extra={"data": data},
    )
