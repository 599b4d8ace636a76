"""What must hold of every universe, whatever is in it."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.scoring import record_0_1, series
from stockscore.scoring.assemble import Reported, assemble, inputs_at
from stockscore.scoring.checks import altman, greenblatt, piotroski
from stockscore.scoring.curves import place_on
from stockscore.scoring.engine import NOT_RATED, Scoring
from stockscore.scoring.explain import not_rated_sentence, sentence
from stockscore.scoring.fields import values_of
from stockscore.scoring.horizons import HORIZONS, fit
from stockscore.scoring.inputs import INPUTS, RECORDED
from stockscore.scoring.method import CURVE, FACTORS
from stockscore.scoring.statements import BALANCES, FLOWS, QUOTED
from stockscore.scoring.strategies import STRATEGIES, admits
from stockscore.scoring.universe import StockInputs, Universe
from tests.scoring.test_assemble import QUARTER_ENDS, report, summary
from tests.support.companies import (
    ALPHA,
    BETA,
    FINANCIAL,
    GAMMA,
    GENERAL,
    METHOD,
    REAL_ESTATE,
    SESSION,
    UTILITY,
    score,
    stock,
)

MONEY = [entry.name for entry in INPUTS if entry.unit.startswith("money")]
PROFILES = [GENERAL, FINANCIAL, REAL_ESTATE, UTILITY, ("Energy", None), (None, None), ("", "x")]

anything = st.one_of(
    st.none(),
    st.floats(),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 1e308, -1e308, 5e-324, math.inf, "text", True]),
)
"""Whatever a careless source might answer."""

sensible = st.floats(min_value=-1e6, max_value=1e6).map(lambda value: round(value, 3))


def bars(values: st.SearchStrategy) -> st.SearchStrategy[list[float]]:
    """Up to 260 closes, made of a few drawn ones so that examples stay quick."""
    return st.builds(
        lambda pattern, count: (pattern * 260)[:count],
        st.lists(values, min_size=1, max_size=5),
        st.sampled_from([0, 1, 14, 15, 51, 130, 253, 260]),
    )


def companies(numbers: st.SearchStrategy, closes: st.SearchStrategy) -> st.SearchStrategy:
    """Universes of up to six stocks."""
    one = st.builds(
        lambda inputs, profile, prices, lag: (inputs, profile, prices, lag),
        st.dictionaries(st.sampled_from(RECORDED), numbers, max_size=len(RECORDED)),
        st.sampled_from(PROFILES),
        closes,
        st.integers(0, 40),
    )
    return st.lists(one, max_size=6).map(
        lambda drawn: [
            replace(
                stock(f"T{index}", inputs, profile, prices),
                last_session=SESSION.fromordinal(SESSION.toordinal() - lag),
            )
            for index, (inputs, profile, prices, lag) in enumerate(drawn)
        ]
    )


wild = companies(anything, bars(st.floats()))
tame = companies(st.one_of(st.none(), sensible), bars(st.floats(min_value=1, max_value=1e4)))


def check_ranges(scoring: Scoring) -> None:
    n = len(scoring)
    rated = scoring.total != NOT_RATED
    assert ((scoring.total[rated] >= 0) & (scoring.total[rated] <= 10000)).all()
    assert ((scoring.uncertainty[rated] >= 0) & (scoring.uncertainty[rated] <= 2500)).all()
    assert ((scoring.coverage >= 0) & (scoring.coverage <= 1)).all()
    assert ((scoring.factor_points >= NOT_RATED) & (scoring.factor_points <= 2500)).all()
    present = ~np.isnan(scoring.sub_scores)
    assert ((scoring.sub_scores[present] >= 0) & (scoring.sub_scores[present] <= 1)).all()
    assert not np.isinf(scoring.values).any()
    assert not np.isinf(scoring.sub_scores).any()
    assert sorted(scoring.rank[rated]) == list(range(1, rated.sum() + 1))
    assert (scoring.rank[~rated] == 0).all()
    for percentile in (scoring.percentile, scoring.sector_percentile):
        known = percentile[~np.isnan(percentile)]
        assert ((known > 0) & (known < 1)).all()
    assert [signal is not None for signal in scoring.signals] == rated.tolist()
    assert len(scoring.records) == len(scoring.receipts) == n
    assert all(
        math.isfinite(median) for group in scoring.medians.values() for median in group.values()
    )


def check_sums(scoring: Scoring) -> None:
    """Metrics sum to their factor, factors to the total, exactly."""
    for index in range(len(scoring)):
        results = record_0_1.unpack(scoring.records[index]).metrics
        for place, factor in enumerate(FACTORS):
            own = [
                result
                for metric, result in zip(METHOD.metrics, results, strict=True)
                if metric.factor == factor and result.points is not None
            ]
            points = int(scoring.factor_points[index, place])
            assert sum(result.points for result in own) == max(points, 0)
            assert all(0 <= result.points <= result.max_points for result in own)
            assert bool(own) or points == NOT_RATED
        factors = [int(points) for points in scoring.factor_points[index] if points != NOT_RATED]
        total = int(scoring.total[index])
        if len(factors) == 4:
            assert total == sum(factors)
        elif len(factors) == 3:
            assert total == math.floor(sum(factors) * 4 / 3 + 0.5 + 1e-9)
        else:
            assert total == NOT_RATED


@settings(max_examples=120)
@given(wild)
def test_no_input_raises_or_yields_a_number_out_of_range(stocks):
    scoring = score(Universe.of(stocks), {"T0": "BUY", "T1": "nonsense"})
    check_ranges(scoring)
    check_sums(scoring)


@settings(max_examples=60)
@given(wild)
def test_whatever_was_scored_can_be_explained_and_screened(stocks):
    scoring = score(Universe.of(stocks))
    for at, one in enumerate(stocks):
        kept = record_0_1.unpack(scoring.records[at])
        assert record_0_1.pack(kept) == scoring.records[at]
        for result in kept.metrics:
            assert sentence(result, one.sector, result.value).endswith(".")
        for strategy in STRATEGIES:
            admitted = admits(strategy, values_of(kept, {}, None))
            earnings, equity = kept.inputs["eps_ttm"], kept.inputs["total_equity"]
            asked = {condition.field.key for condition in strategy.conditions}
            if admitted and asked & {"pe", "peg", "payout"}:
                assert earnings > 0
            if admitted and asked & {"pb", "debt_to_equity"}:
                assert equity > 0
        kind = METHOD.kind_of(one.sector, one.industry)
        assert not_rated_sentence(kept, kind).startswith("Not rated")
        z = altman(kept.inputs, kind)
        assert (z.z is None) == (z.zone is None) == (z.reason is not None)
        greenblatt(kept.inputs, Reported(), kind)
        factors = {
            factor: None if points == NOT_RATED else int(points)
            for factor, points in zip(FACTORS, scoring.factor_points[at], strict=True)
        }
        for horizon in HORIZONS:
            fitness = fit(factors, horizon.weights)
            assert fitness is None or 0 <= fitness <= 10000


@settings(max_examples=40)
@given(tame, st.randoms(use_true_random=False))
def test_the_order_of_stocks_does_not_matter(stocks, random):
    shuffled = list(stocks)
    random.shuffle(shuffled)
    one, other = score(Universe.of(stocks)), score(Universe.of(shuffled))
    said = [dict(zip(s.tickers, s.receipts, strict=True)) for s in (one, other)]
    assert said[0] == said[1]
    ranks = [dict(zip(s.tickers, s.rank.tolist(), strict=True)) for s in (one, other)]
    assert ranks[0] == ranks[1]
    assert one.medians == other.medians


@settings(max_examples=40)
@given(tame, st.floats(min_value=1e-4, max_value=1e4))
def test_a_company_in_another_currency_has_the_same_score(stocks, rate):
    def converted(one: StockInputs) -> StockInputs:
        inputs = {
            name: value * rate if name in MONEY and value is not None else value
            for name, value in one.inputs.items()
        }
        return replace(one, inputs=inputs, closes=[close * rate for close in one.closes])

    one = score(Universe.of(stocks))
    other = score(Universe.of([*map(converted, stocks[:1]), *stocks[1:]]))
    assert one.total.tolist() == other.total.tolist()
    assert one.factor_points.tolist() == other.factor_points.tolist()
    assert one.points.tolist() == other.points.tolist()
    assert one.reasons.tolist() == other.reasons.tolist()
    assert one.signals == other.signals


@settings(max_examples=20)
@given(st.floats(min_value=0.01, max_value=100))
def test_a_rate_on_the_reports_alone_changes_only_what_mixes_them_with_the_price(rate):
    quoted = {"price", "market_cap", "enterprise_value", "dividend_per_share_ttm"}
    converted = {
        name: value * rate if name in MONEY and name not in quoted else value
        for name, value in ALPHA.items()
    }
    before, after = (
        record_0_1.unpack(score(Universe.of([stock("A", inputs)])).records[0]).by_key
        for inputs in (ALPHA, converted)
    )
    mixed = {metric.key for metric in METHOD.metrics if quoted & set(metric.inputs)}
    assert mixed == {"earnings_yield", "ebitda_to_ev", "fcf_yield", "book_to_price", "peg"}
    for key in set(before) - mixed:
        assert after[key].value == (
            None if before[key].value is None else pytest.approx(before[key].value)
        )


BETTER = {
    "net_income_ttm": ("earnings_yield", "roe", "net_margin", "return_on_assets"),
    "ebitda_ttm": ("ebitda_to_ev", "net_debt_to_ebitda"),
    "fcf_ttm": ("fcf_yield",),
    "eps_growth": ("peg",),
    "ebit_ttm": ("roic", "interest_coverage", "altman_z2"),
    "gross_profit_ttm": ("gross_profitability",),
    "cfo_ttm": ("cash_conversion",),
    "retained_earnings": ("altman_z2",),
    "current_assets": ("current_ratio", "altman_z2"),
    "total_equity": ("book_to_price", "debt_to_equity", "altman_z2", "equity_to_assets"),
}
"""Inputs of which more is better, all else being equal, for these metrics."""


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(BETTER)),
    st.sampled_from([ALPHA, BETA, GAMMA]),
    st.sampled_from(PROFILES),
    st.floats(min_value=0, max_value=1e4),
)
def test_a_better_input_never_lowers_a_sub_score(name, inputs, profile, more):
    rest = [stock("R1", ALPHA, profile), stock("R2", BETA, profile), stock("R3", GAMMA)]
    improved = inputs | {name: inputs.get(name, 0.1) + more}
    before, after = (
        record_0_1.unpack(score(Universe.of([stock("ONE", one, profile), *rest])).records[0]).by_key
        for one in (inputs | {name: inputs.get(name, 0.1)}, improved)
    )
    for key in BETTER[name]:
        if before[key].sub_score is not None and after[key].sub_score is not None:
            assert after[key].sub_score >= before[key].sub_score - 1e-12


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(ALPHA)),
    st.sampled_from([ALPHA, BETA]),
    st.sampled_from([1.0001, 0.9999]),
    st.sampled_from([GENERAL, FINANCIAL, UTILITY]),
)
def test_a_tiny_change_of_an_input_makes_a_tiny_change_of_the_score(name, inputs, factor, profile):
    # No rank changes, because the other companies are far away.
    inputs = inputs | {name: inputs.get(name, 1.0)}
    rest = [stock("R1", GAMMA, profile), stock("R2", GAMMA)]
    before, after = (
        score(Universe.of([stock("ONE", one, profile, [100.0] * 253), *rest]))
        for one in (inputs, inputs | {name: inputs[name] * factor})
    )
    # A ten-thousandth of any input moves a curve by less than a thousandth, the score by less
    # than a tenth of a point.
    assert abs(int(before.total[0]) - int(after.total[0])) <= 10


def test_a_changed_rank_moves_a_score_by_one_step_and_no_more():
    # Of 100 companies of one sector one passes its neighbour: its percentile rises by 1/100.
    stocks = [
        stock(f"T{index:03}", ALPHA | {"gross_profit_ttm": 800.0 + index}, closes=[100.0] * 253)
        for index in range(100)
    ]
    before = score(Universe.of(stocks))
    passing = replace(stocks[40], inputs=ALPHA | {"gross_profit_ttm": 841.5})
    after = score(Universe.of([*stocks[:40], passing, *stocks[41:]]))
    # 6 points · 0.01 = 0.06
    assert after.total[40] - before.total[40] == pytest.approx(6, abs=1)


@settings(max_examples=60)
@given(
    st.floats(min_value=-10, max_value=200),
    st.sampled_from([metric for metric in METHOD.metrics if metric.mode == CURVE]),
)
def test_curves_have_no_cliffs(value, metric):
    steepest = max(abs((y2 - y1) / (x2 - x1)) for (x1, y1), (x2, y2) in pairwise(metric.curve))
    here, there = place_on(value, metric.curve), place_on(value + 1e-4, metric.curve)
    assert abs(here - there) <= steepest * 1e-4 + 1e-12


def test_one_stock_alone_and_all_tied_are_in_the_middle():
    for count in (1, 7):
        scoring = score(Universe.of([stock(f"T{index}", ALPHA) for index in range(count)]))
        check_ranges(scoring)
        results = record_0_1.unpack(scoring.records[0]).by_key
        for key in ("earnings_yield", "roic", "roe"):
            assert results[key].sub_score == pytest.approx(0.5)


figures = st.dictionaries(
    st.sampled_from(FLOWS + BALANCES + QUOTED),
    anything,
)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 7), figures), max_size=12),
    figures,
    anything,
    st.sampled_from(["USD", "GBX", "SEK"]),
    anything,
)
def test_no_statement_makes_the_assembly_raise_or_yield_what_is_no_number(
    drawn, quoted, price, currency, rate
):
    statements = [report(QUARTER_ENDS[at], given) for at, given in drawn]
    statements.append(summary(quoted))
    splits = [(QUARTER_ENDS[3], 2.0)]
    reported = assemble(statements, splits)
    found = inputs_at(reported, price, currency, rate, rate)
    assert set(found) == set(RECORDED)
    assert all(value is None or math.isfinite(value) for value in found.values())
    result = piotroski(statements, splits)
    assert 0 <= result.score <= result.known <= 9
    greenblatt(found, reported, "general")


def _events(closes):
    """The events of a chart of these closes."""
    averages = (series.sma(closes, window) for window in (series.SHORT, series.LONG))
    return series.events(*averages, series.rsi(closes))


@settings(max_examples=40)
@given(bars(st.floats(min_value=0.01, max_value=1e6)))
def test_no_series_makes_a_chart_raise_or_leave_its_range(closes):
    assert all(value is None or 0 <= value <= 100 for value in series.rsi(closes))
    assert all(0 <= event.index < len(closes) for event in _events(closes))
