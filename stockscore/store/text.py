"""Text from outside: what may be stored of it, and the form that searches compare."""

from __future__ import annotations

import unicodedata

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""

_LINE_BREAKS = "\n\t"

# Letters that Unicode does not take apart into a base letter and an accent, and the apostrophe that
# nobody types.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "’": "'",
    }
)


def clean(text: str, lines: bool = False) -> str:
    """The text without control, formatting, unassigned and surrogate characters.

    PostgreSQL refuses NUL, no database takes half a surrogate pair, and a direction mark in a name
    turns a page around. With `lines` new lines and tabs stay.
    """
    if text.isprintable():
        return text
    keep = _LINE_BREAKS if lines else ""
    return "".join(c for c in text if c in keep or unicodedata.category(c)[0] != "C")


def fold(text: str) -> str:
    """The form that searches compare: lower case, without accents, spaces single.

    Both sides of a comparison must be folded: "Ørsted A/S" gives "orsted a/s".
    """
    text = clean(" ".join(text.split())).casefold()
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in apart if not unicodedata.combining(c))
        # What was taken apart may hold capitals, such as those of a letterlike symbol.
        text = text.casefold().translate(_LETTERS)
    return " ".join(text.split())
