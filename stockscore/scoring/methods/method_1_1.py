"""The scoring method 1.1: as 1.0, but the balance sheet tells who is a financial company, growth
is of twelve months of reports over the twelve months before, and a stale price counts nowhere."""

from __future__ import annotations

from dataclasses import replace

from stockscore.scoring.method import FINANCIAL
from stockscore.scoring.methods import method_1_0
from stockscore.scoring.methods.definition import FinancialRule

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
)
