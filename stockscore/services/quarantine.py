"""Ends doubt: a person accepts or refuses values that are held back.

Nothing is fetched here. A value that was accepted is believed once an answer or a file brings it
again; one that was refused stays out, and the same value opens no case again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from stockscore.scoring.doctor.decisions import ACCEPTED, REFUSED
from stockscore.services.errors import InputError
from stockscore.store import quarantine
from stockscore.store.models import Quarantine
from stockscore.store.pages.market import QuarantinedValue
from stockscore.store.text import clean
from stockscore.store.transactions import transaction

DECISIONS = (ACCEPTED, REFUSED)

LONGEST_NAME = 80
"""Characters of who decides."""

MOST = 500
"""Cases that are decided at once."""

NEVER_TRUE = frozenset({"no-price", "no-figures"})
"""Rules that catch what cannot be: such a value can only be refused."""

LARGEST_ID = 2**63 - 1
"""Of cases that a database can have."""

_FROM_FILES = "csv"


@dataclass(frozen=True, slots=True)
class Decision:
    """A case as it was decided, with the sentence that says so and what happens next."""

    case_id: int
    ticker: str
    decision: str
    sentence: str


def decide(
    case_ids: Sequence[int],
    decision: str,
    decided_by: str,
    now: datetime,
    seen: Mapping[int, str] | None = None,
) -> list[Decision]:
    """Accepts or refuses open cases, all or none of them, in the order in which they are named.

    `seen` has the values that the person looked at, by case: a case that has changed meanwhile is
    not decided. Raises `InputError` for a case that is unknown, decided or closed already.
    """
    name = _name(decided_by)
    wanted = list(dict.fromkeys(case_ids))
    if not wanted:
        raise InputError("No case was named; `flask quarantine list` shows those that are open.")
    if len(wanted) > MOST:
        raise InputError(f"At most {MOST} cases are decided at once.")
    with transaction():
        found = quarantine.locked([case_id for case_id in wanted if 0 < case_id <= LARGEST_ID])
        for case_id in wanted:
            if case_id not in found:
                raise InputError(
                    f"There is no case {case_id}; `flask quarantine list` shows those that are "
                    "open."
                )
            _refuse_impossible(*found[case_id], decision, (seen or {}).get(case_id))
        for case, _ in found.values():
            quarantine.decide(case, decision, name, now)
        return [
            Decision(case_id, ticker, decision, sentence_of(case, ticker))
            for case_id, (case, ticker) in ((case_id, found[case_id]) for case_id in wanted)
        ]


def _name(decided_by: str) -> str:
    name = " ".join(clean(decided_by).split())
    if not name:
        raise InputError("Who decides must have a name.")
    if len(name) > LONGEST_NAME:
        raise InputError(f"A name has at most {LONGEST_NAME} characters.")
    return name


def _refuse_impossible(case: Quarantine, ticker: str, decision: str, seen: str | None) -> None:
    """Raises `InputError` where this cannot be decided about the case (any more)."""
    said = f"Case {case.id} ({_words(case, ticker)})"
    if case.decision in DECISIONS:
        raise InputError(
            f"{said} was {case.decision} already, by {case.decided_by} on "
            f"{case.decided_at:%Y-%m-%d}."
        )
    if case.resolved_at is not None:
        raise InputError(
            f"{said} is closed: a later answer was believed on {case.resolved_at:%Y-%m-%d}."
        )
    if decision == ACCEPTED and case.rule in NEVER_TRUE:
        raise InputError(f"{said} cannot be accepted. {case.reason}")
    if seen is not None and seen != (case.value or ""):
        raise InputError(f"{said} has changed meanwhile; look at it again.")


def _words(case: Quarantine | QuarantinedValue, ticker: str) -> str:
    """ "close of KO of 2026-03-05"."""
    day = f" of {case.session}" if case.session else ""
    return f"{case.field.replace('_', ' ')} of {ticker}{day}"


def sentence_of(case: Quarantine | QuarantinedValue, ticker: str) -> str:
    """What was decided about a case, and what happens next."""
    value = case.value or "nothing"
    if case.decision == REFUSED:
        kept = f"{case.last_good} stays in use" if case.last_good else "it stays unknown"
        then = f"{kept}, and this value opens no case again."
    elif case.source == _FROM_FILES:
        then = "it will be taken when its file is imported again."
    else:
        then = f"it will be taken with the next refresh; run `flask refresh {ticker} --force`."
    verb = "Refused" if case.decision == REFUSED else "Accepted"
    return f"{verb} {value} as {_words(case, ticker)}: {then}"
