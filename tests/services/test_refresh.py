"""Refreshing the stocks from a source that answers, fails, lies and comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stockscore.extensions import db
from stockscore.market.hours import Session
from stockscore.providers.base import (
    BadData,
    Fundamentals,
    Listing,
    NotFound,
    RateLimited,
    Unavailable,
)
from stockscore.scoring.statements import Period
from stockscore.services import refresh as service
from stockscore.services.errors import InputError
from stockscore.services.refresh import stock
from stockscore.store import bars, fx, quarantine, runs, sessions, statements, stocks
from stockscore.store.models import Fetch
from stockscore.store.transactions import transaction
from tests.support.scripted_source import START, Source, quarter, trailing

TODAY = START.date()
TICKERS = ("AAA", "BBB", "CCC")


@pytest.fixture
def source(app) -> Source:
    """A source, and three stocks on the New York exchange with its sessions."""
    with app.app_context():
        days = [TODAY + timedelta(days=step) for step in range(-30, 60)]
        with transaction():
            stocks.save_listings(
                [Listing(ticker, f"{ticker} Inc.", "XNYS", "USD") for ticker in TICKERS],
                "test",
                START - timedelta(days=1),
            )
            sessions.save(
                Session(
                    "XNYS",
                    day,
                    datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC),
                    datetime(day.year, day.month, day.day, 21, 0, tzinfo=UTC),
                )
                for day in days
                if day.isoweekday() < 6
            )
        yield Source()


def run(source: Source, *tickers: str, **options: object) -> service.RefreshCounts:
    return service.refresh(source, source.clock, tickers or None, **options)


def fetch(ticker: str, what: str) -> Fetch:
    return db.session.get(Fetch, (stocks.find(ticker).id, what))


def closes(ticker: str) -> list[float]:
    return [bar.close for bar in bars.of(stocks.find(ticker).id)]


def figures(ticker: str, period: Period = Period.QUARTER) -> dict[str, float]:
    known = statements.known(stocks.find(ticker).id)
    return dict([one for one in known if one.period is period][-1].figures)


# What is kept


def test_prices_and_statements_of_every_stock_are_kept(source) -> None:
    counts = run(source)
    assert (counts.expected, counts.updated, counts.failed, counts.errors) == (3, 3, 0, {})
    for ticker in TICKERS:
        assert closes(ticker) == [10.0, 11.0, 12.0]
        assert figures(ticker) == {"revenue": 100.0, "cash": 5.0}
        assert fetch(ticker, "prices").state == fetch(ticker, "fundamentals").state == "ok"
        assert fetch(ticker, "prices").succeeded_at == START


def test_each_part_may_be_refreshed_alone(source) -> None:
    run(source, "AAA", what="prices")
    run(source, "BBB", what="fundamentals")
    assert source.asked == [("AAA", "prices"), ("BBB", "fundamentals")]


def test_an_update_asks_for_a_week_before_the_last_bar_and_corrects_it(source) -> None:
    run(source, "AAA")
    source.now += timedelta(days=1)
    source.closes["AAA"] = [11.0, 12.5, 13.0]
    counts = run(source, "AAA")
    assert source.since["AAA"] == TODAY - stock.OVERLAP
    assert closes("AAA") == [10.0, 11.0, 12.5, 13.0]
    assert counts.updated == 1


def test_the_same_answer_again_changes_nothing(source) -> None:
    run(source, "AAA", what="prices")
    source.closes["AAA"] = [10.0, 11.0, 12.0 * (1 + 1e-7)]
    assert run(source, "AAA", what="prices", force=True).unchanged == 1
    assert closes("AAA")[-1] == 12.0


def test_a_figure_that_is_missing_now_does_not_erase_what_is_known(source) -> None:
    run(source, "AAA")
    source.now += timedelta(days=1)
    less = [quarter(source.now, revenue=101.0, cash=None), trailing(source.now, ebitda=9.0)]
    source.answers["AAA", "fundamentals"] = Fundamentals("AAA", None, less, "source", source.now)
    run(source, "AAA")
    assert figures("AAA") == {"revenue": 101.0, "cash": 5.0}
    known = statements.known(stocks.find("AAA").id)
    assert [one.figures["revenue"] for one in known if "cash" in one.figures] == [100.0, 101.0]


def test_the_profile_is_updated_by_what_the_source_knows_and_no_more(source) -> None:
    profile = Listing("AAA", "Triple A plc", "XNAS", "USD", "Technology", None, isin=None)
    source.answers["AAA", "fundamentals"] = Fundamentals(
        "AAA", profile, [trailing(START, revenue=1.0)], "source", START
    )
    run(source, "AAA")
    stock = stocks.find("AAA")
    assert (stock.name, stock.exchange, stock.sector) == ("Triple A plc", "XNAS", "Technology")
    blank = replace(profile, name="", sector=None, industry="Software - Application")
    source.answers["AAA", "fundamentals"] = Fundamentals(
        "AAA", blank, [trailing(START, revenue=1.0)], "source", START
    )
    run(source, "AAA", force=True)
    stock = stocks.find("AAA")
    assert (stock.name, stock.sector, stock.industry) == (
        "Triple A plc",
        "Technology",
        "Software - Application",
    )


def test_a_stock_takes_the_unit_of_its_first_bars(source) -> None:
    source.currency["AAA"] = "GBX"
    run(source, "AAA")
    assert stocks.find("AAA").currency == "GBX"


def test_a_partial_answer_is_kept_said_and_asked_for_again(source) -> None:
    source.answers["AAA", "fundamentals"] = [
        Fundamentals(
            "AAA", None, [trailing(START, cash=7.0)], "source", START, "No income: it broke off."
        )
    ]
    counts = run(source, "AAA")
    assert figures("AAA", Period.TRAILING) == {"cash": 7.0}
    assert (counts.updated, counts.errors) == (1, {"AAA": "No income: it broke off."})
    assert (fetch("AAA", "fundamentals").state, fetch("AAA", "fundamentals").succeeded_at) == (
        "partial",
        None,
    )
    run(source, "AAA")
    assert figures("AAA") == {"revenue": 100.0, "cash": 5.0}
    assert figures("AAA", Period.TRAILING) == {"revenue": 400.0, "cash": 7.0}


def test_exchange_rates_come_for_accounts_in_another_currency(source) -> None:
    profile = Listing("AAA", "AAA", "XNYS", "USD", financial_currency="CNY")
    source.answers["AAA", "fundamentals"] = Fundamentals(
        "AAA", profile, [trailing(START, "CNY", revenue=1.0)], "source", START
    )
    source.rates["USD", "CNY"] = 7.1
    run(source)
    assert fx.rate("USD", "CNY", TODAY) == 7.1


def test_a_rate_that_cannot_be_had_is_unknown_and_fails_nothing(source) -> None:
    with transaction():
        stocks.save_listings(
            [Listing("AAA", "AAA", "XNYS", "USD", financial_currency="CNY")], "test", START
        )
    assert run(source, "AAA").failed == 0
    assert fx.rate("USD", "CNY", TODAY) is None


# What fails


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (NotFound("BBB is unknown."), 1),
        (BadData("BBB makes no sense."), 1),
        (Unavailable("BBB did not answer."), 2),
        (RateLimited("Slow down at BBB."), 4),
        (RuntimeError("a defect"), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_one_bad_stock_never_stops_the_rest(source, error: Exception, attempts: int) -> None:
    source.answers["BBB", "fundamentals"] = source.answers["BBB", "prices"] = error
    counts = run(source)
    assert (counts.updated, counts.failed) == (2, 1)
    assert counts.errors.keys() == {"BBB"}
    assert source.asked.count(("BBB", "prices")) == attempts
    assert fetch("BBB", "prices").state == getattr(error, "state", "bad_data")
    assert "BBB" in fetch("BBB", "prices").message
    assert closes("CCC") == [10.0, 11.0, 12.0]


def test_a_failure_erases_nothing(source) -> None:
    run(source, "AAA")
    source.answers["AAA", "fundamentals"] = source.answers["AAA", "prices"] = Unavailable("Away.")
    source.now += timedelta(days=1)
    run(source, "AAA")
    assert closes("AAA") == [10.0, 11.0, 12.0]
    assert figures("AAA") == {"revenue": 100.0, "cash": 5.0}
    assert fetch("AAA", "prices").succeeded_at == START
    assert fetch("AAA", "prices").message == "Away."


def test_what_fails_for_a_moment_is_asked_for_again_at_once(source) -> None:
    source.answers["AAA", "prices"] = [Unavailable("x"), None]
    source.answers["BBB", "fundamentals"] = [RateLimited("x")] * 3
    assert run(source).updated == 3


def test_one_part_that_fails_does_not_lose_the_other(source) -> None:
    source.answers["AAA", "fundamentals"] = Unavailable("No answer.")
    counts = run(source, "AAA")
    assert closes("AAA") == [10.0, 11.0, 12.0]
    assert (counts.failed, counts.errors) == (1, {"AAA": "No answer."})


def test_a_source_that_is_down_ends_the_run_and_the_next_one_does_the_rest(
    source, monkeypatch
) -> None:
    monkeypatch.setattr(stock, "GIVE_UP_AFTER", 2)
    for ticker in TICKERS:
        source.answers[ticker, "prices"] = source.answers[ticker, "fundamentals"] = RateLimited(
            "No."
        )
    counts = run(source)
    assert counts.failed == 2
    assert "1 stocks are left for the next run" in counts.stopped
    assert runs.recent()[0].state == "failed"
    source.answers.clear()
    source.asked.clear()
    assert run(source).updated == 3
    assert source.asked[0][0] == "CCC", "the one that was never tried comes first"


# What is not believed


def test_a_jump_is_held_back_and_a_believable_answer_clears_it(source) -> None:
    run(source, "AAA")
    source.now += timedelta(days=1)
    source.closes["AAA"] = [11.0, 12.0, 1300.0]
    counts = run(source, "AAA")
    assert closes("AAA") == [10.0, 11.0, 12.0]
    assert counts.quarantined == 1
    assert "without a split" in fetch("AAA", "prices").message
    assert [(c.field, c.value, c.last_good) for c in quarantine.open_items()] == [
        ("close", "1300", "12")
    ]
    run(source, "AAA", force=True)
    assert len(quarantine.open_items()) == 1, "the same case is noted once"
    source.closes["AAA"] = [11.0, 12.0, 13.0]
    run(source, "AAA")
    assert closes("AAA") == [10.0, 11.0, 12.0, 13.0]
    assert quarantine.open_items() == []


def test_prices_in_another_currency_are_held_back_whole(source) -> None:
    run(source, "AAA")
    source.now += timedelta(days=1)
    source.currency["AAA"] = "EUR"
    counts = run(source, "AAA", what="prices")
    assert (counts.unchanged, counts.failed, counts.quarantined) == (1, 0, 1)
    assert closes("AAA") == [10.0, 11.0, 12.0]
    assert counts.errors["AAA"] == "Prices came in EUR, but all earlier ones are in USD."


def test_a_profile_does_not_change_the_currency_of_bars_that_are_stored(source) -> None:
    run(source, "AAA")
    profile = Listing("AAA", "AAA Inc.", "XNYS", "EUR")
    source.answers["AAA", "fundamentals"] = Fundamentals(
        "AAA", profile, [trailing(START, revenue=1.0)], "source", START
    )
    run(source, "AAA", force=True)
    assert stocks.find("AAA").currency == "USD"


def test_accounts_in_another_currency_are_held_back(source) -> None:
    run(source, "AAA")
    source.answers["AAA", "fundamentals"] = Fundamentals(
        "AAA", None, [trailing(START, "EUR", revenue=1.0)], "source", START
    )
    run(source, "AAA", force=True)
    assert {one.currency for one in statements.known(stocks.find("AAA").id)} == {"USD"}
    assert quarantine.open_items()[0].field == "financial_currency"


def test_a_value_that_the_store_refuses_fails_that_stock_alone(source) -> None:
    source.answers["AAA", "fundamentals"] = Fundamentals(
        "AAA", None, [trailing(START, no_such_figure=1.0)], "source", START
    )
    counts = run(source)
    assert (counts.updated, counts.failed) == (2, 1)
    assert "cannot be stored" in fetch("AAA", "fundamentals").message


# When, in which order, and how it ends


def test_what_is_fresh_is_passed_over_unless_forced(source) -> None:
    run(source)
    source.asked.clear()
    source.now += timedelta(hours=12)
    assert run(source).unchanged == 3
    assert source.asked == []
    run(source, force=True)
    assert len(source.asked) == 6


@pytest.mark.parametrize(
    ("fetched", "now", "fresh"),
    [
        ("2026-03-05T20:00", "2026-03-05T20:29", True),  # open: half an hour
        ("2026-03-05T20:00", "2026-03-05T20:31", False),
        ("2026-03-05T21:21", "2026-03-06T14:29", True),  # after the close: until the next opening
        ("2026-03-05T21:21", "2026-03-06T14:31", False),
        ("2026-03-05T21:10", "2026-03-05T22:00", False),  # just after the close: still delayed
        ("2026-03-06T21:30", "2026-03-09T14:00", True),  # over a weekend
        ("2026-03-05T21:30", "2026-03-09T14:00", False),  # but not over Friday's session
    ],
)
def test_prices_are_fresh_until_there_may_be_new_ones(source, fetched, now, fresh) -> None:
    source.now = datetime.fromisoformat(fetched).replace(tzinfo=UTC)
    run(source, "AAA", what="prices")
    source.now = datetime.fromisoformat(now).replace(tzinfo=UTC)
    source.asked.clear()
    run(source, "AAA", what="prices")
    assert (source.asked == []) is fresh


def test_without_known_sessions_prices_are_fresh_for_half_an_hour(source) -> None:
    with transaction():
        stocks.save_listings([Listing("DDD.T", "DDD", "XTKS", "JPY")], "test", START)
    run(source, "DDD.T", what="prices")
    source.asked.clear()
    source.now += timedelta(minutes=29)
    run(source, "DDD.T", what="prices")
    assert source.asked == []
    source.now += timedelta(minutes=2)
    run(source, "DDD.T", what="prices")
    assert len(source.asked) == 1


def test_the_one_tried_longest_ago_comes_first(source) -> None:
    run(source, "CCC")
    source.now += timedelta(minutes=1)
    run(source, "AAA")
    source.now += timedelta(days=3)
    source.asked.clear()
    run(source)
    assert [ticker for ticker, what in source.asked if what == "prices"] == ["BBB", "CCC", "AAA"]


def test_an_interrupted_run_says_so_and_the_next_one_goes_on(source) -> None:
    source.answers["BBB", "fundamentals"] = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        run(source)
    last = runs.recent()[0]
    assert (last.state, last.updated, last.expected) == ("failed", 1, 3)
    assert last.message == "Interrupted after 1 of 3 stocks; the next run goes on there."
    source.asked.clear()
    counts = run(source)
    assert (counts.updated, counts.unchanged) == (2, 1)
    assert "AAA" not in {ticker for ticker, _ in source.asked}


def test_a_run_is_recorded_with_what_it_did(source) -> None:
    source.answers["BBB", "prices"] = NotFound("BBB is unknown.")
    run(source)
    last = runs.recent()[0]
    assert (last.job, last.state, last.expected, last.updated, last.failed) == (
        "refresh",
        "done",
        3,
        2,
        1,
    )
    assert last.message == "2 updated, 0 unchanged, 1 failed, 0 held back"
    assert last.ended_at == START


def test_progress_is_told_after_every_stock(source) -> None:
    told: list[tuple[int, int, str]] = []
    run(source, on_progress=lambda *step: told.append(step))
    assert told == [(1, 3, "AAA"), (2, 3, "BBB"), (3, 3, "CCC")]


@pytest.mark.parametrize("spelling", ["aaa", " AAA "])
def test_a_ticker_may_be_spelt_in_any_way(source, spelling: str) -> None:
    assert run(source, spelling).expected == 1


def test_an_unknown_ticker_is_answered_with_near_ones_before_anything_is_asked(source) -> None:
    with pytest.raises(InputError, match=r"AA is not among .* AAA"):
        run(source, "AAA", "AA")
    assert source.asked == []
    assert runs.recent() == []


def test_a_removed_stock_is_not_refreshed(source) -> None:
    with transaction():
        stocks.remove([stocks.find("AAA").id], START)
    assert run(source).expected == 2
    with pytest.raises(InputError, match="AAA is not among"):
        run(source, "AAA")


def test_it_is_the_same_on_postgresql(app_on, postgresql_url, source) -> None:
    with app_on(postgresql_url).app_context():
        with transaction():
            stocks.save_listings(
                [Listing(ticker, ticker, "XNYS", "USD") for ticker in TICKERS], "test", START
            )
        source.answers["BBB", "prices"] = NotFound("BBB is unknown.")
        assert (run(source).updated, run(source).unchanged) == (2, 2)
        source.now += timedelta(days=1)
        source.closes["AAA"] = [11.0, 12.0, 1300.0]
        assert run(source, "AAA").quarantined == 1
        assert closes("AAA") == [10.0, 11.0, 12.0]
