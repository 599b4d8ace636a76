"""The whole chain, from inputs to total and signal, on three companies worked out on paper.

ALPHA and BETA are alone in Industrials, GAMMA in Energy, and in every percentile metric ALPHA is
best and GAMMA worst. So with n = 3 the universe percentiles are 5/6, 1/2 and 1/6, the sector
percentiles 3/4, 1/4 (n = 2) and 1/2 (n = 1), and shrunk by ten:
    ALPHA (2 · 3/4 + 10 · 5/6) / 12 = 0.819444
    BETA  (2 · 1/4 + 10 · 1/2) / 12 = 0.458333
    GAMMA (1 · 1/2 + 10 · 1/6) / 11 = 0.196970
All three have traded at 100 without any change for 253 sessions: both returns are tied (p = 1/2),
both averages lie at 0 (1/2), RSI is 50 (1), and without rising or falling days there is no volume
trend: (10 + 5 + 5 + 2) / 2 + 2 = 13 of 24 points, momentum = 25 · 13/24 = 13.5417.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from stockscore.scoring import record_0_1
from stockscore.scoring.engine import NOT_RATED, _largest_remainder
from stockscore.scoring.explain import not_rated_sentence
from stockscore.scoring.method import FACTORS
from stockscore.scoring.universe import Universe
from tests.support.companies import ALPHA, BETA, FINANCIAL, GAMMA, METHOD, UTILITY, score, stock

FLAT = [100.0] * 253
ENERGY = ("Energy", "Oil & Gas E&P")


@pytest.fixture(scope="module")
def three():
    return score(
        Universe.of(
            [
                stock("GAMMA", GAMMA, ENERGY, FLAT),
                stock("ALPHA", ALPHA, closes=FLAT),
                stock("BETA", BETA, closes=FLAT),
            ]
        )
    )


def points_of(scoring, at: int, factor: str) -> dict[str, int]:
    unpacked = record_0_1.unpack(scoring.records[at])
    return {
        metric.key: result.points
        for metric, result in zip(METHOD.metrics, unpacked.metrics, strict=True)
        if metric.factor == factor and result.points is not None
    }


def test_percentile_metrics_get_the_shrunk_percentile(three):
    for at, expected in enumerate((0.196970, 0.819444, 0.458333)):
        results = record_0_1.unpack(three.records[at]).by_key
        for key in ("earnings_yield", "ebitda_to_ev", "fcf_yield", "book_to_price", "roic"):
            assert results[key].sub_score == pytest.approx(expected, abs=1e-6)
        for key in ("gross_profitability", "roe", "net_margin", "cash_conversion"):
            assert results[key].sub_score == pytest.approx(expected, abs=1e-6)


def test_factors_are_rounded_half_up_to_hundredths(three):
    assert three.factor_points.tolist() == [
        # Value: 22 · 0.196970 + 3 · 0 (no profit) = 4.3333. Quality: 25 · 0.196970 = 4.9242.
        # Health: debt/equity 700/300 → .133333, all others 0: 7 · .133333 = 0.9333.
        [433, 492, 1354, 93],
        # Value: 22 · 0.819444 + 3 · 0.8 = 20.4278. Quality: 25 · 0.819444 = 20.4861.
        # Health: 7 · .8 + 5 · .866667 + 5 · 1 + 4 · .7 + 4 · 1 = 21.7333.
        [2043, 2049, 1354, 2173],
        # Value: 22 · 0.458333 + 3 · 0.15 (PEG 25/10 = 2.5) = 10.5333. Quality: 11.4583.
        # Health: 7 · .6 (500/600) + 5 · .466667 (400/150) + 5 · .5 (120/40) + 4 · .35 (1.0)
        # + 4 · .0528 (Z″ 0 + .326 + .4032 + .45 = 1.1792) = 10.6445.
        [1053, 1146, 1354, 1064],
    ]


def test_the_total_is_the_exact_sum_of_four_factors(three):
    assert three.total.tolist() == [2372, 7619, 4617]


def test_a_first_rating_uses_the_plain_table_of_signals(three):
    assert three.signals == ["STRONG SELL", "STRONG BUY", "HOLD"]


def test_metric_points_are_rounded_by_largest_remainder(three):
    # ALPHA's health is 21.7333 and becomes 21.73. Scaled by 2173 / 2173.3333 its metrics are
    # 559.91, 433.27, 499.92, 279.96 and 399.94: all but the second are rounded up.
    assert points_of(three, 1, "health") == {
        "debt_to_equity": 560,
        "net_debt_to_ebitda": 433,
        "interest_coverage": 500,
        "current_ratio": 280,
        "altman_z2": 400,
    }
    # Momentum of 24 present points: 25/24 of 5, 2.5, 2.5, 1 and 2.
    # 520.83, 260.42, 260.42, 104.17 and 208.33, less 0.012 % of each: 1354 needs 2 more than the
    # floors, which go to 520.77 and to the first of the two of 260.39.
    assert points_of(three, 1, "momentum") == {
        "return_12_1": 521,
        "return_6_1": 261,
        "price_vs_sma200": 260,
        "price_vs_sma50": 104,
        "rsi_14": 208,
    }


def test_metric_points_sum_to_their_factor(three):
    for index in range(3):
        for place, factor in enumerate(FACTORS):
            assert (
                sum(points_of(three, index, factor).values()) == three.factor_points[index, place]
            )


def test_a_present_metric_can_earn_its_share_of_25_among_the_present(three):
    results = record_0_1.unpack(three.records[1]).by_key
    assert results["return_12_1"].max_points == 1042  # 2500 · 10/24 = 1041.67, rounded up
    assert results["debt_to_equity"].max_points == 700
    # The missing volume trend could have earned 1 of 25.
    assert results["volume_trend"].max_points == 100


def test_coverage_is_the_share_of_points_that_are_known(three):
    assert three.factor_coverage[1].tolist() == [1.0, 1.0, 0.96, 1.0]
    assert three.coverage[1] == pytest.approx(0.99)


def test_uncertainty_is_half_the_distance_between_a_quarter_and_three_quarters(three):
    # Only the volume trend, 1 of 100 points, is unknown: (0.75 − 0.25) / 2 = 0.25.
    assert three.uncertainty.tolist() == [25, 25, 25]


def test_ranks_and_percentiles_in_universe_and_sector(three):
    assert three.rank.tolist() == [3, 1, 2]
    # (3 − rank + 0.5) / 3
    assert three.percentile.tolist() == pytest.approx([1 / 6, 5 / 6, 0.5])
    assert three.sector_rank.tolist() == [1, 1, 2]
    assert three.sector_percentile.tolist() == pytest.approx([0.5, 0.75, 0.25])


def test_medians_of_every_sector_and_of_the_whole_market(three):
    assert set(three.medians) == {"", "Energy", "Industrials"}
    assert three.medians[""]["earnings_yield"] == pytest.approx(0.10)  # −0.05, 0.10, 0.15
    assert three.medians["Industrials"]["earnings_yield"] == pytest.approx(0.125)
    assert three.medians["Energy"]["earnings_yield"] == pytest.approx(-0.05)
    assert "peg" not in three.medians["Energy"]


def test_ties_of_the_total_are_ranked_by_ticker():
    scoring = score(Universe.of([stock(t, ALPHA, closes=FLAT) for t in ("ZZ", "AA", "MM")]))
    assert len(set(scoring.total.tolist())) == 1
    assert scoring.rank.tolist() == [3, 1, 2]


def test_previous_signals_hold_at_the_boundaries():
    universe = Universe.of([stock("ALPHA", ALPHA, closes=FLAT)])
    # Alone: every percentile is 0.5. Value 22 · .5 + 2.4 = 13.40, quality 12.50, momentum 13.54,
    # health 21.73: 61.17, BUY by more than a point.
    scoring = score(universe)
    assert (scoring.total.tolist(), scoring.signals) == ([6117], ["BUY"])
    assert score(universe, {"ALPHA": "HOLD"}).signals == ["BUY"]
    lower = Universe.of([stock("ALPHA", ALPHA | {"current_assets": 875}, closes=FLAT)])
    # Current ratio 1.4583 → .670833: health loses 4 · .029167 = 0.1167, and Z″ stays safe: 61.05 …
    assert score(lower, {"ALPHA": "HOLD"}).total.tolist() == [6106]
    lowest = Universe.of([stock("ALPHA", ALPHA | {"current_assets": 780}, closes=FLAT)])
    # … and at 1.3 → .56 it is 60.61: BUY by the table, HOLD against HOLD.
    assert score(lowest).total.tolist() == [6061]
    assert score(lowest).signals == ["BUY"]
    assert score(lowest, {"ALPHA": "HOLD"}).signals == ["HOLD"]


def test_a_bank_is_scored_on_what_applies_to_banks():
    inputs = ALPHA | {"total_equity": 200.0}
    scoring = score(Universe.of([stock("BANK", inputs, FINANCIAL, FLAT)]))
    # Value: (8 · .5 + 3 · .5 + 3 · .8) of 14 → 14.1071. Quality: all .5 → 12.5.
    # Health: equity to assets 0.10 → .75 → 18.75.
    assert scoring.kinds == ["financial"]
    assert scoring.factor_points.tolist() == [[1411, 1250, 1354, 1875]]
    assert scoring.factor_coverage[0].tolist() == [1.0, 1.0, 0.96, 1.0]
    assert points_of(scoring, 0, "value") == {
        # 714.29, 267.86 and 428.57 of 1410.71, scaled to 1411: 714.43, 267.91, 428.66
        "earnings_yield": 714,
        "book_to_price": 268,
        "peg": 429,
    }


def test_a_utility_is_scored_without_current_ratio_and_altman():
    scoring = score(Universe.of([stock("UTIL", ALPHA, UTILITY, FLAT)]))
    # Debt/equity 0.5 counts as 0.25 → .9; 0.6667 as 0.3333 → .933333; coverage 10 → 1:
    # (6.3 + 4.666667 + 5) / 17 · 25 = 23.4804
    assert scoring.factor_points[0, 3] == 2348


def test_a_factor_with_less_than_half_of_its_points_is_not_rated():
    # Without prices momentum has nothing. 4/3 · (2043 + 2049 + 2173 alone: 1340 + 1250 + 2173).
    scoring = score(Universe.of([stock("ALPHA", ALPHA)]))
    assert scoring.factor_points.tolist() == [[1340, 1250, NOT_RATED, 2173]]
    # 4/3 · 4763 = 6350.67
    assert scoring.total.tolist() == [6351]
    # A whole factor is unknown: (18.75 − 6.25) / 2 = 6.25.
    assert scoring.uncertainty.tolist() == [625]
    assert scoring.coverage.tolist() == [0.75]
    assert points_of(scoring, 0, "momentum") == {}


@pytest.mark.parametrize(
    ("inputs", "bars", "place", "coverage", "rated"),
    [
        # Value: earnings yield 8 and PEG 3 of 25; with free cash flow 5 more.
        ({"ebitda_ttm": None, "fcf_ttm": None, "total_equity": None}, 253, 0, 0.44, False),
        ({"ebitda_ttm": None, "total_equity": None}, 253, 0, 0.64, True),
        # Momentum without volume trend: 5 + 2 + 2 of 25; with the 200-day average 5 more.
        ({}, 199, 2, 0.36, False),
        ({}, 200, 2, 0.56, True),
    ],
)
def test_a_factor_is_rated_from_half_of_its_points_on(inputs, bars, place, coverage, rated):
    scoring = score(Universe.of([stock("ONE", ALPHA | inputs, closes=FLAT[:bars])]))
    assert scoring.factor_coverage[0, place] == pytest.approx(coverage)
    assert bool(scoring.factor_points[0, place] != NOT_RATED) is rated


def test_a_present_metric_of_an_unrated_factor_counts_as_unknown():
    scoring = score(Universe.of([stock("ONE", ALPHA, closes=FLAT[:127])]))
    # 9 of 25 momentum points are present, but all 25 are uncertain.
    assert scoring.factor_coverage[0, 2] == pytest.approx(0.36)
    assert scoring.uncertainty.tolist() == [625]
    result = record_0_1.unpack(scoring.records[0]).by_key["rsi_14"]
    assert (result.value, result.sub_score, result.points) == (50.0, 1.0, None)


def test_fewer_than_three_rated_factors_make_no_total_and_no_rank():
    poor = {name: ALPHA[name] for name in ("price", "eps_ttm", "eps_growth", "net_income_ttm")}
    scoring = score(
        Universe.of([stock("POOR", poor, closes=FLAT), stock("ALPHA", ALPHA, closes=FLAT)])
    )
    assert scoring.total.tolist()[0] == NOT_RATED
    assert scoring.uncertainty[0] == NOT_RATED
    assert scoring.signals[0] is None
    assert (scoring.rank[0], scoring.sector_rank[0]) == (0, 0)
    assert math.isnan(scoring.percentile[0])
    assert math.isnan(scoring.sector_percentile[0])
    assert scoring.percentile[1] == 0.5
    assert not_rated_sentence(record_0_1.unpack(scoring.records[0]), "general") == (
        "Not rated: a total needs 3 factors of which at least half is known, and for this general "
        "company too little is known of value (12\N{NO-BREAK SPACE}%), quality "
        "(0\N{NO-BREAK SPACE}%) and health (0\N{NO-BREAK SPACE}%)."
    )


def test_a_stock_without_a_sector_is_placed_in_the_universe_alone():
    scoring = score(
        Universe.of(
            [
                stock("A", ALPHA, (None, None), FLAT),
                stock("B", BETA, closes=FLAT),
                stock("C", GAMMA, closes=FLAT),
            ]
        )
    )
    assert record_0_1.unpack(scoring.records[0]).by_key["roe"].sub_score == pytest.approx(5 / 6)
    assert scoring.sector_rank[0] == 0
    assert math.isnan(scoring.sector_percentile[0])


def test_an_empty_universe_scores_nothing():
    scoring = score(Universe.of([]))
    assert len(scoring) == 0
    assert (scoring.records, scoring.receipts, scoring.signals) == ([], [], [])
    assert scoring.values.shape == (0, len(METHOD.metrics))
    assert scoring.medians == {"": {}}


def test_the_receipt_is_the_hash_of_all_that_was_said(three):
    assert three.receipts[1] == record_0_1.receipt(
        METHOD.version, "ALPHA", three.records[1], 7619, (2043, 2049, 1354, 2173)
    )
    assert len(set(three.receipts)) == 3


def test_records_made_at_once_are_those_packed_one_by_one(three):
    for kept in three.records:
        assert record_0_1.pack(record_0_1.unpack(kept)) == kept


def test_equal_remainders_go_to_the_first_in_the_table():
    # 3 · 33.5 = 100.5 → 101: the floors are 33 each after scaling to 33.67; two are left.
    parts = np.full((3, 1), 33.5)
    points = _largest_remainder(
        parts,
        parts.sum(axis=0),
        np.array([101]),
        np.ones((3, 1), dtype=bool),
        np.full((3, 1), 5),
        np.array([15]),
    )
    assert points[:, 0].tolist() == [34, 34, 33]


def test_a_metric_that_has_all_it_can_earn_is_not_rounded_above_it():
    # 800 of 800, 0.3 and 0.3: 800.6 → 801. Scaled to it the first would have the largest remainder.
    parts = np.array([[800.0], [0.3], [0.3]])
    points = _largest_remainder(
        parts,
        parts.sum(axis=0),
        np.array([801]),
        np.ones((3, 1), dtype=bool),
        np.array([[8], [9], [8]]),
        np.array([25]),
    )
    assert points[:, 0].tolist() == [800, 1, 0]


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        Universe(["A"], ["XNYS"], [None], [None], {"price": np.zeros(2)}, np.zeros((1, 0)),
                 np.zeros((1, 0)), np.zeros(1))  # fmt: skip
