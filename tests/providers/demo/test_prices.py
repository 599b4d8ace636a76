from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from stockscore.market import calendars
from stockscore.providers.base import Unavailable


def trading(demo_stocks):
    return [
        stock for stock in demo_stocks if stock[0].listed_on is None and not stock[0].delisted_on
    ]


@pytest.mark.parametrize("mic", ["XNYS", "XLON"])
def test_bars_stand_on_every_session_of_five_years_and_on_no_other_day(demo_stocks, mic):
    sessions = calendars.sessions(mic, date(2021, 11, 23), date(2026, 11, 23))
    days = [session.session for session in sessions]
    here = [prices for listing, prices, _ in trading(demo_stocks) if listing.exchange == mic]
    assert len(here) > 80
    assert all([bar.session for bar in prices.bars] == days for prices in here)


def test_a_session_has_a_bar_only_once_it_has_closed(provider, by_ticker):
    listing = by_ticker["Y"][0]
    since = date(2026, 11, 20)
    running = provider.prices(listing, since, datetime(2026, 11, 23, 20, 59, tzinfo=UTC))
    closed = provider.prices(listing, since, datetime(2026, 11, 23, 21, 0, tzinfo=UTC))
    assert [bar.session.day for bar in running.bars] == [20]
    assert [bar.session.day for bar in closed.bars] == [20, 23]


def test_where_nothing_traded_since_there_is_no_answer_rather_than_an_empty_one(
    provider, by_ticker, now
):
    with pytest.raises(Unavailable, match="Y has not traded since 2026-11-24"):
        provider.prices(by_ticker["Y"][0], date(2026, 11, 24), now)


def test_the_low_is_lowest_and_the_high_highest_of_every_bar(demo_stocks):
    for _, prices, _ in demo_stocks:
        for bar in prices.bars:
            assert 0 < bar.low <= min(bar.open, bar.close)
            assert bar.high >= max(bar.open, bar.close)
            assert bar.volume > 0


def test_the_adjustment_of_a_bar_is_what_its_split_and_its_dividend_make_of_it(demo_stocks):
    events = 0
    for _, prices, _ in demo_stocks:
        for before, bar in pairwise(prices.bars):
            if bar.split == 1 and bar.dividend == 0:
                assert bar.adjustment == 1
            else:
                events += 1
                expected = (1 / bar.split) * (1 - bar.dividend / before.close)
                assert bar.adjustment == pytest.approx(expected, rel=1e-12)
    assert events > 3000


def test_a_bar_is_the_same_wherever_the_answer_begins(provider, by_ticker, now):
    listing, whole, _ = next(s for s in by_ticker.values() if any(b.split != 1 for b in s[1].bars))
    split = next(bar for bar in whole.bars if bar.split != 1)
    tail = provider.prices(listing, split.session, now).bars
    assert tail[0] == split
    assert list(tail) == list(whole.bars)[-len(tail) :]


def test_a_split_moves_the_raw_price_and_not_the_adjusted_one(demo_stocks):
    splits = 0
    for _, prices, _ in demo_stocks:
        for before, bar in pairwise(prices.bars):
            if bar.split != 1:
                splits += 1
                assert 0.6 < bar.close / (before.close * bar.adjustment) < 1.6
    assert splits >= 15


def test_days_look_like_days_of_a_market(demo_stocks):
    """Most moves are small, some are wild, and no stock loses 80 % in a day."""
    moves = sorted(
        abs(bar.close / (before.close * bar.adjustment) - 1)
        for _, prices, _ in trading(demo_stocks)
        for before, bar in pairwise(prices.bars[-250:])
    )
    assert 0.006 < moves[len(moves) // 2] < 0.02
    assert 0.04 < moves[int(len(moves) * 0.995)] < 0.15
    assert moves[-1] < 0.6


def test_stocks_move_together_but_not_in_step(demo_stocks):
    daily = []
    for _, prices, _ in [s for s in trading(demo_stocks) if s[0].exchange == "XNYS"][:200]:
        bars = prices.bars[-251:]
        daily.append([b.close / (a.close * b.adjustment) - 1 for a, b in pairwise(bars)])
    days = list(zip(*daily, strict=True))
    market = [sum(day) / len(day) for day in days]
    own = [abs(day[0] - mean) for day, mean in zip(days, market, strict=True)]
    assert 0.004 < sum(abs(m) for m in market) / len(market) < 0.015
    assert sum(own) / len(own) > 0.005


def test_new_york_pays_dividends_four_times_a_year_and_london_twice(demo_stocks):
    counts = {"XNYS": set(), "XLON": set()}
    for listing, prices, _ in trading(demo_stocks):
        paid = [bar for bar in prices.bars if bar.dividend and bar.session.year == 2025]
        counts[listing.exchange].add(len(paid))
    assert 4 in counts["XNYS"]
    assert counts["XNYS"] <= {0, 1, 2, 3, 4}
    assert counts["XLON"] <= {0, 1, 2}


def test_two_classes_of_a_share_trade_close_to_each_other(by_ticker):
    pairs = list(zip(by_ticker["HDG.A"][1].bars, by_ticker["HDG.B"][1].bars, strict=True))
    assert all(0.9 < a.close / b.close < 1.1 for a, b in pairs)
    assert any(a.close != b.close for a, b in pairs)
