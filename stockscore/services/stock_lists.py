"""Lists of stocks: which are on them and in which order, chosen from the columns of the edition.

A removed stock is on no list. A stock that is not rated is on lists of all stocks, after the rated
ones whatever the direction of the order, and on no list of rated ones. A stock that was added since
the edition is on lists of all stocks too; none of its figures is known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from stockscore.scoring.method import CHANGE_DAYS, FACTORS
from stockscore.services.market_columns import MarketColumns
from stockscore.store.pages import lists, search
from stockscore.store.pages.lists import Filter, NamedStock, StockLine

SORTS = {
    "score": "rank",
    "ticker": "ticker_order",
    "name": "name_order",
    "sector": "sector",
    "exchange": "exchange",
    **{factor: factor for factor in FACTORS},
    "coverage": "coverage",
    "market_cap": "market_cap_base",
    **{f"change_{days}": f"change_{days}" for days in CHANGE_DAYS},
}
"""What lists can be ordered by, with the column that each order looks at."""

_TEXTS = ("ticker_order", "name_order", "sector", "exchange")


@dataclass(frozen=True, slots=True)
class Order:
    """One of `SORTS`. Ties are ordered by ticker, and what is unknown comes last in both
    directions. `first` is a ticker key or an ISIN whose stock comes first where it is on the list,
    because it is what somebody typed."""

    column: str = "score"
    descending: bool = True
    first: str = ""


class StockLists:
    """The listed stocks: those of a market (None: before the first edition) without those removed
    since, and those added since. What was added and removed is read where it is first asked for,
    with one statement.

    A *position* is the place of a stock in every column; added stocks follow those of the market.
    """

    def __init__(self, market: MarketColumns | None) -> None:
        self.market = market
        self._of_market: Sequence[int] = market.section.stock_ids if market else ()

    @cached_property
    def _changes(self) -> tuple[Sequence[NamedStock], frozenset[int]]:
        return lists.changed_since_scoring()

    @property
    def added(self) -> Sequence[NamedStock]:
        """The listed stocks that no edition has scored yet, by ticker."""
        return self._changes[0]

    @property
    def removed(self) -> frozenset[int]:
        """The ids of stocks of the market that were removed."""
        return self._changes[1]

    def lines(self, ids: Sequence[int]) -> list[StockLine]:
        """What lists show of these stocks, in the order of the ids."""
        return lists.lines_of(ids)

    def id_at(self, position: int) -> int:
        """The id of the stock at a position."""
        scored = len(self._of_market)
        return self._of_market[position] if position < scored else self.added[position - scored].id

    def ids(self, wanted: Filter, order: Order) -> list[int]:
        """The ids of the stocks that a filter admits, in order."""
        matching = self._matching(wanted, order) if wanted.text.words else None
        if matching == {}:
            return []
        key = SORTS[order.column]
        found = self._admitted(wanted)
        if key != "ticker_order" or order.descending:
            # Ranks count from the best one.
            falling = order.descending != (key == "rank")
            found = _ordered(self._column(key), found, falling=falling)
        ids = [self.id_at(position) for position in found]
        if matching is not None:
            ids = [stock_id for stock_id in ids if stock_id in matching]
            ids.sort(key=lambda stock_id: not matching[stock_id])
        return ids

    def _matching(self, wanted: Filter, order: Order) -> dict[int, bool]:
        return search.matching(wanted.text, order.first)

    def _admitted(self, wanted: Filter) -> list[int]:
        """The positions that a filter admits, by ticker; its text is passed over."""
        found = self.market.among(wanted) if self.market else []
        if self.removed:
            found = [position for position in found if self.id_at(position) not in self.removed]
        if self.added and not (wanted.signal or wanted.rated_only or wanted.min_total is not None):
            found += [
                position
                for position, stock in enumerate(self.added, len(self._of_market))
                if wanted.sector in ("", stock.sector) and wanted.exchange in ("", stock.exchange)
            ]
            found.sort(key=self._column("ticker_order").__getitem__)
        return found

    def _column(self, key: str) -> Sequence[float]:
        """A column of all positions, NaN where it is unknown."""
        if self.added and key in _TEXTS:
            return self._texts_anew[key]
        figures = self.market.figures.columns if self.market else {}
        known = figures[key] if key in figures else [math.nan] * len(self._of_market)
        return [*known, *[math.nan] * len(self.added)] if self.added else known

    @cached_property
    def _texts_anew(self) -> dict[str, Sequence[float]]:
        """The columns of `_TEXTS`, counted with the stocks that were added."""
        named = {stock.id: stock for stock in lists.names()}
        stocks = [named.get(stock_id) for stock_id in self._of_market] + list(self.added)
        return {
            "ticker_order": _places([stock.ticker if stock else None for stock in stocks]),
            "name_order": _places([stock.name if stock else None for stock in stocks]),
            "sector": _places([stock.sector if stock else None for stock in stocks]),
            "exchange": _places([stock.exchange if stock else None for stock in stocks]),
        }

    def by_rank(self, wanted: Filter | None = None) -> list[int]:
        """The positions of the rated stocks that a filter admits, best first."""
        if self.market is None:
            return []
        if wanted is None:
            return self._without_removed(self.market.by_rank)
        return self._without_removed(self.market.among(wanted, self.market.by_rank))

    def _without_removed(self, positions: list[int]) -> list[int]:
        """The positions of the market without those of removed stocks."""
        removed = self.removed
        if not removed:
            return positions
        ids = self._of_market
        return [position for position in positions if ids[position] not in removed]

    def leaders(self, limit: int) -> list[int]:
        """The ids of the best rated stocks."""
        return [self.id_at(position) for position in self.by_rank()[:limit]]

    def groups(self, wanted: Filter, key: str) -> dict[str, list[int]]:
        """The ids of the rated stocks that a filter admits, best first, by "signal" or "sector"."""
        found: dict[str, list[int]] = {}
        if self.market is not None:
            words, codes = self.market.section.labels.get(key, ()), self.market.whole(key)
            for position in self.by_rank(wanted):
                if codes[position] >= 0:
                    found.setdefault(words[codes[position]], []).append(self.id_at(position))
        return found

    def risen_and_fallen(self, days: int, limit: int) -> tuple[list[int], list[int]]:
        """The ids of the stocks whose score rose most and fell most over so many days."""
        risen, fallen = self.market.risen_and_fallen(days) if self.market else ((), ())
        return self._listed(risen, limit), self._listed(fallen, limit)

    def _listed(self, positions: Sequence[int], limit: int | None = None) -> list[int]:
        """The ids of the first stocks at some positions of the market, without removed ones."""
        ids = (self._of_market[position] for position in positions)
        return list(islice((found for found in ids if found not in self.removed), limit))

    def turned(self) -> list[int]:
        """The ids of the rated stocks whose signal differs from that of the last daily snapshot,
        best first."""
        return self._listed(self.market.turned) if self.market else []

    def newcomers(self, top: int) -> dict[int, int | None]:
        """The ids of the stocks among the `top` best that were not among them in the last daily
        snapshot, best first, each with its rank there, None where it had none."""
        if self.market is None:
            return {}
        now, before = self.market.whole("rank"), self.market.whole("previous_rank")
        return {
            self.id_at(position): before[position] if before[position] > 0 else None
            for position in self.by_rank()[:top]
            if now[position] <= top and not 0 < before[position] <= top
        }


def _ordered(column: Sequence[float], positions: Sequence[int], *, falling: bool) -> list[int]:
    """Positions by a column, ties in their order, what is unknown last."""
    known = [position for position in positions if column[position] == column[position]]
    unknown = [position for position in positions if column[position] != column[position]]
    # Sorting is stable in reverse too.
    known.sort(key=column.__getitem__, reverse=falling)
    return known + unknown


def _places(texts: Sequence[str | None]) -> list[float]:
    """The place of each text in the order of them all, equal ones at one place, NaN for none."""
    places = {text: float(place) for place, text in enumerate(sorted(set(filter(None, texts))))}
    return [places[text] if text else math.nan for text in texts]
