"""What the front page reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.services.movers import TOP
from stockscore.store.pages import lists, market
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.market import Freshness
from stockscore.web.ui.listed import listed_stocks
from stockscore.web.ui.market_strip import Moment

LEADERS = 10
MOVERS = 5


@dataclass(frozen=True, slots=True)
class TodayData:
    """What the front page reads of the stocks and of their data: the best stocks, those that rose
    and fell most since yesterday's snapshot, those whose signal changed (the best of
    `changed_total`), those that are new among the best (each with its rank before, None where it
    had none), and the state of each exchange's data."""

    leaders: Sequence[StockLine]
    up: Sequence[StockLine]
    down: Sequence[StockLine]
    changed: Sequence[StockLine]
    changed_total: int
    entered: Sequence[tuple[StockLine, int | None]]
    freshness: Sequence[Freshness]
    quarantined_total: int


def read(moment: Moment, changes: int | None = None) -> TodayData | None:
    """What the page is made from, with at most so many stocks whose signal changed (None: all of
    them); None before the first edition."""
    edition = moment.edition
    if edition is None:
        return None
    stocks = listed_stocks()
    leaders, turned = stocks.leaders(LEADERS), stocks.turned()
    up, down = stocks.risen_and_fallen(1, MOVERS)
    # Before the first snapshot everything would be new.
    entered = stocks.newcomers(TOP) if edition.summary.previous else {}
    lines = lists.lines_by_id([*leaders, *up, *down, *turned[:changes], *entered])
    return TodayData(
        leaders=[lines[stock_id] for stock_id in leaders],
        up=[lines[stock_id] for stock_id in up],
        down=[lines[stock_id] for stock_id in down],
        changed=[lines[stock_id] for stock_id in turned[:changes]],
        changed_total=len(turned),
        entered=[(lines[stock_id], before) for stock_id, before in entered.items()],
        freshness=market.data_state(moment.now).freshness,
        quarantined_total=market.quarantined_count(),
    )
