"""Readers who read pages of a served site at once and check every answer they get."""

from __future__ import annotations

import gzip
import http.client
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Self

NEVER_BACK_SECONDS = 1.0
"""Who got a newer edition of a page longer ago than this must not get an older one."""

SEEN_SECONDS = 1.5
"""An answer from an edition that was superseded longer ago than this must say that it is stale:
a second, and what a busy machine takes to send and read an answer."""

EDITION = re.compile(rb"<p>edition (\d+)</p>")


@dataclass
class Report:
    """What the readers saw. `problems` are answers that should never have been."""

    words: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    resets: int = 0
    slowest: float = 0.0
    times: list[float] = field(default_factory=list)

    @property
    def answers(self) -> int:
        return sum(self.words.values())


class Readers:
    """Threads that read `pages` until they are told to stop; use as a context."""

    def __init__(self, port: int, pages: list[str], count: int, *, pause: float = 0.0) -> None:
        self.report = Report()
        self._port = port
        self._pages = pages
        self._pause = pause
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._seen: dict[str, list[tuple[float, int]]] = {page: [] for page in pages}
        self._published: list[tuple[float, int]] = []
        self._threads = [
            threading.Thread(target=self._read_on, args=(random.Random(number),))  # noqa: S311
            for number in range(count)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def published(self, edition: int) -> None:
        """Notes that an edition is out."""
        with self._lock:
            self._published.append((time.monotonic(), edition))

    def _read_on(self, chance: random.Random) -> None:
        connection = None
        while not self._stop.is_set():
            page = chance.choice(self._pages)
            encoding = chance.choice(("identity", "gzip"))
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            began = time.monotonic()
            try:
                connection.request("GET", page, headers={"Accept-Encoding": encoding})
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self._note_failure(page, error)
                connection.close()
                connection = None
                self._stop.wait(0.02)
                continue
            self._check(page, encoding, answer, body, began, time.monotonic())
            if self._pause:
                self._stop.wait(self._pause)
        if connection is not None:
            connection.close()

    def _note_failure(self, page: str, error: Exception) -> None:
        is_reset = isinstance(error, (ConnectionError, http.client.RemoteDisconnected))
        with self._lock:
            if is_reset:
                self.report.resets += 1
            else:
                self.report.problems.append(f"{page}: {error!r}")

    def _check(
        self,
        page: str,
        encoding: str,
        answer: http.client.HTTPResponse,
        body: bytes,
        began: float,
        ended: float,
    ) -> None:
        word = answer.headers.get("X-Cache", "none")
        problem = self._problem_of(page, encoding, answer, body, word, began, ended)
        with self._lock:
            self.report.words[word] += 1
            self.report.times.append(ended - began)
            if problem:
                self.report.problems.append(f"{page}: {problem}")

    def _problem_of(
        self,
        page: str,
        encoding: str,
        answer: http.client.HTTPResponse,
        body: bytes,
        word: str,
        began: float,
        ended: float,
    ) -> str | None:
        if answer.status != 200:
            return f"status {answer.status}: {body[:200]!r}"
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        elif encoding == "gzip":
            return "is not compressed"
        found = EDITION.search(body)
        name = page.rsplit("/", 1)[1].encode()
        whole = body.startswith(b"<!doctype html>") and body.endswith(b"</main></body></html>")
        if not (found and whole and b"<h1>" + name + b"</h1>" in body):
            return f"wrong bytes: {body[:200]!r}"
        return self._problem_of_edition(page, int(found[1]), word, began, ended)

    def _problem_of_edition(
        self, page: str, edition: int, word: str, began: float, ended: float
    ) -> str | None:
        with self._lock:
            seen = self._seen[page]
            before = max((e for at, e in seen if at < began - NEVER_BACK_SECONDS), default=0)
            out = max((e for at, e in self._published if at < began - SEEN_SECONDS), default=0)
            if not seen or edition > seen[-1][1]:
                seen.append((ended, edition))
        if edition < before:
            return f"edition {edition} more than a second after edition {before}"
        if edition < out and word != "STALE":
            return f"edition {edition} as {word} although {out} is out for long"
        return None
