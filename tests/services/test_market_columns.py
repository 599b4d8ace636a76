"""What a web process keeps of markets by column stays within a bound."""

from __future__ import annotations

import gc
import random
import tracemalloc
from array import array
from datetime import UTC, date, datetime, timedelta

from stockscore.scoring.fields import BY_KEY as FIELDS
from stockscore.scoring.inputs import CLASSIFIED, RECORDED
from stockscore.scoring.method import KINDS
from stockscore.scoring.methods import default_method
from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.stored_score import score_keys
from stockscore.services.market_columns import MarketColumns
from stockscore.store import cross_sections
from stockscore.store.transactions import transaction

STOCKS = 10_000
MOST_BYTES = 30 * 2**20
FIRST = date(2026, 1, 5)

FRACTIONS = {"coverage", "percentile", "sector_percentile", *RECORDED, CLASSIFIED}


def _column(key: str) -> array:
    draw = random.Random(key)  # noqa: S311 - figures of a test
    if key in FRACTIONS or key.endswith(".value"):
        return array("d", (draw.random() for _ in range(STOCKS)))
    return array("i" if "rank" in key else "h", (draw.randrange(3) for _ in range(STOCKS)))


def _record(sessions: int) -> list[date]:
    """Writes the same market at so many sessions; the sessions."""
    ids = array("i", range(1, STOCKS + 1))
    values = {key: _column(key) for key in score_keys(default_method())}
    days = [FIRST + timedelta(days=number) for number in range(sessions)]
    with transaction():
        for day in days:
            cross_sections.write(
                ids,
                values,
                kind=cross_sections.SNAPSHOT,
                method=default_method().version,
                known_at=datetime(2026, 1, 5, 21, tzinfo=UTC),
                labels={"signal": SIGNALS, "kind": KINDS},
                receipt_rule="1",
                day_receipt=f"{day:%Y%m%d}" * 8,
                exchange="XNYS",
                session=day,
            )
    return days


def test_the_columns_of_ten_thousand_stocks_take_little_memory(app):
    keys = score_keys(default_method())
    with app.app_context():
        days = _record(8)
        gc.collect()
        tracemalloc.start()
        # Two editions with every figure that can be asked for, and whole sessions of the past.
        kept = []
        for day in days[-2:]:
            market = MarketColumns(cross_sections.of_session("XNYS", day))
            for field in FIELDS.values():
                market.figures.of(field)
            kept.append((market, market.by_ticker, market.by_rank))
        for day in days:
            cross_sections.of_session("XNYS", day).columns(keys)
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(kept) == 2
    assert taken < MOST_BYTES
