"""The stocks of the universe: finding one by any spelling, and keeping the list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Protocol, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from stockscore.extensions import db
from stockscore.store.models import FormerSpan, FormerTicker, IndexMember, Stock
from stockscore.store.portions import portions
from stockscore.store.text import clean, fold
from stockscore.store.upserts import upsert

_SEPARATORS = str.maketrans(dict.fromkeys(" ./_", "-"))
_LONGEST_GUESS = 64


class ListingFacts(Protocol):
    """What a listing to be saved has; `providers.base.Listing` does."""

    @property
    def ticker(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def exchange(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def sector(self) -> str | None: ...
    @property
    def industry(self) -> str | None: ...
    @property
    def symbol(self) -> str | None: ...
    @property
    def isin(self) -> str | None: ...
    @property
    def financial_currency(self) -> str | None: ...
    @property
    def listed_on(self) -> date | None: ...
    @property
    def delisted_on(self) -> date | None: ...


def ticker_key(text: str) -> str:
    """The spelling-free form of a ticker: "brk/b", " BRK.B " and "Brk b" all give "BRK-B"."""
    return " ".join(clean(text).split()).upper().translate(_SEPARATORS)


def search_text(ticker: str, name: str, isin: str | None = None) -> str:
    """What searches look through, folded (see `store.text.fold`)."""
    return fold(" ".join(part for part in (ticker, name, isin) if part))[: _width("search_text")]


def find(text: str) -> Stock | None:
    """The stock of a ticker in any spelling, else of one that it had before, else of an exact ISIN;
    removed ones too."""
    key = ticker_key(text)
    found = db.session.scalar(select(Stock).where(Stock.ticker_key == key))
    if found is None and key:
        found = _renamed(key)
    if found is None and key:
        # One ISIN may be listed on several exchanges.
        query = (
            select(Stock)
            .where(Stock.isin == key)
            .order_by(Stock.removed_at.is_not(None), Stock.ticker)
        )
        found = db.session.scalars(query).first()
    return found


def _renamed(key: str) -> Stock | None:
    query = select(Stock).join(FormerTicker, FormerTicker.stock_id == Stock.id)
    query = query.where(FormerTicker.ticker_key == key).order_by(FormerTicker.renamed_at.desc())
    return db.session.scalars(query.limit(1)).first()


def is_former(text: str) -> bool:
    """Whether a ticker, in any spelling, is one that a stock had before."""
    return bool(_former([ticker_key(text)]))


def rename(stock: Stock, ticker: str, symbol: str, now: datetime) -> None:
    """Gives a stock another ticker and keeps the one that it had; its source knows it by
    `symbol`."""
    key = ticker_key(ticker)
    upsert(
        FormerTicker,
        [
            {
                "ticker_key": stock.ticker_key,
                "ticker": stock.ticker,
                "stock_id": stock.id,
                "renamed_at": now,
            }
        ],
        keys=("stock_id", "renamed_at"),
    )
    stock.ticker, stock.ticker_key, stock.symbol = ticker, key, symbol
    stock.search_text = search_text(ticker, stock.name, stock.isin)
    db.session.flush()


def tickers_then(moment: datetime) -> dict[int, str]:
    """The tickers of stocks that have been renamed since a moment, as they were then, by id."""
    query = select(FormerTicker).where(FormerTicker.renamed_at > moment)
    found: dict[int, str] = {}
    for former in db.session.scalars(query.order_by(FormerTicker.renamed_at)):
        found.setdefault(former.stock_id, former.ticker)
    return found


def near(text: str, limit: int = 5) -> list[Stock]:
    """Active stocks that may have been meant, the likeliest first: tickers and names that begin
    with the text, names that contain it, then what is spelled alike."""
    key, words = ticker_key(text)[:_LONGEST_GUESS], fold(text)[:_LONGEST_GUESS]
    if not words:
        return []
    likely = (
        Stock.ticker_key.startswith(key, autoescape=True),
        Stock.search_text.contains(f" {words}", autoescape=True),
        Stock.search_text.contains(words, autoescape=True),
    )
    order = case(*((condition, index) for index, condition in enumerate(likely)))
    query = (
        select(Stock)
        .where(Stock.removed_at.is_(None), or_(*likely))
        .order_by(order, func.length(Stock.ticker), Stock.ticker)
    )
    found = list(db.session.scalars(query.limit(limit)))
    if len(found) < limit:
        known = {stock.id for stock in found}
        ids = [stock_id for stock_id in _spelled_alike(words, limit) if stock_id not in known]
        found += _in_order(ids[: limit - len(found)])
    return found


def _spelled_alike(words: str, limit: int) -> list[int]:
    """Ids of active stocks with a ticker, a name or a word of it that is spelled like the text."""
    query = select(Stock.id, Stock.search_text).where(Stock.removed_at.is_(None))
    spellings: dict[str, list[int]] = {}
    # Comparing costs far more than counting letters, and a near match has nearly as many.
    room = max(1, len(words) // 3)
    for stock_id, text in db.session.execute(query.order_by(Stock.ticker)):
        ticker, _, name = text.partition(" ")
        for spelling in {ticker, name[: len(words)], *name.split()}:
            if abs(len(spelling) - len(words)) <= room:
                spellings.setdefault(spelling, []).append(stock_id)
    alike = get_close_matches(words, spellings, n=2 * limit, cutoff=0.7)
    # Letters turned round are the commonest slip.
    alike.sort(key=lambda spelling: sorted(spelling) != sorted(words))
    return list(dict.fromkeys(stock_id for spelling in alike for stock_id in spellings[spelling]))


def _in_order(ids: Sequence[int]) -> list[Stock]:
    if not ids:
        return []
    stocks = {
        stock.id: stock for stock in db.session.scalars(select(Stock).where(Stock.id.in_(ids)))
    }
    return [stocks[stock_id] for stock_id in ids]


def by_ids(ids: Iterable[int]) -> dict[int, Stock]:
    """The active ones of these stocks, by id."""
    query = select(Stock).where(Stock.removed_at.is_(None))
    found = (
        stock
        for portion in portions(ids)
        for stock in db.session.scalars(query.where(Stock.id.in_(portion)))
    )
    return {stock.id: stock for stock in found}


def active(moment: datetime | None = None) -> list[Stock]:
    """The stocks that are followed, in ticker order; with `moment` those that were then."""
    return sorted(
        db.session.scalars(select(Stock).where(_followed(moment))), key=lambda stock: stock.ticker
    )


def _followed(moment: datetime | None) -> ColumnElement[bool]:
    if moment is None:
        return Stock.removed_at.is_(None)
    since = and_(
        Stock.added_at <= moment, or_(Stock.removed_at.is_(None), Stock.removed_at > moment)
    )
    before = exists().where(
        FormerSpan.stock_id == Stock.id,
        FormerSpan.added_at <= moment,
        FormerSpan.removed_at > moment,
    )
    return or_(since, before)


@dataclass(frozen=True, slots=True)
class ListedStock:
    """What scoring needs to know of a stock; reading 10,000 of them this way takes a tenth of the
    time that as many `models.Stock` take."""

    id: int
    ticker: str
    name: str
    exchange: str
    currency: str
    financial_currency: str | None
    sector: str | None
    industry: str | None
    source: str


_LISTED = tuple(getattr(Stock, name) for name in ListedStock.__dataclass_fields__)


def listed(moment: datetime | None = None) -> list[ListedStock]:
    """The same stocks as `active` gives, as `ListedStock`, with `moment` under the tickers that
    they had then."""
    rows = db.session.execute(select(*_LISTED).where(_followed(moment)))
    then = tickers_then(moment) if moment else {}
    found = (ListedStock(*row) for row in rows)
    if then:
        found = (
            replace(stock, ticker=then[stock.id]) if stock.id in then else stock for stock in found
        )
    return sorted(found, key=lambda stock: stock.ticker)


@dataclass(frozen=True, slots=True)
class Membership:
    """Since when a stock is followed, and until when (None: still)."""

    stock: ListedStock
    added_at: datetime
    removed_at: datetime | None

    def includes(self, moment: datetime) -> bool:
        """Whether the stock was followed at a moment."""
        return self.added_at <= moment and (self.removed_at is None or self.removed_at > moment)


def memberships() -> list[Membership]:
    """All stocks that were ever followed, in ticker order."""
    rows = db.session.execute(select(*_LISTED, Stock.added_at, Stock.removed_at))
    found = [Membership(ListedStock(*row[:-2]), row[-2], row[-1]) for row in rows]
    by_id = {member.stock.id: member.stock for member in found}
    found += [
        Membership(by_id[span.stock_id], span.added_at, span.removed_at)
        for span in db.session.scalars(select(FormerSpan))
    ]
    return sorted(found, key=lambda member: member.stock.ticker)


def ids(tickers: Iterable[str]) -> dict[str, int]:
    """The ids of stocks by their tickers as they are spelled here; without those that are not
    known."""
    by_key = {ticker_key(ticker): ticker for ticker in tickers}
    return {
        by_key[key]: stock_id
        for keys in portions(by_key)
        for stock_id, key in db.session.execute(
            select(Stock.id, Stock.ticker_key).where(Stock.ticker_key.in_(keys))
        )
    }


def ids_named(tickers: Iterable[str]) -> list[int]:
    """The ids of the stocks that are or were called so; without those that are not known."""
    keys = {ticker_key(ticker) for ticker in tickers}
    found: set[int] = set()
    for some in portions(keys):
        found.update(db.session.scalars(select(Stock.id).where(Stock.ticker_key.in_(some))))
        former = select(FormerTicker.stock_id).where(FormerTicker.ticker_key.in_(some))
        found.update(db.session.scalars(former))
    return sorted(found)


def everyone() -> list[Stock]:
    """All stocks that were ever followed."""
    return list(db.session.scalars(select(Stock)))


def follow_between(spans: Mapping[int, tuple[datetime, datetime | None]]) -> None:
    """Says since when stocks (by id) are followed, and until when (None: still)."""
    rows = [
        {"id": stock_id, "added_at": added_at, "removed_at": removed_at}
        for stock_id, (added_at, removed_at) in spans.items()
    ]
    db.session.execute(update(Stock), rows)


def exchanges(named: Iterable[str] = ()) -> list[str]:
    """The MICs of all exchanges that stocks are listed on, and of those named, in order."""
    listed = db.session.scalars(select(Stock.exchange).where(Stock.removed_at.is_(None)).distinct())
    return sorted({*named, *listed})


def listed_by_exchange() -> dict[str, int]:
    """How many stocks are listed on each exchange, by MIC."""
    query = select(Stock.exchange, func.count()).where(Stock.removed_at.is_(None))
    return dict(db.session.execute(query.group_by(Stock.exchange)).all())


def save_listings(listings: Iterable[ListingFacts], source: str, now: datetime) -> tuple[int, int]:
    """Adds stocks, brings removed ones back, and updates what is known of the others; the numbers
    of (added or brought back, updated).

    What a listing leaves out stays as it was, and a ticker keeps its first spelling. One under a
    ticker that a stock had before says nothing new. A stock that comes back is followed from now
    on; that it was before, and when, is kept. Text is
    cleaned and cut to its column. Of two listings of one ticker the later one wins. Raises
    `ValueError` for a listing without a ticker.
    """
    by_key: dict[str, ListingFacts] = {}
    for listing in listings:
        key = ticker_key(listing.ticker)[: _width("ticker_key")]
        if not key:
            raise ValueError(f"a listing needs a ticker: {listing!r}")
        by_key[key] = listing
    standing = {
        stock.ticker_key: stock
        for keys in portions(by_key)
        for stock in db.session.scalars(select(Stock).where(Stock.ticker_key.in_(keys)))
    }
    for key in _former(by_key.keys() - standing.keys()):
        del by_key[key]
    _keep_spans(standing.values())
    rows = [_row(key, listing, standing.get(key), source, now) for key, listing in by_key.items()]
    added = sum(row["added_at"] == now for row in rows if row["ticker_key"] not in standing)
    added += sum(stock.removed_at is not None for stock in standing.values())
    changed = upsert(Stock, rows, keys=("ticker_key",))
    for stock in standing.values():
        db.session.expire(stock)
    return added, changed - added


def _former(keys: Collection[str]) -> list[str]:
    """Those of the keys that are of former tickers."""
    query = select(FormerTicker.ticker_key)
    return [
        key
        for some in portions(keys)
        for key in db.session.scalars(query.where(FormerTicker.ticker_key.in_(some)))
    ]


def _keep_spans(standing: Iterable[Stock]) -> None:
    """Keeps when those of the stocks were followed that have been removed."""
    rows = [
        {"stock_id": stock.id, "added_at": stock.added_at, "removed_at": stock.removed_at}
        for stock in standing
        if stock.removed_at is not None and stock.removed_at > stock.added_at
    ]
    upsert(FormerSpan, rows, keys=("stock_id", "added_at"))


def members(index_key: str) -> set[int]:
    """The ids of the stocks that were on the list of an index when it was last asked for."""
    query = select(IndexMember.stock_id).where(IndexMember.index_key == index_key)
    return set(db.session.scalars(query))


def of_other_indices(index_key: str) -> set[int]:
    """The ids of the stocks that are on the list of any other index."""
    query = select(IndexMember.stock_id).where(IndexMember.index_key != index_key)
    return set(db.session.scalars(query))


def set_members(index_key: str, ids: Collection[int], now: datetime) -> None:
    """Notes which stocks are on the list of an index from now on."""
    known = members(index_key)
    for some in portions(known - set(ids)):
        db.session.execute(
            delete(IndexMember).where(
                IndexMember.index_key == index_key, IndexMember.stock_id.in_(some)
            )
        )
    rows = [
        {"index_key": index_key, "stock_id": stock_id, "since": now}
        for stock_id in sorted(set(ids) - known)
    ]
    upsert(IndexMember, rows, keys=("index_key", "stock_id"))


def _row(
    key: str, listing: ListingFacts, stock: Stock | None, source: str, now: datetime
) -> dict[str, Any]:
    """The columns of a stock after a listing: its values, else those that were known."""
    listed: dict[str, Any] = {
        name: _cut(name, getattr(listing, name))
        for name in (
            "ticker",
            "symbol",
            "name",
            "exchange",
            "currency",
            "financial_currency",
            "sector",
            "industry",
            "isin",
        )
    }
    listed |= {"listed_on": listing.listed_on, "delisted_on": listing.delisted_on}
    row: dict[str, Any] = {
        name: value or getattr(stock, name, None) for name, value in listed.items()
    }
    row["ticker"] = stock.ticker if stock else row["ticker"]
    row["symbol"] = row["symbol"] or row["ticker"]
    row["name"] = row["name"] or row["ticker"]
    return row | {
        "ticker_key": key,
        "search_text": search_text(row["ticker"], row["name"], row["isin"]),
        "source": source,
        "added_at": stock.added_at if stock and stock.removed_at is None else now,
        "removed_at": None,
    }


def expect_report(stock_id: int, reports_at: datetime) -> None:
    """Notes when a company publishes its figures next, or has lately."""
    query = update(Stock).where(Stock.id == stock_id, Stock.reports_at.is_distinct_from(reports_at))
    db.session.execute(query.values(reports_at=reports_at))


def remove(ids: Iterable[int], now: datetime) -> int:
    """Marks stocks as removed from `now` on; the number that were not already."""
    removed = 0
    for portion in portions(ids):
        query = update(Stock).where(Stock.id.in_(portion), Stock.removed_at.is_(None))
        result = db.session.execute(query.values(removed_at=now))
        removed += cast("CursorResult[Any]", result).rowcount
    return removed


def lock(stock_id: int) -> None:
    """Lets one transaction at a time look at what is known of a stock and add to it.

    SQLite has one writer anyway (see `transactions`).
    """
    query = select(Stock.id).where(Stock.id == stock_id)
    db.session.execute(query.with_for_update(key_share=True))


def _width(column: str) -> int:
    """How many characters a column takes."""
    length: int = getattr(Stock, column).type.impl.length
    return length


def _cut(column: str, text: str | None) -> str | None:
    if text is None:
        return None
    return " ".join(clean(text.replace("\n", " ")).split())[: _width(column)].rstrip()
