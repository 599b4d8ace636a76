"""From bytes to numbered lines of text, a block at a time, so that memory does not grow with the
file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from stockscore.providers.csvfile.problems import BadFile, Problems

BLOCK = 1 << 20
"""Bytes read at once; no line may be longer."""

BOM = b"\xef\xbb\xbf"

Progress = Callable[[int, int, str], None]
"""Called with what is done, of how much, and what it is."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines without their ends, and their numbers in the file; blank ones are left out."""

    numbers: list[int]
    lines: list[str]


def blocks(path: Path, problems: Problems, on_progress: Progress | None = None) -> Iterator[Block]:
    """The lines of a UTF-8 file. A byte order mark, LF and CRLF are all welcome.

    A line that is not UTF-8 is noted in `problems` and left out. Raises `BadFile` where the file
    cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            first = 1
            for raw in _whole_lines(file, problems):
                block = _decoded(raw, first, problems)
                first += raw.count(b"\n") + 1
                yield block
                if on_progress and size:
                    on_progress(min(file.tell(), size), size, f"reading {path.name}")
    except (OSError, ValueError) as error:
        raise _unreadable(problems, error) from error


def _whole_lines(file: BinaryIO, problems: Problems) -> Iterator[bytes]:
    """Runs of whole lines, each without its last line end."""
    rest = b""
    start = True
    while chunk := file.read(BLOCK):
        if start:
            chunk = chunk.removeprefix(BOM)
            start = False
        whole, line_end, rest = (rest + chunk).rpartition(b"\n")
        if line_end:
            yield whole
        if len(rest) > BLOCK:
            raise problems.refusal(
                f"has a line of more than {BLOCK:,} bytes; is it a CSV file with one row a line?"
            )
    if rest:
        yield rest


def _decoded(raw: bytes, first: int, problems: Problems) -> Block:
    try:
        lines = raw.decode("utf-8").replace("\r\n", "\n").removesuffix("\r").split("\n")
    except UnicodeDecodeError:
        return _decoded_one_by_one(raw, first, problems)
    numbers = list(range(first, first + len(lines)))
    return _without_blanks(Block(numbers, lines))


def _decoded_one_by_one(raw: bytes, first: int, problems: Problems) -> Block:
    numbers: list[int] = []
    lines: list[str] = []
    for number, line in enumerate(raw.split(b"\n"), first):
        try:
            lines.append(line.removesuffix(b"\r").decode("utf-8"))
            numbers.append(number)
        except UnicodeDecodeError as error:
            problems.add(
                number,
                f"byte {error.start + 1} of the line (0x{line[error.start]:02X}) is not UTF-8; "
                "save the file as UTF-8.",
            )
    return _without_blanks(Block(numbers, lines))


def _without_blanks(block: Block) -> Block:
    if all(map(str.strip, block.lines)):
        return block
    kept = [index for index, line in enumerate(block.lines) if line.strip()]
    return Block([block.numbers[i] for i in kept], [block.lines[i] for i in kept])


def _unreadable(problems: Problems, error: OSError | ValueError) -> BadFile:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return problems.refusal("does not exist; check the path.")
        case IsADirectoryError():
            return problems.refusal("is a directory; name a CSV file in it.")
        case PermissionError():
            return problems.refusal("may not be read by this user; change its permissions.")
        case OSError():
            reason = error.strerror or type(error).__name__
            return problems.refusal(f"could not be read ({reason}); check the path and the disk.")
    return problems.refusal("is not a path that a file can have; check the path.")
