"""Single flight within a process: of those who want the same page, one makes it."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Flight(Generic[Made]):
    """The making of one page. `locked_at` is when (monotonic) the lock that all processes share was
    taken for it, None while it is not; `result` is there once `landed` is set (None: it failed)."""

    __slots__ = ("landed", "locked_at", "result")

    def __init__(self) -> None:
        self.locked_at: float | None = None
        self.landed = threading.Event()
        self.result: Made | None = None


class Flights(Generic[Made]):
    """The flights of a process, by key."""

    def __init__(self) -> None:
        self._under_way: dict[str, Flight[Made]] = {}
        self._lock = threading.Lock()

    def join(self, key: str) -> tuple[Flight[Made], bool]:
        """The flight of a key, and whether it is the caller's to make; then `land` must follow."""
        with self._lock:
            flight = self._under_way.get(key)
            if flight is not None:
                return flight, False
            flight = self._under_way[key] = Flight()
            return flight, True

    def land(self, key: str, flight: Flight[Made]) -> None:
        """Ends a flight and wakes whoever waits for it."""
        with self._lock:
            self._under_way.pop(key, None)
        flight.landed.set()
