"""Market values are ordered and screened in one currency, that of BASE_CURRENCY."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from stockscore.config import SettingsError, load
from stockscore.providers.base import Listing
from stockscore.services import scores
from stockscore.services.refresh.rates import fetch_rates
from stockscore.store import bars, fx, statements, stocks
from stockscore.store.transactions import transaction
from tests.support import small_market
from tests.support.scripted_source import Source, trailing

NOW = small_market.NOW
CURRENCIES = {"DOLLAR": "USD", "YEN": "JPY", "KRONA": "SEK"}


@pytest.fixture
def app(app_on, database_url):
    """Three companies beside the small market, each worth 900 m of its own currency; a yen is a
    tenth of a cent, and of the krona no rate is known."""
    app = app_on(database_url, CLOCK=lambda: NOW)
    with app.app_context():
        small_market.save()
        listed = [
            Listing(ticker, ticker, "XNYS", currency, "Technology", financial_currency=currency)
            for ticker, currency in CURRENCIES.items()
        ]
        with transaction():
            stocks.save_listings(listed, "test", NOW)
            for ticker, currency in CURRENCIES.items():
                stock = stocks.find(ticker)
                bars.save(stock.id, small_market.price_bars(1, [NOW.date()]), "test")
                price = small_market.price_bars(1, [NOW.date()])[0].close
                known = trailing(NOW, currency, market_cap=9e8, price=price)
                statements.save(stock.id, [known])
            fx.save("JPY", "USD", NOW.date(), 0.001, "test")
        scores.publish(NOW)
    return app


def items(app, query: str) -> dict[str, dict]:
    found = app.test_client().get(f"/stocks.json?per_page=100&{query}").json["items"]
    return {item["ticker"]: item for item in found}


def places(app, query: str) -> list[str]:
    return [ticker for ticker in items(app, query) if ticker in CURRENCIES]


def test_each_value_is_kept_in_its_own_currency_and_in_the_base_currency(app) -> None:
    found = items(app, "sort=name&dir=asc")
    for ticker, currency in CURRENCIES.items():
        own = found[ticker]["market_cap"], found[ticker]["market_cap_currency"]
        assert own == (pytest.approx(9e8), currency)
    assert found["YEN"]["market_cap_base"] == pytest.approx(9e5)
    assert found["DOLLAR"]["market_cap_base"] == pytest.approx(9e8)
    assert found["KRONA"]["market_cap_base"] is None, "without a rate it is unknown"
    assert {found[ticker]["base_currency"] for ticker in CURRENCIES} == {"USD"}


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_stocks_are_ordered_by_it_and_one_without_a_rate_comes_last(app, direction) -> None:
    expected = {"asc": ["YEN", "DOLLAR", "KRONA"], "desc": ["DOLLAR", "YEN", "KRONA"]}
    assert places(app, f"sort=market_cap&dir={direction}") == expected[direction]
    page = app.test_client().get("/stocks?cols=market_cap").text
    assert "worth in USD at the day’s rate; one without a rate stands last." in page


def test_stocks_are_screened_by_it(app) -> None:
    browser = app.test_client()
    rows = csv.DictReader(io.StringIO(browser.get("/screener.csv?market_cap_min=500m").text))
    found = {row["ticker"]: row for row in rows}
    assert found.keys() & CURRENCIES.keys() == {"DOLLAR"}
    assert float(found["DOLLAR"]["market_cap_base"]) == pytest.approx(9e8)
    assert found["DOLLAR"]["base_currency"] == "USD"
    said = browser.get("/screener.json?market_cap_min=500m").json["conditions"]
    assert said[0]["text"].endswith("USD")
    assert "USD" in browser.get("/compare?t=YEN&t=DOLLAR").text


def test_another_base_currency_or_rate_is_another_edition(app, app_on, database_url) -> None:
    with app.app_context():
        assert scores.publish(NOW).edition is None
        with transaction():
            fx.save("JPY", "USD", NOW.date(), 0.002, "test")
        assert scores.publish(NOW).edition == 2
    assert items(app, "")["YEN"]["market_cap_base"] == pytest.approx(1.8e6)
    other = app_on(database_url, CLOCK=lambda: NOW, BASE_CURRENCY="jpy")
    with other.app_context():
        assert scores.publish(NOW).edition == 3
    assert places(other, "sort=market_cap&dir=desc") == ["DOLLAR", "YEN", "KRONA"]
    assert items(other, "")["DOLLAR"]["market_cap_base"] == pytest.approx(4.5e11)


def test_a_refresh_fetches_the_rates_that_are_needed_once(app) -> None:
    source = Source()
    asked = []
    source.exchange_rate = lambda base, quote, _now: asked.append((base, quote)) or 0.1
    with app.app_context():
        ids = [stock.id for stock in stocks.active()]
        fetch_rates(source, ids, NOW)
        assert asked == [("SEK", "USD")]
        fetch_rates(source, ids, NOW)
        assert len(asked) == 1
        assert fx.rate("SEK", "USD", date(2026, 11, 21)) == 0.1


@pytest.mark.parametrize("code", ["GBX", "US", "dollars", "1SD"])
def test_a_base_currency_is_an_iso_code(code) -> None:
    assert load({"BASE_CURRENCY": " eur "})["BASE_CURRENCY"] == "EUR"
    with pytest.raises(SettingsError, match="BASE_CURRENCY takes the ISO code"):
        load({"BASE_CURRENCY": code})
