"""The register of a cohort: which companies are listed, and in which sessions they trade."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from stockscore.market import calendars
from stockscore.market.hours import Session
from stockscore.providers.demo import events
from stockscore.providers.demo.companies import Company, roster
from stockscore.providers.demo.dates import GENESIS, quarter_of

EXCHANGES = ("XLON", "XNYS")


@dataclass(frozen=True, slots=True)
class Register:
    """The companies of a cohort from the genesis to `until`. A later `until` only appends.

    `places` are the companies' places by ticker. Each trades from the session `first` of its
    exchange to before the session `last` (indices of `sessions`, by place); `last` is the number of
    sessions where no end is known.
    """

    until: date
    companies: Sequence[Company]
    plan: events.Events
    sessions: Mapping[str, Sequence[Session]]
    places: Mapping[str, int]
    first: np.ndarray
    last: np.ndarray

    @property
    def quarters(self) -> int:
        """So many quarters are simulated: a share's worth is read towards the next one's end."""
        return quarter_of(self.until) + 2

    def closed(self, place: int, now: datetime) -> int:
        """How many sessions of a company's exchange have closed by `now`."""
        sessions = self.sessions[self.companies[place].exchange]
        return bisect_right(sessions, now, key=lambda session: session.closes_at)

    def is_listed(self, place: int, now: datetime) -> bool:
        """Whether the first session of a company has closed by `now`."""
        return self.closed(place, now) > self.first[place]

    def delisted_on(self, place: int, now: datetime) -> date | None:
        """The first session without a company, once that has closed."""
        last = int(self.last[place])
        if last >= self.closed(place, now):
            return None
        return self.sessions[self.companies[place].exchange][last].session

    def listed_on(self, place: int) -> date | None:
        """The first session of a company that has floated, None for one always listed."""
        company = self.companies[place]
        if company.floated is None:
            return None
        return self.sessions[company.exchange][int(self.first[place])].session


def register_of(cohort: int, until: date) -> Register:
    """The register of a cohort up to the end of `until`; tens of milliseconds of work."""
    companies = roster(until, cohort)
    plan = events.plan(companies, quarter_of(until) + 2)
    sessions = {mic: calendars.sessions(mic, GENESIS, until) for mic in EXCHANGES}
    days = {mic: session_days(sessions[mic]) for mic in EXCHANGES}
    first = np.zeros(len(companies), dtype=int)
    last = np.array([len(sessions[company.exchange]) for company in companies])
    for place, company in enumerate(companies):
        if company.floated is not None:
            first[place] = np.searchsorted(days[company.exchange], np.datetime64(company.floated))
        quarter = int(plan.delisted_in[place])
        if quarter >= 0:
            day = events.delisting_day(company, quarter)
            last[place] = np.searchsorted(days[company.exchange], np.datetime64(day))
    return Register(
        until=until,
        companies=companies,
        plan=plan,
        sessions=sessions,
        places={company.ticker: place for place, company in enumerate(companies)},
        first=first,
        last=last,
    )


def session_days(sessions: Sequence[Session]) -> np.ndarray:
    """The dates of sessions, as datetime64[D]."""
    return np.array([session.session for session in sessions], dtype="datetime64[D]")
