"""Members of indices as pytickersymbols ships them, with Yahoo's symbols."""

from __future__ import annotations

import re

import pytest

from stockscore.market.exchanges import EXCHANGES
from stockscore.providers.base import NotFound
from stockscore.providers.yahoo.universe import INDICES, members


def by_ticker(index: str) -> dict:
    return {listing.ticker: listing for listing in members(index)}


def test_the_sp500_is_whole_and_spelt_as_yahoo_spells_it() -> None:
    stocks = by_ticker("sp500")
    assert len(stocks) == 503
    assert {"BRK-B", "BF-B", "AAPL", "GOOG", "GOOGL"} <= stocks.keys()
    assert stocks["AAPL"].exchange == "XNAS"
    assert stocks["MMM"].exchange == "XNYS"
    assert {stock.currency for stock in stocks.values()} == {"USD"}


def test_london_is_quoted_in_pence_and_stockholm_in_kronor() -> None:
    london, stockholm = by_ticker("ftse100"), by_ticker("omxs30")
    assert len(london) == 100
    assert len(stockholm) == 30
    assert {(s.exchange, s.currency) for s in london.values()} == {("XLON", "GBX")}
    assert {(s.exchange, s.currency) for s in stockholm.values()} == {("XSTO", "SEK")}
    assert "ASSA-B.ST" in stockholm


@pytest.mark.parametrize("index", INDICES)
def test_every_index_has_members_on_exchanges_that_we_know(index: str) -> None:
    stocks = members(index)
    assert len(stocks) >= 20
    for stock in stocks:
        assert stock.exchange in EXCHANGES
        assert re.fullmatch(r"[A-Z0-9&]+(-[A-Z0-9]+)?(\.[A-Z]{1,2})?", stock.ticker), stock.ticker
        assert stock.name


@pytest.mark.parametrize("spelling", ["S&P 500", "SP-500", "sp_500", "Sp500"])
def test_an_index_may_be_spelt_in_any_way(spelling: str) -> None:
    assert len(members(spelling)) == 503


def test_airbus_in_the_dax_has_one_ending() -> None:
    assert "AIR.DE" in by_ticker("dax")


def test_an_unknown_index_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"no index 'sp5000'; known are .*sp500"):
        members("sp5000")
