"""The real yfinance against the replayed market: what comes out, and what goes wrong."""

from __future__ import annotations

import logging
import warnings
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from stockscore.providers.base import (
    BadData,
    Listing,
    NotFound,
    RateLimited,
    Unavailable,
)
from stockscore.scoring.statements import FIGURES, Period
from tests.support.waiting import PATIENCE_SECONDS

NOW = datetime(2026, 8, 21, 22, 0, tzinfo=UTC)
"""After the close of the last session that the replayed market shows."""


def listing(ticker: str, exchange: str = "XNYS", currency: str = "USD") -> Listing:
    """A stock as a universe names it."""
    return Listing(ticker, f"{ticker} company", exchange, currency)


def trailing(answer):
    """The trailing figures of an answer."""
    return next(s for s in answer.statements if s.period is Period.TRAILING).figures


# Prices


def test_five_years_of_raw_bars_end_with_the_latest_session(provider) -> None:
    history = provider.prices(listing("KO"), None, NOW)
    sessions = [bar.session for bar in history.bars]
    assert len(sessions) > 1200
    assert sessions[-1] == date(2026, 8, 21)
    assert all(before < after for before, after in pairwise(sessions))
    assert (history.currency, history.source, history.fetched_at) == ("USD", "yahoo", NOW)


def test_what_was_traded_before_a_split_is_not_restated(provider) -> None:
    bars = {b.session: b for b in provider.prices(listing("NFLX"), None, NOW).bars}
    split = bars[date(2025, 7, 11)]
    assert split.split == 10.0
    assert split.adjustment == pytest.approx(0.1)
    assert bars[date(2024, 10, 9)].close == pytest.approx(722.79, rel=0.01)
    assert bars[date(2026, 8, 21)].close == pytest.approx(79.59)


def test_bars_fetched_before_a_split_are_the_same_when_fetched_after_it(
    provider, replayed_market
) -> None:
    replayed_market.set_as_of("2025-07-10")
    before = provider.prices(listing("NFLX"), date(2025, 6, 2), NOW).bars
    replayed_market.set_as_of("2025-08-01")
    after = {b.session: b for b in provider.prices(listing("NFLX"), date(2025, 6, 2), NOW).bars}
    assert len(before) > 20
    for bar in before:
        assert after[bar.session].close == pytest.approx(bar.close, rel=1e-6)
        assert after[bar.session].split == bar.split


def test_an_update_asks_for_little_and_begins_where_it_was_told(provider, replayed_market) -> None:
    history = provider.prices(listing("KO"), date(2026, 8, 12), NOW)
    assert history.bars[0].session == date(2026, 8, 12)
    assert replayed_market.count("/v8/finance/chart/") == 1, (
        "the time zone needs no request of its own"
    )


def test_dividends_adjust_as_yahoo_itself_does(provider, replayed_market) -> None:
    replayed_market.set_as_of("2025-02-21")
    bars = provider.prices(listing("MSFT"), None, datetime(2025, 2, 21, 22, tzinfo=UTC)).bars
    paid = [bar for bar in bars if bar.dividend and bar.session.year == 2021]
    assert [round(bar.dividend, 2) for bar in paid] == [0.56, 0.56, 0.56, 0.62]
    index = bars.index(paid[0])
    assert paid[0].adjustment == pytest.approx(1 - paid[0].dividend / bars[index - 1].close)


def test_pence_stay_pence(provider) -> None:
    history = provider.prices(listing("OCDO.L", "XLON", "GBX"), date(2026, 8, 1), NOW)
    assert history.currency == "GBX"
    assert history.bars[-1].close == 309.0


# Fundamentals


def test_quarters_and_trailing_figures_of_a_company(provider) -> None:
    answer = provider.fundamentals(listing("PG"), NOW)
    quarters = [s for s in answer.statements if s.period is Period.QUARTER]
    assert len(quarters) >= 5
    assert all(s.known_at == NOW and s.currency == "USD" for s in answer.statements)
    assert all(set(s.figures) <= set(FIGURES) for s in answer.statements)
    assert {"revenue", "ebit", "net_income", "total_assets", "cash"} <= quarters[-1].figures.keys()
    last = trailing(answer)
    assert last["revenue"] == pytest.approx(sum(s.figures["revenue"] for s in quarters[-4:]))
    assert last["market_cap"] == pytest.approx(last["shares"] * last["price"], rel=1e-3)
    assert -1 < last["quarter_revenue_growth"] < 1, "a fraction"


def test_the_profile_fills_what_the_universe_did_not_know(provider) -> None:
    profile = provider.fundamentals(listing("MSFT"), NOW).listing
    assert (profile.ticker, profile.name) == ("MSFT", "Microsoft")
    assert (profile.exchange, profile.currency) == ("XNAS", "USD")
    assert (profile.sector, profile.financial_currency) == ("Technology", "USD")


def test_recorded_cash_flow_statements_are_read(provider) -> None:
    quarters = provider.fundamentals(listing("AAPL"), NOW).statements
    flows = [s.figures for s in quarters if "cfo" in s.figures]
    assert flows
    assert all(f["fcf"] < f["cfo"] for f in flows if "fcf" in f)


def test_a_london_company_reports_pounds_and_is_quoted_in_pence(provider) -> None:
    answer = provider.fundamentals(listing("OCDO.L", "XLON", "GBP"), NOW)
    assert (answer.listing.currency, answer.listing.financial_currency) == ("GBX", "GBP")
    last = trailing(answer)
    assert answer.statements[-1].currency == "GBP"
    assert last["market_cap"] == pytest.approx(last["shares"] * last["price"], rel=1e-3), "pence"
    assert last["total_equity"] == pytest.approx(1.668 * 823350016), "from book value per share"


def test_where_accounts_are_in_another_currency_nothing_mixes_the_two(provider) -> None:
    answer = provider.fundamentals(listing("BABA"), NOW)
    last = trailing(answer)
    assert {s.currency for s in answer.statements} == {"CNY"}
    assert last["revenue"] == 981767028736
    assert last["market_cap"] == 341542830080
    assert last["quoted_eps"] == 6.87, "dollars of a receipt, as the price"
    for mixed in ("eps", "enterprise_value", "dividend_per_share", "total_equity"):
        assert mixed not in last
    assert not any({"eps", "shares"} & s.figures.keys() for s in answer.statements[:-1])


def test_share_counts_of_another_class_are_left_out(provider) -> None:
    answer = provider.fundamentals(listing("BRK-B"), NOW)
    assert trailing(answer)["shares"] > 2e9
    assert not any("shares" in s.figures for s in answer.statements[:-1])


def test_per_share_figures_from_before_a_split_are_left_out(provider) -> None:
    quarters = provider.fundamentals(listing("NOW"), NOW).statements[:-1]
    assert quarters
    assert not any({"eps", "shares"} & s.figures.keys() for s in quarters), "split in March 2026"


def test_a_fund_is_no_stock(provider) -> None:
    with pytest.raises(BadData, match="QQQ is no stock but etf"):
        provider.fundamentals(listing("QQQ"), NOW)


def test_exchange_rates(provider) -> None:
    assert provider.exchange_rate("EUR", "USD", NOW) == pytest.approx(1.05, abs=0.1)
    assert provider.exchange_rate("USD", "USD", NOW) == 1.0


# What goes wrong


@pytest.mark.parametrize("ticker", ["NOSUCH", "ANSS"])
def test_not_found_only_where_two_places_of_yahoo_agree(
    provider, replayed_market, ticker: str
) -> None:
    with pytest.raises(NotFound, match=ticker):
        provider.prices(listing(ticker), None, NOW)
    with pytest.raises(NotFound, match=ticker):
        provider.fundamentals(listing(ticker), NOW)
    replayed_market.set_faults({"500@quoteSummary": 1.0, f"500@{ticker}": 0.0})
    with pytest.raises(Unavailable):
        provider.prices(listing(ticker), None, NOW)


def test_one_place_alone_that_does_not_know_a_stock_is_not_believed(
    provider, replayed_market
) -> None:
    replayed_market.set_faults({"500@chart": 1.0})
    with pytest.raises(Unavailable):
        provider.fundamentals(listing("NOSUCH"), NOW)


@pytest.mark.parametrize("kind", ["500", "reset", "garbage", "empty", "timeout"])
@pytest.mark.parametrize("what", ["prices", "fundamentals"])
def test_no_usable_answer_is_unknown_not_absent(
    provider, impatient_provider, replayed_market, kind: str, what: str
) -> None:
    replayed_market.set_faults({kind: 1.0})
    asked = impatient_provider if kind == "timeout" else provider
    with pytest.raises(Unavailable, match="KO"):
        asked.prices(listing("KO"), None, NOW) if what == "prices" else asked.fundamentals(
            listing("KO"), NOW
        )


def test_a_refusal_is_said_and_asked_once(provider, replayed_market) -> None:
    replayed_market.set_faults({"429": 1.0})
    with pytest.raises(RateLimited, match="slow down"):
        provider.prices(listing("KO"), None, NOW)
    assert replayed_market.count("/v8/finance/chart/") == 1, "yfinance alone would ask twice"
    replayed_market.clear_requests()
    with pytest.raises(RateLimited):
        provider.fundamentals(listing("KO"), NOW)
    assert len(replayed_market.requests) == 1


def test_after_a_refusal_all_requests_wait_until_the_cooldown_is_over(replayed_market) -> None:
    from stockscore.providers.ratelimit import RateLimiter
    from stockscore.providers.yahoo import YahooProvider

    now, slept = [1000.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    limiter = RateLimiter(1000.0, 60.0, clock=lambda: now[0], sleep=sleep)
    provider = YahooProvider(1000.0, timeout_seconds=PATIENCE_SECONDS, limiter=limiter)
    replayed_market.set_faults({"429@chart": 1.0})
    with pytest.raises(RateLimited) as refused:
        provider.prices(listing("KO"), None, NOW)
    replayed_market.set_faults({})
    provider.prices(listing("PG"), date(2026, 8, 1), NOW)
    assert refused.value.retry_after == 60
    assert slept[0] == 60


@pytest.mark.parametrize("kind", ["429", "500", "garbage", "reset", "empty"])
def test_statements_that_fail_leave_the_rest_and_say_so(
    provider, replayed_market, kind: str
) -> None:
    replayed_market.set_faults({f"{kind}@timeseries": 1.0})
    answer = provider.fundamentals(listing("KO"), NOW)
    assert [s.period for s in answer.statements] == [Period.TRAILING]
    for name in ("income", "balance sheet", "cash flow"):
        assert f"No {name}: " in answer.missing
        assert f"No yearly {name}: " in answer.missing


def test_a_statement_that_fails_once_is_asked_for_again(provider, replayed_market) -> None:
    replayed_market.set_faults({"500@timeseries": 0.35})
    answers = [provider.fundamentals(listing(ticker), NOW) for ticker in ("KO", "PG", "XOM", "T")]
    failed = [request for request in replayed_market.requests if request.status == 500]
    missing = sum(getattr(answer, "missing", "").count("No ") for answer in answers)
    assert len(failed) > 2 * missing


def test_a_whole_answer_misses_nothing(provider, replayed_market) -> None:
    answer = provider.fundamentals(listing("KO"), NOW)
    assert not getattr(answer, "missing", "")
    assert {Period.QUARTER, Period.YEAR} < {s.period for s in answer.statements}
    # Three tables of quarters, three of years, and the PEG ratio that yfinance asks for itself.
    assert replayed_market.count("/ws/fundamentals-timeseries/") == 7


def test_a_broken_answer_is_not_kept_for_the_next_attempt(provider, replayed_market) -> None:
    replayed_market.set_faults({"garbage@timeseries": 1.0})
    assert provider.fundamentals(listing("KO"), NOW).missing
    replayed_market.set_faults({})
    assert not getattr(provider.fundamentals(listing("KO"), NOW), "missing", "")


def test_a_lost_crumb_is_fetched_again(provider, replayed_market) -> None:
    replayed_market.set_faults({"401-crumb": 1.0})
    assert provider.fundamentals(listing("KO"), NOW).listing.sector == "Consumer Defensive"


def test_prices_come_without_a_crumb(provider, replayed_market) -> None:
    from yfinance.data import YfData

    YfData()._crumb = None  # noqa: SLF001 - as in a new process
    replayed_market.set_faults({"429@getcrumb": 1.0})
    assert provider.prices(listing("KO"), date(2026, 8, 1), NOW).bars


def test_yfinance_neither_logs_nor_warns_through_us(provider, replayed_market, caplog) -> None:
    replayed_market.set_faults({"500": 0.5})
    with warnings.catch_warnings(record=True) as seen, caplog.at_level(logging.DEBUG):
        warnings.simplefilter("always")
        for ticker in ("KO", "PG", "NOSUCH"):
            for ask in (provider.prices, provider.fundamentals):
                arguments = (date(2026, 8, 1), NOW) if ask == provider.prices else (NOW,)
                with suppress(Unavailable, NotFound):
                    ask(listing(ticker), *arguments)
    assert not [record for record in caplog.records if record.name.startswith("yfinance")]
    assert not seen


def test_the_warning_that_is_silenced_inside_is_heard_outside(provider) -> None:
    from pandas.errors import Pandas4Warning

    provider.prices(listing("KO"), date(2026, 8, 1), NOW)
    with pytest.warns(Pandas4Warning):
        warnings.warn("of our own making", Pandas4Warning, stacklevel=1)
