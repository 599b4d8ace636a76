"""What a reader holds, valued by account, and what buying or selling would make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.scoring.currency import major_unit
from stockscore.services.personal import entries, valuation
from stockscore.services.personal.valuation import Account
from stockscore.store import positions
from stockscore.store.pages import lists
from stockscore.store.pages.lists import StockLine
from stockscore.store.positions import Holding


@dataclass(frozen=True, slots=True)
class Holdings:
    """The positions of a reader, their stocks by id, and the same by currency as accounts."""

    positions: Sequence[Holding]
    lines: Mapping[int, StockLine]
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What buying so many shares of a stock (selling them, below zero) at its last price would make
    of the account in the stock's currency; None where there is no such account."""

    line: StockLine
    shares: float
    currency: str
    before: Account | None
    after: Account | None


def read(reader_id: int | None) -> Holdings:
    """The holdings of a reader; none of a browser without a key."""
    held = positions.of(reader_id) if reader_id is not None else []
    lines = lists.lines_by_id({holding.stock_id for holding in held})
    return Holdings(held, lines, valuation.accounts(held, lines))


def what_if(holdings: Holdings, ticker: str, shares: str) -> WhatIf:
    """The answer to a reader's question, a ticker and a number as typed. Raises `InputError`."""
    stock = entries.stock(ticker)
    number = entries.number(shares, "The number of shares", -entries.LARGEST_NUMBER) or 0.0
    line = holdings.lines.get(stock.id) or lists.lines_by_id([stock.id])[stock.id]
    changed = valuation.after(holdings.positions, line, number)
    after = valuation.accounts(changed, {**holdings.lines, line.id: line})
    currency = major_unit(line.currency)[0]
    return WhatIf(line, number, currency, _in(currency, holdings.accounts), _in(currency, after))


def _in(currency: str, accounts: Sequence[Account]) -> Account | None:
    return next((account for account in accounts if account.currency == currency), None)
