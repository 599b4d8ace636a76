"""Yahoo's split-adjusted table becomes raw bars; worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pd = pytest.importorskip("pandas")

from stockscore.providers.yahoo import prices  # noqa: E402 - pandas may be absent
from tests.support.yahoo_case import YahooCase  # noqa: E402

FIRST = date(2026, 3, 2)


def raw_bars(answer, since):
    """The bars alone."""
    return prices.raw_bars(answer, since)[0]


def table(closes, splits=None, dividends=None, volumes=None):
    """A table as `Ticker.history(auto_adjust=False)` gives it, one row a day."""
    n = len(closes)
    days = pd.date_range(FIRST, periods=n, freq="D", tz="America/New_York")
    closes = np.array(closes, dtype=float)
    return pd.DataFrame(
        {
            "Open": closes - 1.0,
            "High": closes + 2.0,
            "Low": closes - 2.0,
            "Close": closes,
            "Adj Close": closes,
            "Volume": volumes if volumes is not None else [1000] * n,
            "Dividends": dividends if dividends is not None else [0.0] * n,
            "Stock Splits": splits if splits is not None else [0.0] * n,
        },
        index=days,
    )


def test_closes_before_a_split_are_given_back_what_was_traded() -> None:
    bars = raw_bars(table([10.0, 11.0, 12.0], splits=[0.0, 4.0, 0.0]), None)
    assert [bar.close for bar in bars] == [40.0, 11.0, 12.0]
    assert [bar.open for bar in bars] == [36.0, 10.0, 11.0]
    assert [bar.volume for bar in bars] == [250.0, 1000.0, 1000.0]
    assert [bar.split for bar in bars] == [1.0, 4.0, 1.0]
    assert bars[1].adjustment == 0.25


def test_two_splits_multiply() -> None:
    bars = raw_bars(table([1.0, 1.0, 1.0], splits=[0.0, 2.0, 0.1]), None)
    assert [bar.close for bar in bars] == [pytest.approx(0.2), pytest.approx(0.1), 1.0]


def test_a_dividend_before_a_split_is_the_money_paid_per_share_then() -> None:
    bars = raw_bars(table([10.0, 10.0, 10.0], splits=[0, 0, 2.0], dividends=[0, 0.5, 0]), None)
    assert bars[1].dividend == 1.0
    assert bars[1].adjustment == pytest.approx(1.0 - 1.0 / 20.0)


def test_dividend_and_split_on_one_day_stand_on_the_new_shares() -> None:
    bars = raw_bars(table([10.0, 9.0], splits=[0, 2.0], dividends=[0, 0.5]), None)
    assert bars[0].close == 20.0
    assert bars[1].dividend == 0.5
    # 20 before is 10 after the split, of which 0.5 is paid out: 9.5 of 20.
    assert bars[1].adjustment == pytest.approx(9.5 / 20.0)


def test_a_day_without_a_close_is_left_out_and_hands_its_actions_on() -> None:
    bars = raw_bars(table([10.0, np.nan, 10.0], splits=[0, 2.0, 0], dividends=[0, 0.1, 0]), None)
    assert [bar.session.day for bar in bars] == [2, 4]
    assert bars[0].close == 20.0
    assert (bars[1].split, bars[1].dividend) == (2.0, 0.1)


def test_the_days_before_since_only_tell_the_close_before() -> None:
    answer = table([10.0, 10.0, 10.0], dividends=[0, 0, 1.0])
    bars = raw_bars(answer, FIRST + timedelta(days=2))
    assert len(bars) == 1
    assert bars[0].adjustment == pytest.approx(0.9)


def test_noise_of_single_precision_is_rounded_off() -> None:
    assert raw_bars(table([14.123000144958496]), None)[0].close == 14.123


def test_a_dividend_of_the_whole_price_adjusts_nothing() -> None:
    assert raw_bars(table([10.0, 10.0], dividends=[0, 25.0]), None)[1].adjustment == 1.0


def test_a_session_is_the_date_of_its_exchange() -> None:
    index = pd.DatetimeIndex(["2026-03-02T00:00"]).tz_localize("Asia/Tokyo")
    assert raw_bars(table([5.0]).set_axis(index), None)[0].session == FIRST


def test_nothing_in_nothing_out() -> None:
    assert prices.raw_bars(table([]), None) == ([], [])


# Splits that are listed and not applied


@pytest.mark.parametrize("ratio", [4.0, 1 / 20, 1.5, 1 / 8, 7.0, 1 / 190])
@pytest.mark.parametrize("restated", [range(5, 40), range(40), range(0), range(30)])
def test_a_history_is_put_on_the_footing_on_which_it_was_traded(ratio, restated) -> None:
    traded = [100.0 * (1 + (day % 5) / 100) for day in range(60)]
    traded[40:] = [close / ratio for close in traded[40:]]
    answered = [close / ratio if day in restated else close for day, close in enumerate(traded)]
    splits = [0.0] * 60
    splits[40] = ratio
    bars, findings = prices.raw_bars(table(answered, splits), None)
    if ratio == 1.5 and 0 < len(restated) < 40:
        return  # a third more or less may be a fall of the market
    assert [bar.close for bar in bars] == pytest.approx(traded, rel=1e-6)
    assert bars[40].split == pytest.approx(ratio)
    left = 40 - len(restated)
    assert [value.rule for value in findings] == ["split-not-restated"] * (left > 0)
    assert all(f"restated {left} bar" in value.reason for value in findings)


def test_a_split_that_only_a_later_answer_brings_is_undone_in_its_few_days_too() -> None:
    answer = table([400.0, 404, 398, 100, 101], [0, 0, 0, 4.0, 0])
    bars, findings = prices.raw_bars(answer, FIRST + timedelta(days=2))
    assert [bar.close for bar in bars] == [398.0, 100.0, 101.0]
    assert findings[0].session == FIRST + timedelta(days=3)
    assert findings[0].reason.startswith("The source lists a split of 4 for 1 on 2026-03-05")


def test_a_day_of_the_market_beside_a_small_split_is_no_footing() -> None:
    answer = table([100.0, 101, 99, 94, 95], [0, 0, 0, 1.05, 0])
    bars, findings = prices.raw_bars(answer, None)
    assert bars[0].close == 105.0
    assert findings == []


# Dividends in another currency


def test_dividends_are_converted_to_the_unit_of_the_price() -> None:
    answer = table([500.0, 500, 500], dividends=[0, 0.1, 0.2])
    paid_in = {
        int(day.timestamp()) + 34200: code
        for day, code in zip(answer.index[1:], ["GBP", "USD"], strict=True)
    }
    converted, unknown = prices.with_dividends_in(
        "GBX", answer, paid_in, {"GBP": 100.0, "USD": 80.0}
    )
    assert converted["Dividends"].tolist() == pytest.approx([0, 10.0, 16.0])
    assert unknown == []


@pytest.mark.parametrize(
    ("chart", "found"),
    [
        (b'{"events":{"dividends":{"1":{"amount":0.37,"currency":"USD","date":1}}}}', {1: "USD"}),
        (b'{"events":{"dividends": {"1":{"amount":0.37,"currency":"","date":1}}}}', {}),
        (b'{"events":{"dividends":{"1":{"amount":0.37,"date":1}}}}', {}),
        (b'{"events":{"dividends":[1,2]}}', {}),
        (b'{"events":{"dividends":{"1":', {}),
        (b'{"events":{}}', {}),
    ],
)
def test_the_currencies_of_dividends_are_read_from_the_chart_itself(chart, found) -> None:
    from stockscore.providers.yahoo.session import _dividend_currencies

    assert _dividend_currencies(chart) == found


@pytest.mark.parametrize(
    ("paid_in", "unit", "rates", "worth"),
    [
        ("GBP", "GBX", {}, 100.0),
        ("GBp", "GBX", {}, 1.0),
        ("USD", "USD", {}, 1.0),
        ("USD", "NOK", {("NOK", "USD"): 0.1}, 10.0),
        ("USD", "NOK", {("USD", "NOK"): 10.0}, 10.0),
        ("USD", "GBX", {("GBP", "USD"): 1.25}, 80.0),
        ("USD", "NOK", {}, None),
    ],
)
def test_what_a_unit_of_a_dividend_is_worth_in_that_of_the_price(
    paid_in, unit, rates, worth
) -> None:
    source = YahooCase("yahoo-foreign-dividend-usd.json", rates)
    found = source.worth(paid_in, unit, datetime(2026, 11, 27, tzinfo=UTC))
    assert found == (None if worth is None else pytest.approx(worth))


def test_a_dividend_without_an_exchange_rate_is_left_out_and_said() -> None:
    answer = table([280.0, 280], dividends=[0, 0.37])
    paid_in = {int(answer.index[1].timestamp()): "USD"}
    converted, unknown = prices.with_dividends_in("NOK", answer, paid_in, {"USD": None})
    assert converted["Dividends"].tolist() == [0, 0]
    assert unknown[0].reason.startswith("A dividend of 0.37 USD on 2026-03-03 is left out")


@settings(max_examples=40)
@given(
    raw=st.lists(st.floats(80.0, 120.0), min_size=2, max_size=30),
    data=st.data(),
)
def test_adjusted_closes_agree_with_yahoos_own_whatever_was_split(raw, data) -> None:
    splits = data.draw(
        st.lists(
            st.sampled_from([0.0, 0.0, 0.0, 2.0, 10.0, 0.2]), min_size=len(raw), max_size=len(raw)
        )
    )
    ratios = np.where(np.array(splits) > 0, splits, 1.0)
    later = np.append(np.cumprod(ratios[::-1])[::-1][1:], 1.0)
    bars = raw_bars(table(np.array(raw) / later, splits=splits), None)
    assert [bar.close for bar in bars] == pytest.approx(raw, rel=1e-6)
    adjustments = np.array([bar.adjustment for bar in bars])
    factors = np.append(np.cumprod(adjustments[::-1])[::-1][1:], 1.0)
    adjusted = np.array([bar.close for bar in bars]) * factors
    assert adjusted == pytest.approx(np.array(raw) / later, rel=1e-6)
