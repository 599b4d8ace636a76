"""The one place where the program asks what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app


def now() -> datetime:
    """The moment, aware UTC: the application's `CLOCK` where one is configured, else the system's.

    Everything below commands, jobs and routes takes the moment as an argument instead.
    """
    clock = current_app.config.get("CLOCK")
    return clock() if clock else datetime.now(UTC)


def from_file(path: Path) -> Callable[[], datetime]:
    """A clock for rehearsals: the ISO 8601 moment, with its zone, that the file holds whenever it
    is asked. Replace the file whole (`os.replace`), so that nobody reads half of it."""

    def read() -> datetime:
        moment = datetime.fromisoformat(path.read_text("ascii").strip())
        if moment.tzinfo is None:
            raise ValueError(f"{path} must hold a moment with its zone")
        return moment.astimezone(UTC)

    return read
