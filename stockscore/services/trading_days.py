"""The days on which an exchange trades, against which bars are held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from stockscore.market import calendars as market_calendars
from stockscore.market import hours
from stockscore.market.exchanges import EXCHANGES
from stockscore.providers.base import Bar
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.services import calendars
from stockscore.services.errors import InputError


@dataclass(frozen=True, slots=True)
class TradingDays:
    """Of one exchange all days with a session from `first` on (none where no calendar is known),
    and the newest day whose session had begun at the moment asked for."""

    exchange: str
    days: frozenset[date]
    first: date
    newest: date

    @classmethod
    def of(cls, exchange: str, now: datetime) -> TradingDays:
        """The trading days of an exchange as they are at a moment."""
        tomorrow = now.date() + timedelta(days=1)  # in the east it begins while it is today in UTC
        unknown = cls(exchange, frozenset(), date.max, tomorrow)
        if exchange not in EXCHANGES:
            return unknown
        try:
            days, first = _known(exchange, now.year + 1)
            begun = hours.session_of(calendars.around(exchange, now), now)
        except (InputError, market_calendars.CalendarRangeError):
            return unknown
        return cls(exchange, days, first, begun.session if begun else tomorrow)

    def is_open(self, day: date) -> bool:
        """Whether there can be a price of a day: it has a session that has begun, or lies before
        all that the calendar knows."""
        return day <= self.newest and (day in self.days or day < self.first)

    def objection(self, day: date) -> str | None:
        """Why there can be no price of a day: a clause that goes on from the day; None where there
        can be one, or no calendar reaches that far."""
        if day > self.newest:
            if day in self.days or not self.days:
                return f"lies in the future: its session of {self.exchange} has not begun"
            return f"is no session of {self.exchange}, and lies in the future"
        if self.is_open(day):
            return None
        return f"is no session of {self.exchange}: its calendar has none on this {day:%A}"

    def without_closed(self, bars: Sequence[Bar]) -> tuple[list[Bar], list[RejectedValue]]:
        """The bars of days with a session that has begun, and what is said of the others. The
        actions of a bar that is left out belong to the next one."""
        closed = [bar for bar in bars if not self.is_open(bar.session)]
        if not closed:
            return list(bars), []
        left = {bar.session for bar in closed}
        kept = without(bars, left)
        count = "1 bar" if len(closed) == 1 else f"{len(closed)} bars"
        span = f"{closed[0].session}"
        if len(closed) > 1:
            span += f" to {closed[-1].session}"
        reason = f"Left out: {count} of days without a session of {self.exchange} ({span})."
        value = f"{closed[0].close:g}"
        found = RejectedValue("closed-day", "session", value, None, reason, closed[0].session)
        return kept, [found]


@cache
def _known(exchange: str, year: int) -> tuple[frozenset[date], date]:
    days = market_calendars.trading_days(exchange, year)
    return days, min(days)


def without(bars: Sequence[Bar], left: set[date]) -> list[Bar]:
    """The bars but those of some sessions, whose splits and dividends the next bar takes over."""
    kept: list[Bar] = []
    split, dividend, adjustment = 1.0, 0.0, 1.0
    for bar in bars:
        if bar.session in left:
            split, dividend = split * bar.split, dividend + bar.dividend
            adjustment *= bar.adjustment
        elif (split, dividend, adjustment) == (1.0, 0.0, 1.0):
            kept.append(bar)
        else:
            kept.append(
                replace(
                    bar,
                    split=bar.split * split,
                    dividend=bar.dividend + dividend,
                    adjustment=bar.adjustment * adjustment,
                )
            )
            split, dividend, adjustment = 1.0, 0.0, 1.0
    return kept
