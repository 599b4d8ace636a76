"""Statements put in order: restatements settled, one currency, figures on today's shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from stockscore.scoring.doctor.splits import share_splits
from stockscore.scoring.inputs import clean
from stockscore.scoring.statements import FIGURES, QUOTED, Period, Statement

QUARTER_DAYS = (75, 105)
YEAR_DAYS = (350, 380)
"""Days between the ends of consecutive periods; fiscal years of 52 or 53 weeks lie inside."""

_KNOWN_FIGURES = frozenset(FIGURES)
_PER_SHARE = ("eps", "price", "dividend_per_share")

Split = tuple[date, float]
"""The session from which a split counts, and new shares for one old."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure comes from."""

    source: str
    period: Period
    period_end: date
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """One period after all restatements: known figures only, each with its origin."""

    period_end: date
    figures: dict[str, float]
    origins: dict[str, Origin]


@dataclass(frozen=True, slots=True)
class Reports:
    """All reports of a company in one currency, newest first; `trailing` is the newest summary.

    `currency` is that of the newest report; periods in another one are left out, because their
    money cannot be added to it. The quoted figures of `trailing` stay: theirs is the price's.
    """

    currency: str | None
    quarters: tuple[Settled, ...]
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
        _settled(same, Period.YEAR, splits),
        trailing,
    )


def consecutive(periods: Sequence[Settled], count: int, days: tuple[int, int]) -> bool:
    """Whether the first `count` periods (newest first) follow each other without a gap."""
    if len(periods) < count:
        return False
    ends = [period.period_end for period in periods[:count]]
    return all(days[0] <= (later - earlier).days <= days[1] for later, earlier in pairwise(ends))


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
    end = versions[-1].period_end
    for version in versions:
        origin = Origin(version.source, version.period, end, version.known_at)
        for name, given in version.figures.items():
            value = clean(given)
            if value is not None and name in keep:
                figures[name], origins[name] = value, origin
    shares = _shares_for_one(end, splits)
    if shares != 1:
        for name in _PER_SHARE:
            if name in figures:
                figures[name] /= shares
        if "shares" in figures:
            figures["shares"] *= shares
    return Settled(end, figures, origins)


def _shares_for_one(end: date, splits: Sequence[Split]) -> float:
    """Shares of today for one share at the end of a period."""
    shares = 1.0
    for session, ratio in splits:
        known = clean(ratio)
        if session > end and known is not None and known > 0:
            shares *= known
    return shares
