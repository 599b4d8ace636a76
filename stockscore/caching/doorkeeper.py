"""Tells addresses that people come back to from those that a stranger makes up."""

from __future__ import annotations

MOST = 10_000
"""How many addresses are remembered at least; at most twice as many."""


class Doorkeeper:
    """Remembers what was asked for, in two generations, so that forgetting costs nothing.

    A page with a query is kept in Redis for seconds when it is first rendered and for its full time
    when it is rendered again: a stranger who goes through all values of a filter leaves nothing
    behind there. Two threads may lose a name to each other; it is then met once more.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._recent: set[str] = set()
        self._earlier: set[str] = set()

    def has_met(self, name: str) -> bool:
        """Whether the name was met before; it has been, from now on."""
        if name in self._recent:
            return True
        if len(self._recent) >= self._most:
            self._earlier, self._recent = self._recent, set()
        self._recent.add(name)
        return name in self._earlier
