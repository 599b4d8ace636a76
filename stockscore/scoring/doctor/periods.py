"""Whether figures cover the span that they are taken for.

Three witnesses tell of one sum: the four quarters (or two halves), the source's own twelve months,
and the year. Where two of them agree the third is rejected; where none agree, all that disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from stockscore.scoring.doctor import cumulative
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.periods import HALF_DAYS, QUARTER_DAYS, SAME_PERIOD_DAYS
from stockscore.scoring.statements import Period, Statement

DIFFERENT = 0.12
"""Two sums of the same twelve months differ by more than this fraction only where one of them is
none."""
UNEXPLAINED = 0.25
"""Without an explanation or a third witness it takes so large a difference to doubt both: sources
leave out discontinued operations here and not there."""
UNLIKE_YEARS = 0.35
"""Twelve months and the last full year differ by more than this fraction in few companies."""
MATTERS = 0.02
"""Profits or cash flows that differ by less than this fraction of revenue differ by rounding, by
preferred dividends or by minorities."""
LONGER = 1.5
"""A figure of more than one period is more than so many times what one would be."""
ALIKE = 2.2
"""Quarters of one company are mostly within this factor of each other."""

GROUPS: dict[str, tuple[str, ...]] = {
    "revenue": (
        "revenue",
        "gross_profit",
        "ebit",
        "ebitda",
        "net_income",
        "interest_expense",
        "pretax_income",
        "tax_provision",
        "eps",
    ),
    "net_income": ("net_income", "pretax_income", "tax_provision", "eps"),
    "cfo": ("cfo", "fcf"),
}
"""The figure that is compared, and those that stand or fall with it: they are of one column of one
table."""

_NAMES = {"revenue": "Revenue", "net_income": "Net income", "cfo": "Operating cash flow"}
_STEPS = ((Period.QUARTER, 4, QUARTER_DAYS, "quarters"), (Period.HALF, 2, HALF_DAYS, "halves"))


@dataclass(frozen=True, slots=True)
class _Sum:
    """Twelve months of one figure: the periods that make it (oldest first), and their sum."""

    parts: tuple[Statement, ...]
    value: float

    @property
    def end(self) -> date:
        return self.parts[-1].period_end


def vet_periods(answered: Sequence[Statement]) -> tuple[list[Statement], list[RejectedValue]]:
    """The statements of one answer without the figures that are not of their period, and what was
    rejected. Sums since the start of a year are taken apart where that is unambiguous."""
    statements = list(answered)
    rejected: list[RejectedValue] = []
    for judge in GROUPS:
        for period, count, days, name in _STEPS:
            found = _vetted(statements, judge, (period, count, days), name)
            if found is not None:
                statements, value = found
                rejected.append(value)
    return statements, rejected


def _vetted(
    statements: list[Statement], judge: str, steps: tuple[Period, int, tuple[int, int]], name: str
) -> tuple[list[Statement], RejectedValue] | None:
    """The statements after one figure of one kind of period was judged; None where nothing is wrong
    with it."""
    period, count, days = steps
    parts = sorted(
        (s for s in statements if s.period is period and s.figures.get(judge) is not None),
        key=lambda statement: statement.period_end,
    )
    sums = _sums(parts, judge, count, days)
    summary = _summary(statements, judge)
    years = [s for s in statements if s.period is Period.YEAR and s.figures.get(judge) is not None]
    clash = _clash(sums, summary, years, judge, _revenue(statements))
    if clash is None:
        return None
    twelve_months, witness = clash
    reference = _value(summary or witness, judge)
    apart = cumulative.taken_apart(parts, judge, GROUPS[judge], reference, years, (count, days))
    if apart is not None:
        newest = max(apart, key=lambda statement: statement.period_end)
        reason = (
            f"{_NAMES[judge]} of {name} ({_amounts(parts, judge)}) are sums since the start of the "
            f"year: twelve months are {reference:,.0f}. They are taken apart by their differences; "
            "what cannot be is left out."
        )
        value = RejectedValue(
            "cumulative",
            judge,
            f"{_value(parts[-1], judge):.6g}",
            _text(newest.figures.get(judge)),
            reason,
            parts[-1].period_end,
        )
        return _replaced(statements, parts, apart), value
    return _judged(statements, judge, twelve_months, witness, years, name)


def _clash(
    sums: Sequence[_Sum],
    summary: Statement | None,
    years: Sequence[Statement],
    judge: str,
    revenue: float,
) -> tuple[_Sum, Statement] | None:
    """Twelve months of parts, and the witness that contradicts them; None where all agree."""
    least = 0.0 if judge == "revenue" else MATTERS * abs(revenue)
    witnesses = ([summary] if summary else []) + sorted(
        years, key=lambda year: year.period_end, reverse=True
    )
    for witness in witnesses:
        same = _ending_with(sums, witness)
        if same and _differ(same.value, _value(witness, judge), DIFFERENT, least):
            return same, witness
    return None


def _ending_with(sums: Sequence[_Sum], witness: Statement) -> _Sum | None:
    """The twelve months that end with those of a witness. Where a summary does not say how far it
    goes, it goes to the newest."""
    if witness.period is Period.TRAILING and witness.covers_to is None:
        return sums[-1] if sums else None
    return next(
        (
            twelve_months
            for twelve_months in reversed(sums)
            if abs((twelve_months.end - witness.end).days) < SAME_PERIOD_DAYS
        ),
        None,
    )


def _judged(
    statements: list[Statement],
    judge: str,
    twelve_months: _Sum,
    witness: Statement,
    years: Sequence[Statement],
    name: str,
) -> tuple[list[Statement], RejectedValue] | None:
    """What is left where the parts and a witness contradict each other; None where that is doubtful
    itself."""
    total, told = twelve_months.value, _value(witness, judge)
    odd = _odd(twelve_months.parts, judge, told)
    of_year = "the year" if witness.period is Period.YEAR else "the source's own twelve months"
    says = (
        f"{_NAMES[judge]} of {len(twelve_months.parts)} {name} to {twelve_months.end} adds up to "
        f"{total:,.0f}, but {of_year} to {told:,.0f}"
    )
    if odd is not None:
        reason = f"{says}: the figure to {odd.period_end} covers more than its period."
        return _without(statements, [odd], judge), _rejected(judge, odd, reason)
    third = _third(statements, judge, witness, years)
    if third is not None and not _differ(total, third, UNLIKE_YEARS):
        if _differ(told, third, UNLIKE_YEARS):
            reason = f"{says}, and {third:,.0f} is a third figure beside it."
            return _without(statements, [witness], judge), _rejected(judge, witness, reason)
    elif third is not None and not _differ(told, third, UNLIKE_YEARS):
        reason = f"{says}, and {third:,.0f} is a third figure beside it."
        newest = twelve_months.parts[-1]
        return _without(statements, twelve_months.parts, judge), _rejected(judge, newest, reason)
    if not _differ(total, told, UNEXPLAINED):
        return None
    reason = f"{says}: neither is believed."
    both = [*twelve_months.parts, witness]
    return _without(statements, both, judge), _rejected(judge, twelve_months.parts[-1], reason)


def _third(
    statements: Sequence[Statement], judge: str, witness: Statement, years: Sequence[Statement]
) -> float | None:
    """The figure of a witness beside the parts and the one that contradicts them."""
    if witness.period is Period.YEAR:
        summary = _summary(statements, judge)
        return _value(summary, judge) if summary else None
    newest = max(years, key=lambda year: year.period_end, default=None)
    return _value(newest, judge) if newest else None


def _odd(parts: Sequence[Statement], judge: str, told: float) -> Statement | None:
    """The one part that is longer than the others, without whose excess the sum is as told."""
    found = []
    for part in parts:
        others = [_value(other, judge) for other in parts if other is not part]
        implied = told - sum(others)
        usual = median(others)
        if usual == 0 or not all(1 / ALIKE < value / usual < ALIKE for value in (*others, implied)):
            continue
        value = abs(_value(part, judge))
        if value > LONGER * abs(implied) and value > LONGER * max(map(abs, others)):
            found.append(part)
    return found[0] if len(found) == 1 and len(parts) > 2 else None


def _sums(parts: Sequence[Statement], judge: str, count: int, days: tuple[int, int]) -> list[_Sum]:
    """All twelve months that consecutive parts make, oldest first."""
    found = []
    for first in range(len(parts) - count + 1):
        some = tuple(parts[first : first + count])
        gaps = ((later.period_end - earlier.period_end).days for earlier, later in pairwise(some))
        if all(days[0] <= gap <= days[1] for gap in gaps):
            found.append(_Sum(some, sum(_value(part, judge) for part in some)))
    return found


def _summary(statements: Sequence[Statement], judge: str) -> Statement | None:
    known = (
        s for s in statements if s.period is Period.TRAILING and s.figures.get(judge) is not None
    )
    return max(known, key=lambda statement: statement.known_at, default=None)


def _revenue(statements: Sequence[Statement]) -> float:
    """Revenue of twelve months or a year, by which other differences are measured; 0 if unknown."""
    known = (
        statement.figures.get("revenue")
        for statement in statements
        if statement.period in (Period.TRAILING, Period.YEAR)
    )
    return max((abs(value) for value in known if value is not None), default=0.0)


def _differ(value: float, other: float, by: float, least: float = 0.0) -> bool:
    difference = abs(value - other)
    return difference > least and difference > by * max(abs(value), abs(other))


def _without(
    statements: Sequence[Statement], doubted: Collection[Statement], judge: str
) -> list[Statement]:
    """The statements, some of them without the figures that stand or fall with one."""
    names = GROUPS[judge]
    return [s.without(names) if any(s is one for one in doubted) else s for s in statements]


def _replaced(
    statements: Sequence[Statement], before: Sequence[Statement], after: Sequence[Statement]
) -> list[Statement]:
    new = {id(old): made for old, made in zip(before, after, strict=True)}
    return [new.get(id(statement), statement) for statement in statements]


def _rejected(judge: str, statement: Statement, reason: str) -> RejectedValue:
    value = f"{_value(statement, judge):.6g}"
    return RejectedValue("span", judge, value, None, reason, statement.end)


def _value(statement: Statement, name: str) -> float:
    return statement.figures[name] or 0.0


def _amounts(parts: Sequence[Statement], judge: str) -> str:
    return ", ".join(f"{_value(part, judge):,.0f}" for part in parts[-4:])


def _text(value: float | None) -> str | None:
    return None if value is None else f"{value:.6g}"
