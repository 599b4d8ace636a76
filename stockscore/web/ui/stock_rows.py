"""One stock in a list as a row of a table, and the parts of its JSON that its own page shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from stockscore.services.stock_lists import StockLists
from stockscore.store.pages.lists import StockLine
from stockscore.store.portions import portions
from stockscore.web.http.as_of import current_past
from stockscore.web.ui import exports, past
from stockscore.web.ui.columns import CSV_HEADER, WRITTEN, csv_line, csv_lines, item
from stockscore.web.ui.components import StockLineView

IDENTITY = (
    *("ticker", "name", "exchange", "currency", "sector", "industry"),
    *("kind", "price", "as_of"),
)


def row(line: StockLine, trail: Sequence[int] = (), cells: Mapping[str, str] = {}) -> StockLineView:
    """The row of a stock table. `trail` are earlier totals; today's is added at its end."""
    written = {key: text(line) for key, text in WRITTEN.items()}
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
        cells=written | dict(cells) | past.cells(line.id),
        url=past.stock_url(line.ticker),
    )


def as_csv(name: str, ids: Sequence[int], stocks: StockLists) -> Response:
    """A CSV file of the stocks with these ids; of a past day, where that is asked for, with what
    became of each since."""
    if current_past() is None:
        return exports.as_written_csv(name, CSV_HEADER, csv_lines(ids))
    lines = (line for some in portions(ids) for line in stocks.lines(some))
    rows = ((*csv_line(line), *past.csv_cells(line.id)) for line in lines)
    return exports.as_csv(name, (*CSV_HEADER, *past.csv_columns()), rows)


def identity(line: StockLine) -> dict[str, Any]:
    """What JSON says of the stock itself."""
    found = item(line)
    return {key: found[key] for key in IDENTITY}


def score(line: StockLine) -> dict[str, Any]:
    """The `score` object of JSON, as the stock page has it but for the metrics."""
    found: dict[str, Any] = item(line)["score"]
    return found
