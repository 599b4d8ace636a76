"""Holds the bars of an answer or a file against what is stored of their stock."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from stockscore.providers.base import Bar
from stockscore.scoring.doctor.bars import QuotedPrice, vet_bars
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.statements import Period, Statement
from stockscore.store import bars as stored_bars
from stockscore.store import quarantine, statements

BEFORE = timedelta(days=30)
"""How far before an answer its last good bar is looked for; a longer gap is a new beginning."""


@dataclass(frozen=True, slots=True)
class Vetted:
    """The bars that are believed, what is not, and the bars that are stored from shortly before
    them on, by session."""

    accepted: list[Bar]
    rejected: list[RejectedValue]
    stored: Mapping[date, Any]


def vet(stock_id: int, bars: Sequence[Bar]) -> Vetted:
    """Vets the bars of a stock, oldest first."""
    if not bars:
        return Vetted([], [], {})
    first = bars[0].session
    standing = stored_bars.of(stock_id, first - BEFORE)
    before = bisect_left(standing, first, key=attrgetter("session"))
    last = standing[before - 1] if before else None
    decisions = quarantine.decisions_on(stock_id)
    quoted = None if last else level_of(standing) or quoted_price(statements.known(stock_id))
    accepted, rejected = vet_bars(bars, last, decisions, quoted)
    return Vetted(accepted, rejected, {bar.session: bar for bar in standing})


def level_of(standing: Sequence[Any]) -> QuotedPrice | None:
    """The first stored close, against which an answer is held that begins before all of them."""
    return QuotedPrice(standing[0].session, standing[0].close) if standing else None


def quoted_price(known: Sequence[Statement]) -> QuotedPrice | None:
    """The price that was quoted last beside the figures of a stock."""
    quoted = [
        statement
        for statement in known
        if statement.period is Period.TRAILING and statement.figures.get("price")
    ]
    if not quoted:
        return None
    newest = max(quoted, key=lambda statement: (statement.period_end, statement.known_at))
    return QuotedPrice(newest.period_end, newest.figures["price"] or 0.0)
