"""Which stocks a text means, and which of them come first."""

import pytest

from stockscore.store import stocks
from stockscore.store.pages.search import best, sought
from stockscore.store.transactions import transaction
from tests.store.conftest import NOW

pytestmark = pytest.mark.usefixtures("database")


MEANT = {
    "BRK.B": ["BRK.B"],
    "BRK-B": ["BRK.B"],
    "brk b": ["BRK.B", "BRK.A"],
    "brk/b": ["BRK.B"],
    "brkb": ["BRK.B"],
    "brk": ["BRK.A", "BRK.B"],
    "US0846707026": ["BRK.B"],
    "us08467": ["BRK.B"],
    "VOLV-B.ST": ["VOLV-B.ST"],
    "volv b": ["VOLV-B.ST"],
    "volvb": ["VOLV-B.ST"],
    "volvo": ["VOLV-B.ST"],
    "7203.T": ["7203.T"],
    "7203": ["7203.T"],
    "OCDO.L": ["OCDO.L"],
    "ocdo": ["OCDO.L"],
    "Novo Nordisk": ["NOVO-B.CO"],
    "nordisk novo": ["NOVO-B.CO"],
    "Örsted": ["ORSTED.CO"],
    "Ørsted": ["ORSTED.CO"],
    "Société": ["GLE.PA"],
    "societe gen": ["GLE.PA"],
    "l'oreal": ["OR.PA"],
    "L’Oréal": ["OR.PA"],
    "at&t": ["T"],
    "100%": [],
    "_": [],
    "toyota volvo": [],
}


@pytest.fixture
def market(add):
    """Companies of five exchanges with the tickers and names that searches stumble over."""
    for ticker, name, facts in (
        ("BRK.A", "Berkshire Hathaway Inc.", {}),
        ("BRK.B", "Berkshire Hathaway Inc.", {"isin": "US0846707026"}),
        ("V", "Visa Inc.", {}),
        ("VOLV-B.ST", "AB Volvo (publ)", {"exchange": "XSTO"}),
        ("7203.T", "Toyota Motor Corporation", {"exchange": "XTKS"}),
        ("OCDO.L", "Ocado Group plc", {"exchange": "XLON"}),
        ("NOVO-B.CO", "Novo Nordisk A/S", {"exchange": "XCSE"}),
        ("ORSTED.CO", "Ørsted A/S", {"exchange": "XCSE"}),
        ("GLE.PA", "Société Générale Société anonyme", {"exchange": "XPAR"}),
        ("OR.PA", "L’Oréal S.A.", {"exchange": "XPAR"}),
        ("AVIS", "Avis Budget Group", {}),
        ("T", "AT&T Inc.", {}),
    ):
        add(ticker, name=name, **facts)


def found(text, limit=8):
    return [one.ticker for one in best(sought(text), limit)]


@pytest.mark.usefixtures("market")
def test_a_stock_is_found_however_its_name_or_ticker_is_typed():
    assert {text: found(text) for text in MEANT} == MEANT


@pytest.mark.usefixtures("market")
def test_the_exact_ticker_comes_before_tickers_that_begin_so_and_these_before_names():
    assert found("v")[:2] == ["V", "VOLV-B.ST"]
    # AVIS and NOVO-B.CO only contain a v; GLE.PA does not.
    assert set(found("v")[2:]) == {"AVIS", "NOVO-B.CO"}


@pytest.mark.usefixtures("market")
def test_a_word_that_begins_so_comes_before_one_that_contains_it():
    assert found("vis") == ["V", "AVIS"]


@pytest.mark.usefixtures("market")
def test_no_more_come_than_are_asked_for_and_removed_stocks_last():
    assert len(found("a", 3)) == 3
    with transaction():
        stocks.remove([stocks.find("V").id], NOW)
    assert found("visa") == ["V"]
    assert found("v")[-1] == "V"
