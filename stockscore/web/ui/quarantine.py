"""Quarantined values, as the status page and the administration list them."""

from __future__ import annotations

from dataclasses import dataclass

from stockscore.store.pages.market import QuarantinedValue
from stockscore.web.ui.components import StockLink
from stockscore.web.ui.market_strip import Moment


@dataclass(frozen=True, slots=True)
class QuarantinedEntry:
    """A quarantined value."""

    stock: StockLink
    field: str
    value: str
    last_good: str
    reason: str
    seen: str


def quarantined_entry(moment: Moment, value: QuarantinedValue) -> QuarantinedEntry:
    """A quarantined value as it is written."""
    return QuarantinedEntry(
        stock=StockLink(value.ticker, value.name),
        field=value.field.replace("_", " "),
        value=value.value or "nothing",
        last_good=value.last_good or "none",
        reason=value.reason,
        seen=moment.clock(value.seen_at),
    )
