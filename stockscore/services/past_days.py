"""Which session of the record is meant by a day, and the sessions before and after it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from stockscore.services.errors import InputError
from stockscore.store import cross_sections


class BeforeRecordError(InputError):
    """Nothing was recorded yet on the day that is asked for."""


class InFutureError(InputError):
    """The day that is asked for has not come yet."""


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """A session of which something is recorded, with the ones before and after it, and the first
    and the last of the record. `final` says that nothing will be added to it any more: each
    exchange has been recorded at a later session."""

    session: date
    before: date | None
    after: date | None
    first: date
    last: date
    final: bool


def recorded_day(day: date, today: date) -> RecordedDay:
    """The last recorded session on or before a day. Raises `InFutureError` or
    `BeforeRecordError`, each with a sentence."""
    if day > today:
        raise InFutureError(f"{day} has not come yet; a past day is at most {today}.")
    days = cross_sections.published_sessions()
    place = bisect_right(days, day) - 1
    if not days:
        raise BeforeRecordError("Nothing has been recorded yet; the record begins with a snapshot.")
    if place < 0:
        raise BeforeRecordError(f"The record begins on {days[0]}; nothing is known of {day}.")
    return RecordedDay(
        session=days[place],
        before=days[place - 1] if place else None,
        after=days[place + 1] if place + 1 < len(days) else None,
        first=days[0],
        last=days[-1],
        final=all(last > days[place] for last in cross_sections.last_sessions().values()),
    )
