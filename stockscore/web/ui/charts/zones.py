"""The five zones of the scale from 0 to 100, as the signals cut it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from stockscore.scoring.signals import THRESHOLDS


@dataclass(frozen=True, slots=True)
class Zone:
    """From `low` (included) to `high`, in points."""

    name: str
    low: int
    high: int

    @property
    def slug(self) -> str:
        """The zone's name as a CSS class takes it: "strong-buy"."""
        return self.name.lower().replace(" ", "-")

    @property
    def width(self) -> int:
        """Points from end to end."""
        return self.high - self.low

    @property
    def middle(self) -> float:
        """The point halfway."""
        return (self.low + self.high) / 2


def _zones() -> tuple[Zone, ...]:
    rising = sorted(THRESHOLDS.items(), key=lambda item: item[1])
    ends = [(name, least // 100) for name, least in rising] + [("", 100)]
    return tuple(Zone(name, low, high) for (name, low), (_, high) in pairwise(ends))


ZONES = _zones()
"""From the lowest to the highest."""


def zone_at(points: float) -> Zone:
    """The zone that `points` (0..100) lie in."""
    return next(zone for zone in reversed(ZONES) if points >= zone.low or zone is ZONES[0])
