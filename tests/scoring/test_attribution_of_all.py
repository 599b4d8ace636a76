"""The changes of many stocks are split at once as each one is by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.scoring import engine
from stockscore.scoring.attribution import CAUSES, ScoredRecord, attribute
from stockscore.scoring.attribution_of_all import (
    RecordedColumns,
    all_by_method,
    attribute_all,
)
from stockscore.scoring.methods import METHODS
from stockscore.scoring.score_columns import score_columns
from stockscore.scoring.stored_score import derived_keys, stored_score
from stockscore.scoring.universe import StockInputs, Universe
from stockscore.scoring.why import NAMED, telling
from tests.scoring.test_properties import bars, companies, sensible
from tests.support.companies import ALPHA, BETA, GAMMA, stock

FLAT = [10.0] * 253


def columns_of(stocks: list[StockInputs], version: str, *, derived: bool) -> dict:
    """What is said of these stocks; without the ratios that follow from inputs, as snapshots are
    kept."""
    universe = Universe.of(stocks)
    columns = score_columns(universe, engine.score(universe, METHODS[version]))
    left_out = () if derived else derived_keys(METHODS[version])
    return {key: column for key, column in columns.items() if key not in left_out}


def record(columns: dict, place: int, version: str) -> ScoredRecord:
    return ScoredRecord(
        stored_score(columns, place, version), int(columns["total"][place]), version
    )


def picked(columns: dict, places: list[int], version: str) -> RecordedColumns:
    return RecordedColumns({key: column[places] for key, column in columns.items()}, version)


def assert_as_each_by_itself(first, second, splits, version="1.1", later_version="1.1") -> int:
    """Compares all changes from some stocks to as many others; how many there are."""
    count = min(len(first), len(second))
    before = columns_of(first[:count], version, derived=False)
    bridge = columns_of(second[:count], version, derived=True)
    after = columns_of(second[:count], later_version, derived=True)
    rated = [
        place
        for place in range(count)
        if min(columns["total"][place] for columns in (before, bridge, after)) >= 0
    ]
    if not rated:
        return 0
    split = np.array([splits[place % len(splits)] for place in rated])
    found = attribute_all(
        picked(before, rated, version),
        picked(bridge, rated, version),
        split,
        after["total"][rated].astype(np.int64),
    )
    lead = found.lead()
    for row, place in enumerate(rated):
        then, now = record(before, place, version), record(after, place, later_version)
        between = None if version == later_version else record(bridge, place, version)
        alone = attribute(then, now, float(split[row]), between)
        assert {cause: found.parts[cause][row] for cause in CAUSES} == alone.parts
        assert found.change[row] == alone.change == sum(alone.parts.values())
        assert lead[row] == alone.lead
        assert found.regrouped[row] == alone.regrouped
        price = found.price_change[row]
        assert (None if np.isnan(price) else price) == alone.price_change
        keys = [METHODS[version].metrics[place].key for place in found.told[:, row] if place >= 0]
        assert keys == [effect.key for effect in telling(alone)]
        sizes = found.sizes[: len(keys), row].tolist()
        assert sizes == [effect.size for effect in telling(alone)]
    return len(rated)


numbers = st.one_of(st.none(), sensible)
splits = st.lists(st.sampled_from([1.0, 2.0, 0.1]), min_size=1, max_size=3)


@settings(max_examples=30)
@given(companies(numbers, bars(sensible)), companies(numbers, bars(sensible)), splits)
def test_all_changes_are_split_as_each_by_itself(first, second, ratios):
    assert_as_each_by_itself(first, second, ratios)


@settings(max_examples=15)
@given(companies(numbers, bars(sensible)), companies(numbers, bars(sensible)), splits)
def test_and_so_they_are_between_methods(first, second, ratios):
    assert_as_each_by_itself(first, second, ratios, "1.0", "1.1")


def test_and_where_price_reports_and_peers_all_move_them():
    def market(count: int, price: float, income: float, **more: float | None):
        kinds = (ALPHA, BETA, GAMMA)
        return [
            stock(
                f"S{place}",
                kinds[place % 3]
                | {
                    "price": 100.0 * price**place,
                    "market_cap": 1000.0 * price**place,
                    "net_income_ttm": 150.0 + income * place,
                    "eps_ttm": 5 + income * place / 30,
                }
                | (more if place % 4 == 0 else {}),
                closes=[10 + place + (day * (place + 1)) % 7 for day in range(260)],
            )
            for place in range(count)
        ]

    before = market(24, 1.02, 3.0)
    after = market(24, 1.03, -2.0, interest_expense_ttm=None, revenue_ttm=2500.0)
    assert assert_as_each_by_itself(before, after, [1.0]) == 24
    assert assert_as_each_by_itself(before, after[::-1], [1.0, 2.0], "1.0") == 24


def test_without_what_the_earlier_method_says_now_all_is_the_methods():
    found = all_by_method(np.array([5000, 6000]), np.array([5100, 6000]))
    assert found.parts["method"].tolist() == [100, 0]
    assert found.told.shape == (NAMED, 2)
    assert (found.told == -1).all()


def test_both_ends_are_of_one_method():
    stocks = [stock("A", ALPHA, closes=FLAT)]
    earlier = picked(columns_of(stocks, "1.0", derived=True), [0], "1.0")
    later = picked(columns_of(stocks, "1.1", derived=True), [0], "1.1")
    with pytest.raises(ValueError, match="same method"):
        attribute_all(earlier, later, np.ones(1))
