"""Why scores moved, as pages, JSON and CSV tell it (see `services.score_moves`)."""

from __future__ import annotations

from typing import Any

from stockscore.scoring.attribution import CAUSES
from stockscore.scoring.why import Why
from stockscore.web.ui import exports


def change_parts(reason: Why | None) -> tuple[tuple[str, int], ...]:
    """The causes that did anything with their parts in hundredths."""
    found = reason.attribution.parts if reason else {}
    return tuple((cause, found[cause]) for cause in CAUSES if found.get(cause))


def why_data(reason: Why | None) -> dict[str, Any]:
    """The sentence and all parts, for JSON; both null where there is nothing to compare."""
    return {
        "why": reason.sentence if reason else None,
        "parts": {cause: exports.points(reason.attribution.parts[cause]) for cause in CAUSES}
        if reason
        else None,
    }


WHY_HEADER = ("why", *(f"{cause}_part" for cause in CAUSES))


def why_cells(reason: Why | None) -> tuple[Any, ...]:
    """The sentence and all parts of CSV, under `WHY_HEADER`."""
    if reason is None:
        return (None,) * len(WHY_HEADER)
    return (
        reason.sentence,
        *(exports.points(reason.attribution.parts[cause]) for cause in CAUSES),
    )
