"""What moved: scores, signals and places, against each stock's last daily snapshot old enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.why import Why
from stockscore.store import snapshots
from stockscore.store.pages import movers, records
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine

TOP = 20
"""Ranks that are the top, which stocks enter and leave."""


@dataclass(frozen=True, slots=True)
class Before:
    """The snapshot that a stock is compared with."""

    session: date
    signal: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Moves:
    """All that moved over `days`. `counts` are of scores that rose and fell; `before` is empty
    where there is no snapshot that old. `turned` are stocks with another signal, `entered` and
    `left` those that came into the top and went out of it. `whys` explain the moves of stocks, by
    id, where both ends are rated."""

    days: int
    counts: tuple[int, int]
    before: Mapping[int, Before]
    up: Sequence[StockLine]
    down: Sequence[StockLine]
    turned: Sequence[StockLine]
    entered: Sequence[StockLine]
    left: Sequence[StockLine]
    whys: Mapping[int, Why] = field(default_factory=dict)

    @classmethod
    def none(cls, days: int) -> Self:
        """Before there is anything to compare."""
        return cls(days, (0, 0), {}, (), (), (), (), ())

    def is_upgrade(self, line: StockLine) -> bool:
        """Whether a stock with another signal has a better one."""
        was = self.before[line.id].signal
        return SIGNALS.index(line.signal or "") < SIGNALS.index(was or "")

    @property
    def better(self) -> list[StockLine]:
        """Those whose signal became better, highest scores first."""
        return [line for line in self.turned if self.is_upgrade(line)]

    @property
    def worse(self) -> list[StockLine]:
        """Those whose signal became worse, lowest scores first."""
        return [line for line in self.turned if not self.is_upgrade(line)][::-1]

    def shown(self, limit: int | None) -> list[StockLine]:
        """All that a page shows with so many lines of a kind; some of them twice."""
        kinds = (self.up, self.down, self.better, self.worse)
        return [*(line for found in kinds for line in found[:limit]), *self.entered, *self.left]

    @property
    def sessions(self) -> dict[int, date]:
        """The session that each stock is compared with, by id."""
        return {stock_id: snapshot.session for stock_id, snapshot in self.before.items()}

    def explained(self, whys: Mapping[int, Why]) -> Self:
        """The same moves with why they were."""
        return replace(self, whys=whys)


def moves(days: int, edition: EditionRow | None, limit: int | None) -> Moves:
    """What moved over so many calendar days, with at most `limit` scores that rose and as many that
    fell; nothing before the first edition."""
    if edition is None:
        return Moves.none(days)
    # The same day as that from which publishing counted the changes.
    day = edition.summary.day - timedelta(days=days)
    before = {
        stock_id: Before(snapshot.session, snapshot.signal, snapshot.rank)
        for stock_id, snapshot in snapshots.last_on_or_before(day).items()
    }
    places = {place.id: place for place in movers.places()}
    turned, entered, left = [], [], []
    for stock_id, then in before.items():
        now = places.get(stock_id)
        if now and then.signal and now.signal != then.signal:
            turned.append(stock_id)
        was_top = then.rank is not None and then.rank <= TOP
        if now and was_top and now.rank > TOP:
            left.append(stock_id)
    for stock_id, now in places.items():
        was = before.get(stock_id)
        if now.rank <= TOP and before and (was is None or was.rank is None or was.rank > TOP):
            entered.append(stock_id)
    rose, fell = movers.risen_and_fallen(days, limit)
    by_rank = sorted(turned, key=lambda stock_id: places[stock_id].rank)
    return Moves(
        days=days,
        counts=movers.counts(days),
        before=before,
        up=rose,
        down=fell,
        turned=records.lines_of(by_rank),
        entered=records.lines_of(entered),
        left=records.lines_of(sorted(left, key=lambda stock_id: places[stock_id].rank)),
    )
