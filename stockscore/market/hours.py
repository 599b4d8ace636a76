"""Whether a market is open, from the rows of its sessions.

Everything here is a pure function of sessions and a moment. Nothing is guessed: beyond the first
and the last known session the answer is "unknown".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from stockscore.market.exchanges import exchange_of


@dataclass(frozen=True, slots=True)
class Session:
    """One trading day of an exchange. `session` is the exchange's own date, the moments are aware
    UTC; the break is None where trading is not interrupted."""

    exchange: str
    session: date
    opens_at: datetime
    closes_at: datetime
    break_starts_at: datetime | None = None
    break_ends_at: datetime | None = None


class StatusReason(StrEnum):
    """Why a market is open or not."""

    OPEN = "open"
    BEFORE_OPEN = "before open"
    AFTER_CLOSE = "after close"
    LUNCH_BREAK = "lunch break"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MarketStatus:
    """An exchange at a moment.

    `session`, `opens_at` and `closes_at` are those of the session of that day (by the exchange's
    own clock), None on a day without one. `next_open` is the next moment trading starts (the end
    of the lunch break during one), `next_close` the next close of a session, breaks left out.
    Both are None where no known session follows. Moments are aware UTC.
    """

    exchange: str
    moment: datetime
    is_open: bool
    session: date | None
    opens_at: datetime | None
    closes_at: datetime | None
    next_open: datetime | None
    next_close: datetime | None
    reason: StatusReason


def status(sessions: Sequence[Session], now: datetime, exchange: str | None = None) -> MarketStatus:
    """The state of one exchange at `now` (aware).

    `sessions` are rows of that exchange, oldest first. `exchange` (a MIC) is only needed where
    there may be no rows at all.
    """
    mic = exchange or (sessions[0].exchange if sessions else None)
    if mic is None:
        raise ValueError("Without sessions, status() must be told the exchange.")
    day = _local_date(mic, now)
    if not sessions or not sessions[0].session <= day <= sessions[-1].session:
        return MarketStatus(mic, now, False, None, None, None, None, None, StatusReason.UNKNOWN)
    today = next((s for s in sessions if s.session == day), None)
    reason = _reason(today, day, now)
    if reason is StatusReason.LUNCH_BREAK and today is not None:
        next_open = today.break_ends_at
    else:
        next_open = next((s.opens_at for s in sessions if s.opens_at > now), None)
    return MarketStatus(
        exchange=mic,
        moment=now,
        is_open=reason is StatusReason.OPEN,
        session=today.session if today else None,
        opens_at=today.opens_at if today else None,
        closes_at=today.closes_at if today else None,
        next_open=next_open,
        next_close=next((s.closes_at for s in sessions if s.closes_at > now), None),
        reason=reason,
    )


def last_closed(sessions: Sequence[Session], now: datetime) -> Session | None:
    """The last session whose close is at or before `now`; None where the rows do not reach that
    far, because a later session may exist that nobody told us of. `sessions` oldest first."""
    if not _reach(sessions, now):
        return None
    count = bisect_right(sessions, now, key=lambda s: s.closes_at)
    return sessions[count - 1] if count else None


def session_of(sessions: Sequence[Session], moment: datetime) -> Session | None:
    """The session that a price seen at `moment` belongs to: the running one, else the last that
    had opened by then. None where the rows do not reach that far. `sessions` oldest first."""
    if not _reach(sessions, moment):
        return None
    count = bisect_right(sessions, moment, key=lambda s: s.opens_at)
    return sessions[count - 1] if count else None


def _reach(sessions: Sequence[Session], moment: datetime) -> bool:
    return bool(sessions) and (_local_date(sessions[-1].exchange, moment) <= sessions[-1].session)


def _reason(today: Session | None, day: date, now: datetime) -> StatusReason:
    if today is None:
        return StatusReason.WEEKEND if day.isoweekday() > 5 else StatusReason.HOLIDAY
    if now < today.opens_at:
        return StatusReason.BEFORE_OPEN
    if now >= today.closes_at:
        return StatusReason.AFTER_CLOSE
    starts, ends = today.break_starts_at, today.break_ends_at
    if starts is not None and ends is not None and starts <= now < ends:
        return StatusReason.LUNCH_BREAK
    return StatusReason.OPEN


def _local_date(mic: str, moment: datetime) -> date:
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {moment!r}")
    return moment.astimezone(_zone(mic)).date()


@lru_cache
def _zone(mic: str) -> ZoneInfo:
    return ZoneInfo(exchange_of(mic).timezone)
