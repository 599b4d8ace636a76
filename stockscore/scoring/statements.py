"""What a company reported, and how statements become the inputs of the method (scoring.md, 1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum


class Period(StrEnum):
    """What span a statement covers.

    `TRAILING` is the provider's own summary (or a row of a CSV file): flows are twelve months,
    balances are the latest known, and it may carry quote figures. `HALF` is six months of a company
    that reports twice a year.
    """

    QUARTER = "quarter"
    HALF = "half"
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
"""Figures that add up over quarters and halves; money, but `eps`, which is money per share."""

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
    "quoted_eps",
    "quarter_eps_growth",
    "quarter_revenue_growth",
)
"""Only in trailing statements. Growth and tax rate are fractions; `quarter_…_growth` is that of the
last quarter over the same quarter a year before, the other growth is of twelve months. `price`,
`market_cap`, `enterprise_value`, `dividend_per_share` and `quoted_eps` (both of twelve months; the
latter are earnings of one quoted share, where `eps` of the reports is in another currency) are in
the *price* currency and its unit (all in pence where the price is in GBX), as quoted at
`period_end`."""

OF_THE_DAY = ("price", "market_cap", "enterprise_value", "dividend_per_share", "shares")
"""Figures of a trailing statement that are of the day on which it was quoted, whatever period the
others cover."""

FIGURES = FLOWS + BALANCES + QUOTED


@dataclass(frozen=True, slots=True)
class Statement:
    """One report as it became known to us.

    `figures` maps names of `FIGURES` to plain numbers in `currency`; a missing figure is absent or
    None, never 0. `known_at` is aware UTC. A restatement is a second statement of the same period
    with a later `known_at`.

    A trailing statement is dated by the day on which it was quoted; `covers_to` is the end of the
    twelve months that it sums up and the day of its balances, None where the source does not say.
    `withdrawn` are figures of earlier versions of this period that are not believed any more.
    """

    period: Period
    period_end: date
    known_at: datetime
    currency: str
    source: str
    figures: Mapping[str, float | None] = field(default_factory=dict)
    covers_to: date | None = None
    withdrawn: tuple[str, ...] = ()

    @property
    def end(self) -> date:
        """The end of what its flows and balances cover, as far as it is known."""
        return self.covers_to or self.period_end

    def without(self, names: Collection[str]) -> Statement:
        """The same without some figures."""
        if self.figures.keys().isdisjoint(names):
            return self
        kept = {name: value for name, value in self.figures.items() if name not in names}
        return replace(self, figures=kept)

    def is_quoted(self, name: str) -> bool:
        """Whether a figure is of the day on which it was quoted, and of no period that is known."""
        if self.period is not Period.TRAILING:
            return False
        return self.covers_to is None or name in OF_THE_DAY
