"""Runs the application for the cache, in an environment in which nothing is personal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from stockscore.caching.keys import Page
from stockscore.caching.pages import NOTE, Note

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_SERVER = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SCRIPT_NAME", "wsgi.url_scheme")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A complete answer of the application, and what its view said of it."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    note: Note

    @property
    def code(self) -> int:
        """The status as a number."""
        return int(self.status[:3])


class IncompleteError(Exception):
    """The application's answer ended before its announced length."""


def render(application: Wsgi, environ: Environ, page: Page) -> Rendered:
    """The application's answer for a page, whole.

    Of the request that asked, only the server's own address is left: the answer cannot depend on
    cookies, headers, or parameters that the page does not know. Raises what the application raises.
    """
    note = Note()
    clean = {name: environ[name] for name in _SERVER if name in environ}
    clean |= {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": page.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": page.query,
        "REMOTE_ADDR": "",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.input": BytesIO(),
        "wsgi.errors": environ["wsgi.errors"],
        "wsgi.multithread": environ.get("wsgi.multithread", True),
        "wsgi.multiprocess": environ.get("wsgi.multiprocess", False),
        "wsgi.run_once": False,
        NOTE: note,
    }
    status, headers, body = call(application, clean)
    return Rendered(status, tuple(headers), body, note)


def call(application: Wsgi, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status, headers and whole body of an answer."""
    started: list[Any] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        if exc_info and written:
            raise exc_info[1].with_traceback(exc_info[2])
        started[:] = [status, headers]
        return written.append

    answer = application(environ, start_response)
    try:
        written.extend(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
    status, headers = started
    body = b"".join(written)
    for name, value in headers:
        if name.lower() == "content-length" and int(value) != len(body):
            raise IncompleteError(f"{len(body)} bytes came of {value}")
    return status, headers, body
