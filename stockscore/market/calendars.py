"""The sessions of exchanges, from exchange_calendars: holidays, half days, breaks and daylight
saving. Asking for them imports pandas, so only commands, jobs and providers do."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from stockscore.market.exchanges import exchange_of
from stockscore.market.hours import Session

if TYPE_CHECKING:
    import exchange_calendars
    import pandas as pd

_MARGIN = timedelta(days=14)
"""exchange_calendars refuses a range without a session, such as a weekend."""


class CalendarRangeError(ValueError):
    """The calendar does not cover the dates asked for; the message is a sentence."""


def sessions(mic: str, first: date, last: date) -> list[Session]:
    """The sessions of an exchange from `first` to `last`, both included, oldest first.

    The range is asked for explicitly, so it may lie further ahead than the year or so that
    exchange_calendars shows by default; holidays beyond those already announced follow its rules.
    Raises `UnknownExchangeError`, and `CalendarRangeError` where the calendar ends earlier.
    """
    if last < first:
        return []
    rows = _load(exchange_of(mic).calendar, first, last)
    return [Session(mic, *row) for row in rows if first <= row[0] <= last]


BEGINNINGS = (date(1970, 1, 1), date(1997, 1, 1))
"""Days from which on trading days are asked for; some calendars begin late."""


@lru_cache(maxsize=64)
def trading_days(mic: str, year: int) -> frozenset[date]:
    """All days up to the end of a year on which an exchange traded or is going to, special closings
    left out, from 1970 on or from when the calendar begins. Raises as `sessions` does."""
    for first in BEGINNINGS[:-1]:
        with suppress(CalendarRangeError):
            return _days(mic, first, year)
    return _days(mic, BEGINNINGS[-1], year)


def _days(mic: str, first: date, year: int) -> frozenset[date]:
    name = exchange_of(mic).calendar
    with _quiet():
        calendar = _calendar(name, first, date(year, 12, 31))
    return frozenset(day.date() for day in calendar.sessions.to_pydatetime())


_Row = tuple[date, datetime, datetime, datetime | None, datetime | None]


@lru_cache(maxsize=16)
def _load(calendar_name: str, first: date, last: date) -> tuple[_Row, ...]:
    with _quiet():
        calendar = _calendar(calendar_name, first, last)
        columns = [calendar.opens, calendar.closes, calendar.break_starts, calendar.break_ends]
        days = [day.date() for day in calendar.sessions.to_pydatetime()]
        moments = [_moments(column) for column in columns]
    return tuple(zip(days, *moments, strict=True))


def _calendar(
    name: str, first: date, last: date
) -> exchange_calendars.exchange_calendar.ExchangeCalendar:
    import exchange_calendars

    try:
        return exchange_calendars.get_calendar(name, start=first - _MARGIN, end=last + _MARGIN)
    except ValueError:
        # A calendar that ends (or begins) within the margin still covers what was asked for.
        pass
    try:
        return exchange_calendars.get_calendar(name, start=first, end=last)
    except ValueError as error:
        raise CalendarRangeError(
            f"The calendar {name} does not cover {first} to {last}: {error}"
        ) from error


def _moments(column: pd.Series) -> list[datetime | None]:
    import pandas as pd

    utc = pd.DatetimeIndex(column)
    utc = utc.tz_localize("UTC") if utc.tz is None else utc.tz_convert("UTC")
    return [None if moment is pd.NaT else moment.astimezone(UTC) for moment in utc.to_pydatetime()]


@contextmanager
def _quiet() -> Iterator[None]:
    """exchange_calendars 4.13 uses what pandas 4 will change; that is not ours to mend."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.Pandas4Warning)
        yield
