"""The schedule as data: which job follows the slots of which exchange.

The scheduler keeps one entry for each definition. What differs from the definitions is found here,
and only that is changed: an entry that is as it should be keeps its next time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from stockscore.market.slots import HOUSEKEEPING, REFRESH, SNAPSHOT


@dataclass(frozen=True, slots=True)
class Definition:
    """One entry: `job` runs at its slots of `exchange` (housekeeping: by that exchange's clock).
    `every_minutes` is a day where the job has no interval of its own."""

    job: str
    exchange: str
    every_minutes: int = 24 * 60

    @property
    def id(self) -> str:
        """`refresh-XNYS`, `snapshot-XNYS`, `housekeeping`."""
        return self.job if self.job == HOUSEKEEPING else f"{self.job}-{self.exchange}"

    def as_data(self) -> dict[str, Any]:
        """What is kept of it with its entry; `Definition(**data)` is the definition again."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Difference:
    """What must change so that the entries are those defined."""

    save: tuple[Definition, ...]
    remove: tuple[str, ...]


def definitions(exchanges: Iterable[str], home: str, every_minutes: int) -> tuple[Definition, ...]:
    """The whole schedule of a market; `home` is the exchange in whose night housekeeping runs."""
    market = [
        definition
        for mic in exchanges
        for definition in (Definition(REFRESH, mic, every_minutes), Definition(SNAPSHOT, mic))
    ]
    return (*market, Definition(HOUSEKEEPING, home))


def difference(
    wanted: Iterable[Definition], existing: Mapping[str, Mapping[str, Any]]
) -> Difference:
    """Which wanted definitions are missing or changed, and which entries are defined no more.
    `existing` are our entries by id, as data."""
    by_id = {definition.id: definition for definition in wanted}
    return Difference(
        save=tuple(
            definition
            for definition in by_id.values()
            if existing.get(definition.id) != definition.as_data()
        ),
        remove=tuple(sorted(existing.keys() - by_id.keys())),
    )
