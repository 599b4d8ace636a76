"""Past sessions recorded by hand, where a test needs no more of them than a few columns."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from stockscore.scoring.method import KINDS
from stockscore.scoring.signals import SIGNALS
from stockscore.store import columns, cross_sections

_written = itertools.count()


def _close(session: date) -> datetime:
    return datetime.combine(session, time(21, 30), UTC)


def record_session(
    session: date,
    totals: Mapping[int, int | None],
    exchange: str = "XNYS",
    *,
    signals: Mapping[int, str] | None = None,
    method: str = "1.0",
    published: bool = True,
    known_at: datetime | None = None,
    more: Mapping[str, array] | None = None,
) -> int:
    """Writes a session's cross-section with these totals (hundredths) by stock id into the open
    transaction; its number. Without `known_at` each is of a moment of its own, because processes
    remember by number and moment, and tests begin to count anew."""
    ids = sorted(totals)
    said = signals or {}
    codes = [SIGNALS.index(said[stock_id]) if stock_id in said else None for stock_id in ids]
    values = {
        "total": columns.whole(totals[stock_id] for stock_id in ids),
        "signal": columns.whole(codes),
        "rank": columns.whole(range(1, len(ids) + 1), "i"),
        **(more or {}),
    }
    return cross_sections.write(
        array("i", ids),
        values,
        kind=cross_sections.SNAPSHOT,
        method=method,
        published=published,
        known_at=known_at or _close(session) + timedelta(microseconds=next(_written)),
        labels={"signal": SIGNALS, "kind": KINDS},
        receipt_rule="1",
        day_receipt=f"{session:%Y%m%d}" * 8,
        exchange=exchange,
        session=session,
    )
