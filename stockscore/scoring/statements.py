"""What a company reported, and how statements become the inputs of the method (scoring.md, 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Period(StrEnum):
    """What span a statement covers.

    `TRAILING` is the provider's own summary (or a row of a CSV file): flows are twelve months up
    to `period_end`, balances are the latest known, and it may carry quote figures.
    """

    QUARTER = "quarter"
    YEAR = "year"
    TRAILING = "trailing"


FLOWS = (
    "revenue",
    "gross_profit",
    "ebit",
    "ebitda",
    "net_income",
    "cfo",
    "fcf",
    "interest_expense",
    "pretax_income",
    "tax_provision",
    "eps",
)
"""Figures that add up over quarters; money, but `eps`, which is money per share."""

BALANCES = (
    "total_assets",
    "total_liabilities",
    "total_debt",
    "long_term_debt",
    "cash",
    "total_equity",
    "retained_earnings",
    "current_assets",
    "current_liabilities",
    "fixed_assets",
    "shares",
)
"""Figures of one moment; money, but `shares`, which is a count. `fixed_assets` is net property,
plant and equipment; only Greenblatt's return on capital asks for it."""

QUOTED = (
    "price",
    "market_cap",
    "enterprise_value",
    "eps_growth",
    "revenue_growth",
    "tax_rate",
    "dividend_per_share",
)
"""Only in trailing statements. Growth and tax rate are fractions; `price`, `market_cap`,
`enterprise_value` and `dividend_per_share` (twelve months) are in the *price* currency and its
unit (all four in pence where the price is in GBX), as quoted at `period_end`."""

FIGURES = FLOWS + BALANCES + QUOTED


@dataclass(frozen=True, slots=True)
class Statement:
    """One report as it became known to us.

    `figures` maps names of `FIGURES` to plain numbers in `currency`; a missing figure is absent or
    None, never 0. `known_at` is aware UTC. A restatement is a second statement of the same period
    with a later `known_at`.
    """

    period: Period
    period_end: date
    known_at: datetime
    currency: str
    source: str
    figures: Mapping[str, float | None] = field(default_factory=dict)
