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

from tests.support.waiting import PATIENCE_SECONDS

NEVER_BACK_SECONDS = 1.0
"""Who got a newer edition of a page longer ago than this must not get an older one, and an answer
from an edition that was superseded longer ago than this must say that it is stale: a second, and
what the slowest answer took, as an older page may be shown for as long as a render takes."""

EDITION = re.compile(rb"<p>edition (\d+)</p>")


@dataclass
class Report:
    """What the readers saw. `problems` are answers that should never have been; `late` are ones of
    a superseded edition, with the seconds by which they were; `times` are seconds an answer."""

    words: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    resets: int = 0
    late: list[tuple[float, str]] = field(default_factory=list)
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
        allowed = NEVER_BACK_SECONDS + max(self.report.times, default=0.0)
        self.report.problems += [said for seconds, said in self.report.late if seconds > allowed]

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
                connection = http.client.HTTPConnection(
                    "127.0.0.1", self._port, timeout=PATIENCE_SECONDS
                )
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
        edition, problem = self._edition_of(page, encoding, answer, body)
        with self._lock:
            self.report.words[word] += 1
            self.report.times.append(ended - began)
            if edition is not None:
                self._compare(page, edition, word, began, ended)
            else:
                self.report.problems.append(f"{page}: {problem}")

    @staticmethod
    def _edition_of(
        page: str, encoding: str, answer: http.client.HTTPResponse, body: bytes
    ) -> tuple[int | None, str]:
        """The edition that a whole page says it is of; None, and why, where it is none."""
        if answer.status != 200:
            return None, f"status {answer.status}: {body[:200]!r}"
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        elif encoding == "gzip":
            return None, "is not compressed"
        found = EDITION.search(body)
        name = page.rsplit("/", 1)[1].encode()
        whole = body.startswith(b"<!doctype html>") and body.endswith(b"</main></body></html>")
        if not (found and whole and b"<h1>" + name + b"</h1>" in body):
            return None, f"wrong bytes: {body[:200]!r}"
        return int(found[1]), ""

    def _compare(self, page: str, edition: int, word: str, began: float, ended: float) -> None:
        """Notes by how much an answer came too late; the caller holds the lock."""
        seen = self._seen[page]
        back = max((began - moment for moment, newer in seen if newer > edition), default=0.0)
        if back > 0:
            self.report.late.append((back, f"{page}: edition {edition} after a newer one"))
        if word != "STALE":
            out = (began - moment for moment, newer in self._published if newer > edition)
            if (late := max(out, default=0.0)) > 0:
                said = f"{page}: edition {edition} as {word} although a newer one is out for long"
                self.report.late.append((late, said))
        if not seen or edition > seen[-1][1]:
            seen.append((ended, edition))
