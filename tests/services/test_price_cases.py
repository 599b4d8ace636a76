"""Prices as real sources have given them, with invented companies: each is right, or held back."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from stockscore.extensions import db
from stockscore.market.calendars import trading_days
from stockscore.providers.base import Bar, Listing, PriceHistory
from stockscore.scoring import engine
from stockscore.scoring.methods import METHODS
from stockscore.scoring.reasons import Reason, parts
from stockscore.services import calendars as service_calendars
from stockscore.services import ingest
from stockscore.services import refresh as service
from stockscore.services.errors import InputError
from stockscore.services.fundamentals_import import import_fundamentals
from stockscore.services.market_inputs import MarketSources
from stockscore.services.price_import import import_prices
from stockscore.services.universe import import_file
from stockscore.store import bars, stocks
from stockscore.store.models import Quarantine
from stockscore.store.transactions import transaction
from tests.support.yahoo_case import CASES, YahooCase

NOW = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)
"""The Friday after Thanksgiving, after the close of New York."""

FRIDAY, SUNDAY = date(2026, 11, 27), date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _inside(app_context):
    """Every test runs inside the application's context."""
    return app_context


class Said:
    """What method 1.1 is given and says of one stock."""

    def __init__(self, ticker: str, now: datetime = NOW) -> None:
        market = MarketSources.read(now).market(METHODS["1.1"])
        place = market.universe.tickers.index(ticker)
        scoring = engine.score(market.universe, market.method)
        keys = [metric.key for metric in market.method.metrics]
        self.day = market.day
        self.inputs = {
            name: None if math.isnan(column[place]) else float(column[place])
            for name, column in market.universe.inputs.items()
        }
        self.values = dict(zip(keys, scoring.values[place].tolist(), strict=True))
        reasons = scoring.reasons[place].tolist()
        self.reasons = {key: parts(code)[0] for key, code in zip(keys, reasons, strict=True)}


def refreshed(name: str, exchange="XNYS", currency="USD", now=NOW, rates=None, what="all") -> Said:
    """What is said after a refresh of a case's stock."""
    source = YahooCase(name, rates)
    if stocks.find(source.symbol) is None:
        follow(source.symbol, exchange, currency)
    service.refresh(source, lambda: now, [source.symbol], force=True, what=what)
    return Said(source.symbol, now)


def follow(ticker: str, exchange="XNYS", currency="USD") -> int:
    """Puts a stock into the universe; its id."""
    with transaction():
        stocks.save_listings([Listing(ticker, "Case", exchange, currency)], "test", NOW)
    return stocks.find(ticker).id


def cases(ticker: str) -> list[Quarantine]:
    """All that was ever doubted of a stock."""
    query = select(Quarantine).where(Quarantine.stock_id == stocks.find(ticker).id)
    return list(db.session.scalars(query.order_by(Quarantine.id)))


# Splits


@pytest.mark.parametrize(
    ("name", "ticker", "expected", "ratio"),
    [("4-1", "UNAQ", -0.03, "4 for 1"), ("1-20", "UNBQ", -0.16, "1 for 20")],
)
def test_a_split_that_yahoo_lists_and_did_not_apply_is_undone_once_and_said(
    name, ticker, expected, ratio
) -> None:
    said = refreshed(f"yahoo-split-not-applied-{name}.json")
    assert said.values["return_12_1"] == pytest.approx(expected, abs=0.005)
    [case] = cases(ticker)
    assert (case.rule, case.decision) == ("split-not-restated", "mended")
    assert f"a split of {ratio} on 2026-10-01" in case.reason
    refreshed(f"yahoo-split-not-applied-{name}.json")
    assert len(cases(ticker)) == 1


def test_after_a_spin_off_prices_are_restated_and_share_counts_are_not() -> None:
    refreshed("yahoo-spin-off-1.json", now=NOW - timedelta(days=3))
    said = refreshed("yahoo-spin-off-2.json", now=NOW - timedelta(days=2), what="prices")
    assert said.inputs["market_cap"] == pytest.approx(97.1e9, rel=1e-3)
    assert said.inputs["eps_ttm"] == pytest.approx(4.90, abs=0.005)
    said = refreshed("yahoo-spin-off-2.json", now=NOW - timedelta(days=2))
    assert said.inputs["market_cap"] == pytest.approx(97.1e9, rel=1e-3)
    assert said.inputs["eps_ttm"] == pytest.approx(4.90, abs=0.005)


def test_a_split_told_by_adjusted_closes_restates_share_counts() -> None:
    import_fundamentals(CASES / "split-fundamentals.csv", NOW)
    import_prices(CASES / "split-prices.csv", NOW)
    said = Said("SPLQ")
    assert said.inputs["market_cap"] == pytest.approx(400e9)
    assert said.inputs["price"] / said.inputs["eps_ttm"] == pytest.approx(20, abs=0.05)
    splits = [bar.split for bar in bars.of(stocks.find("SPLQ").id) if bar.split != 1]
    assert splits == [4.0]


# Units


def test_pence_beside_a_quoted_price_in_pounds_are_held_back(tmp_path) -> None:
    import_case("pence", sessions_of="XLON", folder=tmp_path)
    said = Said("PENQ")
    assert said.inputs["market_cap"] == pytest.approx(5.1e9)
    assert [case.rule for case in cases("PENQ")] == ["price-unit"]


def test_the_last_rows_in_pounds_are_held_back_and_leave_a_stale_price(tmp_path) -> None:
    follow("CALM", "XLON", "GBX")
    import_case("unit-switch", sessions_of="XLON", folder=tmp_path)
    counts = import_text("CALM", [(day, 100.0) for day in sessions_up_to(FRIDAY, 60)], tmp_path)
    assert counts.held_back == 0
    said = Said("SWIQ")
    assert bars.last_bar(stocks.find("SWIQ").id).close > 400
    assert said.inputs["market_cap"] is None
    assert said.inputs["price"] is None
    assert math.isnan(said.values["return_12_1"])
    assert said.reasons["earnings_yield"] is Reason.STALE_BARS
    assert said.reasons["return_12_1"] is Reason.STALE_BARS


def test_one_close_at_a_hundredth_is_held_back_alone_and_counted(tmp_path) -> None:
    follow("ACME")
    rows = [(day, 100.0) for day in sessions_up_to(FRIDAY, 40)]
    for wrong in (0, 20, 39):
        bad = [
            (day, close / 100 if place == wrong else close)
            for place, (day, close) in enumerate(rows)
        ]
        counts = import_text("ACME", bad, tmp_path)
        assert counts.held_back == 1
        assert len(counts.doubts) == 1
    assert {bar.close for bar in bars.of(stocks.find("ACME").id)} == {100.0}


def test_a_tenth_without_a_split_is_held_back_until_somebody_says_that_it_is_right(
    tmp_path,
) -> None:
    follow("ACME")
    days = sessions_up_to(FRIDAY, 40)
    rows = [(day, 100.0 if place < 20 else 10.0) for place, day in enumerate(days)]
    counts = import_text("ACME", rows, tmp_path)
    assert (counts.added, counts.held_back) == (20, 20)
    assert [case.rule for case in cases("ACME")] == ["unlisted-split"]
    counts = import_text("ACME", rows, tmp_path, accept_doubtful=True)
    assert (counts.added, counts.held_back) == (20, 0)
    [case] = cases("ACME")
    assert (case.decision, case.decided_by, case.decided_at) == ("accepted", "import", NOW)
    assert case.resolved_at == NOW
    counts = import_text("ACME", rows, tmp_path)
    assert (counts.unchanged, counts.held_back, counts.doubts) == (40, 0, ())


def test_a_file_in_another_unit_than_the_stored_prices_is_held_back(tmp_path) -> None:
    follow("ACME", "XLON", "GBX")
    days = sessions_up_to(FRIDAY, 20)
    import_text("ACME", [(day, 510.0) for day in days], tmp_path)
    counts = import_text("ACME", [(day, 5.1) for day in days], tmp_path)
    assert counts.held_back == 20
    assert {bar.close for bar in bars.of(stocks.find("ACME").id)} == {510.0}


def test_a_refused_value_stays_held_and_opens_no_case_again() -> None:
    stock_id = follow("ACME")
    answer([10.0] * 5)
    answer([10.0] * 4 + [277.0])
    [case] = cases("ACME")
    with transaction():
        case = db.session.get(Quarantine, case.id)
        case.decision, case.resolved_at = "refused", NOW
    answer([10.0] * 4 + [277.0])
    assert len(cases("ACME")) == 1
    assert bars.last_bar(stock_id).close == 10.0


# Sessions


def test_dates_of_days_without_a_session_are_refused_line_by_line() -> None:
    import_fundamentals(CASES / "shifted-dates-fundamentals.csv", NOW)
    with pytest.raises(InputError) as refusal:
        import_prices(CASES / "shifted-dates-prices.csv", NOW)
    first = str(refusal.value).splitlines()[0]
    assert first.endswith(
        "line 3: date '2025-09-21' is no session of XNYS: its calendar has none on this Sunday; "
        "correct or remove the row."
    )
    assert bars.of(stocks.find("SHFQ").id) == []


@pytest.mark.parametrize("now", [NOW, NOW + timedelta(days=1)])
def test_a_bar_of_tomorrow_is_refused(now) -> None:
    import_fundamentals(CASES / "tomorrow-bar-fundamentals.csv", NOW)
    with pytest.raises(InputError, match=r"line 302: date (is )?'2026-11-29'"):
        import_prices(CASES / "tomorrow-bar-prices.csv", now)


def test_a_session_that_has_not_begun_by_the_clock_of_its_exchange_is_the_future(tmp_path) -> None:
    follow("ACME")
    follow("TOYO", "XTKS", "JPY")
    monday = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
    assert import_text("TOYO", [(monday.date(), 100.0)], tmp_path, now=monday).added == 1
    with pytest.raises(InputError, match="its session of XNYS has not begun"):
        import_text("ACME", [(monday.date(), 100.0)], tmp_path, now=monday)


@pytest.mark.parametrize(
    ("exchange", "day", "is_session"),
    [
        ("XNYS", date(2026, 11, 26), False),  # Thanksgiving
        ("XNYS", date(2026, 11, 27), True),
        ("XNYS", date(2025, 1, 9), False),  # a day of mourning
        ("XNYS", date(1969, 7, 22), True),  # older than what is asked of the calendar
        ("XLON", date(2026, 5, 4), False),
        ("XLON", date(2026, 11, 26), True),
        ("XTKS", date(1990, 1, 6), True),  # older than the calendar
        ("XTKS", date(2026, 11, 23), False),
        ("XHKG", date(2026, 2, 17), False),  # Lunar New Year
    ],
)
def test_sessions_are_those_of_the_calendar_of_the_exchange(
    exchange, day, is_session, tmp_path
) -> None:
    follow("ACME", exchange)
    if is_session:
        assert import_text("ACME", [(day, 100.0)], tmp_path).added == 1
    else:
        with pytest.raises(InputError, match=f"'{day}' is no session of {exchange}"):
            import_text("ACME", [(day, 100.0)], tmp_path)


def test_bars_of_days_without_a_session_are_left_out_and_said() -> None:
    said = refreshed("yahoo-sunday-bars.json")
    control = refreshed("yahoo-sunday-bars-control.json")
    assert said.values["return_12_1"] == pytest.approx(0.014, abs=0.0005)
    assert said.values == pytest.approx(control.values, rel=0, nan_ok=True)
    [case] = cases("SUNQ")
    assert case.reason == (
        "Left out: 59 bars of days without a session of XNYS (2025-09-21 to 2026-11-22)."
    )
    assert cases("WKDQ") == []


def test_a_split_on_a_day_without_a_session_belongs_to_the_next_one() -> None:
    stock_id = follow("ACME")
    sunday = Bar(SUNDAY - timedelta(days=7), 50, 50, 50, 50.0, 0.0, split=2.0, adjustment=0.5)
    found = [at(date(2026, 11, 20), 100.0), sunday, at(date(2026, 11, 23), 50.0)]
    ingest.save_prices(target(), PriceHistory("ACME", "USD", found, "test", NOW))
    assert [(bar.session.day, bar.split, bar.adjustment) for bar in bars.of(stock_id)] == [
        (20, 1.0, 1.0),
        (23, 2.0, 0.5),
    ]


def test_flat_bars_without_volume_are_a_suspension() -> None:
    follow("ACME")
    follow("CALM")
    days = sessions_up_to(FRIDAY, 320)
    closes = [100 + place % 7 for place in range(260)] + [103.0] * 60
    volumes = [1000.0] * 261 + [0.0] * 59
    found = [replace(at(d, c), volume=v) for d, c, v in zip(days, closes, volumes, strict=True)]
    ingest.save_prices(target("ACME"), PriceHistory("ACME", "USD", found, "test", NOW))
    ingest.save_prices(
        target("CALM"), PriceHistory("CALM", "USD", [at(day, 100.0) for day in days], "test", NOW)
    )
    said = Said("ACME")
    assert said.day == FRIDAY
    assert said.inputs["price"] is None
    assert said.reasons["price_vs_sma200"] is Reason.STALE_BARS
    # The same closes with volume are a calm stock, and flat bars of ten sessions a short halt.
    assert Said("CALM").inputs["price"] == 100.0
    found[-10:] = [replace(bar, volume=5.0) for bar in found[-10:]]
    ingest.save_prices(target("ACME"), PriceHistory("ACME", "USD", found, "test", NOW))
    assert Said("ACME").inputs["price"] == 103.0


def test_method_1_0_takes_prices_as_it_always_did() -> None:
    follow("ACME")
    follow("CALM")
    days = sessions_up_to(FRIDAY, 60)
    ingest.save_prices(
        target("ACME"), PriceHistory("ACME", "USD", [at(d, 10.0) for d in days[:30]], "test", NOW)
    )
    ingest.save_prices(
        target("CALM"), PriceHistory("CALM", "USD", [at(d, 10.0) for d in days], "test", NOW)
    )
    old, new = (MarketSources.read(NOW).market(METHODS[name]) for name in ("1.0", "1.1"))
    assert old.universe.inputs["price"].tolist() == [10.0, 10.0]
    assert new.universe.inputs["price"].tolist() == [pytest.approx(math.nan, nan_ok=True), 10.0]


def test_a_bar_of_a_sunday_that_is_stored_already_is_no_day_of_the_market() -> None:
    stock_id = follow("ACME")
    service_calendars.sync(["XNYS"], NOW)
    with transaction():
        bars.save(stock_id, [at(FRIDAY, 10.0), at(SUNDAY, 11.0)], "csv")
    assert Said("ACME", NOW + timedelta(days=2)).day == FRIDAY


# Dividends


def test_a_year_has_four_quarterly_dividends() -> None:
    said = refreshed("yahoo-five-dividends.json")
    assert said.inputs["dividend_per_share_ttm"] == pytest.approx(2.80)


def test_dividends_in_another_currency_are_converted() -> None:
    rates = {("NOK", "USD"): 1 / 11.1}
    said = refreshed("yahoo-foreign-dividend-usd.json", "XOSL", "NOK", rates=rates)
    assert said.inputs["dividend_per_share_ttm"] == pytest.approx(16.4, abs=0.05)
    assert said.inputs["dividend_per_share_ttm"] / said.inputs["price"] == pytest.approx(
        0.059, abs=0.0005
    )


def test_dividends_without_a_rate_are_left_out_and_said() -> None:
    said = refreshed("yahoo-foreign-dividend-usd.json", "XOSL", "NOK")
    assert not said.inputs["dividend_per_share_ttm"]
    assert {case.rule for case in cases("DIVQ.OL")} == {"dividend-currency", "closed-day"}


# Support


def at(session: date, close: float) -> Bar:
    return Bar(session, close, close, close, close, 1000.0)


def target(ticker: str = "ACME") -> ingest.Target:
    stock = stocks.find(ticker)
    last = bars.last_bar(stock.id)
    listing = Listing(ticker, "Case", stock.exchange, stock.currency)
    return ingest.Target(stock.id, listing, last.session if last else None)


def answer(closes: list[float]) -> None:
    """An answer about ACME with these closes up to Friday."""
    days = sessions_up_to(FRIDAY, len(closes))
    found = [at(day, close) for day, close in zip(days, closes, strict=True)]
    ingest.save_prices(target(), PriceHistory("ACME", "USD", found, "test", NOW))


def sessions_up_to(last: date, count: int, exchange: str = "XNYS") -> list[date]:
    return sorted(day for day in trading_days(exchange, last.year) if day <= last)[-count:]


def import_text(ticker: str, rows, folder, now=NOW, **options):
    """Imports closes of a stock."""
    path = folder / "prices.csv"
    lines = [f"{ticker},{day},{close}" for day, close in rows]
    path.write_text("\n".join(["ticker,date,close", *lines]) + "\n")
    return import_prices(path, now, **options)


def import_case(name: str, sessions_of: str, folder):
    """Imports a case, its rows of days without a session of its exchange left out."""
    import_file(CASES / f"{name}-universe.csv", NOW)
    import_fundamentals(CASES / f"{name}-fundamentals.csv", NOW)
    header, *lines = (CASES / f"{name}-prices.csv").read_text().splitlines()
    days = trading_days(sessions_of, NOW.year)
    kept = [line for line in lines if date.fromisoformat(line.split(",")[1]) in days]
    assert len(kept) < len(lines)
    path = folder / f"{name}.csv"
    path.write_text("\n".join([header, *kept]) + "\n")
    return import_prices(path, NOW)
