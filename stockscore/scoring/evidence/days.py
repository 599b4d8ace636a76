"""What is known of one date, and the keys under which its results are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from stockscore.scoring.evidence.series import SCORES


@dataclass(frozen=True, slots=True)
class Exchange:
    """The stocks of an exchange stand side by side in every column, from `first` up to `end`."""

    mic: str
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a method said after the close of a date: `scores` (a row for each of `SCORES`) in
    hundredths and `signals` as codes (0 the best), both -1 where unknown; codes of sectors (-1
    unknown); market values in one currency (NaN unknown); the `exchanges` (MICs) recorded."""

    exchanges: frozenset[str]
    scores: np.ndarray
    signals: np.ndarray
    sectors: np.ndarray
    market_values: np.ndarray
    present: np.ndarray

    @classmethod
    def empty(cls, count: int) -> Recorded:
        """Nothing of so many stocks, to be filled in."""
        return cls(
            frozenset(),
            np.full((len(SCORES), count), -1, dtype=np.int32),
            np.full(count, -1, dtype=np.int8),
            np.full(count, -1, dtype=np.int32),
            np.full(count, np.nan),
            np.zeros(count, dtype=bool),
        )


@dataclass(frozen=True, slots=True)
class Day:
    """A date (an ordinal) on which the exchanges `trading` (MICs) have a session. `returns` are the
    total returns of that session (NaN: none), those that were assumed of stocks that vanished
    among them; `assumed` marks these."""

    session: int
    trading: frozenset[str]
    returns: np.ndarray
    assumed: np.ndarray
    recorded: Recorded | None


@dataclass(frozen=True, slots=True)
class Result:
    """What a date has shown: values by horizon (0: of no horizon) and key. `charged` are the
    places of stocks in the record whose end was assumed on the date."""

    session: int
    values: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    charged: Sequence[int] = ()
