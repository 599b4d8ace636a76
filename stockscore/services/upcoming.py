"""The slots that come next, from the sessions that are stored: what pages may ask for, which must
not load the calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from stockscore.market import slots as market_slots
from stockscore.market.hours import Session
from stockscore.market.slots import Slot


def slots(
    exchanges: Iterable[str],
    known: Mapping[str, Sequence[Session]],
    every_minutes: int,
    now: datetime,
    ahead: timedelta,
) -> list[Slot]:
    """Those of the exchanges after a moment, in order of time; `known` are the sessions around it
    by exchange."""
    found = [
        slot
        for mic in exchanges
        for slot in market_slots.slots_of(known.get(mic, ()), every_minutes)
        if now < slot.due_at <= now + ahead
    ]
    return sorted(found, key=lambda slot: (slot.due_at, slot.id))
