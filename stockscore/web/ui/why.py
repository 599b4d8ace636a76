"""Why scores moved, for the pages that show it: reads two records and what came in between, leaves
the rest to `scoring.why`, and writes the result as pages, JSON and CSV tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import prod
from typing import Any

from stockscore.scoring.attribution import CAUSES, ScoredRecord
from stockscore.scoring.statements import Period, Statement
from stockscore.scoring.stored_score import StoredScore
from stockscore.scoring.why import News, Why, why
from stockscore.store import cross_sections, stored_scores
from stockscore.store.cross_sections import Section
from stockscore.store.pages import steps
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.steps import Arrival, RecordedScore, StockNews
from stockscore.store.pages.stock import HistoryScore
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt

Splits = Sequence[tuple[date, float]]
"""The day from which shares count anew, and how many there are of one before."""


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """The score of a stock on a day, in hundredths; `current` is that of the edition."""

    day: date
    total: int | None
    uncertainty: int | None
    signal: str | None
    current: bool = False


def history_points(
    snapshots: Sequence[HistoryScore], line: StockLine, today: date
) -> list[HistoryPoint]:
    """The snapshots, and at their end the score of now: in the place of a snapshot of the same
    day."""
    found = [
        HistoryPoint(score.session, score.total, score.uncertainty, score.signal)
        for score in snapshots
    ]
    if line.kind is not None:
        day = max(today, found[-1].day) if found else today
        found = [point for point in found if point.day != day]
        found.append(HistoryPoint(day, line.total, line.uncertainty, line.signal, current=True))
    return found


@dataclass(frozen=True, slots=True)
class _End:
    """The score at one end of a change, of which day, from reports known up to when."""

    scored: ScoredRecord
    day: date
    known_at: datetime
    edition_id: int | None = None


def _recorded(score: RecordedScore) -> _End:
    scored = ScoredRecord(score.record, score.total, score.method)
    return _End(scored, score.session, score.known_at)


def _now(line: StockLine, record: StoredScore, edition: EditionRow) -> _End | None:
    if line.total is None:
        return None
    scored = ScoredRecord(record, line.total, edition.method)
    return _End(scored, edition.summary.day, edition.known_at, edition.id)


def since(
    lines: Sequence[StockLine], then: Mapping[int, Section], edition: EditionRow, now: Section
) -> dict[int, Why]:
    """Why the scores of these stocks moved from a snapshot (`then`, by stock id) to the edition,
    which is the cross-section `now`. Stocks that were not rated at both ends are left out."""
    lines = list({line.id: line for line in lines if line.id in then}.values())
    if not lines:
        return {}
    ids = [line.id for line in lines]
    sections = {section.id: section for section in then.values()}
    compared = [
        (section, [stock_id for stock_id in ids if then[stock_id] is section])
        for section in sections.values()
    ]
    snapshots = {
        stock_id: score for (stock_id, _), score in steps.recorded_scores(compared).items()
    }
    current = stored_scores.of(now, ids)
    others = {score.method for score in snapshots.values()} - {edition.method}
    under = {
        version: _rated(cross_sections.of_edition(edition.id, version), ids) for version in others
    }
    days = [section.session for section in sections.values() if section.session is not None]
    first = min((score.known_at for score in snapshots.values()), default=edition.known_at)
    news = steps.news(ids, min(days), first, edition.known_at)
    found = {}
    for line in lines:
        before, record = snapshots.get(line.id), current.get(line.id)
        after = _now(line, record, edition) if record else None
        if before and after:
            own = news.get(line.id, StockNews())
            bridge = under.get(before.method, {}).get(line.id)
            found[line.id] = _why(_recorded(before), after, own.splits, own.reports, bridge=bridge)
    return found


def between(
    line: StockLine,
    record: StoredScore | None,
    edition: EditionRow | None,
    steps_of: Sequence[tuple[HistoryPoint, HistoryPoint]],
    splits: Splits,
    reports: Sequence[Statement],
) -> dict[date, Why]:
    """Why the score of one stock moved over these steps of its record, by the later day; `reports`
    are its own that were known at the edition."""
    days = {point.day for step in steps_of for point in step if not point.current}
    sections = cross_sections.of_sessions({(line.exchange, day) for day in days})
    snapshots = steps.recorded_scores([(section, [line.id]) for section in sections.values()])
    ends = {day: _recorded(score) for (_, day), score in snapshots.items()}
    now = _now(line, record, edition) if record and edition else None
    if now is not None:
        ends |= {point.day: now for step in steps_of for point in step if point.current}
    known = [end.known_at for end in ends.values()]
    if not known:
        return {}
    own = [
        Arrival(line.id, report.known_at, report.period, report.period_end) for report in reports
    ]
    sector = steps.arrivals_in(line.sector, min(known), max(known)) if line.sector else []
    others = [arrival for arrival in sector if arrival.stock_id != line.id]
    found = {}
    for first, last in steps_of:
        before, after = ends.get(first.day), ends.get(last.day)
        if before and after:
            bridge = _under(before.scored.method, line, after)
            found[last.day] = _why(before, after, splits, own, others, bridge)
    return found


def _why(
    before: _End,
    after: _End,
    splits: Splits,
    own: Sequence[Arrival],
    others: Sequence[Arrival] | None = None,
    bridge: ScoredRecord | None = None,
) -> Why:
    """`bridge` is the later score by the method of the earlier one, where the two differ."""

    def came(arrival: Arrival) -> bool:
        return before.known_at < arrival.known_at <= after.known_at

    ratio = prod(new for session, new in splits if before.day < session <= after.day)
    reports = [arrival for arrival in own if came(arrival)]
    named = max(reports, key=lambda report: (report.period_end, report.period), default=None)
    counted = (
        None if others is None else len({arrival.stock_id for arrival in others if came(arrival)})
    )
    return why(before.scored, after.scored, ratio, _news(named, counted), bridge)


def _under(version: str, line: StockLine, end: _End) -> ScoredRecord | None:
    """What another version of the method said of a stock at one end of a change; None where that is
    the version of this end, or was not recorded."""
    if version == end.scored.method:
        return None
    section = (
        cross_sections.of_edition(end.edition_id, version)
        if end.edition_id
        else cross_sections.of_session(line.exchange, end.day, version)
    )
    return _rated(section, [line.id]).get(line.id)


def _rated(section: Section | None, ids: Sequence[int]) -> dict[int, ScoredRecord]:
    """Those of these stocks that are rated in a cross-section, by id."""
    totals = section.column("total") if section else None
    if section is None or totals is None:
        return {}
    records = stored_scores.of(section, ids)
    return {
        stock_id: ScoredRecord(records[stock_id], totals[index], section.method)
        for stock_id in ids
        if (index := section.index_of(stock_id)) is not None
        and stock_id in records
        and totals[index] >= 0
    }


_REPORTS = {
    Period.QUARTER: "Report for the quarter to",
    Period.HALF: "Report for the half-year to",
    Period.YEAR: "Report for the year to",
}


def _news(report: Arrival | None, others: int | None) -> News:
    if report is None:
        return News(others=others)
    if report.period not in _REPORTS:
        return News("New figures of the source", "New figures", others)
    return News(
        f"{_REPORTS[report.period]} {fmt.day(report.period_end)}",
        f"Report to {fmt.short_day(report.period_end)}",
        others,
    )


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
