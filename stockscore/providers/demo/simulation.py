"""A cohort of the market up to a day, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from stockscore.providers.demo import accounts, moves, reports, trading
from stockscore.providers.demo.dates import weekdays
from stockscore.providers.demo.register import Register
from stockscore.providers.demo.traits import traits_of


@dataclass(frozen=True, slots=True)
class Simulation:
    """What became of the companies of a register. A later end of the register only appends.
    `published` is by place when each quarter's report comes out; `tapes` are by exchange, and
    `columns` the columns there of each place."""

    register: Register
    ledger: accounts.Ledger
    published: Sequence[Sequence[datetime]]
    tapes: Mapping[str, trading.Tape]
    columns: np.ndarray


def simulate(seed: int, register: Register) -> Simulation:
    """Runs a cohort to the end of its register; about a second and a half of work and, while it
    lasts, 200 MB."""
    companies, plan, quarters = register.companies, register.plan, register.quarters
    days = weekdays(register.until)
    traits = traits_of(companies, seed)
    ledger = accounts.keep_books(companies, traits, plan, quarters, seed)
    published = [reports.publication(company, quarters, seed) for company in companies]
    reactions = reports.reaction_days(published, days)
    prices = moves.log_prices(companies, traits, ledger, plan, reactions, days, seed)
    money = moves.conversion(companies, len(days), seed)
    market = trading.SimulatedMarket(days, prices, money, ledger, traits)
    tapes, columns = {}, np.zeros(len(companies), dtype=int)
    for mic in sorted({company.exchange for company in companies}):
        here = np.array([i for i, company in enumerate(companies) if company.exchange == mic])
        columns[here] = np.arange(len(here))
        tapes[mic] = trading.record(register, mic, here, market, seed)
    return Simulation(register, ledger, published, tapes, columns)
