"""The list of stocks: found by any spelling, kept up to date, never losing what was known."""

from datetime import date, timedelta

import pytest

from stockscore.extensions import db
from stockscore.providers.base import Listing
from stockscore.store import stocks
from stockscore.store.transactions import transaction
from tests.store.conftest import NOW

pytestmark = pytest.mark.usefixtures("database")

LATER = NOW + timedelta(days=30)


def listing(ticker="AAPL", name="Apple Inc.", **facts):
    return Listing(ticker=ticker, name=name, **({"exchange": "XNAS", "currency": "USD"} | facts))


def save(*listings, source="csv", now=NOW):
    with transaction():
        return stocks.save_listings(listings, source, now)


def remove(*tickers, now=LATER):
    with transaction():
        return stocks.remove([stocks.find(ticker).id for ticker in tickers], now)


def tickers(found):
    return [stock.ticker for stock in found]


@pytest.mark.parametrize("spelling", ["BRK-B", "brk.b", "brk/b", " Brk_B ", " brk b ", "brk-b\n"])
def test_any_spelling_of_a_ticker_finds_its_stock(add, spelling):
    add("BRK.B", "BRK.A")
    assert stocks.find(spelling).ticker == "BRK.B"


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "AAPLE", "A%", "A_PL", "'; DROP TABLE stocks; --", "\ud800", "X" * 9999]
)
def test_what_is_no_ticker_finds_nothing(add, text):
    add("AAPL")
    assert stocks.find(text) is None


def test_a_nul_byte_in_a_ticker_does_not_hide_the_stock(add):
    add("AAPL")
    assert stocks.find("AA\0PL").ticker == "AAPL"


def test_an_exact_isin_finds_the_stock(add):
    add("AAPL", isin="US0378331005")
    assert stocks.find("us0378331005").ticker == "AAPL"
    assert stocks.find("US037833100") is None


def test_of_two_listings_of_one_isin_the_one_that_is_followed_is_found(add):
    add("AAA", isin="US0378331005")
    add("BBB", isin="US0378331005")
    remove("AAA")
    assert stocks.find("US0378331005").ticker == "BBB"


@pytest.fixture
def market(add):
    for ticker, name in {
        "MSFT": "Microsoft Corporation",
        "MS": "Morgan Stanley",
        "MSCI": "MSCI Inc.",
        "AAPL": "Apple Inc.",
        "APLE": "Apple Hospitality REIT",
        "ORSTED": "Ørsted A/S",
        "GOOGL": "Alphabet Inc.",
        "PCT": "100% Fitness_Co",
    }.items():
        add(ticker, name=name)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ms", ["MS", "MSCI", "MSFT"]),  # the ticker begins so, the shortest first
        ("hospitality", ["APLE"]),  # a word of the name
        ("Örsted", ["ORSTED"]),  # with the wrong accent
        ("soft", ["MSFT"]),  # inside the name
        ("AALP", ["AAPL"]),  # letters turned round
        ("microsfot", ["MSFT"]),
        ("Morgen Stanly", ["MS"]),
        ("100%", ["PCT"]),
        ("fitness_", ["PCT"]),
    ],
)
@pytest.mark.usefixtures("market")
def test_near_matches_come_likeliest_first(typed, first):
    assert tickers(stocks.near(typed))[: len(first)] == first


@pytest.mark.parametrize("text", ["", " ", "\0", "%", "_____", "zzzzzz", "\ud800"])
def test_what_is_near_nothing_has_no_near_matches(add, text):
    add("AAPL", name="Apple Inc.")
    assert stocks.near(text) == []


@pytest.mark.usefixtures("market")
def test_near_matches_are_few_and_each_is_there_once():
    found = tickers(stocks.near("a", limit=3))
    assert len(found) == len(set(found)) == 3


@pytest.mark.usefixtures("market")
def test_removed_stocks_are_no_near_matches():
    remove("AAPL")
    assert "AAPL" not in tickers(stocks.near("AAPL"))


def test_new_listings_are_added_and_known_ones_updated():
    assert save(listing("AAPL"), listing("MSFT")) == (2, 0)
    assert save(listing("AAPL", sector="Technology"), listing("NVDA")) == (1, 1)
    assert tickers(stocks.active()) == ["AAPL", "MSFT", "NVDA"]
    assert stocks.find("AAPL").sector == "Technology"


def test_saving_the_same_listings_again_changes_nothing():
    save(listing("AAPL"), listing("MSFT"))
    assert save(listing("AAPL"), listing("MSFT"), now=LATER) == (0, 0)
    assert stocks.find("AAPL").added_at == NOW


def test_what_a_listing_does_not_say_stays_as_it_was():
    known = {
        "sector": "Technology",
        "industry": "Consumer Electronics",
        "isin": "US0378331005",
        "symbol": "AAPL.O",
        "financial_currency": "USD",
        "listed_on": date(1980, 12, 12),
    }
    save(listing(**known))
    save(listing(name=""))
    stock = stocks.find("AAPL")
    assert {name: getattr(stock, name) for name in known} == known
    assert stock.name == "Apple Inc."


def test_a_ticker_keeps_its_first_spelling_so_that_links_keep_working():
    save(listing("BRK-B", symbol="BRK-B"))
    assert save(listing("brk.b")) == (0, 0)
    assert tickers(stocks.active()) == ["BRK-B"]


def test_a_listing_without_a_symbol_or_a_name_goes_by_its_ticker():
    save(listing("AAPL", name=""))
    stock = stocks.find("AAPL")
    assert (stock.symbol, stock.name) == ("AAPL", "AAPL")


def test_of_two_listings_of_one_ticker_the_later_one_wins():
    assert save(listing("BRK.B", name="Old"), listing("brk-b", name="New")) == (1, 0)
    assert stocks.find("BRK.B").name == "New"


def test_untrusted_text_is_cleaned_and_cut_to_its_column():
    save(
        listing(
            "  ab\0c\u202e" + "D" * 100,
            name="<b>\x1b[1mEvil\nInc.</b>" + "x" * 500,
            sector="s" * 99,
        )
    )
    (stock,) = stocks.active()
    assert stock.ticker == "abc" + "D" * 29
    assert stock.name.startswith("<b>[1mEvil Inc.</b>xxx")
    assert (len(stock.name), len(stock.sector)) == (200, 80)
    assert stocks.find(stock.ticker) is stock


def test_a_name_whose_accents_take_it_apart_still_fits_its_column():
    save(listing("ABC", name="\ufdfa" * 200))
    assert len(stocks.find("ABC").search_text) == 300


@pytest.mark.parametrize("ticker", ["", "  ", "\0"])
def test_a_listing_without_a_ticker_is_refused_and_nothing_is_saved(ticker):
    with pytest.raises(ValueError, match="needs a ticker"):
        save(listing("AAPL"), listing(ticker))
    assert stocks.active() == []


def test_searches_look_through_ticker_name_and_isin_without_accents():
    save(listing("NESN", name="Nestlé S.A.", isin="CH0038863350"))
    assert stocks.find("NESN").search_text == "nesn nestle s.a. ch0038863350"


def test_a_change_of_name_changes_what_searches_look_through():
    save(listing("META", name="Facebook"))
    save(listing("META", name="Meta Platforms"))
    assert stocks.find("META").search_text == "meta meta platforms"


def test_a_stock_in_memory_shows_what_was_saved():
    save(listing("AAPL"))
    stock = stocks.find("AAPL")
    with transaction():
        assert stock.name == "Apple Inc."
        stocks.save_listings([listing("AAPL", name="Apple")], "csv", NOW)
        assert stock.name == "Apple"


@pytest.mark.usefixtures("market")
def test_removed_stocks_are_followed_no_more_but_still_found():
    assert remove("AAPL", "MSFT") == 2
    assert not {"AAPL", "MSFT"} & set(tickers(stocks.active()))
    assert stocks.find("AAPL").removed_at == LATER


def test_removing_again_keeps_the_first_moment(add):
    add("AAPL")
    remove("AAPL", now=NOW)
    assert remove("AAPL", now=LATER) == 0
    assert stocks.find("AAPL").removed_at == NOW


def test_a_removed_stock_that_is_listed_again_is_followed_again():
    save(listing("AAPL"))
    remove("AAPL")
    assert save(listing("AAPL")) == (1, 0)
    assert tickers(stocks.active()) == ["AAPL"]


def test_the_stocks_of_a_past_moment_are_those_that_were_followed_then():
    save(listing("AAPL"), now=NOW)
    save(listing("MSFT"), now=LATER)
    remove("AAPL", now=LATER)
    tick = timedelta(microseconds=1)
    assert tickers(stocks.active(NOW - tick)) == []
    assert tickers(stocks.active(NOW)) == ["AAPL"]
    assert tickers(stocks.active(LATER - tick)) == ["AAPL"]
    assert tickers(stocks.active(LATER)) == ["MSFT"]


def test_ten_thousand_listings_are_saved_and_searched():
    many = [listing(f"T{number:05}", name=f"Company {number}") for number in range(9_999)]
    assert save(*many, listing("ZBR", name="Zebra Holdings")) == (10_000, 0)
    db.session.expunge_all()
    assert tickers(stocks.near("T0999")) == [f"T0999{last}" for last in range(5)]
    assert tickers(stocks.near("zebar")) == ["ZBR"]


def test_a_former_ticker_finds_the_stock_until_another_one_has_it(add):
    add("FB", "AAPL")
    with transaction():
        stocks.rename(stocks.find("FB"), "META", "META", LATER)
    assert stocks.find("fb").ticker == "META"
    assert (stocks.is_former("fb"), stocks.is_former("META")) == (True, False)
    assert stocks.tickers_then(NOW) == {stocks.find("META").id: "FB"}
    assert stocks.tickers_then(LATER) == {}
    assert [stock.ticker for stock in stocks.listed(NOW)] == ["AAPL", "FB"]
    assert [stock.ticker for stock in stocks.listed(LATER)] == ["AAPL", "META"]


def test_a_stock_that_comes_back_was_not_followed_in_between(add):
    add("AAPL", "MSFT")
    remove("AAPL", now=NOW + timedelta(days=10))
    save(listing(), now=LATER)
    days = (0, 9, 10, 29, 30)
    followed = [tickers(stocks.active(NOW + timedelta(days=day))) for day in days]
    assert followed == [["AAPL", "MSFT"]] * 2 + [["MSFT"]] * 2 + [["AAPL", "MSFT"]]


def test_the_members_of_an_index_are_those_of_its_last_list(add):
    add("AAPL", "MSFT", "IBM")
    apple, microsoft, ibm = (stocks.find(ticker).id for ticker in ("AAPL", "MSFT", "IBM"))
    with transaction():
        stocks.set_members("tech", {apple, microsoft}, NOW)
        stocks.set_members("old", {ibm}, NOW)
        stocks.set_members("tech", {microsoft, ibm}, LATER)
    assert stocks.members("tech") == {microsoft, ibm}
    assert stocks.of_other_indices("tech") == {ibm}
    assert stocks.ids_named(["msft", "IBM", "NOPE"]) == sorted({microsoft, ibm})
