"""Which slots there are, when, and which of them are still to be run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from stockscore.market import slots
from stockscore.market.slots import Slot
from stockscore.services import calendars
from stockscore.services.errors import InputError
from stockscore.store import editions, runs, sessions, snapshots

DAY = timedelta(days=1)

MADE_UP = 10
"""How many past sessions of an exchange are looked through for a missing snapshot."""


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
        days = calendars.between(mic, first, last)
        found += (s for s in slots.slots_of(days, every_minutes) if start <= s.due_at <= end)
    return sorted(found, key=lambda slot: (slot.due_at, slot.id))


def near(job: str, exchange: str, every_minutes: int, now: datetime) -> list[Slot]:
    """The slots of one job of an exchange for weeks around a moment, in order of time, from the
    stored sessions; housekeeping goes by the exchange's clock alone."""
    if job == slots.HOUSEKEEPING:
        today = now.astimezone(UTC).date()
        return slots.housekeeping(exchange, today - 2 * DAY, today + 2 * DAY)
    found = slots.slots_of(sessions.around(exchange, now), every_minutes)
    return [slot for slot in found if slot.job == job]


def to_run(found: Iterable[Slot], now: datetime) -> list[Slot]:
    """Those of the slots that are due, not too late, and have had no run."""
    due = [slot for slot in found if slot.due(now)]
    ran = runs.with_run(slot.id for slot in due)
    return [slot for slot in due if slot.id not in ran]


def missed_snapshots(exchanges: Iterable[str], every_minutes: int, now: datetime) -> list[Slot]:
    """Snapshots of the last sessions that nobody took while it was time, since the first edition:
    those that have neither a run nor a record. They are made up, or recorded as gaps."""
    first = editions.first()
    if first is None:
        return []
    missed: list[Slot] = []
    for mic in exchanges:
        recorded = snapshots.recorded_days(mic)
        past = [s for s in near(slots.SNAPSHOT, mic, every_minutes, now) if s.until <= now]
        missed += (
            slot
            for slot in past[-MADE_UP:]
            if slot.due_at >= first.published_at and slot.session not in recorded
        )
    ran = runs.with_run(slot.id for slot in missed)
    return [slot for slot in missed if slot.id not in ran]
