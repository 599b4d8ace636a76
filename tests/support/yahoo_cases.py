"""Yahoo's answers of invented companies (`tests/cases/yahoo-*.json`) as yfinance hands them
over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from stockscore.providers.yahoo.places import currency_of
from stockscore.providers.yahoo.statements import ROWS, financial_currency, reports, trailing
from stockscore.scoring.statements import Statement

CASES = Path(__file__).resolve().parent.parent / "cases"
NOW = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)
"""The moment of the cases."""


def statements_of(name: str, now: datetime = NOW) -> list[Statement]:
    """What the provider makes of a case."""
    answers = json.loads((CASES / f"yahoo-{name}.json").read_text())
    info = _info(answers)
    series = _series(answers["timeseries"]["timeseries"]["result"])
    tables = [_tables(series, prefix) for prefix in ("quarterly", "annual")]
    currency = financial_currency(info) or "USD"
    found = reports(tables[0], tables[1], info, currency, now)
    summary = trailing(info, found, currency_of(info["currency"]) or "USD", now)
    return [*found, summary] if summary else found


def _info(answers: Mapping[str, Any]) -> dict[str, Any]:
    """One dictionary of all modules, as `Ticker.info`."""
    modules = answers["quoteSummary"]["quoteSummary"]["result"][0]
    info: dict[str, Any] = {}
    for module in (*modules.values(), answers["quote"]["quoteResponse"]["result"][0]):
        info |= module
    return info


def _series(results: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Values by row ("quarterlyEBIT") and day."""
    return {
        (row := result["meta"]["type"][0]): {
            point["asOfDate"]: point["reportedValue"]["raw"] for point in result.get(row, ())
        }
        for result in results
    }


def _tables(series: Mapping[str, Mapping[str, float]], prefix: str) -> dict[str, pd.DataFrame]:
    """The statements by name, a column a period, the newest first."""
    tables = {}
    for name, rows in ROWS.items():
        keys = [key for sources in rows.values() for key in sources if f"{prefix}{key}" in series]
        table = pd.DataFrame.from_dict(
            {key: series[f"{prefix}{key}"] for key in keys}, orient="index", dtype=float
        )
        table.columns = pd.to_datetime(table.columns)
        tables[name] = table.sort_index(axis=1, ascending=False)
    return tables
