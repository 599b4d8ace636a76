"""How fast a source may be asked: a token bucket with a cool-down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from stockscore.providers.base import CoolingDown

COOLDOWN_GROWTH = 2.0
COOLDOWN_CAP = 15
"""The longest cool-down, in first cool-downs (60 s grow to at most 15 minutes)."""
CALM_AFTER = 50
"""Good answers in a row after which a refusal counts as the first one again."""


class Limiter(Protocol):
    """What keeps to the rate of a source, in one process (`RateLimiter`) or over all of them
    (`providers.sharedrate.SharedRateLimiter`)."""

    def acquire(self) -> None:
        """Waits until one more request may be made."""

    def refused(self, retry_after: float | None = None) -> float:
        """Notes that the source refused a request; the seconds of the pause that begins."""

    def answered(self) -> None:
        """Notes that the source answered a request."""


class RateLimiter:
    """Lets `rate_per_second` calls through, and none while a cool-down lasts.

    A second's worth of calls may come at once; after that they are spaced evenly. `refused` opens
    a cool-down for every caller, which doubles on repeats up to a cap. Safe to share between
    threads. `clock` gives seconds that only grow. With `patience`, a call for which there is no
    place within that many seconds raises `CoolingDown` instead of waiting.
    """

    def __init__(
        self,
        rate_per_second: float,
        cooldown_seconds: float = 60.0,
        *,
        patience: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        if rate_per_second <= 0 or cooldown_seconds <= 0:
            raise ValueError("a rate and a cool-down must be above 0")
        self._interval = 1.0 / rate_per_second
        self._burst = max(0.0, 1.0 - self._interval)
        self._cooldown = cooldown_seconds
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free_at = clock() - self._burst
        self._open_at = clock()
        self._refusals = 0
        self._calm = 0

    def acquire(self) -> None:
        """Waits until one more call may be made. Raises `CoolingDown`.

        The moment is worked out again after every pause, because a cool-down may have opened
        meanwhile.
        """
        while (pause := self._reserve()) > 0:
            if self._patience is not None and pause > self._patience:
                raise CoolingDown(f"The source asked for a pause of {pause:.0f} seconds.", pause)
            self._sleep(pause)

    def refused(self, retry_after: float | None = None) -> float:
        """Opens a cool-down after "too many requests" and returns its seconds.

        `retry_after` is the pause that the source asked for; it never makes ours shorter, nor
        longer than the cap.
        """
        with self._lock:
            cap = self._cooldown * COOLDOWN_CAP
            pause = self._cooldown * COOLDOWN_GROWTH**self._refusals
            pause = min(cap, max(pause, retry_after or 0.0))
            self._refusals = min(self._refusals + 1, COOLDOWN_CAP)
            self._calm = 0
            self._open_at = max(self._open_at, self._clock() + pause)
            return pause

    def answered(self) -> None:
        """Notes a good answer; enough of them in a row and past refusals are forgotten."""
        with self._lock:
            self._calm += 1
            if self._calm >= CALM_AFTER:
                self._refusals = 0

    def _reserve(self) -> float:
        """Takes a place if there is one now (0), else the seconds until there may be one."""
        with self._lock:
            now = self._clock()
            ready = max(self._free_at, self._open_at)
            if ready > now:
                return ready - now
            self._free_at = max(self._free_at, now - self._burst) + self._interval
            return 0.0
