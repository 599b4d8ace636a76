"""Why a score moved: parts worked out on paper, what must hold of every pair of records, words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.scoring import record_0_1
from stockscore.scoring.attribution import CAUSES, ScoredRecord, attribute
from stockscore.scoring.engine import NOT_RATED
from stockscore.scoring.inputs import INPUTS
from stockscore.scoring.universe import StockInputs, Universe
from stockscore.scoring.why import News, why
from tests.scoring.test_properties import bars, companies, sensible
from tests.support.companies import ALPHA, BETA, FINANCIAL, GAMMA, METHOD, score, stock

PRICED = ("price", "market_cap", "enterprise_value")
FLAT = [10.0] * 253


def told(first: StockInputs, *others: StockInputs) -> ScoredRecord | None:
    """What is said of the first of these stocks; None where it is not rated."""
    scoring = score(Universe.of([first, *others]))
    total = int(scoring.total[0])
    return (
        None
        if total == NOT_RATED
        else ScoredRecord(record_0_1.unpack(scoring.records[0]), total, METHOD.version)
    )


def alpha(**changed: float | None) -> StockInputs:
    return stock("A", ALPHA | changed)


def parts(before: StockInputs, after: StockInputs, *others: StockInputs, split: float = 1.0):
    """The parts that are not zero, of a change among the same others."""
    found = attribute(told(before, *others), told(after, *others), split)
    assert sum(found.parts.values()) == found.change
    return {cause: part for cause, part in found.parts.items() if part}


def test_a_dearer_price_alone_is_the_prices_part():
    # PEG 1.0 → 1.5, sub-score .8 → .6: −.2 · 3 points, of three rated factors: · 4/3. Alone in its
    # market the percentiles stay in the middle.
    dearer = alpha(price=150.0, market_cap=1500.0, enterprise_value=1700.0)
    assert parts(alpha(), dearer) == {"price": -80}


def test_price_and_statements_in_one_metric_are_set_in_in_both_orders():
    # PEG with the price alone 1.5 (.6), with the earnings alone .8333 (.8667), with both 1.25 (.7).
    # Price: ((.6 − .8) + (.7 − .8667)) / 2 = −.18333; statements: +.08333; each · 3 · 4/3.
    both = alpha(price=150.0, market_cap=1500.0, enterprise_value=1700.0, eps_ttm=6.0)
    assert parts(alpha(), both) == {"price": -73, "statements": 33}


def test_a_competitor_that_overtakes_is_the_peers_part():
    # BETA's net income of 400 passes ALPHA's 150: earnings yield, ROE and net margin fall from .75
    # to .25 of two stocks: −.5 · (8 + 4 + 4) points, · 4/3: −10.67 between two rounded totals.
    before = told(alpha(), stock("B", BETA))
    after = told(alpha(), stock("B", BETA | {"net_income_ttm": 400.0}))
    found = attribute(before, after)
    assert found.change == -1066
    assert found.parts == {"price": 0, "statements": 0, "peers": -1066, "method": 0}


def test_a_value_that_rose_while_its_place_fell_was_moved_by_peers():
    # ALPHA's own net margin rises a little, and BETA passes it all the same.
    before = told(alpha(), stock("B", BETA))
    after = told(alpha(revenue_ttm=1990.0), stock("B", BETA | {"net_income_ttm": 400.0}))
    assert attribute(before, after).parts["peers"] == -1066
    assert attribute(before, after).parts["statements"] == 0


def test_a_percentile_that_price_and_statements_both_lifted_is_shared_by_their_pull():
    # The price falls by a fifth, and net income rises by a fifth.
    other = stock("B", ALPHA | {"net_income_ttm": 170.0})
    cheaper = alpha(price=80.0, market_cap=800.0, enterprise_value=1000.0, net_income_ttm=180.0)
    found = attribute(told(alpha(), other), told(cheaper, other))
    by_cause = {e.cause: e.size for e in found.effects if e.key == "earnings_yield"}
    # Yield .15 → .225. Price: ((.1875 − .15) + (.225 − .18)) / 2 = .04125; statements: .03375.
    # The place goes .25 → .75: +.5 · 8 points · 4/3 = 533.33, of which 55 % and 45 %.
    assert by_cause == {
        "price": pytest.approx(533.33 * 0.55, abs=0.01),
        "statements": pytest.approx(533.33 * 0.45, abs=0.01),
    }


def test_of_parts_that_pull_apart_the_stronger_has_the_whole_move():
    # Net income falls by a tenth, and the price by more: the yield rises, and so does its place.
    other = stock("B", ALPHA | {"net_income_ttm": 160.0})
    moved = alpha(price=70.0, market_cap=700.0, enterprise_value=900.0, net_income_ttm=135.0)
    found = attribute(told(alpha(), other), told(moved, other))
    assert {e.cause for e in found.effects if e.key == "earnings_yield"} == {"price"}


def test_a_split_is_no_fall_of_the_price():
    halved = alpha(price=50.0, eps_ttm=2.5, dividend_per_share_ttm=1.0)
    assert parts(alpha(), halved, split=2.0) == {}
    found = attribute(told(alpha()), told(halved), 2.0)
    assert found.price_change == 0.0


def test_new_shares_belong_to_the_statements():
    # The market value doubles at the same price: earnings yield, EBITDA to EV, FCF yield and book
    # to price fall from .75 to .25: −.5 · 22 points, · 4/3.
    other = stock("B", ALPHA | {"market_cap": 1500.0, "enterprise_value": 1700.0})
    issued = alpha(market_cap=2000.0, enterprise_value=2200.0)
    assert parts(alpha(), issued, other) == {"statements": -1467}


def test_a_metric_that_becomes_known_is_moved_by_what_was_missing():
    # Debt to equity .8 · 7 points, net debt to EBITDA .8667 · 5, current ratio .7 · 4, Z″ 1 · 4:
    # 16.733 of 20, and with interest coverage 1 · 5 21.733 of 25. 25 · (21.733/25 − 16.733/20) ·
    # 4/3 = 1.089, between two rounded totals.
    assert parts(alpha(interest_expense_ttm=None), alpha()) == {"statements": 108}


def test_a_factor_that_becomes_rated_belongs_to_the_price_with_the_rescaling():
    before, after = told(alpha()), told(stock("A", ALPHA, closes=FLAT))
    found = attribute(before, after)
    assert found.change == after.total - before.total != 0
    assert found.parts["price"] == found.change


def test_counting_as_another_kind_of_company_is_the_peers_part():
    before, after = told(alpha()), told(stock("A", ALPHA, FINANCIAL))
    found = attribute(before, after)
    assert found.regrouped
    assert found.parts["peers"] == found.change != 0


def test_under_another_method_the_whole_change_is_the_methods():
    before, after = told(alpha()), told(alpha(price=150.0))
    found = attribute(replace(before, method="0.9"), after)
    assert found.parts == {"price": 0, "statements": 0, "peers": 0, "method": found.change}


numbers = st.one_of(st.none(), sensible)


@settings(max_examples=50)
@given(companies(numbers, bars(sensible)), companies(numbers, bars(sensible)))
def test_the_parts_always_sum_to_the_change(first, second):
    for index in range(min(len(first), len(second))):
        before = told(first[index], *first[:index], *first[index + 1 :])
        after = told(second[index], *second[:index], *second[index + 1 :])
        if before and after:
            found = attribute(before, after)
            assert sum(found.parts.values()) == found.change
            assert set(found.parts) == set(CAUSES)
            assert why(before, after).sentence


rich = st.sampled_from([ALPHA, BETA, GAMMA])
scaled = st.floats(min_value=0.2, max_value=5.0)


@settings(max_examples=40)
@given(rich, companies(sensible, bars(sensible)), companies(sensible, bars(sensible)))
def test_whose_own_inputs_did_not_change_was_moved_by_peers_alone(own, first, second):
    mine = replace(stock("ME", own, closes=FLAT), sector="Energy")
    found = attribute(told(mine, *first), told(mine, *second))
    assert found.parts["price"] == found.parts["statements"] == found.parts["method"] == 0


@settings(max_examples=40)
@given(rich, scaled, companies(sensible, bars(sensible)))
def test_a_price_that_alone_changed_leaves_nothing_to_the_statements(own, ratio, others):
    cap = own["market_cap"] * (ratio - 1)
    moved = own | {
        "price": own["price"] * ratio,
        "market_cap": own["market_cap"] + cap,
        "enterprise_value": own["enterprise_value"] + cap,
    }
    before = told(stock("ME", own, closes=FLAT), *others)
    after = told(stock("ME", moved, closes=[*FLAT[1:], 10.0 * ratio]), *others)
    assert attribute(before, after).parts["statements"] == 0


@settings(max_examples=40)
@given(
    rich,
    st.dictionaries(
        st.sampled_from([input_.name for input_ in INPUTS if input_.name not in PRICED]),
        scaled,
        min_size=1,
    ),
    companies(sensible, bars(sensible)),
)
def test_a_report_alone_leaves_nothing_to_the_price(own, factors, others):
    moved = own | {name: own[name] * ratio for name, ratio in factors.items() if name in own}
    before, after = (told(stock("ME", one, closes=FLAT), *others) for one in (own, moved))
    found = attribute(before, after)
    assert found.parts["price"] == 0


def sentence(before: ScoredRecord, after: ScoredRecord, **news) -> str:
    return why(before, after, news=News(**news)).sentence.replace("\N{NO-BREAK SPACE}", " ")


def test_a_price_is_told_with_what_it_crossed():
    falling = [*FLAT[:-1], 9.9]
    rising = [*FLAT[:-2], 9.9, 10.6]
    before = told(stock("A", ALPHA | {"price": 9.9}, closes=falling))
    after = told(stock("A", ALPHA | {"price": 10.6}, closes=rising))
    said = sentence(before, after)
    assert said.startswith("Price +7.1 %, ")
    assert "back above the 200-day average" in said


def test_a_report_is_named_with_the_metrics_that_moved_most():
    after = told(alpha(total_debt=300.0, total_liabilities=1100.0, total_equity=900.0))
    said = sentence(told(alpha()), after, report="Report for the quarter to 30 Sep 2026")
    assert said == (
        "Report for the quarter to 30 Sep 2026: debt to equity 0.50 → 0.33, net debt to EBITDA down"
    )


def test_competitors_are_counted_where_that_is_known():
    before = told(alpha(), stock("B", BETA))
    after = told(alpha(), stock("B", BETA | {"net_income_ttm": 400.0}))
    assert sentence(before, after, others=1) == (
        "One other of the sector reported: earnings yield ahead of 75 → 25 in 100, "
        "return on equity ahead of 75 → 25 in 100"
    )
    assert sentence(before, after).startswith("Others moved, it did not: ")


def test_a_value_that_moved_is_never_said_to_have_stood_still():
    # ALPHA's own margin rises a little; BETA's rises more and passes it.
    before = told(alpha(), stock("B", BETA))
    after = told(alpha(revenue_ttm=1990.0), stock("B", BETA | {"net_income_ttm": 400.0}))
    said = sentence(before, after)
    assert said.startswith("Others moved more: ")
    assert "did not" not in said
    # Both margins fall, and BETA's falls more.
    fallen = told(alpha(net_income_ttm=140.0), stock("B", BETA | {"net_income_ttm": 10.0}))
    risen = told(alpha(), stock("B", BETA | {"net_income_ttm": 400.0}))
    assert "fell less than others’, ahead of 25 → 75 in 100" in sentence(risen, fallen)


def test_a_change_of_method_says_so():
    before = replace(told(alpha()), method="0.9")
    assert sentence(before, told(alpha(price=150.0))) == f"Method {METHOD.version} in place of 0.9"
