"""One command of a kind at a time, where no queue orders them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from flask import current_app

from stockscore.services.process_lock import exclusive


def locked(work: str) -> AbstractContextManager[None]:
    """Lets no other command do the same `work` on this database meanwhile."""
    return exclusive(work, current_app.config["DATABASE_URL"], Path(current_app.instance_path))
