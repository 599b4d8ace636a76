"""What is wrong with a file, gathered until there is enough to say."""

from __future__ import annotations

from bisect import insort

from stockscore.providers.base import BadData

SHOWN = 10
"""Problems that are told; the others are counted."""

ENOUGH = 10_000
"""After so many the file is something else than it should be, and is read no further."""


class BadFile(BadData):
    """A file was refused as a whole. The message has one sentence a line, `FILE, line N: what is
    wrong; what to do`, for the first ten problems, then how many more there are."""


class Problems:
    """The problems of one file: keeps the first ten by line, counts the rest.

    A file can be wrong in every one of a million rows, so only what will be shown is kept.
    """

    def __init__(self, file: str) -> None:
        self.file = "".join(char if char.isprintable() else "�" for char in file)
        self._count = 0
        self._first: list[tuple[int, int, str]] = []

    def add(self, line: int, sentence: str) -> None:
        """Notes a problem of a line (counted from 1)."""
        self._count += 1
        insort(self._first, (line, self._count, sentence))
        del self._first[SHOWN:]

    def refusal(self, what: str) -> BadFile:
        """The error for a file that cannot be read any further; `what` goes on from its name."""
        return BadFile("\n".join([*self._sentences(), f"{self.file} {what}"]))

    def raise_if_any(self) -> None:
        """Raises `BadFile` if anything was noted."""
        if self._count:
            raise BadFile("\n".join(self._sentences()))

    def raise_if_before(self, line: int) -> None:
        """Raises `BadFile` if anything was noted of the lines before this one."""
        if self._first and self._first[0][0] < line:
            self.raise_if_any()

    def raise_if_enough(self) -> None:
        """Raises `BadFile` where so much was noted that reading on is a waste of time."""
        if self._count >= ENOUGH:
            raise self.refusal("was read no further.")

    def _sentences(self) -> list[str]:
        sentences = [f"{self.file}, line {line}: {text}" for line, _, text in self._first]
        if self._count > SHOWN:
            sentences.append(f"{self.file}: and {self._count - SHOWN:,} more.")
        return sentences
