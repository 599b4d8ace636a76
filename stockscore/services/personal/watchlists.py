"""Watchlists: several a reader, each with a name, its stocks and notes on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from stockscore.services.errors import InputError
from stockscore.services.personal import entries
from stockscore.services.personal.entries import Line
from stockscore.store import watchlists
from stockscore.store.text import clean
from stockscore.store.transactions import transaction
from stockscore.store.watchlists import ListRow

MOST_LISTS = 20
MOST_STOCKS = 500
LONGEST_NAME = 60

CSV_COLUMNS = ("list", "ticker", "note")


class NotYoursError(InputError):
    """There is no such list for this reader."""

    def __init__(self) -> None:
        super().__init__("There is no such watchlist in this browser.")


def owned(reader_id: int | None, list_id: int) -> ListRow:
    """A list of this reader. Raises `NotYoursError`, whoever else may have it."""
    return among(watchlists.of(reader_id) if reader_id is not None else (), list_id)


def among(mine: Sequence[ListRow], list_id: int) -> ListRow:
    """The list of an id among a reader's. Raises `NotYoursError`."""
    found = next((row for row in mine if row.id == list_id), None)
    if found is None:
        raise NotYoursError
    return found


def create(reader_id: int, name: str, now: datetime) -> int:
    """A new list; its id. Raises `InputError`."""
    with transaction():
        return _named(reader_id, _checked(name), now, new=True)


def rename(reader_id: int, list_id: int, name: str) -> None:
    """Gives a list another name. Raises `InputError`."""
    name = _checked(name)
    with transaction():
        mine = watchlists.of(reader_id)
        standing = among(mine, list_id)
        if any(row.name == name and row.id != list_id for row in mine):
            raise InputError(f"There is a watchlist “{name}” already; take another name.")
        watchlists.rename(standing.id, name)


def delete(reader_id: int, list_id: int) -> None:
    """Deletes a list. Raises `NotYoursError`."""
    with transaction():
        watchlists.remove(owned(reader_id, list_id).id)


def put(
    reader_id: int, where: int | str, tickers: Sequence[str], note: str, now: datetime
) -> tuple[int, list[str]]:
    """Puts stocks on a list, the one of an id or of a name, which is made where it is not there;
    its id and the stocks' tickers. A note is kept for each that is given one. Raises
    `InputError`."""
    noted = entries.note(note)
    found = {stock.id: stock.ticker for stock in map(entries.stock, tickers)}
    if not found:
        raise InputError("Give at least one ticker.")
    with transaction():
        if isinstance(where, int):
            list_id = owned(reader_id, where).id
        else:
            list_id = _named(reader_id, _checked(where), now)
        _put(list_id, dict.fromkeys(found, noted), now)
    return list_id, list(found.values())


def annotate(reader_id: int, list_id: int, ticker: str, note: str) -> None:
    """Sets the note of a stock on a list; an empty one takes it away. Raises `InputError`."""
    noted = entries.note(note)
    with transaction():
        watchlists.annotate(owned(reader_id, list_id).id, entries.stock(ticker).id, noted)


def take_off(reader_id: int, list_id: int, ticker: str) -> None:
    """Takes a stock off a list. Raises `InputError`."""
    with transaction():
        watchlists.take_off(owned(reader_id, list_id).id, entries.stock(ticker).id)


def import_csv(reader_id: int, data: bytes, now: datetime) -> tuple[int, int]:
    """Adds what a CSV file has (columns list, ticker, note) to a reader's lists, the whole of it or
    nothing; the numbers of (lists, stocks) in it. Raises `InputError`."""
    wanted: dict[str, dict[int, str | None]] = {}

    def take(row: Line) -> None:
        name, note = _checked(row["list"]), entries.note(row.get("note", ""))
        wanted.setdefault(name, {})[entries.stock(row["ticker"]).id] = note

    entries.each(entries.rows(data, CSV_COLUMNS[:2]), take)
    with transaction():
        for name, notes in wanted.items():
            _put(_named(reader_id, name, now), notes, now)
    return len(wanted), sum(map(len, wanted.values()))


def _put(list_id: int, notes: dict[int, str | None], now: datetime) -> None:
    there = {entry.stock_id for entry in watchlists.entries([list_id])}
    if len(there | notes.keys()) > MOST_STOCKS:
        raise InputError(f"A watchlist has room for {MOST_STOCKS} stocks; make another one.")
    watchlists.put(list_id, notes, now)


def _named(reader_id: int, name: str, now: datetime, new: bool = False) -> int:
    """The reader's list of this name, made where it is not there; one that stands is refused where
    it has to be `new`."""
    mine = watchlists.of(reader_id)
    standing = next((row for row in mine if row.name == name), None)
    if standing is not None:
        if new:
            raise InputError(f"There is a watchlist “{name}” already; take another name.")
        return standing.id
    if len(mine) >= MOST_LISTS:
        raise InputError(f"There is room for {MOST_LISTS} watchlists; delete one first.")
    return watchlists.add(reader_id, name, now)


def _checked(name: str) -> str:
    name = " ".join(clean(name).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InputError(f"A watchlist needs a name of 1 to {LONGEST_NAME} characters.")
    return name
