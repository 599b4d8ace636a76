"""Reads what readers type and upload: tickers, numbers, notes, CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from stockscore.scoring.reasons import listed
from stockscore.services.errors import InputError
from stockscore.store import stocks
from stockscore.store.models import Stock
from stockscore.store.text import FORMULA, clean

LONGEST_NOTE = 500
LARGEST_FILE = 1_000_000
MOST_LINES = 10_000
"""All that a reader has room for; each line costs a look-up."""

LARGEST_NUMBER = 1e12
MOST_PROBLEMS = 10

Line = Mapping[str, str]
"""The cells of a line by the lower-case heads of their columns."""


class UnknownStockError(InputError):
    """No stock has this ticker or ISIN. Near ones are looked for only when the message is shown:
    that reads every name, and a file may have thousands of wrong lines, of which few are shown."""

    def __str__(self) -> str:
        text = str(self.args[0])
        near = [stock.ticker for stock in stocks.near(text, 3)]
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        return f"No stock has the ticker or ISIN “{clean(text)}”.{meant}"


def stock(text: str) -> Stock:
    """The stock of a ticker or ISIN in any spelling. Raises `InputError` with near ones."""
    text = text.strip()[:64]
    if not text:
        raise InputError("Give a ticker or an ISIN, such as AAPL.")
    found = stocks.find(text)
    if found is None:
        raise UnknownStockError(text)
    return found


def number(text: str, what: str, least: float = 0.0) -> float | None:
    """A number above `least`, None for an empty text. Raises `InputError`."""
    # The sign of minus is what pages write.
    text = text.strip().replace("−", "-")
    if not text:
        return None
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not least < value <= LARGEST_NUMBER:
        raise InputError(
            f"{what} is “{clean(text[:40])}”; it must be a number above {least:g}, with a point "
            "and without separators, such as 1234.5."
        )
    return value


def note(text: str) -> str | None:
    """A note on one line, None for an empty one. Raises `InputError` where it is too long."""
    text = " ".join(clean(text, lines=True).split())
    if len(text) > LONGEST_NOTE:
        raise InputError(f"The note has {len(text)} characters; {LONGEST_NOTE} are kept at most.")
    return text or None


def rows(data: bytes, required: Sequence[str]) -> Iterator[tuple[int, Line]]:
    """The lines of a CSV file with their numbers, empty ones left out. Raises `InputError` for
    what is no such file."""
    if len(data) > LARGEST_FILE:
        raise InputError(f"The file has more than {LARGEST_FILE // 1_000_000} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("The file is not in UTF-8; save it as “CSV UTF-8”.") from None
    if text.count("\n") > MOST_LINES:
        raise InputError(f"The file has more than {MOST_LINES:,} lines.")
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    head: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if head is None:
                head = _head(cells, required)
                continue
            padded = [*cells, *[""] * (len(head) - len(cells))]
            yield reader.line_num, dict(zip(head, map(_plain, padded), strict=False))
    except csv.Error as error:
        raise InputError(f"Line {reader.line_num} is no CSV: {error}.") from None
    if head is None:
        raise InputError(f"The file is empty; its first line must name {_named(required)}.")


def each(lines: Iterable[tuple[int, Line]], take: Callable[[Line], None]) -> None:
    """Lets `take` have every line. Raises one `InputError` that names the lines it refused."""
    problems = []
    for number, line in lines:
        try:
            take(line)
        except InputError as error:
            problems.append((number, error))
    if problems:
        sentences = " ".join(
            f"Line {number}: {error}" for number, error in problems[:MOST_PROBLEMS]
        )
        more = len(problems) - MOST_PROBLEMS
        rest = f" And {more} more." if more > 0 else ""
        raise InputError(f"Nothing was imported. {sentences}{rest}")


def _head(cells: Sequence[str], required: Sequence[str]) -> list[str]:
    head = [cell.strip().lower().replace(" ", "_") for cell in cells]
    if not set(required) <= set(head):
        raise InputError(f"The first line of the file must name {_named(required)}.")
    return head


def _named(columns: Sequence[str]) -> str:
    return listed([f"“{column}”" for column in columns])


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from taking it for a formula."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" ").startswith(FORMULA) else cell
