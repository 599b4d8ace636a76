"""Why scores moved: reads two records and what came in between, and leaves the rest to
`scoring.why`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import prod

from stockscore.scoring import numerals
from stockscore.scoring.attribution import ScoredRecord
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

Splits = Sequence[tuple[date, float]]
"""The day from which shares count anew, and how many there are of one before."""


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """The score of a stock on a day, in hundredths; `current` is that of the edition."""

    day: date
    total: int | None
    uncertainty: int | None
    signal: str | None
    current: bool = False


def score_points(
    snapshots: Sequence[HistoryScore], line: StockLine, today: date
) -> list[ScorePoint]:
    """The snapshots, and at their end the score of now: in the place of a snapshot of the same
    day."""
    found = [
        ScorePoint(score.session, score.total, score.uncertainty, score.signal)
        for score in snapshots
    ]
    if line.kind is not None:
        day = max(today, found[-1].day) if found else today
        found = [point for point in found if point.day != day]
        found.append(ScorePoint(day, line.total, line.uncertainty, line.signal, current=True))
    return found


Key = tuple[int, date]
"""A stock by its id, and a session."""

Step = tuple[ScorePoint, ScorePoint]
"""A change of the score: the days before and after it."""

LEAST = 100
"""A step of a whole point (hundredths) is worth a number."""

SPAN = timedelta(days=400)
"""How far back the history of a score reaches."""

STEPS = 6
"""Steps that are numbered at most: the largest ones."""


def largest_steps(found: Sequence[ScorePoint]) -> list[Step]:
    """The largest changes from one rated day to the next, at least `LEAST`, in order of time."""
    rated = [point for point in found if point.total is not None]
    steps = [step for step in pairwise(rated) if abs(change_of(step)) >= LEAST]
    largest = sorted(steps, key=lambda step: -abs(change_of(step)))[:STEPS]
    return sorted(largest, key=lambda step: step[1].day)


def change_of(step: Step) -> int:
    """By how many hundredths the total changed."""
    before, after = step
    return (after.total or 0) - (before.total or 0)


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
    steps_of: Sequence[Step],
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


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """A step of the record of some stocks: the cross-sections before and after it."""

    before: Section
    after: Section
    stock_ids: Sequence[int]


def recorded(found: Sequence[RecordedStep], sectors: Mapping[int, str | None]) -> dict[Key, Why]:
    """Why the scores of stocks moved over steps of the record of one exchange, by stock and
    session; `sectors` are those of the stocks. Stocks that were not rated at both ends are left
    out."""
    asked: dict[int, tuple[Section, set[int]]] = {}
    for step in found:
        for section in (step.before, step.after):
            asked.setdefault(section.id, (section, set()))[1].update(step.stock_ids)
    scores = steps.recorded_scores([(section, sorted(ids)) for section, ids in asked.values()])
    ends = {key: _recorded(score) for key, score in scores.items()}
    known = [section.known_at for section, _ in asked.values()]
    if not known:
        return {}
    all_ids = sorted({stock_id for _, ids in asked.values() for stock_id in ids})
    first = min(section.session for section, _ in asked.values() if section.session)
    news = steps.news(all_ids, first, min(known), max(known))
    arrivals = steps.arrivals_by_sector(min(known), max(known))
    whys = {}
    for step in found:
        bridges = _bridges(step)
        others = {
            sector: _within(came, step.before.known_at, step.after.known_at)
            for sector, came in arrivals.items()
        }
        for stock_id in step.stock_ids:
            before = ends.get((stock_id, step.before.session or date.min))
            after = ends.get((stock_id, step.after.session or date.min))
            if before and after:
                own = news.get(stock_id, StockNews())
                sector = sectors.get(stock_id)
                peers = [a for a in others.get(sector or "", ()) if a.stock_id != stock_id]
                whys[stock_id, after.day] = _why(
                    before,
                    after,
                    own.splits,
                    own.reports,
                    peers,
                    bridges.get(stock_id),
                )
    return whys


def _bridges(step: RecordedStep) -> dict[int, ScoredRecord]:
    """What the earlier method said at the end of a step, where that was not the later one's."""
    after = step.after
    if step.before.method == after.method or after.exchange is None or after.session is None:
        return {}
    section = cross_sections.of_session(after.exchange, after.session, step.before.method)
    return _rated(section, step.stock_ids)


def _within(arrivals: Sequence[Arrival], after: datetime, until: datetime) -> Sequence[Arrival]:
    """Those of some arrivals, which are in order of their moments, that came in a time."""
    first = bisect_right(arrivals, after, key=_known_at)
    return arrivals[first : bisect_right(arrivals, until, key=_known_at)]


def _known_at(arrival: Arrival) -> datetime:
    return arrival.known_at


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
    counted = (
        None if others is None else len({arrival.stock_id for arrival in others if came(arrival)})
    )
    news = own_news(own, before.known_at, after.known_at, counted)
    return why(before.scored, after.scored, ratio, news, bridge)


def own_news(
    reports: Sequence[Arrival], after: datetime, until: datetime, others: int | None = None
) -> News:
    """What is to be said of a time: the newest of a stock's own `reports` that came in it, and how
    many others of the sector reported."""
    came = [report for report in reports if after < report.known_at <= until]
    named = max(came, key=lambda report: (report.period_end, report.period), default=None)
    return _news(named, others)


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
        f"{_REPORTS[report.period]} {numerals.day(report.period_end)}",
        f"Report to {numerals.short_day(report.period_end)}",
        others,
    )
