"""Keeps why the larger steps of scores happened, for the pages that show them: filled by each
snapshot, made anew by `flask db rebuild`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from stockscore.scoring.attribution import CAUSES
from stockscore.scoring.why import Why
from stockscore.services import score_moves
from stockscore.services.score_moves import LEAST, SPAN, STEPS, RecordedStep
from stockscore.store import cross_sections, score_steps
from stockscore.store.cross_sections import Excerpt, Section
from stockscore.store.pages import steps as steps_read
from stockscore.store.portions import portions
from stockscore.store.score_steps import KeptStep

KEPT = STEPS + 2
"""Steps of a stock that are kept, so that some are left when the largest become too old."""

AT_ONCE = 20
"""Sessions that are read at a time."""


def keep(exchange: str, until: date) -> int:
    """Keeps the larger steps of each stock of an exchange up to a session, within the open
    transaction; the number of those that are new."""
    first = until - SPAN
    sections = [
        section
        for section in cross_sections.published_since(first, exchange)
        if section.session is not None and section.session <= until
    ]
    sections.sort(key=lambda section: section.session or date.min)
    steps = _largest(sections)
    ids = {stock_id for step in steps for stock_id in step.stock_ids}
    kept = score_steps.kept(ids)
    lacking = [left for step in steps if (left := _lacking(step, kept)).stock_ids]
    sectors = steps_read.sectors() if lacking else {}
    new = 0
    for some in portions(lacking, AT_ONCE):
        whys = score_moves.recorded(some, sectors)
        rows = [
            _kept(stock_id, step, whys[stock_id, step.after.session])
            for step in some
            for stock_id in step.stock_ids
            if step.after.session is not None and (stock_id, step.after.session) in whys
        ]
        score_steps.save(rows)
        new += len(rows)
    if any(session < first for _, _, session in kept):
        score_steps.forget(ids, first)
    return new


def keep_all() -> int:
    """Keeps the larger steps of all stocks, within the open transaction; the number of new ones."""
    return sum(keep(exchange, last) for exchange, last in cross_sections.last_sessions().items())


def rebuild() -> int:
    """Makes all of them anew, within the open transaction; their number."""
    score_steps.clear()
    return keep_all()


@dataclass(frozen=True, slots=True)
class _Changes:
    """Of each stock (a row) the size of its change to each session (a column), 0 where it is none
    or small, and the place of the session before in which it was rated last."""

    stock_ids: np.ndarray
    sizes: np.ndarray
    before: np.ndarray


def _largest(sections: Sequence[Section]) -> list[RecordedStep]:
    """The largest changes of each stock from one rated session to the next, as pages choose them,
    in order of time."""
    changes = _changes(sections)
    # Of equal ones the earlier counts, as on the page.
    order = np.argsort(-changes.sizes, axis=1, kind="stable")[:, :KEPT]
    rows = np.repeat(np.arange(len(changes.stock_ids)), order.shape[1])
    after = order.ravel()
    large = changes.sizes[rows, after] >= LEAST
    rows, after = rows[large], after[large]
    before = changes.before[rows, after]
    found: dict[tuple[int, int], list[int]] = {}
    chosen = zip(after.tolist(), before.tolist(), changes.stock_ids[rows].tolist(), strict=True)
    for later, earlier, stock_id in chosen:
        found.setdefault((later, earlier), []).append(stock_id)
    return [
        RecordedStep(sections[earlier], sections[later], ids)
        for (later, earlier), ids in sorted(found.items())
    ]


def _changes(sections: Sequence[Section]) -> _Changes:
    totals = cross_sections.excerpts([Excerpt(section, None, ("total",)) for section in sections])
    ids_of = [np.frombuffer(section.stock_ids, dtype=np.int32) for section in sections]
    ids = np.unique(np.concatenate(ids_of)) if ids_of else np.empty(0, np.int32)
    sizes = np.zeros((len(ids), len(sections)), dtype=np.int32)
    before = np.zeros((len(ids), len(sections)), dtype=np.int32)
    last = np.full(len(ids), -1, dtype=np.int64)
    rated_in = np.full(len(ids), -1, dtype=np.int32)
    for place, (own, columns) in enumerate(zip(ids_of, totals, strict=True)):
        now = np.full(len(ids), -1, dtype=np.int64)
        if "total" in columns:
            now[np.searchsorted(ids, own)] = np.asarray(columns["total"])
        moved = (now >= 0) & (last >= 0)
        sizes[moved, place] = np.abs(now - last)[moved]
        before[:, place] = rated_in
        last = np.where(now >= 0, now, last)
        rated_in[now >= 0] = place
    return _Changes(ids, sizes, before)


def _lacking(step: RecordedStep, kept: set[tuple[int, date, date]]) -> RecordedStep:
    """A step with those of its stocks of which it is not kept."""
    days = step.before.session or date.min, step.after.session or date.min
    ids = [stock_id for stock_id in step.stock_ids if (stock_id, *days) not in kept]
    return RecordedStep(step.before, step.after, ids)


def _kept(stock_id: int, step: RecordedStep, why: Why) -> KeptStep:
    price, statements, peers, method = (why.attribution.parts[cause] for cause in CAUSES)
    return KeptStep(
        stock_id,
        step.after.session or date.min,
        step.before.session or date.min,
        price,
        statements,
        peers,
        method,
        why.sentence,
        why.short,
    )
