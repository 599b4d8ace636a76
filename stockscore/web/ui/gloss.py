"""Links from the words of a page to the glossary, and from its texts to one another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from markupsafe import Markup, escape

from stockscore.web.ui.terms import BY_KEY, TERMS, Term

PATH = "/glossary"

LABELS = {
    "dividend per share": "dividend",
    "income tax": "tax-rate",
    "rsi back above 30": "oversold",
    "rsi back below 70": "overbought",
}
"""Labels that name a term in other words."""

BY_NAME = {term.name.casefold(): term for term in TERMS} | {
    label: BY_KEY[key] for label, key in LABELS.items()
}

COMMON = frozenset(
    {"Cash", "Change", "Close", "Equity", "Exchange", "Fit", "Fresh", "Gap", "Listing", "Mean",
     "Open", "Points", "Return", "Score", "Screen", "Share", "Total", "Trend", "Unknown", "Volume"}
)  # fmt: skip
"""Names that are everyday words too, so that a text which contains one need not mean the term; and
the score, which every text here is about."""


def gloss(label: str, key: str = "") -> Markup:
    """A label as a link to the term of that key, else to the one of that name, else as plain text.
    Raises `KeyError` for an unknown key, because it is a mistake in a template."""
    term = BY_KEY[key] if key else BY_NAME.get(label.casefold())
    if term is None:
        return escape(label)
    return Markup('<a class="gloss" href="{}#{}">{}</a>').format(PATH, term.key, label)


def terms_of(keys: Iterable[str]) -> list[Term]:
    """The terms of these keys. Raises `KeyError`, because a page that names a term which is not
    there is a mistake in a template."""
    return [BY_KEY[key] for key in keys]


@cache
def _names() -> re.Pattern[str]:
    # The longest name first: "net debt to EBITDA" is not "net debt".
    names = sorted((term.name for term in TERMS if term.name not in COMMON), key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)


def mentions(term: Term) -> tuple[tuple[str, str], ...]:
    """The text of a term in parts, (text, anchor) each: the first mention of another term has its
    anchor, the rest none."""
    parts: list[tuple[str, str]] = []
    seen, end = {term.key}, 0
    for found in _names().finditer(term.text):
        other = BY_NAME[found[0].casefold()]
        if other.key in seen or (other.name.isupper() and not found[0].isupper()):
            continue
        seen.add(other.key)
        parts += [(term.text[end : found.start()], ""), (found[0], other.key)]
        end = found.end()
    return (*parts, (term.text[end:], ""))
