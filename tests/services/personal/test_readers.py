"""Whose things are whose, how long they are kept, and that they go when they are to go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from stockscore.extensions import db
from stockscore.providers.base import Listing
from stockscore.services.errors import InputError
from stockscore.services.personal import portfolio, readers, watchlists
from stockscore.services.personal.watchlists import NotYoursError
from stockscore.store import stocks
from stockscore.store import watchlists as kept
from stockscore.store.models import Position, Reader, Watchlist, WatchlistEntry
from stockscore.store.transactions import transaction

NOW = datetime(2026, 3, 5, 9, tzinfo=UTC)
TABLES = (Reader, Watchlist, WatchlistEntry, Position)


@pytest.fixture(autouse=True)
def market(app):
    """Two stocks to keep."""
    with transaction():
        listings = [Listing(t, f"Company {t}", "XNYS", "USD") for t in ("AAPL", "MSFT")]
        stocks.save_listings(listings, "test", NOW)


def someone(now: datetime = NOW) -> tuple[int, str]:
    """A reader with a list, an entry and a position."""
    reader, key = readers.welcome(now)
    watchlists.put(reader, "Mine", ["AAPL"], "a note", now)
    portfolio.set_position(reader, "MSFT", "3", "", "", now)
    return reader, key


def rows() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def test_a_key_is_known_and_is_not_in_the_database():
    reader, key = someone()
    assert readers.known(key, NOW) == reader
    assert readers.known(key + "x", NOW) is None
    assert key not in str(db.session.execute(select(Reader.key_digest)).all())


def test_a_list_of_somebody_else_is_none():
    mine, _ = someone()
    other, _ = readers.welcome(NOW)
    list_id = kept.of(mine)[0].id
    for change in (
        lambda: watchlists.owned(None, list_id),
        lambda: watchlists.rename(other, list_id, "Yours"),
        lambda: watchlists.delete(other, list_id),
        lambda: watchlists.put(other, list_id, ["MSFT"], "", NOW),
        lambda: watchlists.annotate(other, list_id, "AAPL", "x"),
        lambda: watchlists.take_off(other, list_id, "AAPL"),
    ):
        with pytest.raises(NotYoursError):
            change()
    assert [(one.name, one.stocks) for one in kept.of(mine)] == [("Mine", 1)]


def test_forgetting_one_leaves_the_others():
    first, _ = someone()
    someone()
    readers.forget(first)
    assert rows() == [1, 1, 1, 1]


def test_who_was_not_here_for_long_is_forgotten_and_a_visit_keeps():
    _, gone = someone(NOW - readers.KEEP - timedelta(days=1))
    _, back = someone(NOW - readers.KEEP - timedelta(days=1))
    readers.known(back, NOW - timedelta(days=2))
    assert readers.forget_unseen(NOW) == 1
    assert readers.known(gone, NOW) is None
    assert readers.known(back, NOW) is not None
    assert rows() == [1, 1, 1, 1]


def test_a_name_is_a_readers_own_once():
    reader, _ = someone()
    other = watchlists.create(reader, "Other", NOW)
    for again in (
        lambda: watchlists.create(reader, " Mine ", NOW),
        lambda: watchlists.rename(reader, other, "Mine"),
    ):
        with pytest.raises(InputError, match="“Mine” already"):
            again()
    watchlists.rename(reader, other, "Other")
    watchlists.create(readers.welcome(NOW)[0], "Mine", NOW)


@pytest.mark.parametrize("name", ["", "  ", "\u202e", "x" * 61])
def test_a_list_needs_a_name_that_can_be_read(name):
    with pytest.raises(InputError, match="1 to 60 characters"):
        watchlists.create(readers.welcome(NOW)[0], name, NOW)


def test_a_note_that_is_too_long_is_refused_and_the_old_one_stays():
    reader, _ = someone()
    list_id = kept.of(reader)[0].id
    with pytest.raises(InputError, match="501 characters"):
        watchlists.annotate(reader, list_id, "AAPL", "x" * 501)
    assert kept.entries([list_id])[0].note == "a note"
    watchlists.annotate(reader, list_id, "AAPL", "  ")
    assert kept.entries([list_id])[0].note is None
