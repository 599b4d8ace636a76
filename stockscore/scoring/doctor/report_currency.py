"""Whether a company reports in another currency from now on, or a label is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise

from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.statements import FLOWS, Period, Statement

STANDS = 2
"""Reports in another currency after which it is believed."""
AGREE = 3.0
"""Revenue of two reports in one currency is within this factor."""
SAME_AMOUNT = 1e-4
"""Relative difference under which an amount is the same, only under another label."""


def vet_report_currency(
    answered: Sequence[Statement], known: Sequence[Statement], doubted: Collection[date] = ()
) -> RejectedValue | None:
    """The currency of an answer, where it is not that of the last accounts and does not stand yet.

    It stands once two reports that are newer than all in the old currency are in it and agree with
    each other. `doubted` are the ends of newest reports of earlier answers in the same currency,
    which were rejected: they count as reports too.
    """
    last = max(known, key=lambda statement: statement.known_at, default=None)
    currencies = {statement.currency for statement in answered}
    if last is None or last.currency in currencies:
        return None
    of_old = _reports([s for s in known if s.currency == last.currency])
    newest_known = max((s.end for s in of_old), default=date.min)
    newer = _reports([s for s in answered if s.end > newest_known])
    ends = {s.end for s in newer} | {end for end in doubted if end > newest_known}
    came = ", ".join(sorted(currencies))
    if _mislabelled(answered, known):
        detail = "with the same amounts, so that only the label is another"
    elif len(ends) >= STANDS and _agree(newer):
        return None
    else:
        detail = "which is believed once two reports are in it"
    reason = f"Accounts came in {came}, {detail}; all earlier ones are in {last.currency}."
    newest = max(s.end for s in (_reports(answered) or answered))
    return RejectedValue(
        "report-currency", "financial_currency", came, last.currency, reason, newest
    )


def _reports(statements: Sequence[Statement]) -> list[Statement]:
    """Quarters, halves and years where there are any, else summaries that say how far they go; each
    oldest first."""
    parts = [s for s in statements if s.period is not Period.TRAILING]
    dated = [s for s in statements if s.covers_to is not None]
    return sorted(parts or dated, key=lambda statement: statement.end)


def _agree(newer: Sequence[Statement]) -> bool:
    """Whether the reports of each period have revenue of one size."""
    for period in Period:
        revenues = [s.figures.get("revenue") for s in newer if s.period is period]
        sizes = [abs(revenue) for revenue in revenues if revenue]
        if any(not 1 / AGREE < later / earlier < AGREE for earlier, later in pairwise(sizes)):
            return False
    return True


def _mislabelled(answered: Sequence[Statement], known: Sequence[Statement]) -> bool:
    """Whether a period that is known in the old currency comes with the very same flows."""
    before: dict[tuple[Period, date], Mapping[str, float | None]] = {
        (s.period, s.end): s.figures for s in known if s.period is not Period.TRAILING
    }
    for statement in answered:
        earlier = before.get((statement.period, statement.end), {})
        for name in FLOWS:
            value, other = statement.figures.get(name), earlier.get(name)
            if value and other and name != "eps":
                return abs(value - other) <= SAME_AMOUNT * abs(other)
    return False
