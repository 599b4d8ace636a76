"""A portfolio as CSV and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stockscore.services.personal.valuation import Account, Valued
from stockscore.store.pages.editions import EditionRow
from stockscore.web.ui import exports

CSV_HEADER = (
    *("ticker", "shares", "average_price", "note", "name", "price", "currency"),
    *("value", "value_currency", "weight", "profit", "score", "signal", "sector"),
)


def csv_rows(found: Sequence[Account]) -> Iterator[tuple[Any, ...]]:
    """One line a position, under `CSV_HEADER`; an import reads the first four columns."""
    for account in found:
        for position in account.positions:
            yield (
                position.line.ticker,
                position.holding.shares,
                position.holding.average_price,
                position.holding.note,
                position.line.name,
                position.line.price,
                position.line.currency,
                position.value,
                account.currency,
                position.weight,
                position.profit,
                exports.points(position.line.total),
                position.line.signal,
                position.line.sector,
            )


def as_data(found: Sequence[Account], edition: EditionRow | None) -> dict[str, Any]:
    """The portfolio as JSON."""
    return {
        "accounts": [
            {
                "currency": account.currency,
                "value": account.value,
                "cost": account.cost,
                "profit": account.profit,
                "score": exports.points(account.score),
                "scored": account.scored,
                "signals": dict(account.signals),
                "sectors": dict(account.sectors),
                "positions": [_position_data(position) for position in account.positions],
            }
            for account in found
        ],
        **exports.edition(edition),
    }


def _position_data(position: Valued) -> dict[str, Any]:
    return {
        "ticker": position.line.ticker,
        "shares": position.holding.shares,
        "average_price": position.holding.average_price,
        "note": position.holding.note,
        "price": exports.number(position.line.price),
        "currency": position.line.currency,
        "value": position.value,
        "weight": position.weight,
        "profit": position.profit,
        "score": exports.points(position.line.total),
        "signal": position.line.signal,
    }
