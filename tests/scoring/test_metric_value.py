"""A metric of one stock is what the engine computes of all stocks, to the bit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given

from stockscore.scoring import inputs
from stockscore.scoring.method import CURVE
from stockscore.scoring.methods.expressions import minus, names_in, of_one, over, plus, times
from stockscore.scoring.metric_value import metric_value, sub_score_on_curve
from stockscore.scoring.reasons import NOT_APPLICABLE
from stockscore.scoring.universe import Universe
from tests.scoring.test_properties import wild
from tests.support.companies import ALPHA, METHOD, score


def known(value: float) -> float | None:
    return None if math.isnan(value) else value


@given(wild)
def test_one_stock_alone_gives_the_same_bits_as_all_together(stocks):
    scoring = score(Universe.of(stocks))
    for position, one in enumerate(stocks):
        own = {name: inputs.clean(one.inputs.get(name)) for name in inputs.RECORDED}
        for place, metric in enumerate(METHOD.metrics):
            reason = int(scoring.reasons[position, place])
            if metric.formula is None or reason == NOT_APPLICABLE:
                continue
            found = metric_value(metric, own)
            assert found.reason == reason
            assert found.value == known(scoring.values[position, place])
            if metric.mode == CURVE:
                sub_score = sub_score_on_curve(metric, found, scoring.kinds[position])
                assert sub_score == pytest.approx(
                    known(scoring.sub_scores[position, place]), abs=1e-12
                )


def test_a_metric_of_prices_has_no_value_from_inputs():
    with pytest.raises(ValueError, match="computed from prices"):
        metric_value(METHOD.by_key["rsi_14"], ALPHA)


def test_expressions_are_computed_from_left_to_right():
    expression = over(minus(plus("a", "b", 1.0), times(2.0, "c")), "d")
    assert names_in(expression) == ("a", "b", "c", "d")
    assert of_one(expression, {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}) == (1 + 2 + 1 - 6) / 4


@pytest.mark.parametrize("above", [1.0, -1.0, 0.0, -0.0, math.inf, math.nan])
@pytest.mark.parametrize("below", [0.0, -0.0, 2.0, math.inf, math.nan])
def test_one_number_is_divided_as_arrays_are(above, below):
    with np.errstate(all="ignore"):
        expected = float(np.float64(above) / np.float64(below))
    found = of_one(over("above", "below"), {"above": above, "below": below})
    assert found == expected or (math.isnan(found) and math.isnan(expected))
