"""Yahoo's answers out of a file of `tests/cases`, read as the provider reads them, but without a
network: the files hold what the endpoints answer, and this stands for yfinance between the two."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from stockscore.providers.base import Listing, Unavailable
from stockscore.providers.yahoo import YahooProvider
from stockscore.providers.yahoo.places import currency_of
from stockscore.providers.yahoo.statements import ROWS
from stockscore.scoring.statements import Statement

CASES = Path(__file__).resolve().parent.parent / "cases"
NOW = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)
"""The moment of the cases."""


class YahooCase(YahooProvider):
    """The provider, of which every question is answered from one file. `rates` are units of the
    second currency for one of the first."""

    def __init__(self, name: str, rates: Mapping[tuple[str, str], float] | None = None) -> None:
        super().__init__(1000.0)
        self._case = json.loads((CASES / name).read_text())
        self._rates = rates or {}

    @property
    def symbol(self) -> str:
        """The symbol that the file is about."""
        return self._case["symbol"]

    @property
    def info(self) -> dict[str, dict[str, Any]]:
        """The modules of the summary, which a test may change."""
        [modules] = self._case["quoteSummary"]["quoteSummary"]["result"]
        return modules

    def exchange_rate(self, base: str, quote: str, now: datetime) -> float:  # noqa: ARG002
        if (base, quote) not in self._rates:
            raise Unavailable(f"no rate of {base} in {quote}")
        return self._rates[base, quote]

    def _quote(self, symbol: str) -> Mapping[str, Any]:  # noqa: ARG002
        [quote] = self._case["quote"]["quoteResponse"]["result"]
        info = {key: value for module in self.info.values() for key, value in module.items()}
        plain = {
            key: value.get("raw") if isinstance(value, dict) else value
            for key, value in info.items()
        }
        return plain | quote

    def _table(self, symbol: str, freq: str, name: str) -> pd.DataFrame:  # noqa: ARG002
        prefix = {"quarterly": "quarterly", "yearly": "annual"}[freq]
        wanted = {row for rows in ROWS[name].values() for row in rows}
        columns: dict[pd.Timestamp, dict[str, float]] = {}
        for series in self._case["timeseries"]["timeseries"]["result"]:
            kind = series["meta"]["type"][0]
            row = kind.removeprefix(prefix)
            if row in wanted and row != kind:
                for cell in filter(None, series.get(kind, ())):
                    end = pd.Timestamp(cell["asOfDate"])
                    columns.setdefault(end, {})[row] = cell["reportedValue"]["raw"]
        return pd.DataFrame(columns)[sorted(columns, reverse=True)]

    def _chart(self, symbol: str, exchange: str, start: Any, now: datetime):  # noqa: ARG002
        [result] = self._case["chart"]["chart"]["result"]
        zone = result["meta"]["exchangeTimezoneName"]
        moments = pd.to_datetime(result["timestamp"], unit="s", utc=True).tz_convert(zone)
        [bars] = result["indicators"]["quote"]
        [adjusted] = result["indicators"]["adjclose"]
        table = pd.DataFrame(
            {
                **{name.title(): bars[name] for name in ("open", "high", "low", "close", "volume")},
                "Adj Close": adjusted["adjclose"],
                "Dividends": 0.0,
                "Stock Splits": 0.0,
            },
            index=moments.normalize(),
        )
        events = result.get("events", {})
        for event in events.get("dividends", {}).values():
            table.loc[_day(event, zone), "Dividends"] = event["amount"]
        for event in events.get("splits", {}).values():
            ratio = event["numerator"] / event["denominator"]
            table.loc[_day(event, zone), "Stock Splits"] = ratio
        paid_in = {
            event["date"]: event["currency"]
            for event in events.get("dividends", {}).values()
            if "currency" in event
        }
        table = table[table.index.date >= start]
        return table, currency_of(result["meta"]["currency"]), paid_in


def _day(event: Mapping[str, Any], zone: str) -> pd.Timestamp:
    return pd.Timestamp(event["date"], unit="s", tz="UTC").tz_convert(zone).normalize()


def statements_of(name: str, now: datetime = NOW) -> list[Statement]:
    """What the provider makes of the reports of a case (without rates of exchange)."""
    case = YahooCase(f"yahoo-{name}.json")
    listing = Listing(case.symbol, case.symbol, "XNYS", "USD")
    return list(case.fundamentals(listing, now).statements)
