"""Long lists of values, in portions that fit into one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

IN_ONE_QUERY = 500
"""Few enough for one IN list; SQLite takes 32,766 parameters, old ones 999."""

Item = TypeVar("Item")


def portions(items: Iterable[Item], most: int = IN_ONE_QUERY) -> Iterator[list[Item]]:
    """The items, at most so many at a time, in their order."""
    left = iter(items)
    while portion := list(islice(left, most)):
        yield portion
