"""One stock in a list: as a row of a table, as an item of JSON, as a line of CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stockscore.scoring.currency import major_unit
from stockscore.scoring.method import CHANGE_DAYS, FACTOR_POINTS, FACTORS
from stockscore.store.pages.lists import StockLine
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Column, StockRow

CSV_HEADER = (
    "ticker",
    "name",
    "exchange",
    "currency",
    "sector",
    "industry",
    "price",
    "as_of",
    "score",
    "uncertainty",
    "coverage",
    "signal",
    "rank",
    "sector_rank",
    *FACTORS,
    *(f"change_{days}" for days in CHANGE_DAYS),
    "not_rated_because",
)

NOT_SCORED_YET = "It was added after the last scoring."


def reason_of(line: StockLine) -> str | None:
    """Why a stock is not rated; None for a rated one."""
    if line.total is not None:
        return None
    return line.reason or NOT_SCORED_YET


def row(line: StockLine, trail: Sequence[int] = (), cells: Mapping[str, str] = {}) -> StockRow:
    """The row of a stock table. `trail` are earlier totals; today's is added at its end."""
    written = {
        "industry": line.industry or fmt.UNKNOWN,
        "market_cap": _market_cap(line),
        "coverage": fmt.percent(line.coverage, 0),
    }
    return StockRow(
        ticker=line.ticker,
        name=line.name,
        total=line.total,
        uncertainty=line.uncertainty,
        signal=line.signal,
        rank=line.rank,
        sector=line.sector,
        exchange=line.exchange,
        **line.factors,
        changes=line.changes,
        price=line.price,
        currency=line.currency,
        trail=(*trail, line.total) if trail and line.total is not None else (),
        cells=written | dict(cells),
    )


def _market_cap(line: StockLine) -> str:
    currency = market_cap_currency(line)
    return f"{fmt.money(line.market_cap)} {currency}" if currency else fmt.UNKNOWN


def score(line: StockLine) -> dict[str, Any]:
    """The `score` object of JSON, as the stock page has it but for the metrics."""
    return {
        "total": exports.points(line.total),
        "uncertainty": exports.points(line.uncertainty),
        "coverage": line.coverage,
        "rated": line.total is not None,
        "signal": line.signal,
        "rank": line.rank,
        "percentile": exports.number(line.percentile),
        "sector_rank": line.sector_rank,
        "factors": {
            factor: {
                "points": exports.points(line.factors[factor]),
                "max": FACTOR_POINTS,
                "rated": line.factors[factor] is not None,
            }
            for factor in FACTORS
        },
        "changes": {str(days): exports.points(line.changes[days]) for days in CHANGE_DAYS},
    }


def identity(line: StockLine) -> dict[str, Any]:
    """What JSON says of the stock itself."""
    return {
        "ticker": line.ticker,
        "name": line.name,
        "exchange": line.exchange,
        "currency": line.currency,
        "sector": line.sector,
        "industry": line.industry,
        "kind": line.kind,
        "price": exports.number(line.price),
        "as_of": exports.moment(line.price_as_of),
    }


def market_cap_currency(line: StockLine) -> str | None:
    """The currency of the market value: that of the reports."""
    if line.market_cap is None:
        return None
    return line.market_cap_currency or major_unit(line.currency)[0]


def item(line: StockLine) -> dict[str, Any]:
    """One item of a list in JSON."""
    return {
        **identity(line),
        "price_change": exports.number(line.price_change),
        "market_cap": exports.number(line.market_cap),
        "market_cap_currency": market_cap_currency(line),
        "score": score(line),
        "not_rated_because": reason_of(line),
    }


def csv_line(line: StockLine) -> tuple[Any, ...]:
    """One line of CSV, under `CSV_HEADER`."""
    return (
        line.ticker,
        line.name,
        line.exchange,
        line.currency,
        line.sector,
        line.industry,
        line.price,
        line.price_as_of,
        exports.points(line.total),
        exports.points(line.uncertainty),
        line.coverage,
        line.signal,
        line.rank,
        line.sector_rank,
        *(exports.points(line.factors[factor]) for factor in FACTORS),
        *(exports.points(line.changes[days]) for days in CHANGE_DAYS),
        reason_of(line),
    )


def columns(
    keys: Sequence[str], links: Mapping[str, tuple[str, str | None]] = {}
) -> tuple[Column, ...]:
    """Columns of a stock table; `links` gives a key its sort link and its direction in force."""
    return tuple(Column(key, None, *links.get(key, (None, None))) for key in keys)
