"""Conditions on stocks: one by one with their readings, by column, and on records read in part."""

import math
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.scoring import inputs, method, strategies
from stockscore.scoring.fields import BY_KEY, FIELDS, QUOTED_PRICE, values_of
from stockscore.scoring.reasons import Reason, code
from stockscore.scoring.screens import (
    Condition,
    MarketFigures,
    fits,
    fits_and_near,
    ordered,
    verdicts,
)
from stockscore.scoring.stored_score import MetricResult, StoredScore
from tests.support.companies import METHOD

EMPTY = dict.fromkeys(inputs.RECORDED)


def _stored(known, *metrics: MetricResult) -> StoredScore:
    return StoredScore(known, metrics, METHOD.version, method.GENERAL)


def values(metrics=(), **known):
    return values_of(_stored(EMPTY | known, *metrics), {}, None)


def decided(key, reason, value=None):
    return MetricResult(METHOD.by_key[key], value, 0.0, 0, 700, code(reason))


def test_every_metric_and_factor_can_be_asked_for_and_every_key_once():
    keys = [field.key for field in FIELDS]
    assert len(set(keys)) == len(keys)
    assert {*METHOD.by_key, *method.FACTORS, "score"} <= set(keys)


@pytest.mark.parametrize(
    ("key", "known"),
    [
        ("pe", {"price": 10.0, "eps_ttm": -1.0}),
        ("pe", {"price": 10.0, "eps_ttm": 0.0}),
        ("pb", {"market_cap": 10.0, "total_equity": -5.0}),
        ("ps", {"market_cap": 10.0, "revenue_ttm": 0.0}),
        ("ev_ebitda", {"enterprise_value": 10.0, "ebitda_ttm": -1.0}),
        ("ev_ebitda", {"enterprise_value": -10.0, "ebitda_ttm": 1.0}),
        ("payout", {"dividend_per_share_ttm": 1.0, "eps_ttm": -1.0}),
    ],
)
def test_a_ratio_that_a_loss_or_negative_equity_turned_negative_meets_no_bound(key, known):
    field = BY_KEY[key]
    reading = field.read(values(**known))
    assert reading.value is None
    assert reading.note
    assert Condition(field, None, 1e12).admits(reading) is False
    assert Condition(field, -1e12, None).admits(reading) is False


@pytest.mark.parametrize("reason", [Reason.NO_PROFIT, Reason.NO_GROWTH])
def test_a_peg_without_profit_or_growth_is_not_low(reason):
    field = BY_KEY["peg"]
    reading = field.read(values([decided("peg", reason)]))
    assert Condition(field, None, 5).admits(reading) is False


def test_net_cash_counts_as_no_years_of_debt_and_no_debt_as_endless_coverage():
    debt, coverage = BY_KEY["net_debt_to_ebitda"], BY_KEY["interest_coverage"]
    cash = debt.read(values([decided("net_debt_to_ebitda", Reason.NET_CASH)]))
    assert Condition(debt, None, 1).admits(cash) is True
    assert Condition(debt, 1, None).admits(cash) is False
    measured = debt.read(values([decided("net_debt_to_ebitda", Reason.NET_CASH, -2.0)]))
    assert measured.value == -2.0
    covered = coverage.read(values([decided("interest_coverage", Reason.NO_DEBT)]))
    assert covered.compared == math.inf
    assert Condition(coverage, 10, None).admits(covered) is True
    assert (cash.note, covered.note) == ("net cash", "no debt")


def test_an_unknown_figure_is_neither_in_nor_out():
    field = BY_KEY["pe"]
    reading = field.read(values(price=10.0))
    assert (reading.value, reading.note) == (None, None)
    assert Condition(field, None, 20).admits(reading) is None


def test_both_bounds_are_included_unless_they_are_strict():
    field = BY_KEY["pe"]
    reading = field.read(values(price=20.0, eps_ttm=1.0))
    assert Condition(field, 20, 20).admits(reading) is True
    assert Condition(field, 20.01, None).admits(reading) is False
    assert Condition(field, None, 19.99).admits(reading) is False
    assert Condition(field, 20, None, strict=True).admits(reading) is False
    assert Condition(field, None, 20, strict=True).admits(reading) is False
    assert Condition(field, 19.99, 20.01, strict=True).admits(reading) is True


def test_points_are_asked_for_in_points_and_not_in_hundredths():
    stock = values_of(_stored(EMPTY), {"score": 7223, "change_7": None}, 12.5)
    assert BY_KEY["score"].read(stock).value == 72.23
    assert BY_KEY["change_7"].read(stock).compared is None
    assert BY_KEY["price"].read(stock).value == 12.5


def test_the_price_that_is_quoted_is_not_the_one_that_ratios_use():
    stock = values_of(_stored(EMPTY | {"price": 2.0, "eps_ttm": 1.0}), {}, 200.0)
    assert BY_KEY["price"].read(stock).value == 200.0
    assert BY_KEY["pe"].read(stock).value == 2.0


MISSING_POINTS = -32_768
POINTS = ("total", *method.FACTORS, *(f"change_{days}" for days in (1, 7, 30, 90)))
DECIDED = (
    ("peg", Reason.NO_PROFIT),
    ("peg", Reason.NO_GROWTH),
    ("debt_to_equity", Reason.NO_EQUITY),
    ("net_debt_to_ebitda", Reason.NET_CASH),
    ("net_debt_to_ebitda", Reason.NO_EBITDA),
    ("interest_coverage", Reason.NO_DEBT),
)
numbers = st.none() | st.sampled_from([0.0, 1.0, 0.15, -1.0, 1e308, 1e-308]) | st.floats(-50, 50)


@st.composite
def stocks(draw):
    """What is known of one stock, by the keys of a cross-section."""
    known = {key: draw(numbers) for key in (*inputs.RECORDED, QUOTED_PRICE)}
    known |= {key: draw(st.none() | st.integers(-10_000, 10_000)) for key in POINTS}
    for metric in METHOD.metrics:
        reasons = [0, *(code(reason) for key, reason in DECIDED if key == metric.key)]
        reason = draw(st.sampled_from(reasons))
        # Only net cash leaves a metric its ratio.
        measured = reason == 0 or reason == code(Reason.NET_CASH)
        known[f"{metric.key}.value"] = draw(numbers) if measured else None
        known[f"{metric.key}.reason"] = reason
    return known


def market_of(found):
    """The columns of a cross-section with these stocks."""
    columns = {}
    for key in found[0]:
        if key.endswith(".reason"):
            columns[key] = array("H", [stock[key] for stock in found])
        elif key in POINTS:
            known = [stock[key] for stock in found]
            columns[key] = array("h", [MISSING_POINTS if n is None else n for n in known])
        else:
            known = [stock[key] for stock in found]
            columns[key] = array("d", [math.nan if n is None else n for n in known])
    return MarketFigures(columns, len(found))


conditions = st.builds(
    Condition,
    st.sampled_from(FIELDS),
    st.none() | st.sampled_from([0.0, 0.15, 1.0]) | st.floats(-20, 20),
    st.none() | st.sampled_from([0.0, 0.15, 1.0]) | st.floats(-20, 20),
    st.booleans(),
)


@settings(max_examples=30)
@given(st.lists(stocks(), min_size=1, max_size=4), st.lists(conditions, max_size=4))
def test_columns_admit_whom_the_verdicts_of_each_stock_admit(found, asked):
    market = market_of(found)
    missed = [
        sum(verdict.passed is not True for verdict in verdicts(asked, stock)) for stock in found
    ]
    fit = [position for position, number in enumerate(missed) if number == 0]
    near = [position for position, number in enumerate(missed) if number == 1]
    assert fits(market, asked) == fit
    assert fits_and_near(market, asked) == (fit, near)
    backwards = range(len(found))[::-1]
    assert fits(market, asked, backwards) == fit[::-1]
    assert fits_and_near(market, asked, backwards) == (fit[::-1], near[::-1])
    for strategy in strategies.STRATEGIES:
        expected = [n for n, stock in enumerate(found) if strategies.admits(strategy, stock)]
        assert fits(market, strategy.conditions) == expected


@settings(max_examples=30)
@given(st.lists(stocks(), min_size=1, max_size=4), st.sampled_from(FIELDS), st.booleans())
def test_columns_order_by_what_readings_compare_with_the_unknown_last(found, field, falling):
    compared = [field.read(stock).compared for stock in found]
    known = [position for position, number in enumerate(compared) if number is not None]
    known.sort(key=lambda position: compared[position], reverse=falling)
    unknown = [position for position, number in enumerate(compared) if number is None]
    market = market_of(found)
    assert ordered(market, field, range(len(found)), falling=falling) == known + unknown


@settings(max_examples=30)
@given(st.lists(stocks(), min_size=1, max_size=3), st.sampled_from(FIELDS))
def test_a_stock_read_out_of_columns_reads_the_same(found, field):
    market = market_of(found)
    for position, stock in enumerate(found):
        read = field.read(market.values(position, field.formula.keys))
        assert read == field.read(stock)


def test_where_a_column_is_lacking_its_figures_are_unknown_of_all():
    market = MarketFigures({"price": array("d", [10.0, 20.0])}, 2)
    pe = BY_KEY["pe"]
    assert fits(market, [Condition(pe, None, 1e9)]) == []
    assert ordered(market, pe, [1, 0], falling=True) == [1, 0]
    assert pe.read(market.values(0, pe.formula.keys)).compared is None


def test_the_verdicts_of_a_strategy_are_those_of_its_conditions_in_fewer_words():
    stock = values(price=10.0, eps_ttm=-1.0)
    gems = strategies.BY_KEY["value-gems"]
    assert [verdict.passed for verdict in strategies.verdicts(gems, stock)] == [
        verdict.passed for verdict in verdicts(gems.conditions, stock)
    ]
    assert strategies.verdicts(gems, stock)[0].reading.note == "no profit"
