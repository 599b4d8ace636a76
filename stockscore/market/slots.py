"""When an exchange's data is fetched and recorded: slots, from the rows of its sessions.

A slot is one run of one job, named after what it is for, so that whoever enqueues it, however
often, means the same run:

- `refresh` at open + 5 min and every so many minutes from then, as long as the exchange trades;
  none falls into a lunch break (its first minute belongs to it, its last does not) or on the close
  itself, because the closing one follows at close + 15 min;
- `snapshot` at close + 30 min, dated by the session;
- `housekeeping` once a day, while the home exchange sleeps.

Everything here is a pure function of sessions; a moment is always an argument, aware UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from stockscore.market.exchanges import EXCHANGES, exchange_of
from stockscore.market.hours import Session

REFRESH, SNAPSHOT, HOUSEKEEPING = "refresh", "snapshot", "housekeeping"

AFTER_OPEN = timedelta(minutes=5)
CLOSING_REFRESH = timedelta(minutes=15)
AFTER_CLOSE = timedelta(minutes=30)

HOUSEKEEPING_AT = time(4)
"""By the clock of the home exchange; no zone turns its clocks at that hour."""

UNTOLD = timedelta(hours=12)
"""How long the last slots of the last known session are good for: shorter than any night."""


@dataclass(frozen=True, slots=True)
class SlotName:
    """What the id of a slot says. `exchange` is None for housekeeping, whose `session` is its day;
    `due_at` is None where the id has only the session."""

    job: str
    exchange: str | None
    session: date
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Slot:
    """One run of a job: due from `due_at` on, too late from `until` on."""

    job: str
    exchange: str | None
    session: date
    due_at: datetime
    until: datetime

    @property
    def id(self) -> str:
        """`refresh-XNYS-20261127T1435Z`, `snapshot-XNYS-20261127`, `housekeeping-20261127`."""
        if self.job == REFRESH:
            return f"{self.job}-{self.exchange}-{self.due_at:%Y%m%dT%H%MZ}"
        where = f"-{self.exchange}" if self.exchange else ""
        return f"{self.job}{where}-{self.session:%Y%m%d}"

    def due(self, now: datetime) -> bool:
        """Whether it is to run at that moment, if it has not run yet."""
        return self.due_at <= now < self.until


def slots_of(sessions: Sequence[Session], every_minutes: int) -> list[Slot]:
    """The slots of an exchange's sessions (oldest first), in order of time.

    A refresh is too late once the next one of its exchange is due; the closing one and the snapshot
    once the next session's first is, when the data is no longer that session's.
    """
    if every_minutes < 1:
        raise ValueError(f"refreshes need at least a minute between them, not {every_minutes}")
    slots: list[Slot] = []
    for number, session in enumerate(sessions):
        closing = session.closes_at + CLOSING_REFRESH
        recording = session.closes_at + AFTER_CLOSE
        following = sessions[number + 1 : number + 2]
        end = following[0].opens_at + AFTER_OPEN if following else recording + UNTOLD
        times = [*_trading(session, timedelta(minutes=every_minutes)), closing]
        slots += [
            Slot(REFRESH, session.exchange, session.session, due_at, until)
            for due_at, until in zip(times, [*times[1:], end], strict=True)
        ]
        slots.append(Slot(SNAPSHOT, session.exchange, session.session, recording, end))
    return slots


def housekeeping(home: str, first: date, last: date) -> list[Slot]:
    """The slots of housekeeping from one day to another, both included, by the clock of an
    exchange."""
    zone = ZoneInfo(exchange_of(home).timezone)
    days = [first + timedelta(days=n) for n in range((last - first).days + 2)]
    times = [datetime.combine(day, HOUSEKEEPING_AT, zone).astimezone(UTC) for day in days]
    return [
        Slot(HOUSEKEEPING, None, day, due_at, until)
        for day, due_at, until in zip(days, times, times[1:], strict=False)
    ]


def after(slots: Iterable[Slot], now: datetime) -> Slot | None:
    """The first of the slots (in order of time) that is yet to come."""
    return next((slot for slot in slots if slot.due_at > now), None)


_ID = re.compile(
    rf"({REFRESH})-([A-Z]{{4}})-(\d{{8}}T\d{{4}})Z"
    rf"|({SNAPSHOT})-([A-Z]{{4}})-(\d{{8}})"
    rf"|({HOUSEKEEPING})-(\d{{8}})",
    re.ASCII,
)


def parse(slot_id: str) -> SlotName:
    """What an id says. The session of a refresh is the date of its exchange at that moment.

    Raises `ValueError`, with a sentence, for what is no id of a slot.
    """
    wrong = ValueError(f"{slot_id!r} is no slot, such as refresh-XNYS-20261127T1435Z.")
    match = _ID.fullmatch(slot_id)
    if match is None:
        raise wrong
    job, *where, stamp = (part for part in match.groups() if part is not None)
    mic = where[0] if where else None
    if mic is not None and mic not in EXCHANGES:
        raise wrong
    try:
        moment = datetime.strptime(stamp + "+0000", f"{_FORMAT[len(stamp)]}%z")
    except ValueError:
        raise wrong from None
    if job != REFRESH or mic is None:
        return SlotName(job, mic, moment.date(), None)
    zone = ZoneInfo(exchange_of(mic).timezone)
    return SlotName(job, mic, moment.astimezone(zone).date(), moment.astimezone(UTC))


_FORMAT = {8: "%Y%m%d", 13: "%Y%m%dT%H%M"}
"""Of the moment in an id, by its length."""


def _trading(session: Session, every: timedelta) -> Iterator[datetime]:
    """The moments of a session's refreshes while it trades."""
    moment = session.opens_at + AFTER_OPEN
    while moment < session.closes_at:
        if not _in_break(session, moment):
            yield moment
        moment += every


def _in_break(session: Session, moment: datetime) -> bool:
    starts, ends = session.break_starts_at, session.break_ends_at
    return starts is not None and ends is not None and starts <= moment < ends
