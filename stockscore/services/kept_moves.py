"""Keeps why the scores of an edition are other ones than those of before, for the pages that show
it (`services.move_reasons`): all stocks at once, after the edition is published."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import prod

import numpy as np

from stockscore.scoring.attribution import CAUSES, Attribution, Effect
from stockscore.scoring.attribution_of_all import (
    Attributions,
    RecordedColumns,
    all_by_method,
    attribute_all,
)
from stockscore.scoring.method import CHANGE_DAYS
from stockscore.scoring.methods import METHODS, Metric
from stockscore.scoring.stored_score import MetricResult
from stockscore.scoring.why import News, Shift, told
from stockscore.services import score_moves
from stockscore.store import cross_sections, splits, stored_scores
from stockscore.store.columns import MISSING
from stockscore.store.cross_sections import Column, Excerpt, Section
from stockscore.store.pages import editions
from stockscore.store.pages import steps as steps_read
from stockscore.store.pages.editions import EditionRow
from stockscore.store.transactions import transaction


def keep() -> int:
    """Keeps the reasons of the newest edition, in one transaction; how many were kept, 0 where they
    are kept already or there is nothing to explain."""
    edition = editions.current()
    now = cross_sections.of_edition(edition.id) if edition else None
    if edition is None or now is None or edition.method not in METHODS:
        return 0
    if cross_sections.moves_of(edition.id) is not None:
        return 0
    market = _Market(edition, now)
    spans = {days: market.changed_over(days) for days in CHANGE_DAYS}
    kept = {key: column for found in spans.values() for key, column in found.columns.items()}
    texts = {found.key("sentence"): found.sentences for found in spans.values()}
    with transaction():
        cross_sections.write_moves(edition.id, now, kept, texts)
    return sum(len(found.sentences) - found.sentences.count("") for found in spans.values())


NOTHING_CAME = News()


@dataclass(frozen=True, slots=True)
class _Span:
    """What is kept of the changes over so many days: a value for each stock of the edition."""

    days: int
    columns: Mapping[str, Column]
    sentences: list[str]

    def key(self, what: str) -> str:
        """The key of a column."""
        return cross_sections.key_of_move(self.days, what)


class _Market:
    """The market of an edition, its changes over some days, and what came in between."""

    def __init__(self, edition: EditionRow, now: Section) -> None:
        self._edition, self._now = edition, now
        self._ids = np.frombuffer(now.stock_ids, dtype=np.int32)
        self._under: dict[str, dict[str, np.ndarray] | None] = {}
        compared = [section for days in CHANGE_DAYS for section in self._sections(days)]
        known = min((section.known_at for section in compared), default=edition.known_at)
        days = [section.session for section in compared if section.session is not None]
        self._reports = steps_read.arrivals_by_stock(known, edition.known_at)
        self._splits = splits.of_all_since(min(days, default=edition.summary.day))

    def _sections(self, days: int) -> list[Section]:
        """The snapshots that stocks are compared with, as the page of movers takes them."""
        day = self._edition.summary.day - timedelta(days=days)
        found = cross_sections.newest_on_or_before(day)
        return sorted(found, key=lambda section: section.session or day)

    def changed_over(self, days: int) -> _Span:
        """The reasons of all changes over so many days."""
        n = len(self._ids)
        since = np.full(n, MISSING, dtype=np.int32)
        parts = {cause: np.zeros(n, dtype=np.int32) for cause in CAUSES}
        sentences = [""] * n
        sections = self._sections(days)
        newest = np.full(n, MISSING, dtype=np.int64)
        for place, section in enumerate(sections):
            newest[np.isin(self._ids, _ids_of(section))] = place
        for place, section in enumerate(sections):
            self._explain(section, np.flatnonzero(newest == place), since, parts, sentences)
        columns = {"since": since, **parts}
        return _Span(
            days,
            {
                cross_sections.key_of_move(days, what): array("i", values.tobytes())
                for what, values in columns.items()
            },
            sentences,
        )

    def _explain(
        self,
        section: Section,
        places: np.ndarray,
        since: np.ndarray,
        parts: Mapping[str, np.ndarray],
        sentences: list[str],
    ) -> None:
        """Explains the changes of the stocks in some places of the edition from a snapshot."""
        then = _columns_of(section)
        now = self._columns(self._edition.method)
        if then is None or now is None or section.session is None:
            return
        rows = np.searchsorted(_ids_of(section), self._ids[places])
        rated = (then["total"][rows] >= 0) & (now["total"][places] >= 0)
        rows, places = rows[rated], places[rated]
        earlier, later = section.method, self._edition.method
        bridge = self._columns(earlier)
        bridged = np.zeros(len(places), dtype=bool)
        if bridge is not None:
            bridged = bridge["total"][places] >= 0
        for own in (bridged, ~bridged):
            if not own.any():
                continue
            total = now["total"][places[own]].astype(np.int64)
            if bridge is not None and own is bridged:
                ends = _Ends.of(then, rows[own], bridge, places[own], earlier)
                ratio = self._ratios(places[own], section.session)
                found = attribute_all(ends.before, ends.after, ratio, total)
            else:
                ends = None
                found = all_by_method(then["total"][rows[own]].astype(np.int64), total)
            since[places[own]] = section.id
            for cause in CAUSES:
                parts[cause][places[own]] = found.parts[cause]
            told_of = self._sentences(found, ends, places[own], section.known_at, (earlier, later))
            for place, sentence in zip(places[own].tolist(), told_of, strict=True):
                sentences[place] = sentence

    def _columns(self, method: str) -> dict[str, np.ndarray] | None:
        """What a method says now, of every stock of the edition; None where that is not known."""
        if method not in self._under:
            shadow = method != self._edition.method
            section = cross_sections.of_edition(self._edition.id, method) if shadow else self._now
            same = section is not None and section.stock_ids == self._now.stock_ids
            self._under[method] = _columns_of(section) if section is not None and same else None
        return self._under[method]

    def _ratios(self, places: np.ndarray, since: date) -> np.ndarray:
        """How many shares one has become since a session."""
        found = np.ones(len(places))
        for row, stock_id in enumerate(self._ids[places].tolist()):
            if stock_id in self._splits:
                found[row] = prod(
                    new
                    for session, new in self._splits[stock_id]
                    if since < session <= self._edition.summary.day
                )
        return found

    def _sentences(
        self,
        found: Attributions,
        ends: _Ends | None,
        places: np.ndarray,
        known_at: datetime,
        methods: tuple[str, str],
    ) -> list[str]:
        """The sentence of each stock."""
        until = self._edition.known_at
        changes = found.change.tolist()
        parts = zip(*(found.parts[cause].tolist() for cause in CAUSES), strict=True)
        prices = [None if price != price else price for price in found.price_change.tolist()]
        flags = zip(found.regrouped.tolist(), found.stood_still.tolist(), strict=True)
        leads, told_of, sizes = found.lead(), found.told.T.tolist(), found.sizes.T.tolist()
        ids = self._ids[places].tolist()
        sentences = []
        for row, (own, (regrouped, stood_still)) in enumerate(zip(parts, flags, strict=True)):
            by_cause = dict(zip(CAUSES, own, strict=True))
            attribution = Attribution(changes[row], by_cause, (), prices[row], regrouped)
            shifts = [
                ends.shift(row, place, leads[row], size)
                for place, size in zip(told_of[row], sizes[row], strict=True)
                if ends is not None and place >= 0
            ]
            reports = self._reports.get(ids[row])
            news = score_moves.own_news(reports, known_at, until) if reports else NOTHING_CAME
            sentences.append(told(attribution, shifts, news, methods, stood_still).sentence)
        return sentences


class _Ends:
    """Some stocks at both ends of a change, by one method."""

    def __init__(self, before: RecordedColumns, after: RecordedColumns) -> None:
        self.before, self.after = before, after
        self._before, self._after = _Results(before), _Results(after)

    @classmethod
    def of(
        cls,
        before: Mapping[str, np.ndarray],
        rows: np.ndarray,
        after: Mapping[str, np.ndarray],
        places: np.ndarray,
        method: str,
    ) -> _Ends:
        """Of the stocks in these rows of what was said before, which are in these places of what
        is said now."""
        return cls(
            RecordedColumns({key: column[rows] for key, column in before.items()}, method),
            RecordedColumns({key: column[places] for key, column in after.items()}, method),
        )

    def shift(self, row: int, place: int, cause: str, size: float) -> Shift:
        """A metric of a stock, as it was and as it is."""
        metric = self.before.method.metrics[place]
        return Shift(
            Effect(metric.key, cause, size),
            self._before.of(metric, place, row),
            self._after.of(metric, place, row),
        )


class _Results:
    """What became of metrics at one end, each looked up once for all stocks."""

    def __init__(self, end: RecordedColumns) -> None:
        self._end = end
        self._lists: dict[int, tuple[list[float], list[float], list[int]]] = {}

    def of(self, metric: Metric, place: int, row: int) -> MetricResult:
        """A metric of one stock, as far as a sentence needs it."""
        if place not in self._lists:
            end = self._end
            columns = end.values[place], end.sub_scores[place], end.reasons[place]
            values, sub_scores, reasons = (column.tolist() for column in columns)
            self._lists[place] = values, sub_scores, reasons
        values, sub_scores, reasons = self._lists[place]
        value, sub_score = values[row], sub_scores[row]
        return MetricResult(
            metric,
            None if value != value else value,
            None if sub_score != sub_score else sub_score,
            None,
            0,
            reasons[row],
        )


def _ids_of(section: Section) -> np.ndarray:
    return np.frombuffer(section.stock_ids, dtype=np.int32)


def _columns_of(section: Section) -> dict[str, np.ndarray] | None:
    """What explains changes of all stocks of a cross-section; None where that is not enough."""
    if section.method not in METHODS:
        return None
    keys = ["total", *stored_scores.keys_of_a_change(METHODS[section.method])]
    found = cross_sections.excerpts([Excerpt(section, None, keys)])[0]
    if "total" not in found or not stored_scores.suffice(found, section):
        return None
    return {key: np.asarray(column) for key, column in found.items()}
