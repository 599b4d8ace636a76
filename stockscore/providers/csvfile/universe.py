"""The members of a universe from a CSV file: `ticker,name,exchange,currency,sector,industry`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stockscore.providers.base import Listing
from stockscore.providers.csvfile import cells
from stockscore.providers.csvfile.lines import Progress
from stockscore.providers.csvfile.problems import Problems
from stockscore.providers.csvfile.table import TableColumns, rows
from stockscore.scoring.sectors import industry_of, sector_of

COLUMNS = TableColumns(
    required=("ticker", "name", "exchange", "currency"), optional=("sector", "industry")
)
LONGEST_SECTOR = 80
LONGEST_INDUSTRY = 120


def sector(text: str) -> str | None:
    """A sector by the name that the method knows it by, None for an empty cell or a word for
    none (`scoring.sectors`)."""
    return sector_of(cells.label(text, LONGEST_SECTOR))


def industry(text: str) -> str | None:
    """The same of an industry."""
    return industry_of(cells.label(text, LONGEST_INDUSTRY))


def read_universe(
    path: Path, key: Callable[[str], str], on_progress: Progress | None = None
) -> list[Listing]:
    """Reads a universe file. `key` gives the spelling-free form of a ticker: two rows with the same
    one are the same stock twice.

    Raises `BadFile` with all that is wrong with the file.
    """
    problems = Problems(str(path))
    first_line: dict[str, int] = {}
    listings: list[Listing] = []
    for block in rows(path, COLUMNS, problems, on_progress):
        columns = (
            block.parsed("ticker", cells.ticker, ""),
            block.parsed("name", cells.name, ""),
            block.parsed("exchange", cells.exchange, ""),
            block.parsed("currency", cells.currency, ""),
            block.parsed("sector", sector, None),
            block.parsed("industry", industry, None),
        )
        for line, *cell in zip(block.lines, *columns, strict=True):
            listing = Listing(*cell)
            earlier = first_line.setdefault(key(listing.ticker), line)
            if earlier != line and listing.ticker:
                sentence = f"{cells.shown(listing.ticker)} is already in line {earlier:,}"
                block.refuse(line, "ticker", f"{sentence}; keep one of the two.")
            listings.append(listing)
    problems.raise_if_any()
    return listings
