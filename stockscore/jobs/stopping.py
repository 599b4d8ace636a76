"""When a job that can be gone on with later is to give back what is left of it."""

from __future__ import annotations

import signal
import time

SIGNAL = signal.SIGUSR1
"""What a worker that is asked to end sends to the process that does its job."""

SHIFT_SECONDS = 240.0
"""Half of what a chunk may take (`queues.KINDS`), after which it makes room for other jobs."""

_asked = False


def listen() -> None:
    """Lets this process hear that it is asked to end."""
    global _asked
    _asked = False
    signal.signal(SIGNAL, _hear)


def _hear(_number: int, _frame: object) -> None:
    global _asked
    _asked = True


class Shift:
    """True when called once the worker is asked to end, or has worked long enough."""

    def __init__(self) -> None:
        self._ends_at = time.monotonic() + SHIFT_SECONDS

    def __call__(self) -> bool:
        return _asked or time.monotonic() >= self._ends_at
