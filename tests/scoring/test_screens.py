"""What screens can ask: readings, ranges, and records read in part."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.scoring import inputs, method, screens, strategies
from stockscore.scoring.reasons import Reason, code
from stockscore.scoring.record import MetricResult, Record, pack, unpack
from stockscore.scoring.screens import Range, Subject, partial
from tests.scoring.companies import METHOD

EMPTY = dict.fromkeys(inputs.RECORDED)


def _stored(known, *metrics: MetricResult) -> Record:
    return Record(known, metrics, METHOD.version, method.GENERAL)


def subject(metrics=(), **known):
    return Subject(_stored(EMPTY | known, *metrics), {}, None)


def decided(key, reason, value=None):
    return MetricResult(METHOD.by_key[key], value, 0.0, 0, 700, code(reason))


def whole_record():
    known = {name: float(at) for at, name in enumerate(inputs.RECORDED, 1)} | {"cash": None}
    results = tuple(
        MetricResult(one, 0.1 * at if at % 3 else None, 0.5, at, 0, 0)
        for at, one in enumerate(METHOD.metrics)
    )
    return _stored(known, *results)


def test_a_partial_record_is_the_whole_one_with_fewer_metrics():
    kept = pack(whole_record())
    whole = unpack(kept)
    keys = ("peg", "roic", "equity_to_assets")
    part = partial(kept, keys)
    assert part.inputs == whole.inputs
    for key in keys:
        expected, read = whole.by_key[key], part.by_key[key]
        assert (read.value, read.sub_score, read.points, read.reason) == (
            expected.value,
            expected.sub_score,
            expected.points,
            expected.reason,
        )
    assert set(part.by_key) == set(keys)


@pytest.mark.parametrize("kept", [b"", b"\x02\x00" + bytes(652), bytes(10)])
def test_bytes_of_another_layout_are_refused(kept):
    with pytest.raises(ValueError, match="no record of layout"):
        partial(kept, ())


def test_every_metric_and_factor_can_be_asked_for_and_every_key_once():
    keys = [field.key for field in screens.FIELDS]
    assert len(set(keys)) == len(keys)
    assert {*METHOD.by_key, *method.FACTORS, "score"} <= set(keys)


def test_every_figure_of_a_strategy_can_be_asked_for():
    for strategy in strategies.STRATEGIES:
        for condition in strategy.conditions:
            field = screens.BY_KEY[condition.figure]
            assert field.metric is None or field.metric in screens.metrics_for((), True)


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
    field = screens.BY_KEY[key]
    reading = field.read(subject(**known))
    assert reading.value is None
    assert reading.note
    assert Range(field, None, 1e12).admits(reading) is False
    assert Range(field, -1e12, None).admits(reading) is False


@pytest.mark.parametrize("reason", [Reason.NO_PROFIT, Reason.NO_GROWTH])
def test_a_peg_without_profit_or_growth_is_not_low(reason):
    field = screens.BY_KEY["peg"]
    reading = field.read(subject([decided("peg", reason)]))
    assert Range(field, None, 5).admits(reading) is False


def test_net_cash_counts_as_no_years_of_debt_and_no_debt_as_endless_coverage():
    debt, coverage = screens.BY_KEY["net_debt_to_ebitda"], screens.BY_KEY["interest_coverage"]
    cash = debt.read(subject([decided("net_debt_to_ebitda", Reason.NET_CASH)]))
    assert Range(debt, None, 1).admits(cash) is True
    assert Range(debt, 1, None).admits(cash) is False
    measured = debt.read(subject([decided("net_debt_to_ebitda", Reason.NET_CASH, -2.0)]))
    assert measured.value == -2.0
    covered = coverage.read(subject([decided("interest_coverage", Reason.NO_DEBT)]))
    assert covered.compared == math.inf
    assert Range(coverage, 10, None).admits(covered) is True
    assert (cash.note, covered.note) == ("net cash", "no debt")


def test_an_unknown_figure_is_neither_in_nor_out():
    field = screens.BY_KEY["pe"]
    reading = field.read(subject(price=10.0))
    assert (reading.value, reading.note) == (None, None)
    assert Range(field, None, 20).admits(reading) is None


def test_both_ends_of_a_range_are_included():
    field = screens.BY_KEY["pe"]
    reading = field.read(subject(price=20.0, eps_ttm=1.0))
    assert Range(field, 20, 20).admits(reading) is True
    assert Range(field, 20.01, None).admits(reading) is False
    assert Range(field, None, 19.99).admits(reading) is False


def test_points_are_asked_for_in_points_and_not_in_hundredths():
    stock = Subject(_stored(EMPTY), {"score": 7223, "change_7": None}, 12.5)
    assert screens.BY_KEY["score"].read(stock).value == 72.23
    assert screens.BY_KEY["change_7"].read(stock).compared is None
    assert screens.BY_KEY["price"].read(stock).value == 12.5


def test_the_verdicts_of_a_strategy_are_its_own_evaluation():
    record = whole_record()
    for strategy in strategies.STRATEGIES:
        expected = [one.passed for one in strategies.evaluate(strategy, record).outcomes]
        verdicts = screens.strategy_verdicts(strategy, record)
        assert [verdict.passed for verdict in verdicts] == expected


@given(
    known=st.fixed_dictionaries(
        {name: st.none() | st.floats(-10, 10) for name in ("price", "eps_ttm", "revenue_growth")}
    ),
    values=st.lists(st.none() | st.floats(-1, 1), min_size=5, max_size=5),
)
@settings(max_examples=60)
def test_a_strategy_fits_whom_its_evaluation_admits(known, values):
    keys = ("peg", "roic", "net_margin", "fcf_yield", "debt_to_equity")
    known |= {"market_cap": 1.0, "total_equity": 1.0, "dividend_per_share_ttm": 0.1}
    results = tuple(
        MetricResult(METHOD.by_key[key], value, None, None, 0)
        for key, value in zip(keys, values, strict=True)
    )
    record = _stored(EMPTY | known, *results)
    for strategy in strategies.STRATEGIES:
        assert screens.fits(strategy, record) == strategies.evaluate(strategy, record).admitted
