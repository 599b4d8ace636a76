"""Why a score moved, as pages, JSON and CSV tell it."""

from __future__ import annotations

from typing import Any

from stockscore.scoring.attribution import CAUSES
from stockscore.scoring.why import Why
from stockscore.web.ui import exports


def parts(why: Why | None) -> tuple[tuple[str, int], ...]:
    """The causes that did anything with their parts in hundredths."""
    found = why.attribution.parts if why else {}
    return tuple((cause, found[cause]) for cause in CAUSES if found.get(cause))


def data(why: Why | None) -> dict[str, Any]:
    """The sentence and all parts, for JSON; both null where there is nothing to compare."""
    return {
        "why": why.sentence if why else None,
        "parts": {cause: exports.points(why.attribution.parts[cause]) for cause in CAUSES}
        if why
        else None,
    }


CSV_HEADER = ("why", *(f"{cause}_part" for cause in CAUSES))


def csv_cells(why: Why | None) -> tuple[Any, ...]:
    """The sentence and all parts under `CSV_HEADER`."""
    if why is None:
        return (None,) * len(CSV_HEADER)
    return (why.sentence, *(exports.points(why.attribution.parts[cause]) for cause in CAUSES))
