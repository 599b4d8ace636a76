"""Scored by the method, the simulated market looks like a real one (scoring.md: means of 53 to 55,
standard deviations of 10 to 12)."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from stockscore.providers.base import Unavailable
from stockscore.scoring.assemble import assemble, inputs_at
from stockscore.scoring.currency import major_unit
from stockscore.scoring.engine import score
from stockscore.scoring.methods import default_method
from stockscore.scoring.universe import StockInputs, Universe


def adjusted_closes(bars):
    adjustments = np.array([bar.adjustment for bar in bars])
    later = np.append(np.cumprod(adjustments[::-1])[::-1][1:], 1.0)
    return np.array([bar.close for bar in bars]) * later


def rate_of(provider, listing, now):
    try:
        return provider.exchange_rate(
            major_unit(listing.currency)[0], listing.financial_currency, now
        )
    except Unavailable:
        return None


@pytest.fixture(scope="module")
def scoring(provider, demo_stocks, now):
    inputs = []
    for listing, prices, fundamentals in demo_stocks:
        if listing.delisted_on:
            continue
        bars, year_ago = prices.bars, (now - timedelta(days=365)).date()
        reported = assemble(
            fundamentals.statements, [(bar.session, bar.split) for bar in bars if bar.split != 1]
        )
        dividends = sum(bar.dividend for bar in bars if bar.session > year_ago)
        rate = rate_of(provider, listing, now)
        inputs.append(
            StockInputs(
                ticker=listing.ticker,
                inputs=inputs_at(reported, bars[-1].close, listing.currency, dividends, rate),
                exchange=listing.exchange,
                sector=listing.sector,
                industry=listing.industry,
                closes=adjusted_closes(bars)[-300:],
                volumes=[bar.volume for bar in bars][-300:],
                last_session=bars[-1].session,
                rate_missing=rate is None,
            )
        )
    return score(Universe.of(inputs), default_method())


def test_nearly_all_stocks_are_rated(scoring):
    assert (scoring.total >= 0).mean() > 0.98


def test_the_mean_and_the_spread_are_those_of_a_real_market(scoring):
    totals = scoring.total[scoring.total >= 0] / 100
    assert 52 <= totals.mean() <= 57
    assert 9.5 <= totals.std() <= 12.5
    assert 28 <= np.percentile(totals, 5) <= 40
    assert 68 <= np.percentile(totals, 95) <= 76


def test_all_signals_occur_and_most_stocks_are_held(scoring):
    signals = Counter(scoring.signals)
    assert min(signals[s] for s in ("STRONG BUY", "BUY", "HOLD", "SELL", "STRONG SELL")) >= 5
    assert signals.most_common(1)[0][0] == "HOLD"


def test_what_is_missing_makes_some_scores_uncertain_but_not_most(scoring):
    uncertain = (scoring.uncertainty[scoring.total >= 0] > 0).mean()
    assert 0.05 < uncertain < 0.4


def test_the_factors_do_not_all_say_the_same(scoring):
    points = scoring.factor_points[(scoring.factor_points >= 0).all(axis=1)]
    correlations = np.corrcoef(points.T)[np.triu_indices(4, 1)]
    assert abs(correlations).max() < 0.6
