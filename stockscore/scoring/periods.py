"""Statements put in order: restatements settled, one currency, figures on today's shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from stockscore.scoring.doctor.splits import share_splits
from stockscore.scoring.inputs import clean
from stockscore.scoring.statements import BALANCES, FIGURES, FLOWS, QUOTED, Period, Statement

QUARTER_DAYS = (75, 105)
HALF_DAYS = (165, 200)
YEAR_DAYS = (350, 380)
"""Days between the ends of consecutive periods; fiscal years of 52 or 53 weeks lie inside."""
SAME_PERIOD_DAYS = 45
"""Ends closer than this are those of one period under two dates."""
SAME_VALUE = 0.05
"""Two figures of one period under two dates are the same where they differ by no more than this
fraction: a correction moves the last digits."""

_KNOWN_FIGURES = frozenset(FIGURES)
_PER_SHARE = ("eps", "price", "dividend_per_share", "quoted_eps")
_MONEY_FLOWS = frozenset(FLOWS) - {"eps"}

Split = tuple[date, float]
"""The session from which a split counts, and new shares for one old."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure comes from. `period_end` is the end of its period; of a figure that is only
    quoted (`is_quoted`) the day on which it was."""

    source: str
    period: Period
    period_end: date
    known_at: datetime
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """One period after all restatements: known figures only, each with its origin."""

    period_end: date
    figures: dict[str, float]
    origins: dict[str, Origin]

    @property
    def has_flows(self) -> bool:
        """Whether it says anything of a span of time, and is not a balance sheet alone."""
        return not _MONEY_FLOWS.isdisjoint(self.figures)


@dataclass(frozen=True, slots=True)
class Reports:
    """All reports of a company in one currency, newest first; `trailing` is the newest summary.

    `currency` is that of the newest report; periods in another one are left out, because their
    money cannot be added to it. The quoted figures of `trailing` stay: theirs is the price's.
    """

    currency: str | None
    quarters: tuple[Settled, ...]
    halves: tuple[Settled, ...]
    years: tuple[Settled, ...]
    trailing: Settled | None


def settle(statements: Iterable[Statement], splits: Sequence[Split] = ()) -> Reports:
    """The reports of one company.

    A quarter or a year that was reported again takes each figure from the latest report that gives
    it; of trailing summaries the newest counts as it stands: there an empty figure is meant.
    Per-share figures and share counts are restated for splits after their period's end, but not for
    spin-offs, which change no share count.
    """
    statements = list(statements)
    splits = share_splits(splits, statements)
    ordered = sorted(statements, key=lambda statement: (statement.period_end, statement.known_at))
    reported = [statement for statement in ordered if statement.period is not Period.TRAILING]
    summaries = [statement for statement in ordered if statement.period is Period.TRAILING]
    newest = (reported or summaries)[-1:]
    currency = newest[0].currency if newest else None
    trailing = None
    if summaries:
        last = summaries[-1]
        keep = _KNOWN_FIGURES if last.currency == currency else frozenset(QUOTED)
        trailing = _merge([last], splits, keep)
    same = [statement for statement in reported if statement.currency == currency]
    return Reports(
        currency,
        _settled(same, Period.QUARTER, splits),
        _settled(same, Period.HALF, splits),
        _settled(same, Period.YEAR, splits),
        trailing,
    )


def chain(
    periods: Sequence[Settled], name: str, count: int, days: tuple[int, int]
) -> tuple[Settled, ...]:
    """The newest `count` periods that give a figure, where they follow each other without a gap;
    else none. Periods without the figure break no chain, and one that stands under two dates counts
    once."""
    found: list[Settled] = []
    for period in periods:
        if name not in period.figures:
            continue
        if found and not _again(found[-1], period, name):
            gap = (found[-1].period_end - period.period_end).days
            if not days[0] <= gap <= days[1]:
                return ()
        elif found:
            continue
        found.append(period)
        if len(found) == count:
            return tuple(found)
    return ()


def _again(later: Settled, earlier: Settled, name: str) -> bool:
    """Whether two periods are one under two dates: ends close together, and the same figure."""
    if (later.period_end - earlier.period_end).days >= SAME_PERIOD_DAYS:
        return False
    value, other = later.figures[name], earlier.figures[name]
    return abs(value - other) <= SAME_VALUE * max(abs(value), abs(other))


def in_step(periods: Sequence[Settled], days: tuple[int, int]) -> tuple[Settled, ...]:
    """The newest periods that follow each other without a gap, newest first, each once: what stands
    beside them under another date (a balance sheet dated a month later) fills what they lack."""
    rest = list(periods)
    if rest and not rest[0].has_flows:
        # A balance sheet just after the newest report is a part of it.
        near = [p for p in rest if (rest[0].period_end - p.period_end).days < SAME_PERIOD_DAYS]
        first = next((period for period in near if period.has_flows), rest[0])
        rest.remove(first)
        rest.insert(0, first)
    found: list[Settled] = []
    for period in rest:
        gap = (found[-1].period_end - period.period_end).days if found else days[0]
        if gap > days[1]:
            break
        if gap >= days[0]:
            found.append(period)
    return tuple(_with_balances(period, periods) for period in found)


def _with_balances(period: Settled, periods: Sequence[Settled]) -> Settled:
    """A period with the balances that it lacks from a balance sheet under a close date."""
    figures, origins = dict(period.figures), dict(period.origins)
    for other in periods:
        if other.has_flows or abs((other.period_end - period.period_end).days) >= SAME_PERIOD_DAYS:
            continue
        for name in BALANCES:
            if name in other.figures and name not in figures:
                figures[name], origins[name] = other.figures[name], other.origins[name]
    return Settled(period.period_end, figures, origins)


def summed(periods: Sequence[Settled], name: str) -> float | None:
    """The sum of a figure over periods; None unless every one gives it."""
    total = 0.0
    for period in periods:
        value = period.figures.get(name)
        if value is None:
            return None
        total += value
    return clean(total)


def _settled(
    statements: list[Statement], period: Period, splits: Sequence[Split]
) -> tuple[Settled, ...]:
    by_end: dict[date, list[Statement]] = {}
    for statement in statements:
        if statement.period is period:
            by_end.setdefault(statement.period_end, []).append(statement)
    return tuple(_merge(by_end[end], splits) for end in sorted(by_end, reverse=True))


def _merge(
    versions: list[Statement], splits: Sequence[Split], keep: frozenset[str] = _KNOWN_FIGURES
) -> Settled:
    """One period from its reports, oldest first."""
    figures: dict[str, float] = {}
    origins: dict[str, Origin] = {}
    for version in versions:
        covered = Origin(version.source, version.period, version.end, version.known_at)
        quoted = replace(covered, period_end=version.period_end, is_quoted=True)
        for name in version.withdrawn:
            figures.pop(name, None)
            origins.pop(name, None)
        for name, given in version.figures.items():
            value = clean(given)
            if value is not None and name in keep:
                figures[name] = value
                origins[name] = quoted if version.is_quoted(name) else covered
    # A summary is quoted on the shares of its own day, whatever it covers.
    shares = _shares_for_one(versions[-1].period_end, splits)
    if shares != 1:
        for name in _PER_SHARE:
            if name in figures:
                figures[name] /= shares
        if "shares" in figures:
            figures["shares"] *= shares
    return Settled(versions[-1].end, figures, origins)


def _shares_for_one(end: date, splits: Sequence[Split]) -> float:
    """Shares of today for one share at the end of a period."""
    shares = 1.0
    for session, ratio in splits:
        known = clean(ratio)
        if session > end and known is not None and known > 0:
            shares *= known
    return shares
