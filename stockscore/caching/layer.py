"""The WSGI layer in front of Flask: it answers what is kept, before a request context exists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

from stockscore.caching import encodings, http, outage
from stockscore.caching.addresses import Addresses
from stockscore.caching.counters import Counters
from stockscore.caching.lookup import Found, Lookup, Wanted, Word
from stockscore.caching.memory import MemorySlot, headers, unchanged_headers
from stockscore.caching.rendering import Environ, Rendered, Wsgi, render

StartResponse = Callable[..., Any]

RETRY_AFTER_SECONDS = 10
"""What a 503 says; a database that restarts is back by then."""

MOST_CHOICES = 256

NOT_ACCEPTABLE = b"None of the content encodings that this page has is acceptable.\n"


class PageCache:
    """The layer. `lookup` None means that the cache is switched off: it then adds nothing but the
    headers that say so."""

    def __init__(
        self,
        application: Wsgi,
        addresses: Addresses,
        lookup: Lookup | None,
        counters: Counters,
        background: Callable[[], None] = lambda: None,
    ) -> None:
        """`background` is called now and then, about as often as the edition is looked up."""
        self._application = application
        self._addresses = addresses
        self._lookup = lookup
        self._counters = counters
        self._background = background
        self._choices: dict[str | None, int] = {}
        self._by_word = {word: getattr(counters, word.counter).add for word in Word}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answers a request."""
        lookup = self._lookup
        asked = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        place = self._addresses.known.get(asked)
        if place is not None and lookup is not None and environ["REQUEST_METHOD"] == "GET":
            slot = place.slot
            now = monotonic()
            editions = lookup.editions
            if (
                slot is not None
                and slot.state is editions.state
                and now < slot.fresh_until
                and now < editions.due
            ):
                return self._hit(slot, now, environ, start_response)
        return self._answer(environ, start_response)

    def _hit(
        self, slot: MemorySlot, now: float, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """The short way: a fresh page in memory."""
        self._counters.hits_memory.add()
        slot.hits += 1
        age = ("Age", str(int(now - slot.created)))
        if "HTTP_IF_NONE_MATCH" in environ and http.unchanged(
            environ["HTTP_IF_NONE_MATCH"], slot.entry.etag
        ):
            self._counters.not_modified.add()
            start_response("304 Not Modified", [*slot.unchanged, age])
            return []
        encoding = self._encoding(environ)
        if encoding == encodings.NONE:
            return self._refuse(start_response)
        made, body = slot.variants[encoding] or slot.variant(encoding)
        start_response("200 OK", [*made, age])
        return body

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The long way: everything else."""
        lookup = self._lookup
        place = None
        if lookup is not None and environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            place = self._addresses.place(
                environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
            )
        if lookup is None or place is None:
            return self._pass(environ, start_response)
        page = place.page
        encoding = self._encoding(environ)
        wanted = Wanted(
            place,
            encodings.IDENTITY if encoding == encodings.NONE else encoding,
            lambda: render(self._application, environ, page),
        )
        found = lookup.find(wanted)
        self._by_word[found.word]()
        self._background()
        if found.slot is not None:
            return self._send(found, found.slot, encoding, environ, start_response)
        if found.rendered is not None:
            return self._relay(found.rendered, environ, start_response)
        raise RuntimeError("an answer is a slot or what the application said")

    def _send(
        self,
        found: Found,
        slot: MemorySlot,
        encoding: int,
        environ: Environ,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """A kept page, fresh or stale."""
        slot.hits += 1
        seconds = monotonic() - slot.created
        word, age = found.word.text, ("Age", str(int(seconds)))
        etag = outage.etag(slot, seconds) if found.gone else slot.entry.etag
        if http.unchanged(environ.get("HTTP_IF_NONE_MATCH", ""), etag):
            self._counters.not_modified.add()
            start_response("304 Not Modified", [*unchanged_headers(etag, word), age])
            return []
        if encoding == encodings.NONE:
            return self._refuse(start_response)
        if found.gone:
            made, body = outage.with_line(slot, encoding, seconds)
        else:
            body = slot.variant(encoding)[1]
            made = headers(slot.entry, encoding, word, body[0], etag)
        start_response("200 OK", [*made, age])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else body

    def _relay(
        self, rendered: Rendered, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """What the application said and the cache cannot keep."""
        sent = _with_cache_headers(rendered.status, rendered.headers)
        if not any(name.lower() == "content-length" for name, _ in sent):
            sent.append(("Content-Length", str(len(rendered.body))))
        start_response(rendered.status, sent)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [rendered.body]

    def _pass(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Leaves the request to the application, as it came."""
        self._counters.bypass.add()

        def start(status: str, sent: list[tuple[str, str]], *exc_info: Any) -> Any:
            return start_response(status, _with_cache_headers(status, sent), *exc_info)

        return self._application(environ, start)

    def _refuse(self, start_response: StartResponse) -> Iterable[bytes]:
        start_response(
            "406 Not Acceptable",
            [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(NOT_ACCEPTABLE))),
                ("Cache-Control", http.PRIVATE),
                ("Vary", "Accept-Encoding"),
                ("X-Cache", Word.BYPASS.text),
            ],
        )
        return [NOT_ACCEPTABLE]

    def _encoding(self, environ: Environ) -> int:
        accept = environ.get("HTTP_ACCEPT_ENCODING")
        encoding = self._choices.get(accept)
        if encoding is None:
            if len(self._choices) >= MOST_CHOICES:
                self._choices = {}
            encoding = self._choices[accept] = encodings.choose(accept)
        return encoding


def _with_cache_headers(status: str, sent: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of an answer that is not kept; one that says nothing for caches is private."""
    sent = list(sent)
    names = {name.lower() for name, _ in sent}
    if "cache-control" not in names:
        sent.append(("Cache-Control", http.PRIVATE))
    if status.startswith("503") and "retry-after" not in names:
        sent.append(("Retry-After", str(RETRY_AFTER_SECONDS)))
    if "x-cache" not in names:
        sent.append(("X-Cache", Word.BYPASS.text))
    return sent
