"""Makes anew what is derived from bars and statements."""

from __future__ import annotations

from collections.abc import Callable

from stockscore.services import kept_steps
from stockscore.store import derived
from stockscore.store.derived import Rebuilt
from stockscore.store.transactions import transaction


def rebuild(on_progress: Callable[[int, int, str], None]) -> Rebuilt:
    """Makes all price windows, figures of reports and reasons of steps anew, in one transaction:
    readers see the old ones until all are made. `on_progress` hears how many are done, of how many,
    and what they are."""
    with transaction():
        rebuilt = derived.rebuild(on_progress)
        kept_steps.rebuild()
        return rebuilt
