"""A change from one version of the method to another: what the method moved, and what else did."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.scoring import engine
from stockscore.scoring.attribution import CAUSES, METHOD, ScoredRecord, attribute
from stockscore.scoring.explain import not_rated_sentence, sentence
from stockscore.scoring.methods import METHODS
from stockscore.scoring.score_columns import score_columns
from stockscore.scoring.stored_score import stored_score
from stockscore.scoring.universe import StockInputs, Universe
from stockscore.scoring.why import why
from tests.scoring.test_properties import bars, companies, sensible
from tests.support.companies import ALPHA, BETA, stock
from tests.support.made_up_method import made_up

CARDS = ("Financial Services", "Credit Services")
UNCLASSIFIED = {"current_assets": None, "current_liabilities": None}
FLAT = [10.0] * 253


@pytest.fixture(autouse=True, scope="module")
def known_versions():
    """Knows a made-up version 1.2 as long as these tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(METHODS, "1.2", made_up())
        yield


def scored(version: str, *stocks: StockInputs) -> ScoredRecord | None:
    """The score of the first of these stocks under a version; None where it is not rated."""
    universe = Universe.of(stocks)
    columns = score_columns(universe, engine.score(universe, METHODS[version]))
    total = int(columns["total"][0])
    stored = stored_score(columns, 0, version)
    return None if total == engine.NOT_RATED else ScoredRecord(stored, total, version)


def test_what_the_method_moved_is_what_is_left_over():
    # Under 1.1 an unclassified balance sheet makes a financial company of a lender; the price
    # moves too.
    before = [stock("A", ALPHA | UNCLASSIFIED, CARDS), stock("B", BETA)]
    dearer = ALPHA | UNCLASSIFIED | {"price": 150.0, "market_cap": 1500.0}
    after = [stock("A", dearer, CARDS), stock("B", BETA)]
    first, bridge, last = (
        scored("1.0", *before),
        scored("1.0", *after),
        scored("1.1", *after),
    )
    found = attribute(first, last, after_under_before_method=bridge)
    under_one = attribute(first, bridge)
    assert found.change == last.total - first.total
    assert found.parts[METHOD] == last.total - bridge.total != 0
    assert {c: found.parts[c] for c in CAUSES[:3]} == {c: under_one.parts[c] for c in CAUSES[:3]}
    assert (found.effects, found.price_change) == (under_one.effects, 0.5)


def test_without_the_later_score_under_the_earlier_method_all_is_the_methods():
    first, last = scored("1.0", stock("A", ALPHA)), scored("1.1", stock("A", BETA))
    found = attribute(first, last)
    assert found.parts == {"price": 0, "statements": 0, "peers": 0, "method": found.change}


def test_a_score_of_a_third_method_is_no_bridge():
    first, last = scored("1.0", stock("A", ALPHA)), scored("1.1", stock("A", BETA))
    with pytest.raises(ValueError, match=r"method 1\.0 cannot be compared with one of 1\.1"):
        attribute(first, last, after_under_before_method=last)


numbers = st.one_of(st.none(), sensible)


@settings(max_examples=40)
@given(
    st.sampled_from([("1.0", "1.1"), ("1.1", "1.2"), ("1.0", "1.2"), ("1.2", "1.0")]),
    companies(numbers, bars(sensible)),
    companies(numbers, bars(sensible)),
)
def test_the_parts_sum_to_the_change_whatever_the_methods(versions, first, second):
    earlier, later = versions
    for position in range(min(len(first), len(second))):
        of_first = [first[position], *first[:position], *first[position + 1 :]]
        of_second = [second[position], *second[:position], *second[position + 1 :]]
        before, after = scored(earlier, *of_first), scored(later, *of_second)
        if before is None or after is None:
            continue
        bridge = scored(earlier, *of_second)
        found = attribute(before, after, after_under_before_method=bridge)
        assert sum(found.parts.values()) == found.change == after.total - before.total
        assert set(found.parts) == set(CAUSES)
        assert why(before, after, after_under_before_method=bridge).sentence


@settings(max_examples=40)
@given(companies(numbers, bars(sensible)))
def test_the_same_inputs_under_another_method_are_moved_by_the_method_alone(stocks):
    for position in range(len(stocks)):
        own = [stocks[position], *stocks[:position], *stocks[position + 1 :]]
        before, after = scored("1.0", *own), scored("1.2", *own)
        if before is not None and after is not None:
            found = attribute(before, after, after_under_before_method=before)
            assert found.parts == dict.fromkeys(CAUSES, 0) | {METHOD: found.change}


def test_a_value_metric_of_three_inputs_is_split_between_price_and_statements():
    # (150 + 100) / 1000 = .25 → (180 + 100) / 800 = .35; with the price alone 250 / 800 = .3125,
    # with the earnings alone .28. Price: (.0625 + .07) / 2 = .06625, statements .03375.
    other = stock("B", ALPHA | {"net_income_ttm": 170.0})
    cheaper = ALPHA | {
        "price": 80.0,
        "market_cap": 800.0,
        "enterprise_value": 1000.0,
        "net_income_ttm": 180.0,
    }
    before = scored("1.2", stock("A", ALPHA), other)
    after = scored("1.2", stock("A", cheaper), other)
    found = attribute(before, after)
    sizes = {e.cause: e.size for e in found.effects if e.key == "cash_and_earnings_yield"}
    assert set(sizes) == {"price", "statements"}
    assert sizes["price"] / sum(sizes.values()) == pytest.approx(0.6625)
    assert sum(found.parts.values()) == found.change


def test_a_metric_without_words_of_its_own_is_named():
    closes = [[10.0] * 200 + [10.0 + rise] * 53 for rise in range(6)]
    stocks = [stock(f"T{index}", ALPHA, closes=path) for index, path in enumerate(closes)]
    found = scored("1.2", *stocks).record
    told = sentence(found.by_key["return_3_1"], "Industrials").replace("\N{NO-BREAK SPACE}", " ")
    assert told == "Return, months 3 to 1 is 0.00 %, less than 99 in 100 of the market."
    assert not_rated_sentence(found, found.kind).startswith("Not rated")


def test_a_place_is_said_of_whom_it_is_and_not_where_there_are_too_few():
    def told(*stocks: StockInputs) -> str:
        result = scored("1.0", *stocks).record.by_key["net_margin"]
        return sentence(result, stocks[0].sector)

    better = [stock(f"B{rank}", BETA, ("Energy", "Oil"), FLAT) for rank in range(4)]
    assert told(stock("A", ALPHA, closes=FLAT), *better).endswith("than 99 in 100 of the market.")
    own = [stock(f"B{rank}", BETA, closes=FLAT) for rank in range(4)]
    assert told(stock("A", ALPHA, closes=FLAT), *own).endswith("than 99 in 100 of its sector.")
    assert told(stock("A", ALPHA, closes=FLAT), *own[:3]) == "Keeps 7.50 of every 100 in sales."
