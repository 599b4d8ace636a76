"""Search: what a reader may mean while the text is still being typed."""

from __future__ import annotations

from dataclasses import dataclass

from stockscore.store.pages import search
from stockscore.store.pages.search import Match

MOST = 8
"""Suggestions that are read at a glance, and fit above the keyboard of a phone."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The likeliest stocks first; `more` where others match too."""

    items: tuple[Match, ...]
    more: bool


def suggest(text: str) -> Suggestions:
    """What a text may mean; nothing for one without letters or digits."""
    if not any(letter.isalnum() for letter in text):
        return Suggestions((), False)
    found = search.best(search.sought(text), MOST + 1)
    return Suggestions(tuple(found[:MOST]), len(found) > MOST)
