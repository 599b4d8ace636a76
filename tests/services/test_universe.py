"""The universe grows from files and indices, and what it knows is never lost."""

from datetime import UTC, date, datetime, timedelta

import pytest

from stockscore.providers.base import Bar, Listing, Unavailable
from stockscore.providers.csvfile import CsvProvider
from stockscore.providers.null import NullProvider
from stockscore.services import universe
from stockscore.services.errors import InputError, ServiceError
from stockscore.services.universe import Member, UniverseCounts
from stockscore.store import bars, runs, stocks
from stockscore.store.transactions import transaction

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
HEADER = "ticker,name,exchange,currency,sector,industry\n"
ACME = Listing("ACME", "Acme", "XNYS", "USD", "Technology", "Software", isin="US0000000001")
GLOBEX = Listing("GLOBEX", "Globex", "XNAS", "USD")


@pytest.fixture(autouse=True)
def _context(app):
    with app.app_context():
        yield


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "universe.csv"
        path.write_text(text)
        return path

    return write


def test_a_file_adds_its_stocks_in_ticker_order(file):
    counts = universe.import_file(
        file(HEADER + "GLOBEX,Globex,XNAS,USD,,\nacme,Acme,XNYS,USD,Technology,Software\n"), NOW
    )
    assert counts == UniverseCounts(listings=2, added=2, updated=0, unchanged=0)
    assert universe.listing() == [
        Member("ACME", "Acme", "XNYS", "USD", "Technology", "Software", "csv", None),
        Member("GLOBEX", "Globex", "XNAS", "USD", None, None, "csv", None),
    ]


def test_a_second_import_of_the_same_file_changes_nothing(file):
    path = file(HEADER + "ACME,Acme,XNYS,USD,Technology,Software\n")
    universe.import_file(path, NOW)
    assert universe.import_file(path, LATER) == UniverseCounts(1, 0, 0, 1)


def test_a_file_updates_what_it_says_and_removes_nothing(file):
    with transaction():
        stocks.save_listings([ACME, GLOBEX], "null", NOW)
    counts = universe.import_file(file(HEADER + "ACME,Acme Inc.,XNYS,USD,,\n"), LATER)
    assert counts == UniverseCounts(1, 0, 1, 0)
    assert [(one.ticker, one.name, one.sector) for one in universe.listing()] == [
        ("ACME", "Acme Inc.", "Technology"),
        ("GLOBEX", "Globex", None),
    ]
    assert stocks.find("ACME").isin == "US0000000001"


def test_a_file_with_one_bad_row_adds_no_stock_and_no_run(file):
    path = file(HEADER + "ACME,Acme,XNYS,USD,,\nBAD,Bad,NYSE,USD,,\n")
    with pytest.raises(
        InputError, match=r"universe\.csv, line 3: exchange is 'NYSE'; write the MIC"
    ):
        universe.import_file(path, NOW)
    assert universe.listing() == []
    assert runs.recent() == []


def test_two_spellings_of_one_ticker_are_told_before_anything_is_added(file):
    path = file(HEADER + "BRK.B,B,XNYS,USD,,\nBRK/B,B,XNYS,USD,,\n")
    with pytest.raises(InputError, match="line 3: ticker 'BRK/B' is already in line 2"):
        universe.import_file(path, NOW)
    assert universe.listing() == []


def test_an_index_of_a_provider_is_added_under_its_name():
    provider = NullProvider(indices={"two": [ACME, GLOBEX]})
    assert universe.add("two", provider, NOW) == UniverseCounts(2, 2, 0, 0)
    assert universe.add("two", provider, LATER) == UniverseCounts(2, 0, 0, 2)
    assert {one.source for one in universe.listing()} == {"null"}


def test_an_unknown_index_is_wrong_input_and_names_the_known_ones():
    with pytest.raises(InputError, match="no index 'three'; the known ones are: one, two"):
        universe.add("three", NullProvider(indices={"two": [ACME], "one": [GLOBEX]}), NOW)


def test_a_provider_that_cannot_answer_is_a_failure_and_no_wrong_input():
    provider = NullProvider(errors={("universe", "two"): [Unavailable("The source is away.")]})
    with pytest.raises(ServiceError, match="The source is away") as caught:
        universe.add("two", provider, NOW)
    assert not isinstance(caught.value, InputError)


def test_fed_by_files_an_index_is_answered_with_the_command_that_helps():
    with pytest.raises(InputError, match="run flask universe import FILE"):
        universe.add("sp500", CsvProvider(), NOW)


def test_a_removed_stock_is_not_listed_and_comes_back_with_a_file(file):
    with transaction():
        stocks.save_listings([ACME], "null", NOW)
        stocks.remove([stocks.find("ACME").id], NOW)
    assert universe.listing() == []
    assert universe.import_file(file(HEADER + "ACME,Acme,XNYS,USD,,\n"), LATER).added == 1
    assert [one.ticker for one in universe.listing()] == ["ACME"]


def test_the_list_says_how_far_prices_reach():
    with transaction():
        stocks.save_listings([ACME], "null", NOW)
        bar = Bar(date(2026, 11, 20), None, None, None, 1.0, None)
        bars.save(stocks.find("ACME").id, [bar], "null")
    assert universe.listing()[0].last_session == date(2026, 11, 20)


def test_an_import_is_noted_as_a_run(file):
    universe.import_file(file(HEADER + "ACME,Acme,XNYS,USD,,\n"), NOW)
    [run] = runs.recent()
    assert (run.job, run.state, run.updated, run.message) == (
        "universe-import",
        "done",
        1,
        "universe.csv: 1 stocks",
    )
