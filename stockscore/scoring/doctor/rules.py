"""The rules by which values are believed or not, each once, as pages and documents list them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its key (kept with what it caught), a title, and a sentence that says what it holds
    back and why that is right."""

    key: str
    title: str
    text: str


_ALL = (
    Rule(
        "price-currency",
        "Currency of prices",
        "Prices that come in another currency than all earlier ones are held back.",
    ),
    Rule(
        "no-price",
        "No price",
        "A close or a split of zero or less cannot be.",
    ),
    Rule(
        "dividend-unit",
        "Unit of a dividend",
        "A dividend of nearly the whole price is in another unit.",
    ),
    Rule(
        "price-jump",
        "Jump of a price",
        "A close that moves by more than 80 % without a split is held back until five later "
        "sessions keep its level; a jump of the size of a unit is held back however long it lasts.",
    ),
    Rule("no-figures", "Empty answer", "An answer without any figure changes nothing."),
    Rule(
        "report-currency",
        "Currency of the accounts",
        "Accounts in another currency than all earlier ones are held back.",
    ),
    Rule(
        "money-unit",
        "Unit of money",
        "Sales, assets or a market value that move as only a change of unit moves them are held "
        "back.",
    ),
    Rule(
        "accounts-label",
        "Label of the accounts",
        "Accounts are held back whole where their net income is earnings per share times shares in "
        "the currency of the price, although they are said to be in another one.",
    ),
    Rule(
        "quote-and-close",
        "Quote and last close",
        "A quoted price that is less than a fifth or more than 1.8 times the last close that is "
        "believed is held back, as the bars of such a jump are.",
    ),
    Rule(
        "value-and-shares",
        "Market value and shares",
        "Market value is price times shares. Where they differ by a factor of twenty one of the "
        "three is in another unit, and the one that other figures contradict is held back.",
    ),
    Rule(
        "earnings-and-eps",
        "Net income and earnings per share",
        "Net income is earnings per share times shares. Where they differ by a factor of 20, or of "
        "150 where either is near zero, the figure that others contradict is held back.",
    ),
    Rule(
        "yield",
        "Yields above 100 %",
        "Earnings of more than the market value in a year are held back unless earnings per share "
        "say the same, above three times always; dividends of more than the price always.",
    ),
    Rule(
        "value-and-accounts",
        "Market value and accounts",
        "Equity of fifty, revenue of a thousand times the market value, or a market value of five "
        "thousand times the assets mix two units or currencies.",
    ),
    Rule(
        "enterprise-value",
        "Enterprise value",
        "Enterprise value is market value plus debt less cash; a quoted one that differs by a "
        "factor of four is held back, and the sum used instead.",
    ),
    Rule(
        "part-and-whole",
        "Part and whole",
        "Gross profit is part of revenue, EBIT of EBITDA, and assets are liabilities plus equity. "
        "Profits of twenty times the revenue, revenue of fifty, cash, equity or cash flows of five "
        "and debts of twenty times the assets are in another unit or of another span.",
    ),
    Rule(
        "fraction",
        "Per cent for a fraction",
        "A growth of more than ten times, or a tax rate beyond five, was given in per cent or "
        "grew out of nothing; neither can be measured by.",
    ),
)

RULES = {rule.key: rule for rule in _ALL}
"""Every rule by its key."""
