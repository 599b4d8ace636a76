"""How well a stock fits an investor's horizon (scoring.md, section 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.scoring.method import FACTORS, LEAST_RATED


@dataclass(frozen=True, slots=True)
class Horizon:
    """`weights` are whole percent, in the order of the factors, and sum to 100."""

    key: str
    label: str
    span: str
    weights: tuple[int, int, int, int]


HORIZONS: tuple[Horizon, ...] = (
    Horizon("short", "Short", "up to 3 months", (15, 15, 50, 20)),
    Horizon("medium", "Medium", "3 to 12 months", (25, 25, 25, 25)),
    Horizon("long", "Long", "a year and more", (30, 30, 15, 25)),
)

BY_KEY: dict[str, Horizon] = {horizon.key: horizon for horizon in HORIZONS}


def fit(factors: Mapping[str, int | None], weights: tuple[int, ...]) -> int | None:
    """Horizon fit in hundredths (0 to 10000): 4 · Σ weight · factor.

    `factors` maps factor names to hundredths, None where not rated. With one factor not rated the
    weights of the other three share its weight, as in the total; None with fewer than three, or
    where the weights of the rated ones are all zero. Half rounds up, in whole numbers.
    """
    return fit_of([factors.get(name) for name in FACTORS], weights)


def fit_of(points: Sequence[int | None], weights: Sequence[int]) -> int | None:
    """`fit` of the factors' points in the order of `FACTORS`."""
    rated = [
        (weight, known) for weight, known in zip(weights, points, strict=True) if known is not None
    ]
    share = sum(weight for weight, _ in rated)
    if len(rated) < LEAST_RATED or share == 0:
        return None
    weighted = 4 * sum(weight * known for weight, known in rated)
    return (2 * weighted + share) // (2 * share)


def own_weights(text: str) -> tuple[int, int, int, int]:
    """Weights from a URL, "30,30,15,25": four whole percentages that add up to 100.

    Raises ValueError with a sentence that says what is wrong."""
    parts = [part.strip() for part in text.split(",")]
    example = "such as 30,30,15,25 (value, quality, momentum, health)"
    if len(parts) != len(FACTORS):
        raise ValueError(f"Give four weights, {example}; there are {len(parts)}.")
    for part in parts:
        if not (part.isascii() and part.isdigit() and len(part) <= 3):
            raise ValueError(f"A weight is a whole percentage from 0 to 100, {example}: {part!r}.")
    value, quality, momentum, health = (int(part) for part in parts)
    total = value + quality + momentum + health
    if total != 100:
        raise ValueError(f"The weights must add up to 100, {example}; these add up to {total}.")
    return value, quality, momentum, health
