"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RejectedValue:
    """A value that is not believed: the rule (a key of `rules.RULES`), the field, the value as
    text, the value that stays in use (None: there is none), and the reason, a sentence. `session`
    is that of a bar, or the end of the period."""

    rule: str
    field: str
    value: str
    last_good: str | None
    reason: str
    session: date | None = None
