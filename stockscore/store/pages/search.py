"""The stocks that a text means: which match, and which of them come first.

Lists and suggestions ask here, so that what is suggested is what the list shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from stockscore.extensions import db
from stockscore.store.models import Stock
from stockscore.store.stocks import ticker_key
from stockscore.store.text import fold


@dataclass(frozen=True, slots=True)
class Sought:
    """A text as it is compared: `words` are folded (see `store.text.fold`) and must all occur;
    `key` is the text as the spelling-free form of a ticker."""

    words: tuple[str, ...]
    key: str


EVERYTHING = Sought((), "")


@dataclass(frozen=True, slots=True)
class Match:
    """A stock that a text may mean; `ended`: it is no longer followed."""

    ticker: str
    name: str
    exchange: str
    isin: str | None
    ended: bool = False


def sought(text: str) -> Sought:
    """What a reader typed; without words it means every stock."""
    return Sought(tuple(fold(text).split()), ticker_key(text) if text else "")


def matches(what: Sought) -> ColumnElement[bool]:
    """The condition on stocks: each word occurs in ticker, name or ISIN, or the ticker begins with
    the text, with separators or without."""
    words = (Stock.search_text.contains(word, autoescape=True) for word in what.words)
    return or_(and_(*words), _spelled(what.key))


def _spelled(key: str) -> ColumnElement[bool]:
    """The ticker begins with what was typed: "BRK B", "brk-b" and "BRKB" all begin BRK.B, and
    "VOLV B" begins VOLV-B.ST.

    Each condition on all stocks costs a fifth of a search: so there are only two, and they compare
    a part of the ticker, which is cheaper than LIKE and than taking its separators out.
    """
    bare = key.replace("-", "")
    if not bare:
        return false()
    other = bare if bare != key else f"{bare[:-1]}-{bare[-1]}"
    spellings = (key, other) if len(bare) > 1 else (bare,)
    return or_(
        *(func.substr(Stock.ticker_key, 1, len(spelling)) == spelling for spelling in spellings)
    )


def exactly(key: str) -> ColumnElement[bool]:
    """The condition that a stock's ticker or ISIN is what was typed."""
    return or_(Stock.ticker_key == key, Stock.isin == key)


def matching(what: Sought, first: str = "", *, of_listed: bool = True) -> dict[int, bool]:
    """The ids of the listed stocks (else of all that ever were) that a text means, each with
    whether `first` (a ticker key or an ISIN) is exactly its own."""
    is_first = exactly(first) if first else false()
    query = select(Stock.id, is_first).where(matches(what))
    if of_listed:
        query = query.where(Stock.removed_at.is_(None))
    return {stock_id: bool(is_exact) for stock_id, is_exact in db.session.execute(query)}


def best(what: Sought, limit: int) -> list[Match]:
    """The likeliest stocks first, those that are no longer followed after all others: the exact
    ticker or ISIN, tickers that begin with the text, names that have a word that begins with it,
    then whatever contains all its words. Of two alike the one with the shorter ticker."""
    whole = " ".join(what.words)
    places = (
        exactly(what.key),
        _spelled(what.key),
        Stock.search_text.contains(f" {whole}", autoescape=True),
    )
    place = case(*((condition, index) for index, condition in enumerate(places)), else_=len(places))
    statement = (
        select(
            Stock.ticker,
            Stock.name,
            Stock.exchange,
            Stock.isin,
            Stock.removed_at.is_not(None).label("ended"),
        )
        .where(matches(what))
        .order_by(Stock.removed_at.is_not(None), place, func.length(Stock.ticker), Stock.ticker)
        .limit(limit)
    )
    return [Match(**row) for row in db.session.execute(statement).mappings()]
