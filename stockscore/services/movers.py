"""What moved, against the last daily snapshot of each exchange that is old enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.why import Why
from stockscore.services import ranks
from stockscore.services.market_columns import MarketColumns
from stockscore.store import cross_sections
from stockscore.store.columns import MISSING
from stockscore.store.cross_sections import Section
from stockscore.store.pages import lists
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine

TOP = 20
"""Ranks that are the top, which stocks enter and leave."""


@dataclass(frozen=True, slots=True)
class Before:
    """The snapshot that a stock is compared with, in its cross-section."""

    section: Section
    session: date
    signal: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """The stocks of one kind of move: `total` of them, and the `lines` that were asked for."""

    total: int = 0
    lines: Sequence[StockLine] = ()


@dataclass(frozen=True, slots=True)
class Moves:
    """All that moved over `days`. `since` is the session that most stocks are compared with, None
    where there is no snapshot that old. `better` are stocks with a better signal, highest scores
    first, `worse` those with a worse one, lowest scores first; `entered` and `left` are those that
    came into the top and went out of it. `before` has the snapshots of the stocks that are in any
    of these, by id, and `whys` explain the moves where both ends are rated."""

    days: int
    since: date | None = None
    up: Moved = Moved()
    down: Moved = Moved()
    better: Moved = Moved()
    worse: Moved = Moved()
    entered: Moved = Moved()
    left: Moved = Moved()
    before: Mapping[int, Before] = field(default_factory=dict)
    whys: Mapping[int, Why] = field(default_factory=dict)

    @property
    def turned(self) -> list[StockLine]:
        """Those with another signal that were asked for, highest scores first."""
        lines = [*self.better.lines, *self.worse.lines]
        return sorted(lines, key=lambda line: line.rank or 0)

    @property
    def lines(self) -> list[StockLine]:
        """All that were asked for; some of them twice."""
        kinds = (self.up, self.down, self.better, self.worse, self.entered, self.left)
        return [line for kind in kinds for line in kind.lines]

    @property
    def sections(self) -> dict[int, Section]:
        """The cross-section that each stock is compared with, by id."""
        return {stock_id: snapshot.section for stock_id, snapshot in self.before.items()}

    def explained(self, whys: Mapping[int, Why]) -> Self:
        """The same moves with why they were."""
        return replace(self, whys=whys)


def moves(
    days: int, edition: EditionRow | None, market: MarketColumns | None, limit: int | None
) -> Moves:
    """What moved over so many calendar days, with at most `limit` stocks of each kind (None: all of
    them; those that entered or left the top are always all); nothing before the first edition."""
    if edition is None or market is None:
        return Moves(days)
    # The same day as that from which publishing counted the changes.
    snapshots = _Snapshots(edition.summary.day - timedelta(days=days))
    if snapshots.since is None:
        return Moves(days)
    snapshots.rank_anew(market)
    better, worse, entered, left = _turned_and_moved(market, snapshots)
    risen, fallen = market.risen_and_fallen(days)
    chosen = {
        "up": (len(risen), risen[:limit]),
        "down": (len(fallen), fallen[:limit]),
        "better": (len(better), better[:limit]),
        "worse": (len(worse), worse[::-1][:limit]),
        "entered": (len(entered), entered),
        "left": (len(left), left),
    }
    ids = {name: market.ids_at(positions) for name, (_, positions) in chosen.items()}
    wanted = list(dict.fromkeys(stock_id for found in ids.values() for stock_id in found))
    lines = {line.id: line for line in lists.lines_of(wanted)}
    kind = {
        name: Moved(chosen[name][0], [lines[stock_id] for stock_id in found])
        for name, found in ids.items()
    }
    before = {
        stock_id: snapshot
        for stock_id in wanted
        if (snapshot := snapshots.of(stock_id)) is not None
    }
    return Moves(
        days,
        snapshots.since,
        up=kind["up"],
        down=kind["down"],
        better=kind["better"],
        worse=kind["worse"],
        entered=kind["entered"],
        left=kind["left"],
        before=before,
    )


class _Snapshots:
    """What the last snapshots on or before a day said, by stock id."""

    def __init__(self, day: date) -> None:
        sections = cross_sections.newest_on_or_before(day)
        self._sections = sorted(sections, key=lambda section: section.session or day)
        for section in self._sections:
            section.columns(("signal", "rank", "total"))
        self._anew: dict[int, int] = {}
        sizes = [(len(section), section.session) for section in self._sections]
        self.since = max(sizes, key=lambda pair: (pair[0], pair[1] or day))[1] if sizes else None

    def rank_anew(self, market: MarketColumns) -> None:
        """Counts the ranks of the stocks of a market anew where they were recorded at sessions of
        different days."""
        here = set(market.section.stock_ids)
        sessions = {
            section.session
            for section in self._sections
            if section.session is not None and not here.isdisjoint(section.stock_ids)
        }
        if ranks.are_of_one_day(sessions):
            return
        totals: dict[int, int] = {}
        for section in self._sections:
            column = section.column("total")
            if column is not None:
                totals.update(zip(section.stock_ids, column, strict=True))
        by_ticker = (market.id_at(position) for position in market.by_ticker)
        self._anew = ranks.counted(
            {stock_id: totals[stock_id] for stock_id in by_ticker if totals.get(stock_id, -1) >= 0}
        )

    def codes_and_ranks(self) -> dict[int, tuple[int, int]]:
        """The code of the signal and the rank of every stock, -1 where there is none."""
        found: dict[int, tuple[int, int]] = {}
        for section in self._sections:
            signal, rank = section.column("signal"), section.column("rank")
            if signal is not None and rank is not None:
                found.update(zip(section.stock_ids, zip(signal, rank, strict=True), strict=True))
        if not self._anew:
            return found
        return {
            stock_id: (code, self._anew.get(stock_id, MISSING))
            for stock_id, (code, _) in found.items()
        }

    def of(self, stock_id: int) -> Before | None:
        """The newest snapshot of a stock."""
        for section in reversed(self._sections):
            index = section.index_of(stock_id)
            if index is not None and section.session is not None:
                values = section.values_of(index, ("signal", "rank"))
                code, rank = values["signal"], values["rank"]
                return Before(
                    section,
                    section.session,
                    None if code is None else SIGNALS[int(code)],
                    self._anew.get(stock_id) if self._anew else None if rank is None else int(rank),
                )
        return None


def _turned_and_moved(
    market: MarketColumns, snapshots: _Snapshots
) -> tuple[list[int], list[int], list[int], list[int]]:
    """The positions of rated stocks, best first, with a better signal, with a worse one, new in the
    top, and of those that left it."""
    was = snapshots.codes_and_ranks()
    signal, rank = market.whole("signal"), market.whole("rank")
    better: list[int] = []
    worse: list[int] = []
    entered: list[int] = []
    left: list[int] = []
    for position in market.by_rank:
        code_before, rank_before = was.get(market.id_at(position), (-1, -1))
        # Codes of signals count from the best one.
        if code_before >= 0 and code_before != signal[position]:
            (better if signal[position] < code_before else worse).append(position)
        was_top, is_top = 0 < rank_before <= TOP, rank[position] <= TOP
        if is_top and not was_top:
            entered.append(position)
        elif was_top and not is_top:
            left.append(position)
    return better, worse, entered, left
