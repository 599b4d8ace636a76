"""Keeps the sessions of exchanges in the database, a year back and ahead, for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from stockscore.market import calendars
from stockscore.market.exchanges import EXCHANGES
from stockscore.market.hours import Session
from stockscore.services.errors import InputError
from stockscore.services.exchanges import HOME
from stockscore.store import sessions, stocks
from stockscore.store.transactions import transaction

YEAR = timedelta(days=366)
ENOUGH = timedelta(days=270)
"""Rows that reach this far ahead are left as they are: reading a calendar takes seconds."""


def sync(exchanges: Iterable[str], now: datetime) -> int:
    """Writes the sessions of these exchanges and of all that stocks are listed on, of the home
    exchange where there are none; the number of exchanges that had to be brought up to date. One
    without a calendar is passed over."""
    with transaction():
        known = [mic for mic in stocks.exchanges(exchanges) if mic in EXCHANGES]
        short = [mic for mic in known or [HOME] if not _reaches(mic, now)]
        for mic in short:
            sessions.save(calendars.sessions(mic, (now - YEAR).date(), (now + YEAR).date()))
        return len(short)


def _reaches(exchange: str, now: datetime) -> bool:
    known = sessions.span(exchange)
    return known is not None and known[1] >= now.date() + ENOUGH


def around(exchange: str, moment: datetime) -> list[Session]:
    """Sessions of an exchange within a year of a moment: the stored ones where they reach that far,
    else the calendar's own. Raises `InputError` where that ends."""
    stored = sessions.around(exchange, moment)
    if stored and stored[0].opens_at <= moment and (stored[-1].session - moment.date()).days > 14:
        return stored
    return _read(exchange, (moment - YEAR).date(), (moment + YEAR).date())


def between(exchange: str, first: date, last: date) -> list[Session]:
    """Sessions of an exchange from one date of its own to another, both included: the stored ones
    where they reach that far, else the calendar's own. Raises `InputError` where that ends."""
    known = sessions.span(exchange)
    if known and known[0] <= first and last <= known[1]:
        return sessions.between(exchange, first, last)
    return _read(exchange, first, last)


def _read(exchange: str, first: date, last: date) -> list[Session]:
    try:
        return calendars.sessions(exchange, first, last)
    except calendars.CalendarRangeError as error:
        raise InputError(str(error)) from None
