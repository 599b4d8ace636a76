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
    Rule(
        "unlisted-split",
        "Jump like a split",
        "A lasting jump of just a whole ratio (a tenth, three times), of which no split is listed, "
        "is held back until somebody decides: most are splits that the source left out, after "
        "which share counts and earnings per share would be of other shares than the price.",
    ),
    Rule(
        "price-unit",
        "Unit of prices",
        "The first prices of a stock are held back where they are about a hundred times the quoted "
        "price, or a hundredth of it: one of the two is in pence and the other in pounds.",
    ),
    Rule(
        "split-not-restated",
        "Split not restated",
        "Where a history falls out of line by just the ratio of a listed split, the source has not "
        "restated it: the prices are taken as they were traded. Restating them once more would "
        "turn a split into a return of some hundred per cent.",
    ),
    Rule(
        "closed-day",
        "No session",
        "A bar of a day on which its exchange did not trade, or of a session that has not begun, "
        "is left out: such a price was never made.",
    ),
    Rule(
        "dividend-currency",
        "Currency of a dividend",
        "A dividend in another currency than the price is converted; without an exchange rate it "
        "is unknown, because a dollar is no krone.",
    ),
    Rule("no-figures", "Empty answer", "An answer without any figure changes nothing."),
    Rule(
        "report-currency",
        "Currency of the accounts",
        "Accounts in another currency than all earlier ones are held back until two reports are in "
        "it and agree: companies do change their currency, but sources mistake labels more often.",
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
    Rule(
        "negative-revenue",
        "Revenue below zero",
        "Revenue of less than nothing cannot be: the figure is left out, and the source's own sum "
        "of twelve months is used.",
    ),
    Rule(
        "balance-sheet",
        "Sides of a balance sheet",
        "Where liabilities and equity together are more than the assets, or less than a third of "
        "them, one of the three is wrong and none is used.",
    ),
    Rule(
        "cumulative",
        "Sums since the start of the year",
        "Figures of a quarter that are sums of six, nine and twelve months are taken apart by "
        "their differences, because four of them added up count most of the year several times.",
    ),
    Rule(
        "span",
        "Span of a figure",
        "Four quarters, the source's twelve months and the year tell of one sum: where two agree "
        "the third is left out, where none agree all of them are.",
    ),
)

RULES = {rule.key: rule for rule in _ALL}
"""Every rule by its key."""
