"""One stock in a list as a row of a table, and the parts of its JSON that its own page shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from stockscore.store.pages.lists import StockLine
from stockscore.web.ui import exports
from stockscore.web.ui.columns import CSV_HEADER, WRITTEN, csv_lines, item
from stockscore.web.ui.components import StockLineView

IDENTITY = (
    *("ticker", "name", "exchange", "currency", "sector", "industry"),
    *("kind", "price", "as_of"),
)


def row(line: StockLine, trail: Sequence[int] = (), cells: Mapping[str, str] = {}) -> StockLineView:
    """The row of a stock table. `trail` are earlier totals; today's is added at its end."""
    return StockLineView(
        ticker=line.ticker,
        name=line.name,
        total=line.total,
        uncertainty=line.uncertainty,
        signal=line.signal,
        rank=line.rank,
        sector=line.sector,
        exchange=line.exchange,
        value=line.factors["value"],
        quality=line.factors["quality"],
        momentum=line.factors["momentum"],
        health=line.factors["health"],
        changes=line.changes,
        price=line.price,
        currency=line.currency,
        trail=(*trail, line.total) if trail and line.total is not None else (),
        cells={key: written(line) for key, written in WRITTEN.items()} | dict(cells),
    )


def as_csv(name: str, ids: Sequence[int]) -> Response:
    """A CSV file of the stocks with these ids."""
    return exports.as_written_csv(name, CSV_HEADER, csv_lines(ids))


def identity(line: StockLine) -> dict[str, Any]:
    """What JSON says of the stock itself."""
    found = item(line)
    return {key: found[key] for key in IDENTITY}


def score(line: StockLine) -> dict[str, Any]:
    """The `score` object of JSON, as the stock page has it but for the metrics."""
    found: dict[str, Any] = item(line)["score"]
    return found
