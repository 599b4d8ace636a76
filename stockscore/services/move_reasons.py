"""Why scores moved since a snapshot, as it was kept when the edition was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stockscore.scoring.attribution import CAUSES, Attribution
from stockscore.scoring.why import Why
from stockscore.services import score_moves
from stockscore.store import cross_sections
from stockscore.store.cross_sections import Section
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine


def since(
    days: int,
    lines: Sequence[StockLine],
    then: Mapping[int, Section],
    edition: EditionRow,
    now: Section,
) -> dict[int, Why]:
    """What `score_moves.since` says, without `short`. What is not kept, because it is kept only
    some seconds after publishing or the stock is compared with another snapshot since, is found out
    anew."""
    known = kept(days, lines, then, edition)
    left = [line for line in lines if line.id in then and line.id not in known]
    rated = [line for line in left if line.total is not None]
    return known | (score_moves.since(rated, then, edition, now) if rated else {})


def kept(
    days: int, lines: Sequence[StockLine], then: Mapping[int, Section], edition: EditionRow
) -> dict[int, Why]:
    """What is kept of these stocks, of changes from just these snapshots."""
    section = cross_sections.moves_of(edition.id)
    if section is None or not lines:
        return {}
    keys = {what: cross_sections.key_of_move(days, what) for what in ("since", *CAUSES)}
    columns = section.columns(keys.values())
    compared = columns[keys["since"]]
    parts = [column for cause in CAUSES if (column := columns[keys[cause]]) is not None]
    if compared is None or len(parts) < len(CAUSES):
        return {}
    sentences = cross_sections.texts(section, cross_sections.key_of_move(days, "sentence"))
    found = {}
    for line in lines:
        index = section.index_of(line.id)
        before = then.get(line.id)
        if index is None or before is None or compared[index] != before.id:
            continue
        by_cause = {cause: column[index] for cause, column in zip(CAUSES, parts, strict=True)}
        change = sum(by_cause.values())
        found[line.id] = Why(Attribution(change, by_cause), sentences[index])
    return found
