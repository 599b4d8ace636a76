"""What the front page reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.services.movers import TOP
from stockscore.store.pages import lists, market, movers
from stockscore.store.pages.lists import Filter, Order, StockLine
from stockscore.store.pages.market import Freshness
from stockscore.web.ui.market_strip import Moment

LEADERS = 10
MOVERS = 5


@dataclass(frozen=True, slots=True)
class TodayData:
    """What the front page reads of the stocks and of their data: the best stocks, those that rose
    and fell most since yesterday's snapshot, those whose signal changed, those that are new among
    the best (each with its rank before, None where it had none), and the state of each exchange's
    data."""

    leaders: Sequence[StockLine]
    up: Sequence[StockLine]
    down: Sequence[StockLine]
    changed: Sequence[StockLine]
    entered: Sequence[tuple[StockLine, int | None]]
    freshness: Sequence[Freshness]
    quarantined_total: int


def read(moment: Moment) -> TodayData | None:
    """What the page is made from; None before the first edition."""
    edition = moment.edition
    if edition is None:
        return None
    up, down = movers.risen_and_fallen(1, MOVERS)
    return TodayData(
        leaders=lists.lines(Filter(rated_only=True), Order(), LEADERS),
        up=up,
        down=down,
        changed=lists.signal_changes(),
        # Before the first snapshot everything would be new.
        entered=movers.newcomers(TOP) if edition.summary.previous else (),
        freshness=market.freshness(moment.now),
        quarantined_total=market.quarantined_count(),
    )
