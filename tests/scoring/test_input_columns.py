"""The inputs of a market in columns are those of its stocks one by one, to the bit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.scoring.assemble import Reported, inputs_at
from stockscore.scoring.input_columns import input_columns
from stockscore.scoring.inputs import CLASSIFIED, RECORDED
from stockscore.scoring.statements import BALANCES, FLOWS, QUOTED

numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1.0, 1e308, -1e308, 5e-324, 3.7]),
    st.floats(0.1, 1e6),
)
"""Figures are finite where they are known."""

quotes = st.one_of(st.none(), numbers, st.sampled_from([float("inf"), float("nan")]))

stocks = st.tuples(
    st.builds(
        Reported,
        currency=st.sampled_from([None, "USD", "GBP", "GBX", "SEK"]),
        figures=st.dictionaries(st.sampled_from((*FLOWS, *BALANCES, *QUOTED)), numbers),
        reported_shares=st.one_of(st.none(), numbers),
        classified=st.sampled_from([None, True, False]),
    ),
    quotes,
    st.sampled_from(["USD", "GBX", "SEK"]),
    quotes,
    quotes,
)


def one_by_one(market) -> dict[str, list[float]]:
    columns = {name: [] for name in RECORDED}
    for stock in market:
        for name, value in inputs_at(*stock).items():
            columns[name].append(np.nan if value is None else value)
    return columns


def column(values) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


@settings(max_examples=300)
@given(st.lists(stocks, min_size=1, max_size=6))
def test_columns_say_what_is_said_of_each_stock(market):
    reported, prices, currencies, dividends, rates = zip(*market, strict=True)
    found = input_columns(reported, column(prices), currencies, column(dividends), column(rates))
    for name, values in one_by_one(market).items():
        assert found[name].tobytes() == np.array(values).tobytes(), name
    classified = [known.classified for known in reported]
    np.testing.assert_array_equal(found[CLASSIFIED], column(classified))
