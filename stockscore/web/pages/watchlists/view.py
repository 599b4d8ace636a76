"""Watchlists: all of them, one of them, and the question which one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from stockscore.scoring.signals import went_up
from stockscore.services.personal.watchlists import LONGEST_NAME, MOST_LISTS
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.store.watchlists import EntryRow, ListRow
from stockscore.web.http.addresses import WATCHLISTS, watchlist_feed_url, watchlist_url
from stockscore.web.ui import columns, exports, stock_rows
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import StockLineView
from stockscore.web.ui.empty import Empty

PATH = WATCHLISTS

Listed = tuple[EntryRow, StockLine]
"""A stock on a list: the reader's entry and the stock itself."""

Contents = Mapping[int, Sequence[Listed]]
"""What is on each list, by the id of the list, in the order of tickers."""


@dataclass(frozen=True, slots=True)
class ListSummary:
    """A list among others: mean score of its rated stocks, the mean of their changes over 7 days,
    and the words on signals that changed."""

    name: str
    url: str
    stocks: int
    total: int | None
    change: int | None
    signals: str


@dataclass(frozen=True, slots=True)
class IndexView:
    """/watchlists. `room` is for how many more lists there is space."""

    subtitle: str
    problem: str | None
    done: str | None
    empty: Empty | None
    lists: tuple[ListSummary, ...]
    room: int
    longest_name: int


@dataclass(frozen=True, slots=True)
class WatchlistLine:
    """A line of a list: the stock, what its reader noted, and a `remark` on its signal."""

    row: StockLineView
    note: str
    added: str
    remark: str


@dataclass(frozen=True, slots=True)
class ListView:
    """/watchlists/<id>."""

    name: str
    url: str
    subtitle: str
    problem: str | None
    done: str | None
    entries: tuple[WatchlistLine, ...]
    others: tuple[tuple[str, str], ...]
    compare_url: str | None
    feed_url: str
    longest_name: int
    list_id: int


@dataclass(frozen=True, slots=True)
class AddView:
    """/watchlists/add: `choices` are (id, name); without tickers one is to be typed."""

    problem: str | None
    tickers: tuple[str, ...]
    choices: tuple[tuple[int, str], ...]
    longest_name: int


def index_view(
    mine: Sequence[ListRow],
    contents: Contents,
    problem: str | None,
    parameters: Mapping[str, str],
    nothing: Empty | None,
) -> IndexView:
    """All lists; `parameters` are those of the address that a redirect gave."""
    stocks = sum(row.stocks for row in mine)
    return IndexView(
        subtitle=f"{fmt.plural(len(mine), 'list')}, {fmt.plural(stocks, 'stock')}."
        if mine
        else "Stocks to keep an eye on, in lists of your own.",
        problem=problem,
        done=_done(parameters),
        empty=nothing,
        lists=tuple(_summary(row, contents[row.id]) for row in mine),
        room=MOST_LISTS - len(mine),
        longest_name=LONGEST_NAME,
    )


def list_view(
    found: ListRow,
    others: Sequence[ListRow],
    listed: Sequence[Listed],
    problem: str | None,
    added: str,
) -> ListView:
    """One list; `added` are the tickers that a redirect says were put on it."""
    summary = _summary(found, listed)
    tickers = [line.ticker for _, line in listed]
    arrived = [ticker for ticker in added.split(",") if ticker in tickers]
    compared = "&".join(f"t={ticker}" for ticker in tickers[:4])
    return ListView(
        name=found.name,
        url=watchlist_url(found.id),
        subtitle=_list_subtitle(summary),
        problem=problem,
        done=f"On the list now: {', '.join(arrived)}." if arrived else None,
        entries=tuple(_entry(entry, line) for entry, line in listed),
        others=tuple((row.name, watchlist_url(row.id)) for row in others),
        compare_url=f"/compare?{compared}" if 2 <= len(tickers) <= 4 else None,
        feed_url=watchlist_feed_url(found.feed_key),
        longest_name=LONGEST_NAME,
        list_id=found.id,
    )


def add_view(tickers: Sequence[str], mine: Sequence[ListRow], problem: str | None) -> AddView:
    """Which list the stocks go to."""
    return AddView(problem, tuple(tickers), tuple((row.id, row.name) for row in mine), LONGEST_NAME)


def _summary(row: ListRow, listed: Sequence[Listed]) -> ListSummary:
    totals = [line.total for _, line in listed if line.total is not None]
    moved = [line.changes[7] for _, line in listed if line.changes[7] is not None]
    changed = [line.ticker for _, line in listed if _changed(line)]
    return ListSummary(
        name=row.name,
        url=watchlist_url(row.id),
        stocks=row.stocks,
        total=round(mean(totals)) if totals else None,
        change=round(mean(moved)) if moved else None,
        signals=", ".join(changed) if changed else "none",
    )


def _changed(line: StockLine) -> bool:
    both = line.signal is not None and line.previous_signal is not None
    return both and line.signal != line.previous_signal


def _list_subtitle(summary: ListSummary) -> str:
    if not summary.stocks:
        return "No stock is on it yet."
    parts = [fmt.plural(summary.stocks, "stock")]
    if summary.total is not None:
        parts.append(f"mean score {fmt.points(summary.total)}")
    if summary.change is not None:
        parts.append(f"{fmt.signed(summary.change)} in 7 days")
    return f"{', '.join(parts)}."


def _entry(entry: EntryRow, line: StockLine) -> WatchlistLine:
    remark = _turn(line) if _changed(line) else ""
    if line.total is None:
        remark = columns.reason_of(line) or ""
    return WatchlistLine(
        stock_rows.row(line), entry.note or "", fmt.day(entry.added_at.date()), remark
    )


def _turn(line: StockLine) -> str:
    """How a signal went: up from STRONG SELL to SELL since the last snapshot."""
    before, now = line.previous_signal or "", line.signal or ""
    way = "Up" if went_up(before, now) else "Down"
    return f"{way} from {before} to {now} since the last snapshot."


def _done(parameters: Mapping[str, str]) -> str | None:
    if parameters.get("deleted") == "1":
        return "Everything that was kept for this browser is deleted."
    stocks, lists = parameters.get("imported", ""), parameters.get("lists", "")
    if stocks.isdecimal() and lists.isdecimal() and len(stocks + lists) < 9:
        count = fmt.plural(int(lists), "list")
        return f"{fmt.plural(int(stocks), 'stock')} of {count} imported."
    return None


CSV_HEADER = ("list", "ticker", "note", "name", "added", "score", "signal", "change_7")


def csv_rows(mine: Sequence[ListRow], contents: Contents) -> Iterator[tuple[Any, ...]]:
    """One line a stock of a list, under `CSV_HEADER`; an import reads the first three columns."""
    for row in mine:
        for entry, line in contents[row.id]:
            yield (
                row.name,
                line.ticker,
                entry.note,
                line.name,
                entry.added_at.date(),
                exports.points(line.total),
                line.signal,
                exports.points(line.changes[7]),
            )


def as_data(
    mine: Sequence[ListRow],
    contents: Contents,
    edition: EditionRow | None,
) -> dict[str, Any]:
    """The lists as JSON."""
    return {
        "items": [
            {
                "id": row.id,
                "name": row.name,
                "created_at": exports.moment(row.created_at),
                "feed": watchlist_feed_url(row.feed_key),
                "items": [
                    columns.item(line)
                    | {"note": entry.note, "added_at": exports.moment(entry.added_at)}
                    for entry, line in contents[row.id]
                ],
            }
            for row in mine
        ],
        **exports.edition(edition),
    }
