"""Why scores moved, for the pages that show it: reads two records and what came in between, and
leaves the rest to `scoring.why`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import prod

from stockscore.scoring.attribution import ScoredRecord
from stockscore.scoring.record import unpack
from stockscore.scoring.statements import Period
from stockscore.scoring.why import News, Why, why
from stockscore.store.pages import records, steps
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.steps import Arrival, RecordedScore
from stockscore.store.pages.stock import StockDetail
from stockscore.web.pages.stock.score_history import HistoryPoint
from stockscore.web.ui import format as fmt

Splits = Sequence[tuple[date, float]]


@dataclass(frozen=True, slots=True)
class _End:
    """What was said at one end of a change, of which day, from reports known up to when."""

    told: ScoredRecord
    day: date
    known_at: datetime


def _said(one: RecordedScore) -> _End:
    return _End(ScoredRecord(unpack(one.record), one.total, one.method), one.session, one.known_at)


def _now(line: StockLine, record: bytes, edition: EditionRow) -> _End | None:
    if line.total is None:
        return None
    told = ScoredRecord(unpack(record), line.total, edition.method)
    return _End(told, edition.summary.day, edition.known_at)


def since(
    lines: Sequence[StockLine], then: Mapping[int, date], edition: EditionRow
) -> dict[int, Why]:
    """Why the scores of these stocks moved from the snapshot of a session (`then`, by stock id) to
    the edition. Stocks that were not rated at both ends are left out."""
    lines = list({line.id: line for line in lines if line.id in then}.values())
    if not lines:
        return {}
    said = steps.recorded_scores({(line.id, then[line.id]) for line in lines})
    ids = [line.id for line in lines]
    current = records.records_of(ids)
    splits = steps.splits_after(ids, min(then.values()))
    first = min((one.known_at for one in said.values()), default=edition.known_at)
    arrived: dict[int, list[Arrival]] = {}
    for one in steps.arrivals(ids, first, edition.known_at):
        arrived.setdefault(one.stock_id, []).append(one)
    found = {}
    for line in lines:
        before, record = said.get((line.id, then[line.id])), current.get(line.id)
        after = _now(line, record, edition) if record else None
        if before and after:
            own = arrived.get(line.id, ())
            found[line.id] = _why(_said(before), after, splits.get(line.id, ()), own)
    return found


def between(
    detail: StockDetail,
    edition: EditionRow | None,
    steps_of: Sequence[tuple[HistoryPoint, HistoryPoint]],
    splits: Splits,
) -> dict[date, Why]:
    """Why the score of one stock moved over these steps of its record, by the later day."""
    line = detail.line
    days = {point.day for step in steps_of for point in step if not point.current}
    said = steps.recorded_scores({(line.id, day) for day in days})
    ends = {day: _said(one) for (_, day), one in said.items()}
    now = _now(line, detail.record, edition) if detail.record and edition else None
    if now is not None:
        ends |= {point.day: now for step in steps_of for point in step if point.current}
    known = [end.known_at for end in ends.values()]
    if not known:
        return {}
    own = steps.arrivals([line.id], min(known), max(known))
    sector = steps.arrivals_in(line.sector, min(known), max(known)) if line.sector else []
    others = [one for one in sector if one.stock_id != line.id]
    return {
        after.day: _why(ends[before.day], ends[after.day], splits, own, others)
        for before, after in steps_of
        if before.day in ends and after.day in ends
    }


def _why(
    before: _End,
    after: _End,
    splits: Splits,
    own: Sequence[Arrival],
    others: Sequence[Arrival] | None = None,
) -> Why:
    def came(one: Arrival) -> bool:
        return before.known_at < one.known_at <= after.known_at

    ratio = prod(new for session, new in splits if before.day < session <= after.day)
    reports = [one for one in own if came(one)]
    named = max(reports, key=lambda one: (one.period_end, one.period), default=None)
    counted = None if others is None else len({one.stock_id for one in others if came(one)})
    return why(before.told, after.told, ratio, _news(named, counted))


_REPORTS = {Period.QUARTER: "Report for the quarter to", Period.YEAR: "Report for the year to"}


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
