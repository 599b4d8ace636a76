"""A count that threads share without a lock."""

from __future__ import annotations

import threading
from itertools import count


class Tick:
    """Counts from any thread without a lock, and loses nothing.

    A step of `itertools.count` cannot be interrupted. Reading takes a step too, so the steps that
    reading took are counted and subtracted.
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
