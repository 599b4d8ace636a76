"""What the last daily snapshots on or before a day said of the stocks of a market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from stockscore.scoring.signals import SIGNALS
from stockscore.services import ranks
from stockscore.store import cross_sections
from stockscore.store.columns import MISSING


@dataclass(frozen=True, slots=True)
class EarlierScores:
    """Of n stocks, in the order asked for: `total` in hundredths, `signal` (a place in `SIGNALS`)
    and `rank` (of one day, see `services.ranks`), all `MISSING` where there is none. `session` is
    the newest session among them, None where there is no snapshot that old, `sessions` has that of
    each exchange of these stocks; `methods` are the versions that made them."""

    total: np.ndarray
    signal: np.ndarray
    rank: np.ndarray
    session: date | None
    methods: frozenset[str] = frozenset()
    sessions: Mapping[str, date] = field(default_factory=dict)

    def signals(self) -> list[str | None]:
        """The signals by their names."""
        return [SIGNALS[code] if code >= 0 else None for code in self.signal.tolist()]

    def changes(self, total: np.ndarray) -> np.ndarray:
        """What the totals changed by since then (floats, hundredths), NaN where either is missing;
        `total` are those of now."""
        known = (self.total != MISSING) & (total != MISSING)
        return np.where(known, total - self.total, np.nan)


def earlier_scores(stock_ids: Sequence[int], day: date) -> EarlierScores:
    """What was said of stocks, in order of their tickers. Of each exchange its last session on or
    before the day counts."""
    wanted = np.asarray(stock_ids, dtype=np.int64)
    order = np.argsort(wanted)
    ordered = wanted[order]
    found = {name: np.full(len(wanted), MISSING, dtype=np.int64) for name in _KEYS}
    of_exchange: dict[str, date] = {}
    sections = cross_sections.newest_on_or_before(day)
    for section in sorted(sections, key=lambda section: section.session or day):
        ids = np.array(section.stock_ids, dtype=np.int64)
        places = np.searchsorted(ordered, ids)
        places[places == len(ordered)] = 0
        present = ordered[places] == ids if len(ordered) else np.zeros(len(ids), dtype=bool)
        targets = order[places[present]] if len(ordered) else places[:0]
        if len(targets) and section.exchange is not None and section.session is not None:
            of_exchange[section.exchange] = section.session
        for name, column in section.columns(_KEYS).items():
            if column is not None:
                found[name][targets] = np.array(column, dtype=np.int64)[present]
    sessions = [section.session for section in sections if section.session is not None]
    return EarlierScores(
        total=found["total"],
        signal=found["signal"],
        rank=_ranks(found, of_exchange),
        session=max(sessions, default=None),
        methods=frozenset(section.method for section in sections),
        sessions=of_exchange,
    )


def _ranks(found: Mapping[str, np.ndarray], of_exchange: Mapping[str, date]) -> np.ndarray:
    if ranks.are_of_one_day(of_exchange.values()):
        return found["rank"]
    totals = {
        place: total for place, total in enumerate(found["total"].tolist()) if total != MISSING
    }
    anew = ranks.counted(totals)
    return np.array([anew.get(place, MISSING) for place in range(len(found["total"]))])


_KEYS = ("total", "signal", "rank")
