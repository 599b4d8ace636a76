"""Quarantined values, as the status page and the administration list them."""

from __future__ import annotations

from dataclasses import dataclass

from stockscore.scoring.doctor.rules import RULES
from stockscore.store.pages.market import QuarantinedValue
from stockscore.web.ui.components import StockLink
from stockscore.web.ui.market_strip import Moment


@dataclass(frozen=True, slots=True)
class QuarantinedEntry:
    """A quarantined value, with the title of the rule that caught it. `decided` is "accepted by
    admin, 5 Mar" where a person has decided; `said` is the value as it is kept."""

    stock: StockLink
    field: str
    value: str
    last_good: str
    reason: str
    seen: str
    rule: str = ""
    case_id: int = 0
    said: str = ""
    decided: str = ""


def quarantined_entry(moment: Moment, value: QuarantinedValue) -> QuarantinedEntry:
    """A quarantined value as it is written."""
    return QuarantinedEntry(
        stock=StockLink(value.ticker, value.name),
        field=value.field.replace("_", " "),
        value=value.value or "nothing",
        last_good=value.last_good or "none",
        reason=value.reason,
        seen=moment.clock(value.seen_at),
        rule=RULES[value.rule].title if value.rule in RULES else "",
        case_id=value.id,
        said=value.value or "",
        decided=f"{value.decision} by {value.decided_by}, {moment.clock(value.decided_at)}"
        if value.decision
        else "",
    )
