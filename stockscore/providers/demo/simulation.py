"""The whole market up to a day, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from stockscore.market import calendars
from stockscore.providers.demo import accounts, events, moves, reports, trading
from stockscore.providers.demo.companies import Company, roster
from stockscore.providers.demo.dates import GENESIS, quarter_of, weekdays
from stockscore.providers.demo.traits import traits_of


@dataclass(frozen=True, slots=True)
class Simulation:
    """The market from the genesis to `last`. A later `last` only appends: companies, quarters,
    sessions. `seat` is where a ticker trades: its exchange and its column there."""

    last: date
    companies: Sequence[Company]
    ledger: accounts.Ledger
    plan: events.Events
    published: Sequence[Sequence[datetime]]
    tapes: dict[str, trading.Tape]
    place: dict[str, int]
    seat: dict[str, tuple[str, int]]


def simulate(seed: int, last: date) -> Simulation:
    """Runs the market to the end of `last`; about a second and a half of work."""
    companies = roster(last)
    quarters = quarter_of(last) + 2  # the worth of a share is read towards the next quarter's end
    days = weekdays(last)
    plan = events.plan(companies, quarters)
    traits = traits_of(companies, seed)
    ledger = accounts.keep_books(companies, traits, plan, quarters, seed)
    published = [reports.publication(company, quarters, seed) for company in companies]
    reactions = reports.reaction_days(published, days)
    prices = moves.log_prices(companies, traits, ledger, plan, reactions, days, seed)
    money = moves.conversion(companies, len(days), seed)
    tapes = {}
    for mic in sorted({company.exchange for company in companies}):
        columns = np.array([i for i, c in enumerate(companies) if c.exchange == mic])
        tapes[mic] = trading.record(
            calendars.sessions(mic, GENESIS, last),
            [companies[i] for i in columns],
            columns,
            trading.SimulatedMarket(days, prices, money, ledger, traits, plan),
            seed,
        )
    return Simulation(
        last=last,
        companies=companies,
        ledger=ledger,
        plan=plan,
        published=published,
        tapes=tapes,
        place={company.ticker: index for index, company in enumerate(companies)},
        seat={
            company.ticker: (mic, column)
            for mic, tape in tapes.items()
            for column, company in enumerate(tape.companies)
        },
    )
