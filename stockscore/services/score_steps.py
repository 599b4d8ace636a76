"""Why the larger steps of one stock's score happened: as they are kept, else out of the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stockscore.scoring.attribution import CAUSES, Attribution
from stockscore.scoring.statements import Statement
from stockscore.scoring.stored_score import StoredScore
from stockscore.scoring.why import Why
from stockscore.services import score_moves
from stockscore.services.score_moves import Splits, Step
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.stock import HistoryScore
from stockscore.store.score_steps import KeptStep


def whys(
    history: Sequence[HistoryScore],
    line: StockLine,
    record: StoredScore | None,
    edition: EditionRow | None,
    larger: Sequence[Step],
    splits: Splits,
    reports: Sequence[Statement],
) -> dict[date, Why]:
    """Why the score of a stock moved over these steps of its `history`, by the later day; see
    `score_moves.between`."""
    steps = (score.step for score in history if score.step is not None)
    kept = {(step.since, step.session): step for step in steps}
    found: dict[date, Why] = {}
    rest: list[Step] = []
    for before, after in larger:
        step = None if after.current else kept.get((before.day, after.day))
        if step is None:
            rest.append((before, after))
        else:
            found[after.day] = _why(step)
    if rest:
        found |= score_moves.between(line, record, edition, rest, splits, reports)
    return found


def _why(step: KeptStep) -> Why:
    parts = {cause: getattr(step, cause) for cause in CAUSES}
    return Why(Attribution(sum(parts.values()), parts), step.sentence, step.short)
