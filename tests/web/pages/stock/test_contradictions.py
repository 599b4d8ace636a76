"""What a page says of one figure in one place it does not deny in another."""

from __future__ import annotations

from datetime import date

import pytest

from stockscore.scoring.checks import Criterion
from stockscore.scoring.methods import default_method
from stockscore.scoring.stored_score import MetricResult
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.stock import Action, Traded
from stockscore.web.pages.stock.breakdown import summary
from stockscore.web.pages.stock.checks import _values
from stockscore.web.pages.stock.figures import _by_net_income
from stockscore.web.pages.stock.payouts import payouts
from stockscore.web.pages.today.view import _change

PRICED = [Traded(date(2021, 1, 4), date(2021, 12, 31), 100.0)]


def criterion(key: str, unit: str, now: float | None, before: float | None) -> Criterion:
    return Criterion(key, key, unit, None, now, before, "")


@pytest.mark.parametrize(
    ("test", "written"),
    [
        (criterion("roa", "percent", -0.0002, None), "−0.02 %"),
        (criterion("roa", "percent", 0.0, None), "0.0 %"),
        (criterion("margin", "percent", 0.42804, 0.42801), "42.801 % → 42.804 %"),
        (criterion("margin", "percent", 0.45, 0.42), "42.0 % → 45.0 %"),
        (criterion("margin", "percent", 0.42, 0.42), "42.0 % → 42.0 %"),
        (criterion("liquidity", "ratio", 1.2344, 1.2341), "1.2341 → 1.2344"),
        (criterion("shares", "count", 1_000_400_000.0, 1_000_300_000.0), "1,000.3 m → 1,000.4 m"),
        (criterion("accruals", "percent", 0.0501, 0.0502), "5.01 % against 5.02 %"),
        (criterion("cfo", "percent", None, None), "not in these reports"),
    ],
)
def test_a_test_shows_enough_digits_to_see_why(test, written) -> None:
    assert _values(test).replace("\N{NO-BREAK SPACE}", " ") == written


def test_a_quoted_dividend_is_not_denied_where_no_payment_is_listed() -> None:
    said = payouts([], PRICED, "USD", "1.08 USD").nothing
    assert said == (
        "The source quotes dividends of 1.08 USD a share over twelve months, and lists no payment "
        "of them."
    )
    assert payouts([], PRICED, "USD").nothing.startswith("No dividend is known since 4")
    paid = Action(date(2021, 3, 1), 0.5, 1.0)
    assert payouts([paid], PRICED, "USD").nothing == ""
    assert payouts([paid], PRICED, "USD", "1.08 USD").nothing == said


def altman(value: float) -> MetricResult:
    metric = next(each for each in default_method().metrics if each.key == "altman_z2")
    sub_score = min(1.0, max(0.0, (value - 1.1) / 1.5))
    return MetricResult(metric, value, sub_score, 100, 400)


@pytest.mark.parametrize(
    ("z", "begins"),
    [(2.4, "Near the middle"), (1.2, "Near the middle"), (3.0, "Strong on"), (0.9, "Weak on")],
)
def test_the_grey_zone_is_neither_strong_nor_weak(z, begins) -> None:
    assert summary([altman(z)]).startswith(begins)


@pytest.mark.parametrize(
    ("eps", "income", "note"),
    [
        (0.1, 25.0, "by net income 400.0: the two figures of the source do not fit"),
        (0.26, 25.0, None),
        (-0.1, 25.0, "by net income 400.0: the two figures of the source do not fit"),
        (0.1, -25.0, "by net income a loss: the two figures of the source do not fit"),
        (-0.1, -25.0, None),
        (None, 25.0, None),
    ],
)
def test_a_ratio_that_does_not_fit_the_earnings_yield_says_so(eps, income, note) -> None:
    inputs = {"price": 100.0, "eps_ttm": eps, "market_cap": 10_000.0, "net_income_ttm": income}
    assert _by_net_income(inputs) == note


@pytest.mark.parametrize(
    ("was", "now", "way"),
    [
        ("STRONG SELL", "SELL", "up from"),
        ("SELL", "STRONG SELL", "down from"),
        ("HOLD", "BUY", "up from"),
        ("STRONG BUY", "BUY", "down from"),
    ],
)
def test_the_way_of_a_signal_is_said_in_words(was, now, way) -> None:
    line = StockLine(
        **dict.fromkeys(StockLine.__dataclass_fields__)
        | {"previous_signal": was, "signal": now, "changes": {1: 120}, "ticker": "A", "name": "A"}
    )
    assert (_change(line).way, _change(line).was) == (way, was)
