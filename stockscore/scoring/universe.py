"""All stocks of one moment as columns, the form in which the engine scores them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from stockscore.scoring import inputs
from stockscore.scoring.arrays import Flags, Floats, Integers


@dataclass(frozen=True, slots=True)
class StockInputs:
    """One stock, for tests and small sets: `closes` adjusted, oldest first, `volumes` beside them.
    `rate_missing` says that price and reports are in different currencies without a known rate."""

    ticker: str
    inputs: Mapping[str, object] = field(default_factory=dict)
    exchange: str = "XNYS"
    sector: str | None = None
    industry: str | None = None
    closes: Sequence[float] = ()
    volumes: Sequence[float] = ()
    last_session: date | None = None
    rate_missing: bool = False


@dataclass(slots=True)
class Universe:
    """n stocks.

    `inputs` maps names of `inputs.RECORDED` and `inputs.CLASSIFIED` to float arrays (n,), NaN where
    missing; a name that is absent is missing for all. `closes` are adjusted, (n, k) with the last
    bar of each stock in the last column and NaN on the left where it has fewer; `volumes` likewise.
    `last_sessions` are ordinals of dates, 0 where there are no bars. `rate_missing` (n,) marks
    stocks whose price could not be converted to the currency of their reports. `sessions` may give
    the sorted ordinals of an exchange's sessions; weekdays stand in where it does not.

    What is no number becomes missing here, and what is no bar (a close that is not above zero) is
    taken out, so that everything after may rely on it. Raises ValueError where lengths differ.
    """

    tickers: list[str]
    exchanges: list[str]
    sectors: list[str | None]
    industries: list[str | None]
    inputs: dict[str, Floats]
    closes: Floats
    volumes: Floats
    last_sessions: Integers
    rate_missing: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    sessions: Mapping[str, Integers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = len(self.tickers)
        self.inputs = {name: _known(column) for name, column in self.inputs.items()}
        self.closes = np.asarray(self.closes, dtype=np.float64).reshape(n, -1 if n else 0)
        self.volumes = np.asarray(self.volumes, dtype=np.float64).reshape(n, -1 if n else 0)
        self.last_sessions = np.asarray(self.last_sessions, dtype=np.int64)
        if not len(self.rate_missing):
            self.rate_missing = np.zeros(n, dtype=bool)
        lengths = {len(self.exchanges), len(self.sectors), len(self.industries)}
        lengths |= {len(self.last_sessions), len(self.rate_missing)}
        lengths |= {len(column) for column in self.inputs.values()}
        if lengths != {n} or self.closes.shape != self.volumes.shape:
            raise ValueError(f"the columns of a universe of {n} stocks differ in length")
        self.closes, self.volumes = _only_bars(self.closes, self.volumes)

    @property
    def classified(self) -> Integers:
        """(n,) whether the newest balance sheet that gives total assets gives current assets or
        current liabilities too: 1, 0, or -1 where no balance sheet is known.

        `inputs.CLASSIFIED` says so; where that is not given, the inputs themselves."""
        nothing = np.full(len(self), np.nan)
        column = self.inputs.get(inputs.CLASSIFIED, nothing)
        assets, current, due = (
            self.inputs.get(name, nothing)
            for name in ("total_assets", "current_assets", "current_liabilities")
        )
        by_inputs = np.where(np.isnan(assets), -1, ~(np.isnan(current) & np.isnan(due)))
        return np.where(np.isnan(column), by_inputs, column > 0).astype(np.int64)

    def __len__(self) -> int:
        return len(self.tickers)

    @classmethod
    def of(
        cls, stocks: Iterable[StockInputs], sessions: Mapping[str, Integers] | None = None
    ) -> Universe:
        """The universe of these stocks; inputs that are no numbers are missing."""
        stocks = list(stocks)
        width = max((len(stock.closes) for stock in stocks), default=0)
        columns = {
            name: np.array(
                [_or_nan(inputs.clean(stock.inputs.get(name))) for stock in stocks], dtype=float
            )
            for name in (*inputs.RECORDED, inputs.CLASSIFIED)
        }
        return cls(
            tickers=[stock.ticker for stock in stocks],
            exchanges=[stock.exchange for stock in stocks],
            sectors=[stock.sector for stock in stocks],
            industries=[stock.industry for stock in stocks],
            inputs=columns,
            closes=_right_aligned([stock.closes for stock in stocks], width),
            volumes=_right_aligned([stock.volumes for stock in stocks], width),
            last_sessions=np.array(
                [stock.last_session.toordinal() if stock.last_session else 0 for stock in stocks],
                dtype=np.int64,
            ),
            rate_missing=np.array([stock.rate_missing for stock in stocks], dtype=bool),
            sessions=sessions or {},
        )


def _known(column: Floats) -> Floats:
    """The column with one kind of NaN for all that is missing, so that records compare by bytes."""
    column = np.asarray(column, dtype=np.float64)
    return np.where(np.isfinite(column), column, np.nan)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def _right_aligned(rows: Sequence[Sequence[float]], width: int) -> Floats:
    matrix = np.full((len(rows), width), np.nan)
    for place, row in enumerate(rows):
        if len(row):
            numbers = [_or_nan(inputs.clean(value)) for value in row]
            matrix[place, width - len(row) :] = numbers
    return matrix


def _only_bars(closes: Floats, volumes: Floats) -> tuple[Floats, Floats]:
    """Closes and volumes without the sessions that have no close, moved to the right again."""
    good = np.isfinite(closes) & (closes > 0)
    if not good.all():
        closes = np.where(good, closes, np.nan)
        gaps = np.flatnonzero((good[:, :-1] & ~good[:, 1:]).any(axis=1))
        if len(gaps):
            volumes = volumes.copy()
            order = np.argsort(good[gaps], axis=1, kind="stable")
            closes[gaps] = np.take_along_axis(closes[gaps], order, axis=1)
            volumes[gaps] = np.take_along_axis(volumes[gaps], order, axis=1)
    return closes, volumes
