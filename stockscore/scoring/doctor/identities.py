"""What holds between the figures of one company, as a table: the identities that its figures bear
witness of.

Each is a quotient of products of figures and the bounds between which it lies. *Binding* ones raise
a doubt when they are broken. The others are what is ordinary: they raise none, but say for or
against a figure that a binding one has brought into doubt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, isfinite

from stockscore.scoring.statements import BALANCES, FLOWS

ACCOUNTS = "accounts"
"""All money of the accounts at once: in another currency or unit than it is said to be."""
CLOSE = "close"
"""The last good close of the stored bars at the day of the quote."""
NET_VALUE = "net_value"
"""Market value plus debt less cash."""
CLAIMS = "claims"
"""Liabilities plus equity."""
_MADE_OF = {
    NET_VALUE: ("market_cap",),
    CLAIMS: ("total_liabilities", "total_equity"),
}
"""What may be wrong where a sum is."""

MONEY = frozenset(FLOWS + BALANCES) - {"eps", "shares"}
"""Figures that are money of the accounts."""

UNIT = 20.0
"""No two readings of one figure differ by this factor, unless one is in another unit, currency or
span. Preferred dividends, several classes and rounding stay far below it."""
SWING = 150.0
"""The same for earnings, of which two sources may count another quarter: a profit that comes out of
nothing, or falls to it, moves by a hundred."""
ALIKE = 1.5
"""Readings within this factor of each other agree."""


def _is_of_accounts(name: str) -> bool:
    return name in MONEY or name == CLAIMS


@dataclass(frozen=True, slots=True)
class Identity:
    """The product of the figures `over` by that of the figures `under` lies from `low` to `high`.

    `rule` is a key of `rules.RULES`. `excused_by` is the key of another identity: where it holds,
    two witnesses agree on what is unusual here, and no doubt is raised. `where` are keys of others
    that must hold for it to be asked at all.
    `text` says what was found; it may name `{ratio}` and the figures.
    """

    key: str
    over: tuple[str, ...]
    under: tuple[str, ...]
    low: float
    high: float
    rule: str = ""
    text: str = ""
    excused_by: str = ""
    where: tuple[str, ...] = ()

    @property
    def binding(self) -> bool:
        """Whether it raises a doubt when it is broken."""
        return bool(self.rule)

    @property
    def names(self) -> tuple[str, ...]:
        """The figures that it is about."""
        return self.over + self.under

    @property
    def suspects(self) -> frozenset[str]:
        """What may be wrong where it is broken: one of its figures, or the money of the accounts as
        a whole, unless that is on both sides alike."""
        weight = sum(map(_is_of_accounts, self.over)) - sum(map(_is_of_accounts, self.under))
        figures = frozenset(part for name in self.names for part in _MADE_OF.get(name, (name,)))
        return figures | {ACCOUNTS} if weight else figures

    def ratio(self, values: Mapping[str, float]) -> float | None:
        """What was found; None where a figure is missing, zero, or the signs differ."""
        found = 1.0
        for name in self.over:
            found *= values.get(name) or 0.0
        for name in self.under:
            value = values.get(name)
            if not value:
                return None
            found /= value
        return found if found > 0 and isfinite(found) else None

    def holds(self, values: Mapping[str, float]) -> bool | None:
        """Whether it holds, None where it cannot be asked."""
        found = self.ratio(values)
        return None if found is None else self.low <= found <= self.high


EARNINGS = Identity(
    "earnings-and-eps",
    ("eps", "market_cap"),
    ("price", "net_income"),
    1 / SWING,
    SWING,
    "earnings-and-eps",
    "Earnings per share times shares are {ratio} times the net income.",
)

IDENTITIES: tuple[Identity, ...] = (
    Identity(
        "quote-and-close",
        ("price",),
        (CLOSE,),
        0.2,
        1.8,
        "quote-and-close",
        "The quoted price ({price}) is {ratio} times the last close that is believed ({close}).",
    ),
    Identity(
        "value-and-shares",
        ("shares", "price"),
        ("market_cap",),
        1 / UNIT,
        UNIT,
        "value-and-shares",
        "Price times shares are {ratio} times the quoted market value.",
    ),
    EARNINGS,
    replace(
        EARNINGS,
        key="substantial-earnings-and-eps",
        low=1 / UNIT,
        high=UNIT,
        where=("substantial-yield", "substantial-eps"),
    ),
    replace(
        EARNINGS,
        key="earnings-and-eps-at-high-sales",
        low=1 / UNIT,
        high=UNIT,
        where=("substantial-eps", "high-price-to-sales"),
    ),
    Identity(
        "earnings-yield",
        ("net_income",),
        ("market_cap",),
        0,
        1,
        "yield",
        "Net income of twelve months is {ratio} times the market value.",
        excused_by="agreeing-earnings",
    ),
    Identity(
        "greatest-earnings-yield",
        ("net_income",),
        ("market_cap",),
        0,
        3,
        "yield",
        "Net income of twelve months is {ratio} times the market value.",
    ),
    Identity(
        "eps-yield",
        ("eps",),
        ("price",),
        0,
        1,
        "yield",
        "Earnings per share of twelve months are {ratio} times the price.",
        excused_by="agreeing-earnings",
    ),
    Identity(
        "greatest-eps-yield",
        ("eps",),
        ("price",),
        0,
        3,
        "yield",
        "Earnings per share of twelve months are {ratio} times the price.",
    ),
    Identity(
        "dividend-yield",
        ("dividend_per_share",),
        ("price",),
        0,
        1,
        "yield",
        "Dividends of twelve months are {ratio} times the price.",
    ),
    Identity(
        "price-to-book",
        ("total_equity",),
        ("market_cap",),
        0,
        50,
        "value-and-accounts",
        "Equity is {ratio} times the market value.",
    ),
    Identity(
        "price-to-sales",
        ("revenue",),
        ("market_cap",),
        0,
        1000,
        "value-and-accounts",
        "Revenue of twelve months is {ratio} times the market value.",
    ),
    Identity(
        "value-and-assets",
        ("market_cap",),
        ("total_assets",),
        0,
        5000,
        "value-and-accounts",
        "The market value is {ratio} times all assets.",
    ),
    Identity(
        "enterprise-value",
        ("enterprise_value",),
        (NET_VALUE,),
        1 / 4,
        4,
        "enterprise-value",
        "The quoted enterprise value is {ratio} times market value plus debt less cash.",
    ),
    Identity(
        "gross-margin",
        ("gross_profit",),
        ("revenue",),
        0,
        1.01,
        "part-and-whole",
        "Gross profit is {ratio} times the revenue that it is a part of.",
    ),
    Identity(
        "operating-margin",
        ("ebit",),
        ("revenue",),
        0,
        UNIT,
        "part-and-whole",
        "EBIT is {ratio} times the revenue.",
        excused_by="agreeing-ebit",
    ),
    Identity(
        "ebitda-margin",
        ("ebitda",),
        ("revenue",),
        0,
        UNIT,
        "part-and-whole",
        "EBITDA is {ratio} times the revenue.",
        excused_by="agreeing-ebitda",
    ),
    Identity(
        "ebit-in-ebitda",
        ("ebit",),
        ("ebitda",),
        0,
        50,
        "part-and-whole",
        "EBIT is {ratio} times the EBITDA that it is a part of.",
    ),
    Identity(
        "turnover",
        ("revenue",),
        ("total_assets",),
        0,
        50,
        "part-and-whole",
        "Revenue is {ratio} times the total assets.",
    ),
    Identity(
        "balance",
        ("total_assets",),
        (CLAIMS,),
        1 / 4,
        4,
        "part-and-whole",
        "Total assets are {ratio} times liabilities and equity.",
    ),
    Identity(
        "net-margin",
        ("net_income",),
        ("revenue",),
        0,
        UNIT,
        "part-and-whole",
        "Net income is {ratio} times the revenue.",
        excused_by="agreeing-earnings",
    ),
    *(
        Identity(
            f"{part}-in-assets",
            (part,),
            ("total_assets",),
            0,
            most,
            "part-and-whole",
            f"{words} {{ratio}} times the total assets.",
        )
        for part, words, most in (
            ("cash", "Cash is", 5),
            ("current_assets", "Current assets are", 5),
            ("fixed_assets", "Fixed assets are", 5),
            ("total_equity", "Equity is", 5),
            ("retained_earnings", "Retained earnings are", UNIT),
            ("total_liabilities", "Liabilities are", UNIT),
            ("current_liabilities", "Current liabilities are", UNIT),
            ("total_debt", "Debt is", UNIT),
            ("ebit", "EBIT is", 5),
            ("ebitda", "EBITDA is", 5),
            ("cfo", "Operating cash flow is", 5),
            ("fcf", "Free cash flow is", 5),
            ("interest_expense", "Interest is", 1),
        )
    ),
    Identity(
        "return-on-assets",
        ("net_income",),
        ("total_assets",),
        0,
        UNIT,
        "part-and-whole",
        "Net income is {ratio} times the total assets.",
    ),
    # What two witnesses agree on, and what is ordinary.
    replace(EARNINGS, key="agreeing-earnings", low=1 / ALIKE, high=ALIKE, rule=""),
    Identity("agreeing-ebit", ("ebit",), ("net_income",), 0.3, 3),
    Identity("agreeing-ebitda", ("ebitda",), ("net_income",), 0.3, 5),
    Identity("high-price-to-sales", ("market_cap",), ("revenue",), 100, inf),
    Identity("substantial-yield", ("net_income",), ("market_cap",), 1e-2, inf),
    Identity("substantial-eps", ("eps",), ("price",), 1e-2, inf),
    Identity("ordinary-yield", ("net_income",), ("market_cap",), 2e-3, 0.5),
    Identity("ordinary-eps", ("eps",), ("price",), 2e-3, 0.5),
    Identity("ordinary-sales", ("revenue",), ("market_cap",), 1e-2, 20),
    Identity("ordinary-book", ("total_equity",), ("market_cap",), 1e-2, 5),
    Identity("ordinary-assets", ("total_assets",), ("market_cap",), 2e-2, 30),
    Identity("ordinary-turnover", ("revenue",), ("total_assets",), 1e-2, UNIT),
    Identity("ordinary-gross-margin", ("gross_profit",), ("revenue",), 1e-3, 1),
    Identity("ordinary-margin", ("net_income",), ("revenue",), 1e-3, 1),
    Identity("ordinary-operating-margin", ("ebit",), ("revenue",), 1e-3, 1),
    Identity("ordinary-leverage", ("total_assets",), ("total_equity",), 0.9, 30),
    Identity("ordinary-liabilities", ("total_liabilities",), ("total_assets",), 1e-2, 3),
    Identity("ordinary-share-count", ("market_cap",), ("price",), 5e4, inf),
    Identity("ordinary-count-of-eps", ("net_income",), ("eps",), 5e4, inf),
)
"""All of them. The bounds of the binding ones lie beyond what real companies have shown: profit of
more than twice the market value, cash beyond the assets of another day, losses of any size."""

BY_KEY = {identity.key: identity for identity in IDENTITIES}

FRACTIONS: dict[str, tuple[float, float]] = {
    "eps_growth": (-10.0, 10.0),
    "revenue_growth": (-1.0, 10.0),
    "tax_rate": (-5.0, 5.0),
}
"""Bounds beyond which a fraction was given in per cent (15 for 15 %), or grew out of nothing, which
is no growth that a price could be measured by."""
