"""The scoring method 1.1: as 1.0, but the balance sheet tells who is a financial company, growth
is of twelve months of reports over the twelve months before, and a stale price counts nowhere."""

from __future__ import annotations

from dataclasses import replace

from stockscore.scoring.method import FINANCIAL
from stockscore.scoring.methods import method_1_0
from stockscore.scoring.methods.definition import FinancialRule

KINDS_CHANGED = (
    "The newest balance sheet tells who is a financial company: one that gives neither current "
    "assets nor current liabilities. Card lenders, custody banks and some insurers, which version "
    "1.0 could not rate, are rated; exchanges, payment networks and asset managers are measured "
    "like other companies."
)
GROWTH_CHANGED = (
    "Growth is of twelve months of reports over the twelve months before, or of the last full year "
    "over the one before. What a source quotes as growth is mostly that of one quarter, and is not "
    "used."
)
PRICES_CHANGED = (
    "A price of which nothing newer is believed for more than ten sessions counts in no metric, a "
    "day without a trade makes no price newer, and a year has no more dividends than a stock pays."
)

METHOD = replace(
    method_1_0.METHOD,
    version="1.1",
    financial=FinancialRule(method_1_0.FINANCIAL_INDUSTRIES, unclassified_in="financial services"),
    kind_rules=method_1_0.KIND_RULES
    | {
        FINANCIAL: "Sector Financial Services, and a balance sheet that tells no current assets "
        "and liabilities apart from the others; where no balance sheet is known, industry begins "
        "with Banks, Insurance, Mortgage Finance, Capital Markets or Financial Conglomerates",
    },
    quoted_growth=False,
    doubts_prices=True,
    changes=(KINDS_CHANGED, GROWTH_CHANGED, PRICES_CHANGED),
)
