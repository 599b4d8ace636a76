"""From lines to columns of cells: the header, quotes, and the number of cells in a row."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from stockscore.providers.csvfile import cells
from stockscore.providers.csvfile.lines import Block, Progress, blocks
from stockscore.providers.csvfile.problems import Problems

LONGEST_LINE = 65_536
"""Characters of a row; twenty times more than the longest honest one needs."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that make text read in another order than it is written."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The columns that a kind of file must have, and those that it may have, in any order."""

    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Some rows of a file by column (those that the file has), and their line numbers."""

    lines: Sequence[int]
    columns: dict[str, Sequence[str]]
    problems: Problems

    def texts(self, column: str) -> Sequence[str]:
        """The trimmed cells of a column, empty where the file does not have it."""
        if column not in self.columns:
            return [""] * len(self.lines)
        return [cell.strip() for cell in self.columns[column]]

    def numbers(self, column: str) -> NDArray[np.float64]:
        """A column of numbers, NaN where a cell is empty; a cell that is no number is noted as a
        problem and NaN."""
        if column not in self.columns:
            return np.full(len(self.lines), np.nan)
        values = cells.plain_numbers(self.columns[column])
        if values is None:
            values = np.array(self.parsed(column, cells.number, np.nan), dtype=np.float64)
        return values

    def parsed(self, column: str, parse: Callable[[str], T], otherwise: T) -> list[T]:
        """A column through a function of `cells`; what it refuses is noted as a problem, and
        `otherwise` in the list."""
        values = []
        for line, text in zip(self.lines, self.texts(column), strict=True):
            try:
                values.append(parse(text))
            except cells.CellError as error:
                self.refuse(line, column, str(error))
                values.append(otherwise)
        return values

    def refuse(self, line: int, column: str, sentence: str) -> None:
        """Notes what is wrong with a cell; `sentence` goes on from the column's name."""
        self.problems.add(line, f"{column} {sentence}")


def rows(
    path: Path, columns: TableColumns, problems: Problems, on_progress: Progress | None = None
) -> Iterator[TableBlock]:
    """The rows of a file, some thousand at a time.

    A row that cannot be told into cells is noted in `problems` and left out. Raises `BadFile` for a
    file that cannot be read, has no rows, or a header that is not understood.
    """
    header: list[str] | None = None
    any_rows = False
    for block in blocks(path, problems, on_progress):
        if header is None:
            if not block.lines:
                continue
            header = _header(block.numbers[0], block.lines[0], columns, problems)
            block = Block(block.numbers[1:], block.lines[1:])
        if block.lines:
            any_rows = True
            yield _told_apart(block, header, problems)
        problems.raise_if_enough()
    if header is None:
        problems.raise_if_any()
        names = ",".join(columns.names)
        raise problems.refusal(f"is empty; its first line has to name the columns: {names}.")
    if not any_rows:
        problems.raise_if_any()
        raise problems.refusal("has a header and no rows; there is nothing to import.")


def _header(number: int, line: str, columns: TableColumns, problems: Problems) -> list[str]:
    problems.raise_if_before(number)
    for mark, word in (("\t", "tabs"), (";", "semicolons")):
        if mark in line and "," not in line:
            raise problems.refusal(f"has its columns separated by {word}; save it with commas.")
    _without_odd_lines(Block([number], [line]), problems)
    problems.raise_if_before(number + 1)
    try:
        names = [name.strip().lower() for name in _cells(line)]
    except cells.CellError as error:
        wrong = [str(error)]
    else:
        wrong = [*_unknown(names, columns), *_twice(names), *_missing(names, columns)]
    for sentence in wrong:
        problems.add(number, sentence)
    problems.raise_if_before(number + 1)
    return names


def _unknown(names: list[str], columns: TableColumns) -> Iterator[str]:
    for place, name in enumerate(names, 1):
        if not name:
            yield f"column {place} has no name; name it or remove it."
        elif name not in columns.names:
            near = get_close_matches(name.replace(" ", "_")[:40], columns.names, 1)
            advice = f"did you mean {near[0]}?" if near else "remove it."
            yield f"unknown column {cells.shown(name)}; {advice}"


def _twice(names: list[str]) -> Iterator[str]:
    seen = Counter(names)
    for name in (name for name, count in seen.items() if name and count > 1):
        yield f"the column {cells.shown(name)} is there twice; remove one."


def _missing(names: list[str], columns: TableColumns) -> Iterator[str]:
    for name in columns.required:
        if name not in names:
            yield f"the column {name} is missing; add it."


def _told_apart(block: Block, header: list[str], problems: Problems) -> TableBlock:
    block = _without_odd_lines(block, problems)
    if any('"' in line for line in block.lines):
        numbers, split = _quoted(block, problems)
    else:
        numbers, split = block.numbers, [line.split(",") for line in block.lines]
    width = len(header)
    if any(len(row) != width for row in split):
        numbers, split = _of_width(numbers, split, width, problems)
    columns = zip(*split, strict=True) if split else ((),) * width
    return TableBlock(numbers, dict(zip(header, columns, strict=True)), problems)


def _without_odd_lines(block: Block, problems: Problems) -> Block:
    if not _CONTROL.search("".join(block.lines)) and max(map(len, block.lines)) <= LONGEST_LINE:
        return block
    kept = Block([], [])
    for number, line in zip(block.numbers, block.lines, strict=True):
        odd = _CONTROL.search(line)
        if odd:
            problems.add(number, f"holds the control character U+{ord(odd[0]):04X}; remove it.")
        elif len(line) > LONGEST_LINE:
            problems.add(number, f"is {len(line):,} characters long; is a line end missing?")
        else:
            kept.numbers.append(number)
            kept.lines.append(line)
    return kept


def _quoted(block: Block, problems: Problems) -> tuple[list[int], list[list[str]]]:
    numbers, split = [], []
    for number, line in zip(block.numbers, block.lines, strict=True):
        try:
            split.append(_cells(line))
            numbers.append(number)
        except cells.CellError as error:
            problems.add(number, str(error))
    return numbers, split


def _cells(line: str) -> list[str]:
    """The cells of one line. No cell goes over several lines, so that a quote which is never closed
    spoils its own line and not the rest of the file."""
    if '"' not in line:
        return line.split(",")
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error:
        raise cells.CellError(
            "has a quote that is not closed, or text after a closed one; write quotes inside a "
            'cell twice ("") and no line breaks.'
        ) from None


def _of_width(
    numbers: Sequence[int], split: list[list[str]], width: int, problems: Problems
) -> tuple[list[int], list[list[str]]]:
    kept_numbers, kept = [], []
    for number, row in zip(numbers, split, strict=True):
        if len(row) == width:
            kept_numbers.append(number)
            kept.append(row)
            continue
        advice = (
            "put cells with a comma in quotes, and no thousands separators in numbers."
            if len(row) > width
            else "leave unknown cells empty, and keep their commas."
        )
        problems.add(number, f"has {len(row)} cells where the header has {width}; {advice}")
    return kept_numbers, kept
