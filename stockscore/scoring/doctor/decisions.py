"""What people have decided about doubtful values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isclose

ACCEPTED, REFUSED = "accepted", "refused"

SAME = 1e-5
"""Relative difference under which two values are the same: they are kept with six digits."""

Key = tuple[str, date | None]
"""A field, and the session or the end of the period (None: of no day)."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The values (as text) that were accepted or refused, by field and session."""

    accepted: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    refused: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)

    def accepts(self, name: str, session: date | None, value: str) -> bool:
        """Whether this value was accepted."""
        return _is_among(value, self.accepted.get((name, session), ()))

    def refuses(self, name: str, session: date | None, value: str) -> bool:
        """Whether this value was refused for good."""
        return _is_among(value, self.refused.get((name, session), ()))


NOTHING_DECIDED = Decisions()


def _is_among(value: str, texts: tuple[str, ...]) -> bool:
    return any(value == text or _same_number(value, text) for text in texts)


def _same_number(value: str, other: str) -> bool:
    try:
        return isclose(float(value), float(other), rel_tol=SAME)
    except ValueError:
        return False
