"""Which stocks a screen admits: the conditions of a ready-made strategy and ranges of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.scoring import strategies
from stockscore.scoring.fields import BY_KEY as FIELDS_BY_KEY
from stockscore.scoring.formulas import Values
from stockscore.scoring.screens import Condition, Verdict, fits, fits_and_near, ordered, verdicts
from stockscore.scoring.strategies import BY_KEY as STRATEGIES
from stockscore.scoring.strategies import Strategy
from stockscore.services.market_columns import MarketColumns
from stockscore.store.pages.lists import Filter

TEXT_SORTS = frozenset({"ticker", "sector"})
"""What stocks can be ordered by besides the fields of `scoring.fields`."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A question: of the stocks in `wanted` those that miss exactly `missed` (0 or 1) of the
    conditions of the strategy and the ranges, ordered by `sort`, a key of a field or one of
    `TEXT_SORTS`."""

    strategy: Strategy | None
    ranges: tuple[Condition, ...]
    wanted: Filter
    missed: int = 0
    sort: str = "score"
    descending: bool = True

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All of them, those of the strategy first."""
        return (self.strategy.conditions if self.strategy else ()) + self.ranges

    def verdicts(self, values: Values) -> tuple[Verdict, ...]:
        """What becomes of each condition for one stock, those of the strategy with brief notes."""
        of_strategy = strategies.verdicts(self.strategy, values) if self.strategy else ()
        return of_strategy + verdicts(self.ranges, values)


@dataclass(frozen=True, slots=True)
class Screened:
    """A stock with what became of each condition, those of the strategy first."""

    stock_id: int
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> int:
        """How many conditions it meets."""
        return sum(verdict.passed is True for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Screening:
    """What a screen admits of `stocks` stocks. `found` are the positions of those asked for, in the
    order asked for; `fits` meet every condition, `near` all but one. `counts` are how many each
    strategy admits, by its key."""

    screen: Screen
    market: MarketColumns | None
    found: Sequence[int]
    stocks: int
    fits: int
    near: int
    counts: dict[str, int]

    def ids(self) -> list[int]:
        """The ids of all that was found."""
        return self.market.ids_at(self.found) if self.market else []

    def shown(self, first: int = 0, end: int | None = None) -> list[Screened]:
        """A part of what was found, with what became of each condition."""
        if self.market is None:
            return []
        keys = [key for condition in self.screen.conditions for key in condition.field.formula.keys]
        self.market.load(keys)
        return [
            Screened(
                self.market.id_at(position),
                self.screen.verdicts(self.market.figures.values(position, keys)),
            )
            for position in self.found[first:end]
        ]


_STRATEGY_CONDITIONS = tuple(
    condition for strategy in STRATEGIES.values() for condition in strategy.conditions
)


def run(screen: Screen, market: MarketColumns | None) -> Screening:
    """The stocks that a screen admits, of the market of an edition (None: before the first)."""
    if market is None:
        return Screening(screen, None, (), 0, 0, 0, dict.fromkeys(STRATEGIES, 0))
    order = FIELDS_BY_KEY.get(screen.sort)
    asked = [condition.field for condition in (*screen.conditions, *_STRATEGY_CONDITIONS)]
    asked += [order] if order else []
    market.load([key for field in asked for key in field.formula.column_keys])
    figures, among = market.figures, market.among(screen.wanted)
    fit, near = fits_and_near(figures, screen.conditions, among)
    found = near if screen.missed else fit
    if order is not None:
        found = ordered(figures, order, found, falling=screen.descending)
    else:
        found = _by_text(market, screen.sort, found, screen.descending)
    counts = _admitted(market, among, of_all=screen.wanted == Filter())
    return Screening(screen, market, found, len(among), len(fit), len(near), counts)


def _admitted(market: MarketColumns, among: Sequence[int], *, of_all: bool) -> dict[str, int]:
    """How many of some stocks each strategy admits; of all of them it is counted once in a
    process."""
    if of_all and market.admitted:
        return market.admitted
    counts = {
        key: len(fits(market.figures, strategy.conditions, among))
        for key, strategy in STRATEGIES.items()
    }
    if of_all:
        market.admitted = counts
    return counts


def _by_text(
    market: MarketColumns, sort: str, positions: Sequence[int], descending: bool
) -> list[int]:
    """By ticker, or by sector with ties by ticker and unknown sectors last; `positions` are by
    ticker."""
    if sort == "ticker":
        return list(reversed(positions)) if descending else list(positions)
    # The labels of sectors are in alphabetical order.
    sector = market.whole("sector")
    known = [position for position in positions if sector[position] >= 0]
    known.sort(key=sector.__getitem__, reverse=descending)
    return known + [position for position in positions if sector[position] < 0]
