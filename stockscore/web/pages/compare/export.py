"""A comparison as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stockscore.scoring.fields import FIELDS, Field
from stockscore.services.comparison import Compared, best_of, reading_of
from stockscore.store.pages.editions import EditionRow
from stockscore.web.ui import columns, exports
from stockscore.web.ui.figures import figure


def as_data(found: Sequence[Compared], edition: EditionRow | None) -> dict[str, Any]:
    """The comparison as JSON: each stock with all figures, and for each figure the best tickers."""
    return {
        "items": [
            columns.item(stock.line)
            | {
                "figures": {
                    field.key: exports.number(reading_of(field, stock).value) for field in FIELDS
                }
            }
            for stock in found
        ],
        "best": {field.key: _best_tickers(field, found) for field in FIELDS},
        **exports.edition(edition),
    }


def _best_tickers(field: Field, found: Sequence[Compared]) -> list[str]:
    return [found[index].line.ticker for index in sorted(best_of(field, found, figure))]


def csv_header(found: Sequence[Compared]) -> tuple[str, ...]:
    """The head of CSV."""
    return ("figure", "label", "unit", *(stock.line.ticker for stock in found), "best")


def csv_rows(found: Sequence[Compared]) -> list[tuple[Any, ...]]:
    """One line a figure, under `csv_header`."""
    return [
        (
            field.key,
            field.label,
            field.unit,
            *(exports.number(reading_of(field, stock).value) for stock in found),
            " ".join(_best_tickers(field, found)),
        )
        for field in FIELDS
    ]
