"""Companies with round numbers, whose scores can be worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from stockscore.scoring import engine, record_0_1
from stockscore.scoring.methods import METHODS
from stockscore.scoring.stored_score import MetricResult, StoredScore
from stockscore.scoring.universe import StockInputs, Universe

SESSION = date(2026, 11, 23)

ALPHA = {
    "price": 100.0,
    "market_cap": 1000.0,
    "enterprise_value": 1200.0,
    "eps_ttm": 5.0,
    "eps_growth": 0.20,
    "revenue_ttm": 2000.0,
    "gross_profit_ttm": 800.0,
    "ebit_ttm": 200.0,
    "ebitda_ttm": 300.0,
    "net_income_ttm": 150.0,
    "cfo_ttm": 250.0,
    "fcf_ttm": 100.0,
    "interest_expense_ttm": 20.0,
    "tax_rate": 0.25,
    "total_assets": 2000.0,
    "total_liabilities": 1200.0,
    "total_debt": 400.0,
    "cash": 200.0,
    "total_equity": 800.0,
    "retained_earnings": 500.0,
    "current_assets": 900.0,
    "current_liabilities": 600.0,
    "dividend_per_share_ttm": 2.0,
    "revenue_growth": 0.08,
}
"""A sound industrial company; every input is known."""

BETA = {
    "price": 100.0,
    "market_cap": 1000.0,
    "enterprise_value": 1000.0,
    "eps_ttm": 4.0,
    "eps_growth": 0.10,
    "revenue_ttm": 2000.0,
    "gross_profit_ttm": 600.0,
    "ebit_ttm": 120.0,
    "ebitda_ttm": 150.0,
    "net_income_ttm": 100.0,
    "cfo_ttm": 150.0,
    "fcf_ttm": 50.0,
    "interest_expense_ttm": 40.0,
    "tax_rate": 0.25,
    "total_assets": 2000.0,
    "total_liabilities": 1400.0,
    "total_debt": 500.0,
    "cash": 100.0,
    "total_equity": 600.0,
    "retained_earnings": 200.0,
    "current_assets": 700.0,
    "current_liabilities": 700.0,
}
"""Worse than ALPHA in every metric."""

GAMMA = {
    "price": 10.0,
    "market_cap": 1000.0,
    "enterprise_value": 1500.0,
    "eps_ttm": -1.0,
    "revenue_ttm": 1000.0,
    "gross_profit_ttm": 100.0,
    "ebit_ttm": -60.0,
    "ebitda_ttm": -20.0,
    "net_income_ttm": -50.0,
    "cfo_ttm": -80.0,
    "fcf_ttm": -30.0,
    "interest_expense_ttm": 35.0,
    "total_assets": 1500.0,
    "total_liabilities": 1200.0,
    "total_debt": 700.0,
    "cash": 0.0,
    "total_equity": 300.0,
    "retained_earnings": -100.0,
    "current_assets": 300.0,
    "current_liabilities": 600.0,
}
"""A loss-maker, worse than BETA in every metric; tax rate and growth are unknown."""

GENERAL = ("Industrials", "Specialty Industrial Machinery")
FINANCIAL = ("Financial Services", "Banks - Regional")
REAL_ESTATE = ("Real Estate", "REIT - Office")
UTILITY = ("Utilities", "Utilities - Regulated Electric")


def stock(
    ticker: str,
    inputs: Mapping[str, object] = ALPHA,
    profile: tuple[str | None, str | None] = GENERAL,
    closes: Sequence[float] = (),
    volumes: Sequence[float] | None = None,
    last_session: date | None = None,
    **more,
) -> StockInputs:
    """One stock; with closes, 1,000 shares change hands each session unless volumes are given."""
    return StockInputs(
        ticker=ticker,
        inputs=inputs,
        sector=profile[0],
        industry=profile[1],
        closes=closes,
        volumes=[1000.0] * len(closes) if volumes is None else volumes,
        last_session=last_session or (SESSION if len(closes) else None),
        **more,
    )


METHOD = METHODS["1.0"]
"""The method of the tests that are worked out on paper."""


def score(universe: Universe, previous: Mapping[str, str | None] | None = None) -> engine.Scoring:
    """The scores of a universe under `METHOD`."""
    return engine.score(universe, METHOD, previous)


def scored(*stocks: StockInputs) -> list[StoredScore]:
    """What is kept of these stocks as the only ones of a universe."""
    return [record_0_1.unpack(packed) for packed in score(Universe.of(stocks)).records]


def result_of(key: str, inputs: Mapping[str, object], profile=GENERAL, **bars) -> MetricResult:
    """What becomes of one metric of a company that is alone in its universe."""
    return scored(stock("ONE", inputs, profile, **bars))[0].by_key[key]
