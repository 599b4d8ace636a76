"""A stock among others of its sector and size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.scoring.stored_score import MetricResult, StoredScore
from stockscore.store.pages.lists import StockLine
from stockscore.web.pages.stock.figures import price_earnings
from stockscore.web.ui import format as fmt
from stockscore.web.ui import stock_rows
from stockscore.web.ui.columns import column
from stockscore.web.ui.components import Column, StockLineView
from stockscore.web.ui.figures import SHORT, label_of

COLUMNS = (
    *(column(key) for key in ("stock", "score", "scale", "signal")),
    *(column(key) for key in ("value", "quality", "momentum", "health")),
    column("pe", label_of("pe"), priority=2),
    column("roic", SHORT["roic"], priority=2),
    column("return_12_1", SHORT["return_12_1"], priority=2),
    column("debt_to_equity", SHORT["debt_to_equity"], priority=2),
)


@dataclass(frozen=True, slots=True)
class Peers:
    """The table of peers, best score first, with the stock itself among them."""

    rows: tuple[StockLineView, ...]
    columns: tuple[Column, ...]
    note: str


def peers(
    line: StockLine, record: StoredScore, found: Sequence[tuple[StockLine, StoredScore]]
) -> Peers | None:
    """The stock with its peers; None where there are none."""
    if not found:
        return None
    rows = [(peer, _cells(peer_record)) for peer, peer_record in found]
    rows.append((line, _cells(record)))
    rows.sort(key=lambda row: (row[0].rank is None, row[0].rank))
    near = "nearest in market value" if line.market_cap_base else "with the highest scores"
    return Peers(
        rows=tuple(stock_rows.row(stock, cells=cells) for stock, cells in rows),
        columns=COLUMNS,
        note=f"{line.sector}, the {fmt.words(len(found))} {near}",
    )


def _cells(record: StoredScore) -> dict[str, str]:
    results = record.by_key
    return {
        "pe": price_earnings(record.inputs),
        "roic": _written(results, "roic", "percent"),
        "return_12_1": _written(results, "return_12_1", "signed_percent"),
        "debt_to_equity": _debt(results, record.inputs),
    }


def _written(results: Mapping[str, MetricResult], key: str, unit: str) -> str:
    result = results.get(key)
    return "–" if result is None or result.value is None else fmt.by_unit(result.value, unit)


def _debt(results: Mapping[str, MetricResult], inputs: Mapping[str, float | None]) -> str:
    """Negative equity is no low debt, and says so."""
    equity = inputs.get("total_equity")
    if equity is not None and equity <= 0:
        return "no equity"
    return _written(results, "debt_to_equity", "ratio")
