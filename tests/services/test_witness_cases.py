"""What real sources have answered, with invented companies: each value is right, or held back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from stockscore.extensions import db
from stockscore.providers.base import Bar, Listing
from stockscore.scoring.assemble import assemble, inputs_at
from stockscore.services import refresh as service
from stockscore.services.errors import InputError
from stockscore.services.fundamentals_import import import_fundamentals
from stockscore.services.universe import import_file
from stockscore.store import bars, fx, quarantine, statements, stocks
from stockscore.store.models import Quarantine
from stockscore.store.transactions import transaction
from tests.support.yahoo_case import CASES, YahooCase

NOW = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


@pytest.fixture(autouse=True)
def _inside(app_context):
    """Every test runs inside the application's context."""
    return app_context


def refreshed(name: str, exchange: str, currency: str, now=NOW, rates=None) -> dict:
    """The inputs of the method after a refresh of a case's stock."""
    source = YahooCase(name, rates)
    if stocks.find(source.symbol) is None:
        with transaction():
            stocks.save_listings([Listing(source.symbol, "Case", exchange, currency)], "test", now)
    service.refresh(source, lambda: now, [source.symbol], force=True)
    return inputs_of(source.symbol, now)


def inputs_of(ticker: str, now=NOW) -> dict:
    """The inputs of the method as they are stored."""
    stock = stocks.find(ticker)
    reported = assemble(statements.known(stock.id)).with_growth(quoted=True)
    stored = bars.of(stock.id)
    price = stored[-1].close if stored else None
    rate = None
    if reported.currency:
        rate = fx.rate(stock.currency, reported.currency, now.date())
    return inputs_at(reported, price, stock.currency, rate=rate)


def imported(name: str, now=NOW, **options):
    return import_fundamentals(CASES / name, now, **options)


def held(ticker: str) -> dict[str, Quarantine]:
    """The open cases of a stock by field."""
    stock_id = stocks.find(ticker).id
    return {case.field: case for case in quarantine.open_items() if case.stock_id == stock_id}


# Yahoo


def test_accounts_that_are_not_in_the_currency_they_are_said_to_be_in_are_held_back() -> None:
    rates = {("TRY", "USD"): 1 / 36.4}
    inputs = refreshed("yahoo-wrong-financial-currency.json", "XWAR", "USD", rates=rates)
    assert inputs["net_income_ttm"] is None
    assert inputs["total_equity"] is None
    case = held("LIRQ")["financial_currency"]
    assert (case.rule, case.value) == ("accounts-label", "USD")
    assert "said to be in USD" in case.reason


def test_a_label_without_a_rate_to_check_it_by_is_not_believed() -> None:
    inputs = refreshed("yahoo-wrong-financial-currency.json", "XWAR", "USD")
    assert inputs["net_income_ttm"] is None


def test_a_quote_that_turns_from_pence_to_pounds_is_held_back_as_its_bars_are() -> None:
    first = refreshed("yahoo-quote-in-pounds-1.json", "XLON", "GBX")
    assert first["market_cap"] == pytest.approx(5.96e9, rel=0.01)
    second = refreshed("yahoo-quote-in-pounds-2.json", "XLON", "GBX", now=LATER)
    assert second["market_cap"] == pytest.approx(5.96e9, rel=0.03)
    assert second["price"] == pytest.approx(5.96, rel=0.01)
    assert held("SWZQ.L")["price"].rule == "quote-and-close"


def test_a_market_value_is_the_quoted_one_where_the_share_count_is_older() -> None:
    inputs = refreshed("yahoo-implied-shares-stale.json", "XNYS", "USD")
    assert inputs["market_cap"] == pytest.approx(341.55e9, rel=1e-4)
    assert held("IMPQ") == {}


@pytest.mark.parametrize(
    ("named", "sector"), [("N/A", None), ("Unknown", None), ("Health Care", "Healthcare")]
)
def test_yahoos_words_for_sectors_are_read_like_those_of_files(named, sector) -> None:
    source = YahooCase("yahoo-implied-shares-stale.json")
    source.info["assetProfile"]["sector"] = named
    answer = source.fundamentals(Listing("IMPQ", "Case", "XNYS", "USD"), NOW)
    assert answer.listing.sector == sector


# Files


def test_growth_in_per_cent_is_held_back() -> None:
    counts = imported("growth-percent-fundamentals.csv")
    assert (counts.added, counts.held_back) == (1, 1)
    assert inputs_of("PCTQ")["eps_growth"] is None
    assert inputs_of("PCTQ")["eps_ttm"] == 1.0
    assert held("PCTQ")["eps_growth"].value == "15"
    assert counts.doubts[0].startswith("PCTQ, 2026-11-27, eps growth 15: ")


def test_a_second_file_with_money_in_millions_is_held_back() -> None:
    imported("peer-00-fundamentals.csv")
    before = inputs_of("P00Q")
    counts = imported("thousands-fundamentals.csv", NOW + timedelta(minutes=30))
    assert (counts.added, counts.unchanged, counts.held_back) == (0, 0, 1)
    assert inputs_of("P00Q") == before
    assert held("P00Q")["revenue"].rule == "money-unit"


def test_a_first_file_with_money_in_millions_is_held_back_too() -> None:
    counts = imported("thousands-fundamentals.csv")
    assert (counts.added, counts.held_back) == (0, 1)
    assert "fundamentals" in held("P00Q")


def test_what_is_doubtful_is_taken_where_somebody_says_so_and_stays_taken() -> None:
    counts = imported("growth-percent-fundamentals.csv", accept_doubtful=True)
    assert (counts.held_back, len(counts.doubts)) == (0, 1)
    assert inputs_of("PCTQ")["eps_growth"] == 15.0
    [case] = db.session.query(Quarantine).all()
    assert (case.decision, case.decided_by, case.decided_at) == ("accepted", "import", NOW)
    again = imported("growth-percent-fundamentals.csv", LATER)
    assert (again.unchanged, again.doubts) == (1, ())


def test_a_corrected_file_closes_the_case(tmp_path) -> None:
    imported("growth-percent-fundamentals.csv")
    text = (CASES / "growth-percent-fundamentals.csv").read_text().replace(",15.0,", ",0.15,")
    path = tmp_path / "corrected.csv"
    path.write_text(text)
    import_fundamentals(path, LATER)
    assert held("PCTQ") == {}
    assert inputs_of("PCTQ")["eps_growth"] == 0.15


def test_a_file_that_contradicts_the_stored_closes_counts_nothing_per_share(tmp_path) -> None:
    """Bars of 510 in a currency of pounds are there first; then a quote of 5.10, with which market
    value, earnings and net income agree."""
    text = (CASES / "pence-fundamentals.csv").read_text()
    import_file(CASES / "pence-universe.csv", NOW)
    stock = stocks.find("PENQ")
    with transaction():
        bars.save(stock.id, [Bar(NOW.date(), 510, 510, 510, 510, 1e6)], "csv")
    path = tmp_path / "fundamentals.csv"
    path.write_text(text)
    import_fundamentals(path, NOW)
    inputs = inputs_of("PENQ")
    assert (inputs["market_cap"], inputs["eps_ttm"]) == (5.1e9, None)
    assert held("PENQ")["fundamentals"].rule == "quote-and-close"


def test_a_word_for_no_sector_is_no_sector() -> None:
    imported("sector-na-fundamentals.csv")
    for number in range(7):
        stock = stocks.find(f"SNAQ{number}")
        assert (stock.sector, stock.industry) == (None, None)


def test_a_sector_has_one_name_and_an_unknown_one_is_said_to_be(tmp_path) -> None:
    path = tmp_path / "universe.csv"
    path.write_text(
        "ticker,name,exchange,currency,sector,industry\n"
        "AAA,A,XNYS,USD,INDUSTRIALS,N/A\n"
        "BBB,B,XNYS,USD,Financials,Diversified Banks\n"
        "CCC,C,XNYS,USD,Financials,Robo Advice\n"
        "DDD,D,XNYS,USD,-,\n"
    )
    counts = import_file(path, NOW)
    found = {stock.ticker: (stock.sector, stock.industry) for stock in stocks.active()}
    assert found == {
        "AAA": ("Industrials", None),
        "BBB": ("Financial Services", "Banks - Diversified"),
        "CCC": ("Financial Services", "Robo Advice"),
        "DDD": (None, None),
    }
    [note] = counts.notes
    assert "“Robo Advice”" in note


def test_figures_are_of_their_own_day_and_not_of_the_day_of_the_import() -> None:
    imported("ties-fundamentals.csv", LATER)
    [statement] = statements.known(stocks.find("TIEAQ").id)
    assert statement.period_end == date(2026, 11, 27)


@pytest.mark.parametrize("name", ["negative-equity", "ties", "odd-tickers"])
def test_what_is_odd_and_true_is_taken_whole(name) -> None:
    counts = imported(f"{name}-fundamentals.csv")
    assert (counts.added, counts.doubts) == (counts.rows, ())


def test_what_is_missing_of_odd_companies_is_missing_for_its_own_reason() -> None:
    imported("negative-equity-fundamentals.csv")
    assert inputs_of("NEQQ")["total_equity"] == -2e8
    assert inputs_of("NEVQ")["enterprise_value"] == -4e8


def test_tickers_that_look_like_numbers_and_words_are_tickers() -> None:
    import_file(CASES / "odd-tickers-universe.csv", NOW)
    tickers = {stock.ticker for stock in stocks.active()}
    assert {"NA", "NAN", "NULL", "NONE", "TRUE", "FALSE", "INF", "1E5", "00001"} <= tickers


def test_text_where_numbers_belong_is_refused_by_line() -> None:
    with pytest.raises(InputError) as caught:
        imported("strings-fundamentals.csv")
    for word in ("'Infinity'", "'N/A'", "'21%'", "'#N/A'"):
        assert word in str(caught.value)
