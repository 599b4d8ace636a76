"""The slots that come next, from the sessions that are stored: what pages may ask for, which must
not load the calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from stockscore.market import slots as market_slots
from stockscore.market.slots import Slot
from stockscore.store.pages import market


def slots(
    exchanges: Iterable[str], every_minutes: int, now: datetime, ahead: timedelta
) -> list[Slot]:
    """Those of the exchanges after a moment, in order of time; none beyond the stored sessions."""
    known = market.sessions_around(now)
    found = [
        slot
        for mic in exchanges
        for slot in market_slots.slots_of(known.get(mic, ()), every_minutes)
        if now < slot.due_at <= now + ahead
    ]
    return sorted(found, key=lambda slot: (slot.due_at, slot.id))
