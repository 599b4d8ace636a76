"""The market of the edition by column: what screens, picks, movers and lists choose stocks from.

One is kept for each edition in a process, and with it the figures that somebody asked for. Only the
standard library is used, because the web process loads no numeric library.
"""

from __future__ import annotations

import math
import threading
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from stockscore.extensions import db
from stockscore.scoring.screens import MarketFigures
from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.why import Why
from stockscore.store import cross_sections
from stockscore.store.columns import MISSING
from stockscore.store.cross_sections import Section
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import Filter

_CODED = ("signal", "sector", "exchange", "kind")


class _Figures(Mapping[str, Sequence[float]]):
    """The columns of a cross-section as figures: NaN where a whole number is missing."""

    def __init__(self, section: Section) -> None:
        self._section = section
        self._turned: dict[str, Sequence[float]] = {}

    def __getitem__(self, key: str) -> Sequence[float]:
        if key not in self._turned:
            column = self._section.column(key)
            if column is None:
                raise KeyError(key)
            counts = column.typecode != "d" and not key.endswith(".reason")
            self._turned[key] = (
                array("d", [math.nan if value == MISSING else value for value in column])
                if counts
                else column
            )
        return self._turned[key]

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._section.column(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._section.all_columns())

    def __len__(self) -> int:
        return len(self._section.all_columns())


Turned = tuple[list[int], list[int], list[int], list[int]]
"""Positions of stocks: with a better signal, with a worse one, new in the top, and gone from it."""


class MarketColumns:
    """What an edition says of every stock. A *position* is the place of a stock in every column.

    Beside the columns it keeps what pages have found in them: `turned_since` by the numbers of the
    cross-sections that were compared, and `whys`, the reasons of the moves that the page of movers
    shows, by the cross-section and the stock, and `admitted`, how many of all stocks each strategy
    admits."""

    def __init__(self, section: Section) -> None:
        self.section = section
        self.figures = MarketFigures(_Figures(section), len(section))
        self.turned_since: dict[tuple[int, ...], Turned] = {}
        self.whys: dict[tuple[int, int], Why | None] = {}
        self.admitted: dict[str, int] = {}
        self._moved: dict[int, tuple[list[int], list[int]]] = {}

    def load(self, keys: Iterable[str]) -> None:
        """Reads these columns with one statement, before they are asked for one by one."""
        self.section.columns(keys)

    def id_at(self, position: int) -> int:
        """The id of the stock at a position."""
        return self.section.stock_ids[position]

    def ids_at(self, positions: Iterable[int]) -> list[int]:
        """The ids of the stocks at some positions."""
        return [self.section.stock_ids[position] for position in positions]

    def whole(self, key: str) -> Sequence[int]:
        """A column of whole numbers, `MISSING` where there is none (and where there is none at
        all)."""
        column = self.section.column(key)
        return [MISSING] * len(self.section) if column is None else column

    @cached_property
    def by_ticker(self) -> list[int]:
        """All positions in order of the tickers."""
        order = self.whole("ticker_order")
        return sorted(range(len(self.section)), key=order.__getitem__)

    @cached_property
    def by_rank(self) -> list[int]:
        """The positions of the rated stocks, best first."""
        rank = self.whole("rank")
        rated = [position for position in range(len(self.section)) if rank[position] > 0]
        return sorted(rated, key=rank.__getitem__)

    @cached_property
    def turned(self) -> list[int]:
        """The positions of the rated stocks whose signal differs from that of the last daily
        snapshot, best first."""
        now, before = self.whole("signal"), self.whole("previous_signal")
        return [
            position
            for position in self.by_rank
            if before[position] >= 0 and before[position] != now[position]
        ]

    def risen_and_fallen(self, days: int) -> tuple[list[int], list[int]]:
        """The positions of the stocks whose score rose over so many days and of those whose fell,
        the largest changes first, ties by ticker; only real rises and falls."""
        if days not in self._moved:
            self._moved[days] = self._risen_and_fallen(days)
        return self._moved[days]

    def _risen_and_fallen(self, days: int) -> tuple[list[int], list[int]]:
        change = self.section.column(f"change_{days}")
        if change is None:
            return [], []
        risen = [position for position in self.by_ticker if change[position] > 0]
        fallen = [position for position in self.by_ticker if change[position] < 0]
        risen.sort(key=change.__getitem__, reverse=True)
        fallen.sort(key=change.__getitem__)
        return risen, fallen

    def among(self, wanted: Filter, positions: Sequence[int] | None = None) -> list[int]:
        """Those of the positions (None: all, by ticker) that a filter admits, in their order. A
        text is no matter of columns: it is passed over here."""
        self.load([*_CODED[:3], "total", "ticker_order", "rank"])
        found = list(self.by_ticker if positions is None else positions)
        for key, word in (
            ("sector", wanted.sector),
            ("exchange", wanted.exchange),
            ("signal", wanted.signal),
        ):
            if word:
                code, column = self._code(key, word), self.whole(key)
                found = [position for position in found if column[position] == code]
        if wanted.min_total is not None:
            total, least = self.whole("total"), max(0, wanted.min_total)
            found = [position for position in found if total[position] >= least]
        if wanted.rated_only:
            rank = self.whole("rank")
            found = [position for position in found if rank[position] > 0]
        return found

    def _code(self, key: str, word: str) -> int:
        labels = self.section.labels.get(key, ())
        return labels.index(word) if word in labels else len(labels)

    def signal_at(self, position: int) -> str | None:
        """The signal of the stock at a position."""
        code = self.whole("signal")[position]
        return SIGNALS[code] if code >= 0 else None


_Identity = tuple[str, int, str]
"""Database, number and fingerprint: a number alone may come again in another database."""

_kept: dict[_Identity, MarketColumns] = {}
_lock = threading.Lock()


def of_edition(edition: EditionRow | None) -> MarketColumns | None:
    """The market of an edition; None before the first, and where its columns are put away."""
    if edition is None:
        return None
    identity = str(db.engine.url), edition.id, edition.fingerprint
    with _lock:
        found = _kept.get(identity)
    if found is not None:
        return found
    section = cross_sections.of_edition(edition.id)
    if section is None:
        return None
    with _lock:
        # The edition before may still be shown for a moment; older ones are not asked for.
        while len(_kept) >= 2:
            _kept.pop(next(iter(_kept)))
        return _kept.setdefault(identity, MarketColumns(section))
