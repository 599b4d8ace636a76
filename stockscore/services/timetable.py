"""Which slots there are, when, and which of them are still to be run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from stockscore.market import slots
from stockscore.market.slots import Slot
from stockscore.services import calendars
from stockscore.services.errors import InputError

DAY = timedelta(days=1)


def listing(
    exchanges: Iterable[str], every_minutes: int, start: datetime, end: datetime
) -> list[Slot]:
    """The slots of exchanges from one moment to another, both included, in order of time; beyond
    the stored sessions the calendars are asked. Raises `InputError`."""
    if end < start:
        raise InputError(f"The range ends ({end:%Y-%m-%d %H:%M}) before it starts.")
    found: list[Slot] = []
    for mic in exchanges:
        # The exchange's own date is at most a day from that of UTC.
        first, last = start.astimezone(UTC).date() - DAY, end.astimezone(UTC).date() + DAY
        sessions = calendars.between(mic, first, last)
        found += (s for s in slots.slots_of(sessions, every_minutes) if start <= s.at <= end)
    return sorted(found, key=lambda slot: (slot.at, slot.id))
