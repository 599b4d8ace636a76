"""The one place where the program asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app


def now() -> datetime:
    """The moment, aware UTC: the application's `CLOCK` where one is configured, else the system's.

    Everything below commands, jobs and routes takes the moment as an argument instead.
    """
    clock = current_app.config.get("CLOCK")
    return clock() if clock else datetime.now(UTC)
