"""Which stocks a screen admits: the conditions of a ready-made strategy and ranges of figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from stockscore.scoring import screens, strategies
from stockscore.scoring.fields import BY_KEY as FIELDS_BY_KEY
from stockscore.scoring.fields import Field, values_of
from stockscore.scoring.formulas import Values
from stockscore.scoring.screens import Condition, Verdict
from stockscore.scoring.strategies import BY_KEY as STRATEGIES
from stockscore.scoring.strategies import Strategy
from stockscore.store.pages import records
from stockscore.store.pages.lists import Filter
from stockscore.store.pages.records import Scored

TEXT_SORTS = frozenset({"ticker", "sector"})
"""What stocks can be ordered by besides the fields of `scoring.screens`."""

STRATEGY_CONDITIONS = tuple(
    condition for strategy in STRATEGIES.values() for condition in strategy.conditions
)


@dataclass(frozen=True, slots=True)
class Screen:
    """A question: of the stocks in `wanted` those that miss exactly `missed` of the conditions of
    the strategy and the ranges, ordered by `sort`, a key of a field or one of `TEXT_SORTS`."""

    strategy: Strategy | None
    ranges: tuple[Condition, ...]
    wanted: Filter
    missed: int = 0
    sort: str = "score"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Screened:
    """A stock with what became of each condition, those of the strategy first."""

    stock: Scored
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> int:
        """How many conditions it meets."""
        return sum(verdict.passed is True for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Screening:
    """What a question admits of `stocks` stocks, in the order asked for: `found` are those shown,
    `fits` meet every condition, `near` all but one. `counts` are of the strategies by key."""

    strategy: Strategy | None
    ranges: tuple[Condition, ...]
    found: tuple[Screened, ...]
    stocks: int
    fits: int
    near: int
    counts: dict[str, int]


def screen(asked: Screen) -> Screening:
    """The stocks that a question admits."""
    order = FIELDS_BY_KEY.get(asked.sort)
    fields = [condition.field for condition in (*asked.ranges, *STRATEGY_CONDITIONS)]
    metrics = screens.metrics_of([*fields, order] if order else fields)
    stocks = records.scored(asked.wanted)
    counts = dict.fromkeys(STRATEGIES, 0)
    shown: list[tuple[Screened, Values]] = []
    fits = near = 0
    for stock in stocks:
        record = screens.partial(stock.record, metrics)
        values = values_of(record, stock.points, stock.price)
        for key, strategy in STRATEGIES.items():
            counts[key] += strategies.admits(strategy, values)
        verdicts = screens.verdicts(asked.ranges, values)
        if asked.strategy:
            verdicts = strategies.verdicts(asked.strategy, values) + verdicts
        missed = sum(verdict.passed is not True for verdict in verdicts)
        fits += missed == 0
        near += missed == 1
        if missed == asked.missed:
            shown.append((Screened(stock, verdicts), values))
    found = _ordered(shown, _key(asked.sort, order), asked.descending)
    return Screening(asked.strategy, asked.ranges, found, len(stocks), fits, near, counts)


Key = Callable[[tuple[Screened, Values]], Any]


def _key(sort: str, field: Field | None) -> Key:
    if field is None:
        return lambda pair: getattr(pair[0].stock, sort)
    return lambda pair: field.read(pair[1]).compared


def _ordered(
    shown: Sequence[tuple[Screened, Values]], key: Key, descending: bool
) -> tuple[Screened, ...]:
    """By the key with ties by ticker, and what is unknown last in both directions."""
    by_ticker = sorted(shown, key=lambda pair: pair[0].stock.ticker)
    known = [pair for pair in by_ticker if key(pair) is not None]
    unknown = [pair for pair in by_ticker if key(pair) is None]
    # Sorting is stable in reverse too, so that ties stay in the order of tickers.
    known.sort(key=key, reverse=descending)
    return tuple(screened for screened, _ in (*known, *unknown))
