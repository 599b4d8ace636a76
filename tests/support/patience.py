"""Time limits of the site that a test must not run into only because the machine is busy.

A page that waits too long for the database or Redis is answered without them. That is right for a
reader, and chance for a test: with these limits, only what truly fails counts as failing.
"""

from __future__ import annotations

from collections.abc import Callable

from stockscore.caching import editions, lookup, shared, wiring
from tests.support.waiting import PATIENCE_SECONDS

Replace = Callable[[object, str, object], None]
"""`setattr`, or pytest's `monkeypatch.setattr`."""


def with_the_database(replace: Replace = setattr) -> None:
    """Whoever looks up the edition gets its answer, however long that takes."""
    replace(editions, "WAIT_SECONDS", PATIENCE_SECONDS)
    replace(editions, "GONE_SECONDS", PATIENCE_SECONDS)


def with_redis(replace: Replace = setattr) -> None:
    """Whoever asks Redis gets its answer, if it is running."""
    replace(shared, "TIMEOUT_SECONDS", PATIENCE_SECONDS)
    replace(shared, "BUDGET_SECONDS", PATIENCE_SECONDS)
    limits = dict.fromkeys(("socket_timeout", "socket_connect_timeout"), PATIENCE_SECONDS)
    for module in (shared, wiring):
        replace(module, "CLIENT_OPTIONS", shared.CLIENT_OPTIONS | limits)


def with_renders(replace: Replace = setattr) -> None:
    """Whoever waits for the render of another request gets its page."""
    replace(lookup, "LOCK_SECONDS", PATIENCE_SECONDS)
    replace(shared, "LOCK_SECONDS", PATIENCE_SECONDS)
