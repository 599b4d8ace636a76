"""The glossary: all terms by subject, and an index of them by letter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from stockscore.web.ui import format as fmt
from stockscore.web.ui import gloss
from stockscore.web.ui.terms import GROUPS, TERMS, Term, key_of


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term, and its text in parts as (text, anchor of the term that it mentions or empty)."""

    term: Term
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TermGroup:
    """The terms of one subject, by name; `key` is its anchor."""

    key: str
    label: str
    lines: tuple[TermLine, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The terms that begin with a letter, as (name, anchor)."""

    letter: str
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GlossaryView:
    """/glossary."""

    subtitle: str
    groups: tuple[TermGroup, ...]
    letters: tuple[Letter, ...]


def glossary_view() -> GlossaryView:
    """All terms; it depends on no data."""
    return GlossaryView(
        subtitle=f"{fmt.plural(len(TERMS), 'term')} in plain words, by subject; below them an "
        "index from A to Z.",
        groups=tuple(
            TermGroup(
                f"g-{key_of(group)}",
                group,
                tuple(
                    TermLine(term, gloss.mentions(term)) for term in TERMS if term.group == group
                ),
            )
            for group in GROUPS
        ),
        letters=_letters(),
    )


def _letters() -> tuple[Letter, ...]:
    by_name = sorted(TERMS, key=lambda term: (_letter(term), term.name.casefold()))
    return tuple(
        Letter(letter, tuple((term.name, term.key) for term in terms))
        for letter, terms in groupby(by_name, key=_letter)
    )


def _letter(term: Term) -> str:
    first = term.name[0].upper()
    return first if first.isalpha() else "#"


def as_data() -> dict[str, Any]:
    """All terms as JSON."""
    return {
        "terms": [
            {
                "key": term.key,
                "name": term.name,
                "group": term.group,
                "text": term.text,
                "formula": term.formula or None,
                "url": term.url or None,
            }
            for term in TERMS
        ],
        "total": len(TERMS),
    }


CSV_HEADER = ("key", "name", "group", "text", "formula")


def csv_rows() -> list[tuple[Any, ...]]:
    """One line a term, under `CSV_HEADER`."""
    return [(term.key, term.name, term.group, term.text, term.formula) for term in TERMS]
