"""A count that threads share without a lock."""

from __future__ import annotations

import threading
from itertools import count


class Tick:
    """Counts from any thread without a lock, and loses nothing.

    Each step of `itertools.count` is one, so the reader need only know how often it stepped it
    itself.
    """

    def __init__(self) -> None:
        self._steps = count()
        self._reads = count()
        self._lock = threading.Lock()
        self.add = self._steps.__next__

    @property
    def value(self) -> int:
        """How often `add` was called."""
        with self._lock:
            return next(self._steps) - next(self._reads)
