"""Waiting for what another thread or process does, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

Answer = TypeVar("Answer")

PATIENCE_SECONDS = 900
"""When a test gives up. It only ends tests that hang: none may depend on how long things take."""

_PAUSE_SECONDS = 0.01


def wait_until(
    condition: Callable[[], Answer], what: str = "", seconds: float = PATIENCE_SECONDS
) -> Answer:
    """The first true answer of a condition; fails, saying what was waited for, if none comes."""
    last = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > last:
            pytest.fail(f"waited {seconds:g} seconds in vain: {what or condition}")
        time.sleep(_PAUSE_SECONDS)
    return answer
