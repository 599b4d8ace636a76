"""What readers bring in files: read whole or refused whole, with the lines at fault."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stockscore.providers.base import Listing
from stockscore.services.errors import InputError
from stockscore.services.personal import entries, portfolio, readers, watchlists
from stockscore.store import positions, stocks
from stockscore.store import watchlists as kept
from stockscore.store.transactions import transaction

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.fixture
def reader(app):
    with transaction():
        listings = [Listing(t, f"Company {t}", "XNYS", "USD") for t in ("AAPL", "BRK.B", "MSFT")]
        stocks.save_listings(listings, "test", NOW)
    return readers.welcome(NOW)[0]


def held(reader: int) -> list[tuple]:
    return [(one.ticker, one.shares, one.average_price, one.note) for one in positions.of(reader)]


def test_positions_are_read_in_any_order_of_columns_and_any_spelling(reader):
    text = "Average price;Shares;Ticker;Broker\n150.5;10;aapl;x\n;2.25;brk/b;\n\n"
    assert portfolio.import_csv(reader, text.encode("utf-8-sig"), NOW) == 2
    assert held(reader) == [("AAPL", 10.0, 150.5, None), ("BRK.B", 2.25, None, None)]


def test_a_second_import_replaces_what_it_has_and_leaves_the_rest(reader):
    portfolio.import_csv(reader, b"ticker,shares,note\nAAPL,1,'=old\nMSFT,2,\n", NOW)
    portfolio.import_csv(reader, b"ticker,shares\nAAPL,5\n", NOW)
    assert held(reader) == [("AAPL", 5.0, None, None), ("MSFT", 2.0, None, None)]


def test_every_line_at_fault_is_named_and_nothing_is_changed(reader):
    text = "ticker,shares,average_price\nAAPL,1,1\nNONE,1,1\nMSFT,-2,\nMSFT,1,one\nAAPL,3,\n"
    with pytest.raises(InputError) as refused:
        portfolio.import_csv(reader, text.encode(), NOW)
    said = str(refused.value)
    assert said.startswith("Nothing was imported.")
    assert "Line 3: No stock has the ticker or ISIN “NONE”" in said
    assert "Line 4: The number of shares is “-2”" in said
    assert "Line 5: The average price is “one”" in said
    assert "Line 6: AAPL is there twice" in said
    assert held(reader) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"name,shares\nx,1\n", "must name “ticker” and “shares”"),
        (b"ticker,shares\n\xff,1\n", "not in UTF-8"),
        (b"x" * 1_000_001, "more than 1 MB"),
        (b"ticker,shares\n" + b"NONE,1\n" * 10_000, "more than 10,000 lines"),
        (b'ticker,shares\n"AAPL,1\n', "is no CSV"),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_sentence(reader, data, sentence):
    with pytest.raises(InputError, match=sentence):
        portfolio.import_csv(reader, data, NOW)


@pytest.mark.parametrize("text", ["nan", "inf", "1e13", "0", "-1", "1_0", "1,5", "٣", "x" * 99])
def test_a_number_is_plain_and_above_zero(text):
    with pytest.raises(InputError, match="must be a number above 0"):
        entries.number(text, "The number of shares")


def test_lists_are_made_by_name_and_notes_stay_where_none_is_given(reader):
    watchlists.put(reader, "Mine", ["AAPL"], "first", NOW)
    text = "list,ticker,note\nMine,AAPL,\nMine,MSFT,second\nÅndra,BRK-B,\n"
    assert watchlists.import_csv(reader, text.encode(), NOW) == (2, 3)
    mine = kept.of(reader)
    assert [(one.name, one.stocks) for one in mine] == [("Mine", 2), ("Åndra", 1)]
    notes = [(entry.ticker, entry.note) for entry in kept.entries([mine[0].id])]
    assert notes == [("AAPL", "first"), ("MSFT", "second")]


def test_a_file_that_would_make_too_many_lists_makes_none(reader):
    lines = [f"List {index},AAPL," for index in range(watchlists.MOST_LISTS + 1)]
    with pytest.raises(InputError, match="room for 20 watchlists"):
        watchlists.import_csv(reader, "\n".join(["list,ticker,note", *lines]).encode(), NOW)
    assert kept.of(reader) == []
