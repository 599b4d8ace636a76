"""Makes anew what is derived from bars and statements."""

from __future__ import annotations

from collections.abc import Callable

from stockscore.store import derived
from stockscore.store.derived import Rebuilt
from stockscore.store.transactions import transaction


def rebuild(on_progress: Callable[[int, int, str], None]) -> Rebuilt:
    """Makes all price windows and figures of reports anew, in one transaction: readers see the old
    ones until all are made. `on_progress` hears how many are done, of how many, and what they
    are."""
    with transaction():
        return derived.rebuild(on_progress)
