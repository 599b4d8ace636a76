"""What a new version of the method does to a market: signals before and after, and the stocks whose
score moves most, each with what moved it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from stockscore.scoring.engine import NOT_RATED
from stockscore.scoring.method import KIND_LABELS, KINDS
from stockscore.scoring.methods import METHODS, Method
from stockscore.scoring.reasons import is_missing
from stockscore.scoring.signals import SIGNALS
from stockscore.services import scores
from stockscore.services.earlier import earlier_scores
from stockscore.services.market_inputs import MarketSources
from stockscore.services.score_sections import ScoredMarket

LARGEST = 10


@dataclass(frozen=True, slots=True)
class Move:
    """A stock whose score a version moves: totals in hundredths, None where not rated."""

    ticker: str
    name: str
    before: int | None
    after: int | None
    reason: str

    @property
    def change(self) -> int:
        """The change in hundredths, 0 where either is unknown."""
        if self.before is None or self.after is None:
            return 0
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class VersionEffect:
    """What came of a version in the place of the one before. `signals` are the numbers of stocks
    by signal, before and after."""

    before: str
    after: str
    stocks: int
    rated: tuple[int, int]
    signals: dict[str, tuple[int, int]]
    newly_rated: tuple[Move, ...]
    no_longer_rated: tuple[Move, ...]
    largest: tuple[Move, ...]


def of_the_versions(now: datetime) -> list[VersionEffect]:
    """The effect of each version on the market that is stored, as it is known at a moment."""
    sources = MarketSources.read(now)
    before = earlier_scores([stock.id for stock in sources.stocks], now.date().replace(year=1990))
    scored = {
        version: scores.score_market(sources.market(method), before)
        for version, method in METHODS.items()
    }
    names = [stock.name for stock in sources.stocks]
    return [_effect(scored[older], scored[newer], names) for older, newer in pairwise(METHODS)]


def _effect(before: ScoredMarket, after: ScoredMarket, names: list[str]) -> VersionEffect:
    moves = [
        Move(
            ticker,
            names[index],
            _total(before, index),
            _total(after, index),
            _reason(before, after, index),
        )
        for index, ticker in enumerate(after.scoring.tickers)
    ]
    by_size = sorted(moves, key=lambda move: (-abs(move.change), move.ticker))
    counts = [Counter(scored.scoring.signal_codes.tolist()) for scored in (before, after)]
    return VersionEffect(
        before=before.method.version,
        after=after.method.version,
        stocks=len(moves),
        rated=(_rated(before), _rated(after)),
        signals={name: (counts[0][code], counts[1][code]) for code, name in enumerate(SIGNALS)},
        newly_rated=tuple(m for m in moves if m.before is None and m.after is not None),
        no_longer_rated=tuple(m for m in moves if m.before is not None and m.after is None),
        largest=tuple(by_size[:LARGEST]),
    )


def _rated(scored: ScoredMarket) -> int:
    return int((scored.scoring.total != NOT_RATED).sum())


def _total(scored: ScoredMarket, index: int) -> int | None:
    total = int(scored.scoring.total[index])
    return None if total == NOT_RATED else total


def _reason(before: ScoredMarket, after: ScoredMarket, index: int) -> str:
    """Its kind, where that changed, else the metrics that only one of the two knows, else the one
    of which the points moved most."""
    kinds = [KINDS[scored.scoring.kind_codes[index]] for scored in (before, after)]
    if kinds[0] != kinds[1]:
        return f"{KIND_LABELS[kinds[0]]} before, {KIND_LABELS[kinds[1]]} now"
    shared = [metric for metric in after.method.metrics if metric.key in before.method.by_key]
    states = [
        f"{metric.phrase} {_state(before, metric.key, index)} before, "
        f"{_state(after, metric.key, index)} now"
        for metric in shared
        if _is_known(before, metric.key, index) != _is_known(after, metric.key, index)
    ]
    if states:
        return "; ".join(states)
    changes = {
        key: _points(after, key, index) - _points(before, key, index)
        for key in (metric.key for metric in shared)
    }
    key = max(sorted(changes), key=lambda name: abs(changes[name]))
    if not changes[key]:
        return "unchanged"
    label = after.method.by_key[key].label
    return f"{label}: {_state(before, key, index)} before, {_state(after, key, index)} now"


def _points(scored: ScoredMarket, key: str, index: int) -> int:
    points = int(scored.scoring.points[index, _place(scored.method, key)])
    return 0 if points == NOT_RATED else points


def _is_known(scored: ScoredMarket, key: str, index: int) -> bool:
    return not is_missing(int(scored.scoring.reasons[index, _place(scored.method, key)]))


def _state(scored: ScoredMarket, key: str, index: int) -> str:
    if not _is_known(scored, key, index):
        return "unknown"
    return f"{_points(scored, key, index) / 100:.2f} points"


def _place(method: Method, key: str) -> int:
    return [metric.key for metric in method.metrics].index(key)
