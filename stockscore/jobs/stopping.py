"""Tells a job that can be resumed when to stop and give the rest of its work back."""

from __future__ import annotations

import signal
import time

SIGNAL = signal.SIGUSR1
"""A worker that is asked to end sends this to the process that does its job."""

SHIFT_SECONDS = 240.0
"""After so long a job stops and makes room for others: less than half of what a chunk may take
(`queues.KINDS`), so that it stops by itself before it is stopped."""

_asked = False


def listen() -> None:
    """Makes this process take note of `SIGNAL`, and forget an earlier one."""
    global _asked
    _asked = False
    signal.signal(SIGNAL, _hear)


def _hear(_number: int, _frame: object) -> None:
    global _asked
    _asked = True


class Shift:
    """The time that a job works in one go, from now on.

    Call it between two steps of the work: it answers True once the job should stop, because the
    worker was asked to end or `SHIFT_SECONDS` have passed.
    """

    def __init__(self) -> None:
        self._ends_at = time.monotonic() + SHIFT_SECONDS

    def __call__(self) -> bool:
        return _asked or time.monotonic() >= self._ends_at
