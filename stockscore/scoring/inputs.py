"""The numbers that go into a score (scoring.md, section 1): one stock, one moment, one currency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real


@dataclass(frozen=True, slots=True)
class Input:
    """`unit` is "money", "money per share" or "fraction"; `label` names it inside a sentence."""

    name: str
    unit: str
    label: str
    meaning: str


INPUTS: tuple[Input, ...] = (
    Input("price", "money per share", "the price", "Price of one share"),
    Input("market_cap", "money", "market value", "Price times shares outstanding"),
    Input(
        "enterprise_value",
        "money",
        "enterprise value",
        "Market value plus debt less cash: the price of the whole business",
    ),
    Input(
        "eps_ttm",
        "money per share",
        "earnings per share",
        "Diluted earnings per share, twelve months",
    ),
    Input(
        "eps_growth",
        "fraction",
        "growth of earnings per share",
        "Earnings per share against the twelve months before",
    ),
    Input("revenue_ttm", "money", "revenue", "Revenue, twelve months"),
    Input("gross_profit_ttm", "money", "gross profit", "Revenue less cost of sales, twelve months"),
    Input("ebit_ttm", "money", "EBIT", "Operating profit before interest and tax, twelve months"),
    Input("ebitda_ttm", "money", "EBITDA", "EBIT before depreciation, twelve months"),
    Input("net_income_ttm", "money", "net income", "Profit after tax, twelve months"),
    Input(
        "cfo_ttm",
        "money",
        "operating cash flow",
        "Cash that the business itself brought in, twelve months",
    ),
    Input(
        "fcf_ttm",
        "money",
        "free cash flow",
        "Operating cash flow less capital expenditure, twelve months",
    ),
    Input("interest_expense_ttm", "money", "interest expense", "Interest paid, twelve months"),
    Input("tax_rate", "fraction", "the tax rate", "Tax over pre-tax profit, kept within 0 to 35 %"),
    Input("total_assets", "money", "total assets", "All that the company owns"),
    Input("total_liabilities", "money", "total liabilities", "All that the company owes"),
    Input("total_debt", "money", "total debt", "Loans, bonds and leases that bear interest"),
    Input("cash", "money", "cash", "Cash and short-term investments"),
    Input("total_equity", "money", "equity", "Assets less liabilities: what belongs to the owners"),
    Input("retained_earnings", "money", "retained earnings", "Past profit kept in the company"),
    Input("current_assets", "money", "current assets", "Assets that turn into cash within a year"),
    Input("current_liabilities", "money", "current liabilities", "Debts due within a year"),
    Input(
        "dividend_per_share_ttm",
        "money per share",
        "the dividend",
        "Dividends per share, twelve months",
    ),
)
"""The inputs of the method, in the order of scoring.md (sector and industry are no numbers)."""

CONTEXT: tuple[Input, ...] = (
    Input(
        "revenue_growth",
        "fraction",
        "growth of revenue",
        "Revenue against the twelve months before",
    ),
)
"""Numbers that no metric uses but strategies do; they are kept in the same records."""

RECORDED: tuple[str, ...] = tuple(entry.name for entry in INPUTS + CONTEXT)
"""The names of all numbers kept of a stock, in the order of its record."""

CLASSIFIED = "classified_balance_sheet"
"""1 where the newest balance sheet that gives total assets gives current assets or current
liabilities too, 0 where it gives neither (as banks' and insurers' do); missing where no balance
sheet is known. The kind of company may follow from it."""

BY_NAME: dict[str, Input] = {entry.name: entry for entry in INPUTS + CONTEXT}


def clean(value: object) -> float | None:
    """The number, or None for what is none: text, NaN, an infinity, a truth value."""
    if type(value) is float:  # nearly always, and asking an abstract class is far slower
        return value if math.isfinite(value) else None
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
