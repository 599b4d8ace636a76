"""What a portfolio is worth: invariants over any positions, and the reasons to look at one."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.scoring.method import CHANGE_DAYS, FACTORS
from stockscore.scoring.signals import SIGNALS, signal_of
from stockscore.services.errors import InputError
from stockscore.services.personal import valuation
from stockscore.store.pages.lists import StockLine
from stockscore.store.positions import Holding


def line(at: int, **changes) -> StockLine:
    """A rated stock of 10 USD."""
    values = dict.fromkeys(StockLine.__dataclass_fields__)
    values |= {
        "id": at,
        "ticker": f"T{at}",
        "name": f"Company {at}",
        "exchange": "XNYS",
        "currency": "USD",
        "sector": "Energy",
        "source": "test",
        "price": 10.0,
        "price_session": date(2026, 11, 20),
        "total": 5000,
        "signal": "HOLD",
        "previous_signal": "HOLD",
        "factors": dict.fromkeys(FACTORS, 1250),
        "changes": dict.fromkeys(CHANGE_DAYS, 0),
    }
    return StockLine(**values | changes)


def held(at: int, shares: float = 10.0, paid: float | None = 8.0) -> Holding:
    return Holding(at, f"T{at}", shares, paid, None)


def account(*pairs: tuple[Holding, StockLine]) -> valuation.Account:
    (found,) = valuation.accounts([one for one, _ in pairs], {two.id: two for _, two in pairs})
    return found


def reasons(*pairs) -> dict[str, str]:
    found = valuation.to_review(account(*pairs))
    return {one.holding.ticker: " ".join(said) for one, said in found}


amounts = st.floats(1e-3, 1e6)


@st.composite
def portfolios(draw):
    """Positions of any size, some without a price, a rating or what was paid."""
    pairs = []
    for index in range(draw(st.integers(1, 8))):
        total = draw(st.none() | st.integers(0, 10_000))
        stock = line(
            index,
            price=draw(st.none() | amounts),
            currency=draw(st.sampled_from(["USD", "GBX", "GBP"])),
            sector=draw(st.sampled_from(["Energy", "Utilities", None])),
            total=total,
            signal=signal_of(total),
        )
        pairs.append((held(index, draw(amounts), draw(st.none() | amounts)), stock))
    return pairs


@given(portfolios())
def test_weights_and_shares_of_an_account_are_the_whole_of_it(pairs):
    found = valuation.accounts([one for one, _ in pairs], {two.id: two for _, two in pairs})
    assert sum(len(one.positions) for one in found) == len(pairs)
    for one in found:
        weights = [position.weight or 0.0 for position in one.positions]
        whole = 1.0 if one.value else 0.0
        for parts in (weights, one.signals.values(), one.sectors.values()):
            assert math.isclose(sum(parts), whole, abs_tol=1e-9)


@given(portfolios())
def test_a_weighted_score_lies_between_the_lowest_and_the_highest(pairs):
    for one in valuation.accounts([held for held, _ in pairs], {two.id: two for _, two in pairs}):
        totals = [
            position.line.total
            for position in one.positions
            if position.line.total is not None and position.weight
        ]
        assert (one.score is None) == (not totals)
        if totals:
            assert min(totals) <= one.score <= max(totals)


@given(portfolios(), amounts)
def test_buying_and_selling_the_same_leaves_what_there_was(pairs, shares):
    before = [one for one, _ in pairs]
    stock = pairs[0][1]
    if stock.price is None:
        with pytest.raises(InputError, match="no price"):
            valuation.after(before, stock, shares)
        return
    bought = valuation.after(before, stock, shares)
    back = {one.stock_id: one for one in valuation.after(bought, stock, -shares)}
    assert back.keys() == {one.stock_id for one in before}
    assert math.isclose(back[stock.id].shares, before[0].shares, rel_tol=1e-6, abs_tol=1e-6)


def test_pence_are_added_up_as_pounds_and_currencies_are_not_added_up():
    pairs = [
        (held(1, 100), line(1, currency="GBX", price=250.0)),
        (held(2, 10), line(2, currency="GBP", price=5.0)),
        (held(3, 1), line(3, currency="USD", price=5.0)),
    ]
    found = valuation.accounts([one for one, _ in pairs], {two.id: two for _, two in pairs})
    assert [(one.currency, one.value) for one in found] == [("GBP", 300.0), ("USD", 5.0)]


def test_profit_is_of_the_positions_whose_cost_is_known():
    found = account((held(1, 10, 8.0), line(1)), (held(2, 10, None), line(2)))
    assert (found.value, found.cost, found.profit) == (200.0, 80.0, 20.0)
    assert account((held(1, paid=None), line(1))).profit is None


def test_more_of_a_stock_costs_its_mean_and_selling_changes_no_price():
    bought = valuation.after([held(1, 10, 8.0)], line(1), 10)
    assert (bought[0].shares, bought[0].average_price) == (20.0, 9.0)
    sold = valuation.after([held(1, 10, 8.0)], line(1), -4)
    assert (sold[0].shares, sold[0].average_price) == (6.0, 8.0)
    assert valuation.after([held(1, 10, 8.0)], line(1), -10) == ()


def test_what_is_not_held_cannot_be_sold():
    with pytest.raises(InputError, match="There are 10 shares of T1; 11 cannot go"):
        valuation.after([held(1)], line(1), -11)


def test_what_asks_for_a_look_says_why():
    signals = {"signal": "HOLD", "previous_signal": "BUY"}
    fell = line(2, changes=dict.fromkeys(CHANGE_DAYS, -720), **signals)
    found = reasons(
        (held(1, 1), line(1)),
        (held(2, 1), fell),
        (held(3, 1), line(3, signal="SELL", previous_signal="SELL")),
        (held(4, 1), line(4, total=None, signal=None, price=None)),
        (held(5, 9), line(5)),
    )
    assert found == {
        "T2": "Its signal fell from BUY to HOLD. Its score fell by 7.2 points in 7 days.",
        "T3": "Its signal is SELL.",
        "T4": "It is not rated. There is no price.",
        "T5": "It is 75 % of the value.",
    }


@pytest.mark.parametrize("signal", SIGNALS[:3])
def test_a_good_and_quiet_position_asks_for_nothing(signal):
    assert reasons((held(1), line(1, signal=signal, previous_signal=signal))) == {}
