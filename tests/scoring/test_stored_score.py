"""What was said of all stocks as columns, and of one read back from them, with its receipt."""

from __future__ import annotations

import hashlib
import math
from array import array

import pytest
from hypothesis import given

from stockscore.scoring import engine, record_0_1, score_columns, stored_score
from stockscore.scoring.inputs import RECORDED
from stockscore.scoring.method import FACTORS, KINDS
from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.stored_score import MARKET, SECTOR, Place, derived_keys, score_keys
from stockscore.scoring.universe import Universe
from tests.scoring.test_properties import wild
from tests.support.companies import ALPHA, BETA, FINANCIAL, GAMMA, METHOD, score, stock

FLAT = [100.0] * 253


def columns_of(scoring: engine.Scoring) -> score_columns.ScoreColumns:
    return score_columns.score_columns(scoring.universe, scoring)


def plain(columns):
    """The columns as the pages read them, without numpy."""
    typecodes = {"<f8": "d", "<i4": "i", "<i2": "h"}
    return {
        key: array(typecodes[column.dtype.str], column.tobytes()) for key, column in columns.items()
    }


@pytest.fixture(scope="module")
def market():
    return score(
        Universe.of(
            [
                stock("A", ALPHA, closes=FLAT),
                stock("B", BETA, closes=FLAT),
                stock("BANK", ALPHA, FINANCIAL, closes=FLAT[:60]),
                stock("C", GAMMA, (None, None)),
                stock("NONE", {}),
            ]
        )
    )


def test_the_columns_are_those_of_the_method_with_one_number_per_stock(market):
    columns = columns_of(market)
    assert set(columns) == set(score_keys(METHOD))
    assert {column.shape for column in columns.values()} == {(5,)}
    assert {column.dtype.str for column in columns.values()} == {"<f8", "<i4", "<i2"}


def test_whole_numbers_that_are_none_are_minus_one(market):
    columns = columns_of(market)
    none = {key: columns[key][-1] for key in ("total", "rank", "sector_rank", "signal", *FACTORS)}
    assert set(none.values()) == {-1}
    assert math.isnan(columns["percentile"][-1])
    assert columns["kind"].tolist() == [KINDS.index(kind) for kind in market.kinds]
    said = [None if code < 0 else SIGNALS[code] for code in columns["signal"].tolist()]
    assert said == market.signals


@pytest.mark.parametrize("read", [dict, plain])
def test_a_stock_read_back_is_what_a_record_of_it_says(market, read):
    columns = read(columns_of(market))
    for position, packed in enumerate(market.records):
        found = stored_score.stored_score(columns, position, "1.0")
        kept = record_0_1.unpack(packed)
        assert found.inputs == kept.inputs
        assert (found.kind, found.method) == (market.kinds[position], "1.0") == (kept.kind, "1.0")
        for result, before in zip(found.metrics, kept.metrics, strict=True):
            same = ("metric", "value", "points", "max_points", "reason")
            assert [getattr(result, name) for name in same] == [
                getattr(before, name) for name in same
            ]
            if before.sub_score is None:
                assert result.sub_score is None
            else:
                assert result.sub_score == pytest.approx(before.sub_score, abs=0.00005)


@given(wild)
def test_ratios_that_are_left_out_follow_from_the_inputs_to_the_bit(stocks):
    columns = columns_of(score(Universe.of(stocks)))
    fewer = {key: column for key, column in columns.items() if key not in derived_keys(METHOD)}
    for position in range(len(stocks)):
        assert stored_score.stored_score(fewer, position, "1.0") == stored_score.stored_score(
            columns, position, "1.0"
        )


def test_an_input_that_was_not_kept_then_is_unknown(market):
    columns = columns_of(market)
    del columns["revenue_growth"]
    found = stored_score.stored_score(columns, 0, "1.0")
    assert list(found.inputs) == list(RECORDED)
    assert found.inputs["revenue_growth"] is None


def test_a_score_of_a_version_that_is_not_known_cannot_be_read(market):
    with pytest.raises(ValueError, match=r"no scoring method 9\.9"):
        stored_score.stored_score(columns_of(market), 0, "9.9")


# --- Places -----------------------------------------------------------------------------------


def place_of(scoring, key: str, position: int) -> Place | None:
    found = stored_score.stored_score(columns_of(scoring), position, scoring.method.version)
    return found.by_key[key].place


def margins(*incomes: float | None, profiles=()):
    """Companies with a revenue of 2000 and these incomes; in Industrials unless told otherwise."""
    stocks = [
        stock(f"T{index}", ALPHA | {"net_income_ttm": income})
        for index, income in enumerate(incomes)
    ]
    stocks += [stock(f"P{index}", ALPHA, profile) for index, profile in enumerate(profiles)]
    return score(Universe.of(stocks))


def test_a_place_counts_who_does_worse_and_half_of_the_ties():
    # Of four others 20 is ahead of one and tied with one: (1 + 1/2) / 4.
    scoring = margins(10, 20, 20, 30, 40)
    assert place_of(scoring, "net_margin", 0) == Place(0.0, SECTOR)
    assert place_of(scoring, "net_margin", 1) == Place(0.375, SECTOR)
    assert place_of(scoring, "net_margin", 3) == Place(0.75, SECTOR)
    assert place_of(scoring, "net_margin", 4) == Place(1.0, SECTOR)


def test_a_place_is_not_drawn_towards_the_market_as_the_sub_score_is():
    scoring = margins(10, 20, 30, 40, 50, profiles=[("Energy", "Oil")] * 40)
    assert place_of(scoring, "net_margin", 4) == Place(1.0, SECTOR)
    assert scoring.sub_scores[4, [m.key for m in METHOD.metrics].index("net_margin")] < 0.5


def test_only_stocks_that_have_the_metric_count():
    scoring = margins(10, 20, 30, 40, 50, None)
    assert place_of(scoring, "net_margin", 2) == Place(0.5, SECTOR)
    assert place_of(scoring, "net_margin", 5) == Place(None, None)


def test_among_fewer_than_five_of_a_sector_a_place_is_of_the_market():
    scoring = margins(10, 20, 160, 170, profiles=[("Energy", "Oil"), (None, None)])
    # ALPHA's 150 twice: tied with each other, ahead of two, of five others.
    assert place_of(scoring, "net_margin", 4) == Place(0.5, MARKET)
    assert place_of(scoring, "net_margin", 5) == Place(0.5, MARKET)
    assert place_of(scoring, "net_margin", 3) == Place(1.0, MARKET)


def test_among_fewer_than_five_of_the_market_there_is_no_place():
    assert place_of(margins(10, 20, 30, 40), "net_margin", 3) == Place(None, None)


def test_a_place_on_a_curve_is_by_sub_score_so_that_less_debt_is_better():
    debts = (100, 200, 300, 400, 500)
    scoring = score(
        Universe.of([stock(f"T{debt}", ALPHA | {"total_debt": debt}) for debt in debts])
    )
    assert place_of(scoring, "debt_to_equity", 0) == Place(1.0, SECTOR)
    assert place_of(scoring, "debt_to_equity", 4) == Place(0.0, SECTOR)


def test_a_place_of_a_return_is_of_the_market():
    closes = [[100.0] + [100.0 + rise] * 252 for rise in range(6)]
    scoring = score(
        Universe.of([stock(f"T{index}", closes=path) for index, path in enumerate(closes)])
    )
    assert place_of(scoring, "return_12_1", 5) == Place(1.0, MARKET)
    assert place_of(scoring, "return_12_1", 0) == Place(0.0, MARKET)


# --- Receipts ---------------------------------------------------------------------------------


def test_a_receipt_is_twelve_digits_of_a_hash_that_anyone_can_repeat():
    values = {"total": 7223, "roe.value": 0.5, "rank": None}
    text = "1.1\nHALD\nrank=-\nroe.value=3fe0000000000000\ntotal=7223"
    assert (
        stored_score.receipt("1.1", "HALD", values)
        == hashlib.sha256(text.encode()).hexdigest()[:12]
    )


def test_a_receipt_changes_with_any_value_any_key_the_ticker_and_the_version():
    said = ("1.1", "HALD", {"total": 7223, "roe.value": 0.5})
    others = [
        ("1.0", *said[1:]),
        ("1.1", "HALE", said[2]),
        (*said[:2], {"total": 7224, "roe.value": 0.5}),
        (*said[:2], {"total": None, "roe.value": 0.5}),
        (*said[:2], {"total": 7223, "roe.value": math.nextafter(0.5, 1)}),
        (*said[:2], {"total": 7223, "roa.value": 0.5}),
        (*said[:2], {"total": 7223}),
    ]
    assert len({stored_score.receipt(*one) for one in [said, *others]}) == len(others) + 1


@given(wild)
def test_the_receipts_of_all_stocks_are_those_of_each(stocks):
    scoring = score(Universe.of(stocks))
    columns = columns_of(scoring)
    made = score_columns.receipts("1.0", scoring.tickers, columns)
    for read in (columns, plain(columns)):
        assert made == [
            stored_score.receipt("1.0", ticker, stored_score.values_of(read, position))
            for position, ticker in enumerate(scoring.tickers)
        ]


def test_a_day_receipt_does_not_depend_on_the_order_of_the_stocks():
    text = "A 111111111111\nB 222222222222"
    expected = hashlib.sha256(text.encode()).hexdigest()
    assert stored_score.day_receipt({"B": "2" * 12, "A": "1" * 12}) == expected
    assert stored_score.day_receipt({"A": "2" * 12, "B": "1" * 12}) != expected


# --- Release 0.1 ------------------------------------------------------------------------------


@given(wild)
def test_a_receipt_of_0_1_is_verified_from_columns(stocks):
    scoring = score(Universe.of(stocks))
    points = {"total": scoring.total, **dict(zip(FACTORS, scoring.factor_points.T, strict=True))}
    migrated = record_0_1.columns_of(scoring.records) | points
    computed = columns_of(scoring) | score_columns.full_sub_scores(scoring)
    for position, ticker in enumerate(scoring.tickers):
        assert record_0_1.packed(migrated, position) == scoring.records[position]
        receipt = scoring.receipts[position]
        assert record_0_1.receipt_of(migrated, position, ticker) == receipt
        assert record_0_1.receipt_of(computed, position, ticker) == receipt


def test_a_migrated_record_says_what_it_said(market):
    migrated = record_0_1.columns_of(market.records) | {"kind": columns_of(market)["kind"]}
    for position, packed in enumerate(market.records):
        assert stored_score.stored_score(migrated, position, "1.0") == record_0_1.unpack(packed)


def test_the_inputs_and_metrics_of_0_1_are_those_of_its_layout():
    assert len(record_0_1.INPUTS) == 24
    assert record_0_1.SIZE == 2 + 8 * 24 + 20 * 23 == 654


def test_columns_of_nothing_are_empty():
    columns = columns_of(score(Universe.of([])))
    assert {len(column) for column in columns.values()} == {0}
    assert score_columns.receipts("1.0", [], columns) == []
