"""A circuit breaker: after a failure nobody tries for a few seconds, so that nobody waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic

log = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0
"""How long after a failure nobody tries again."""


def in_background(work: Callable[[], None]) -> None:
    """Runs `work` in a thread that does not keep the process alive."""
    threading.Thread(target=work, name="stockscore-probe", daemon=True).start()


class Breaker:
    """Closed while the thing behind it works; open, for everybody, from its first failure on.

    While it is open, a probe is run in the background after each pause, and only its success
    closes the breaker: no reader ever waits to find out. The log gets one line when an outage
    begins and one when it ends. Threads may share it.
    """

    def __init__(
        self,
        name: str,
        probe: Callable[[], None],
        clock: Callable[[], float] = monotonic,
        spawn: Callable[[Callable[[], None]], None] = in_background,
    ) -> None:
        """`probe` raises while the thing does not work."""
        self.name = name
        self.is_open = False
        self.outages = 0
        self._probe = probe
        self._clock = clock
        self._spawn = spawn
        self._lock = threading.Lock()
        self._opened_at = 0.0
        self._probe_at = 0.0
        self._probing = False

    def lets_through(self) -> bool:
        """Whether to try. Starts the probe where one is due."""
        if not self.is_open:
            return True
        with self._lock:
            due = not self._probing and self._clock() >= self._probe_at
            self._probing = self._probing or due
        if due:
            self._spawn(self._try_again)
        return not self.is_open

    def failed(self, reason: object) -> None:
        """Opens the breaker."""
        with self._lock:
            now = self._clock()
            self._probe_at = now + PAUSE_SECONDS
            if self.is_open:
                return
            self.is_open = True
            self.outages += 1
            self._opened_at = now
        log.warning("%s fails (%s); it is left alone until it works again", self.name, reason)

    def _try_again(self) -> None:
        # Whatever a probe raises means that the thing does not work yet; the outage was logged.
        try:
            self._probe()
        except Exception:  # noqa: BLE001  see the comment above
            with self._lock:
                self._probe_at = self._clock() + PAUSE_SECONDS
                self._probing = False
            return
        with self._lock:
            self.is_open = False
            self._probing = False
            seconds = self._clock() - self._opened_at
        log.warning("%s works again after %.0f s", self.name, seconds)
