"""Market values in one currency, that of the setting BASE_CURRENCY, by which stocks are ordered and
screened: 6.3 trillion yen is not the largest company."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from flask import current_app

from stockscore.scoring.assemble import Reported
from stockscore.scoring.currency import major_unit
from stockscore.services.market_inputs import MarketInputs, MarketSources, Rates
from stockscore.store.stocks import ListedStock


def base_currency() -> str:
    """The ISO code of the currency in which market values are compared."""
    code: str = current_app.config["BASE_CURRENCY"]
    return code


def in_base(market: MarketInputs, market_caps: np.ndarray, known_at: datetime) -> np.ndarray:
    """The market values (each in the currency of its reports) in the base currency at the rates of
    the market's day as they were known at a moment, NaN where a value or a rate is unknown."""
    base, rates = base_currency(), Rates(market.day, known_at)
    found = [
        rates.between(_currency_of(stock, reported), base)
        for stock, reported in zip(market.stocks, market.reported, strict=True)
    ]
    in_use = np.array([np.nan if rate is None else rate for rate in found], dtype=np.float64)
    converted: np.ndarray = market_caps * in_use
    return converted


def rates_in_use(sources: MarketSources) -> Sequence[object]:
    """The base currency and the rates that the market values of these sources are converted by, so
    that an edition can tell whether they have changed."""
    base, rates = base_currency(), Rates(sources.day, sources.known_at)
    for stock in sources.stocks:
        kept = sources.figures.get(stock.id)
        rates.between(_currency_of(stock, kept.reported if kept else Reported()), base)
    return base, sorted(rates.known.items())


def _currency_of(stock: ListedStock, reported: Reported) -> str:
    """The currency of a market value: that of the reports, else of the price."""
    return reported.currency or stock.financial_currency or major_unit(stock.currency)[0]
