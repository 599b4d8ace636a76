"""Slows down whoever tries one secret after another."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

MOST_NAMES = 10_000


class Throttle:
    """Allows `most` failures in `seconds` to each name, and ten times as many to all together.

    Each process counts for itself, so several together allow a few times as many; it is there to
    make guessing hopeless, not to count exactly.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._failures: dict[str, deque[float]] = {}
        self._all: deque[float] = deque()
        self._lock = threading.Lock()

    def wait_seconds(self, name: str) -> float:
        """How long a name has to wait before it may try, 0 for not at all."""
        with self._lock:
            own = self._left(self._failures.get(name, deque()), self._most)
            return max(own, self._left(self._all, self._most * 10))

    def failed(self, name: str) -> None:
        """Counts a failure."""
        with self._lock:
            if len(self._failures) >= MOST_NAMES:
                self._failures.clear()
            now = self._clock()
            self._failures.setdefault(name, deque()).append(now)
            self._all.append(now)

    def succeeded(self, name: str) -> None:
        """Forgets the failures of a name."""
        with self._lock:
            self._failures.pop(name, None)

    def _left(self, failures: deque[float], most: int) -> float:
        now = self._clock()
        while failures and failures[0] <= now - self._seconds:
            failures.popleft()
        if len(failures) < most:
            return 0.0
        return failures[-most] + self._seconds - now
