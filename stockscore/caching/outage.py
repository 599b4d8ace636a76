"""The line that a page shows while the database is gone: how old it is."""

from __future__ import annotations

from stockscore.caching import encodings
from stockscore.caching.memory import MemorySlot, Variant, headers

LINE = (
    '<div class="notice stale" role="status"><p><span class="kind">Old data</span> '
    "<strong>This page is {age} old.</strong></p>"
    '<p class="note">The database does not answer, so nothing newer can be shown.</p></div>\n'
)
"""As `ui.notice("stale", …)` of `templates/ui/parts.html` makes it."""


def place_of_line(headers: tuple[tuple[str, str], ...], body: bytes) -> int:
    """Where the line goes in a page: right behind the opening tag of its `main` (or else `body`)
    element. 0 for what is no HTML, where the headers alone say it."""
    kinds = [value for name, value in headers if name.lower() == "content-type"]
    if not kinds or not kinds[0].startswith("text/html"):
        return 0
    for tag in (b"<main", b"<body"):
        start = body.find(tag)
        end = body.find(b">", start)
        if start >= 0 and end >= 0:
            return end + 1
    return 0


def with_line(slot: MemorySlot, encoding: int, age_seconds: float) -> Variant:
    """Headers (without `Age`) and body of a page that says how old it is.

    It is another content than the stored one, so it has a validator of its own: whoever has it gets
    the true page once the database is back. One is made a minute and encoding.
    """
    minutes = int(age_seconds // 60)
    if slot.note[0] != minutes:
        slot.note = (minutes, {})
    made = slot.note[1]
    if encoding not in made:
        made[encoding] = _make(slot, encoding, minutes)
    return made[encoding]


def etag(slot: MemorySlot, age_seconds: float) -> str:
    """The validator of `with_line`."""
    if not slot.entry.note_at:
        return slot.entry.etag
    return f'{slot.entry.etag[:-1]}-{int(age_seconds // 60)}"'


def _make(slot: MemorySlot, encoding: int, minutes: int) -> Variant:
    entry = slot.entry
    body = slot.variant(encoding)[1][0]
    if entry.note_at:
        plain = slot.variant(encodings.IDENTITY)[1][0]
        line = LINE.format(age=_age(minutes)).encode()
        body = encodings.compress(
            plain[: entry.note_at] + b"\n" + line + plain[entry.note_at :], encoding
        )
    made = headers(entry, encoding, "STALE", body, etag(slot, minutes * 60))
    return made, [body]


def _age(minutes: int) -> str:
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"{minutes // 60} hours"
