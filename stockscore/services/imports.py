"""What imports of CSV files have in common: how they are counted, refused and noted (see
`fundamentals_import` and `price_import`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from stockscore.providers.csvfile import BadFile
from stockscore.services.errors import InputError
from stockscore.store import runs

SOURCE = "csv"


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did: `rows` of the file, of `stocks` stocks (`new_stocks` of them added to the
    universe); each row is `added`, `updated`, `unchanged` or `held_back`. `doubts` are sentences
    about what was held back, or taken although it is doubtful; `notes` about what was taken and
    may be measured otherwise than the file means."""

    rows: int
    stocks: int
    new_stocks: int
    added: int
    updated: int
    unchanged: int
    held_back: int = 0
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@contextmanager
def refused_as_input() -> Iterator[None]:
    """A refused file is wrong input."""
    try:
        yield
    except BadFile as error:
        raise InputError(str(error)) from error


def tomorrow(now: datetime) -> date:
    """The last day that is no future: in the east it begins while it is still today in UTC."""
    return now.date() + timedelta(days=1)


def finish(run: int | None, now: datetime, path: str | Path, counts: ImportCounts) -> None:
    """Closes the run of an import with what it did."""
    if run is not None:
        runs.finish(
            run,
            now,
            updated=counts.added + counts.updated,
            unchanged=counts.unchanged,
            quarantined=len(counts.doubts),
            message=f"{Path(path).name}: {counts.rows:,} rows of {counts.stocks:,} stocks",
        )
