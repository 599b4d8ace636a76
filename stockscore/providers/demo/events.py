"""What happens to whom in which quarter, on an absolute calendar: some company is delisted, splits
its shares, cuts its dividend, or leaves figures out of a report in every quarter since 2021."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from stockscore.providers.demo.companies import BASE_COMPANIES, FIRST_EVENTS, Company
from stockscore.providers.demo.dates import quarter_start
from stockscore.providers.demo.draws import roll

_DOOMED = 96
"""So many of the base companies are delisted one after another, the last one in 2044."""

GAPS_A_QUARTER = 6
"""Reports without a cash-flow statement, in each quarter."""


@dataclass(frozen=True, slots=True)
class Events:
    """By company: the quarter it is delisted in, -1 for never, and whether it ends in a takeover
    (or else in ruin). By (quarter, company): whether a split, a dividend cut or a report without
    cash flows is due."""

    delisted_in: np.ndarray
    taken_over: np.ndarray
    split: np.ndarray
    cut: np.ndarray
    gap: np.ndarray


def plan(companies: Sequence[Company], quarters: int) -> Events:
    """The events of the first `quarters` quarters. More quarters, or more companies floated since,
    only append."""
    ordinary = [
        index
        for index, company in enumerate(companies)
        if company.floated is None and not company.peculiar
    ]
    if len(ordinary) != BASE_COMPANIES:
        raise ValueError("Events are planned for the whole roster, not for a part of it.")
    doomed = _shuffled(companies, ordinary, "delisting")[:_DOOMED]
    lasting = sorted(set(ordinary) - set(doomed))
    payers = [
        index
        for index in lasting
        if companies[index].industry.payout >= 0.3 and not companies[index].negative_equity
    ]
    delisted_in = np.full(len(companies), -1)
    for place, index in enumerate(doomed):
        delisted_in[index] = FIRST_EVENTS + place
    taken_over = np.array([roll(c.key, "end", 3) > 0 for c in companies])
    splitting = _shuffled(companies, lasting, "split")
    cutting = _shuffled(companies, payers, "cut")
    gappy = _shuffled(companies, lasting, "gap")
    shape = (quarters, len(companies))
    return Events(
        delisted_in,
        taken_over,
        split=_mask(shape, lambda place: [splitting[place % len(splitting)]]),
        cut=_mask(shape, lambda place: [cutting[place % len(cutting)]]),
        gap=_mask(
            shape,
            lambda place: [
                gappy[(place * GAPS_A_QUARTER + n) % len(gappy)] for n in range(GAPS_A_QUARTER)
            ],
        ),
    )


def delisting_day(company: Company, quarter: int) -> date:
    """The first day without trade of a company that is delisted in `quarter`: somewhere in its
    second month."""
    return quarter_start(quarter) + timedelta(days=31 + roll(company.key, "last day", 28))


def _shuffled(companies: Sequence[Company], indices: list[int], purpose: str) -> list[int]:
    return sorted(indices, key=lambda index: (roll(companies[index].key, purpose, 2**31), index))


def _mask(shape: tuple[int, int], chosen: Callable[[int], list[int]]) -> np.ndarray:
    mask = np.zeros(shape, dtype=bool)
    for quarter in range(FIRST_EVENTS, shape[0]):
        mask[quarter, chosen(quarter - FIRST_EVENTS)] = True
    return mask
