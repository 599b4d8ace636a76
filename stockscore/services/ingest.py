"""Keeps what a source answered about one stock: what is believed is stored, the rest is held back.

Nothing here commits. Good data is never overwritten by nothing: a figure that is missing in a new
answer stays as it was, and an answer that is not believed changes nothing but the quarantine.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from stockscore.providers.base import Bar, Fundamentals, Listing, PriceHistory
from stockscore.scoring.currency import major_unit
from stockscore.scoring.statements import Statement
from stockscore.services.vetting import (
    PRICE_FIELDS,
    STATEMENT_FIELDS,
    Doubt,
    vet_bars,
    vet_currency,
    vet_statements,
)
from stockscore.store import bars, fetches, quarantine, statements, stocks

PARTIAL, QUARANTINED = "partial", "quarantined"
"""States of a fetch beside "ok" and those of provider errors: something came, but not all of it, or
not all of it was believed. Neither is a success, so that the next run asks again."""

BEFORE = timedelta(days=30)
"""How far before an answer its last good bar is looked for; a longer gap is a new beginning."""
SAME = 1e-5
"""Relative difference under which two prices are one: undoing a split rounds the last digit."""


@dataclass(frozen=True, slots=True)
class Target:
    """A stock to ask for, apart from the database session, as it was when the run began."""

    id: int
    listing: Listing
    last_session: date | None


@dataclass(frozen=True, slots=True)
class IngestCounts:
    """What came of an answer: whether anything was stored, the state of the fetch and the sentence
    that pages show (None where all is well)."""

    changed: bool
    state: str
    message: str | None


def keep_prices(target: Target, history: PriceHistory) -> IngestCounts:
    """Stores the bars that are believed and differ from those that stand."""
    doubt = None
    if target.last_session is not None:
        doubt = vet_currency(history.currency, target.listing.currency)
    if doubt is not None:
        return _settle(target, False, [doubt], PRICE_FIELDS, history)
    first = history.bars[0].session
    stored = {bar.session: bar for bar in bars.of(target.id, first - BEFORE)}
    earlier = [session for session in stored if session < first]
    believed, doubts = vet_bars(history.bars, stored[max(earlier)] if earlier else None)
    fresh = [bar for bar in believed if _differs(bar, stored.get(bar.session))]
    changed = bars.save(target.id, fresh, history.source) > 0 if fresh else False
    if target.last_session is None and believed:
        _adopt_currency(target, history)
    return _settle(target, changed, doubts, PRICE_FIELDS, history)


def _adopt_currency(target: Target, history: PriceHistory) -> None:
    """Takes the unit of a stock's first bars: a universe only supposes it (GBP for a stock that is
    quoted in pence)."""
    stock = stocks.find(target.listing.ticker)
    if stock is not None and major_unit(history.currency) != major_unit(stock.currency):
        stock.currency = history.currency


def _differs(bar: Bar, stored: Any) -> bool:
    """Whether a bar says anything else than the one that stands."""
    if stored is None:
        return True
    names = ("open", "high", "low", "close", "volume", "dividend", "split", "adjustment")
    return any(not _same(getattr(bar, name), getattr(stored, name)) for name in names)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=SAME)


def keep_fundamentals(target: Target, answer: Fundamentals) -> IngestCounts:
    """Stores statements that say something new, and what is now known of the profile."""
    known = statements.known(target.id)
    believed, doubts = vet_statements(answer.statements, known)
    completed = _completed(believed, known)
    changed = statements.save(target.id, completed) > 0
    if answer.listing is not None and not doubts:
        changed |= _keep_profile(target, answer.listing, answer)
    if answer.reports_at is not None:
        stocks.expect_report(target.id, answer.reports_at)
    # A source that could give only a part says which part it could not.
    return _settle(target, changed, doubts, STATEMENT_FIELDS, answer, answer.missing or None)


def _completed(answered: Iterable[Statement], known: Sequence[Statement]) -> list[Statement]:
    """The statements, with figures they lack taken from the last known version of their period."""
    last: dict[tuple[str, date], Statement] = {}
    for statement in known:  # in the order they became known
        last[statement.period, statement.period_end] = statement
    return [_filled(one, last.get((one.period, one.period_end))) for one in answered]


def _filled(statement: Statement, before: Statement | None) -> Statement:
    if before is None or before.currency != statement.currency:
        return statement
    return replace(statement, figures=_present(before.figures) | _present(statement.figures))


def _present(figures: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: value for name, value in figures.items() if value is not None}


def _keep_profile(target: Target, profile: Listing, answer: Fundamentals) -> bool:
    """Updates the stock by the fields that the source knows; whether anything was new.

    The currency of bars that are stored is not changed under them."""
    if target.last_session is not None:
        profile = replace(profile, currency=target.listing.currency)
    if profile == target.listing:
        return False
    _, updated = stocks.save_listings([profile], answer.source, answer.fetched_at)
    return updated > 0


def _settle(
    target: Target,
    changed: bool,
    doubts: Sequence[Doubt],
    fields: Sequence[str],
    answer: PriceHistory | Fundamentals,
    missing: str | None = None,
) -> IngestCounts:
    """Notes the doubts, closes the cases that this answer clears, and sums it up."""
    source, at = answer.source, answer.fetched_at
    for doubt in doubts:
        quarantine.hold(
            target.id,
            doubt.field,
            doubt.value,
            doubt.last_good,
            doubt.reason,
            source,
            at,
            doubt.session,
        )
    doubted = {doubt.field for doubt in doubts}
    # An answer that was held back whole says nothing about the other fields.
    for field in fields if changed or not doubted else ():
        if field not in doubted:
            quarantine.resolve(target.id, field, at)
    if doubts:
        return IngestCounts(changed, QUARANTINED, " ".join(doubt.reason for doubt in doubts))
    if missing:
        return IngestCounts(changed, PARTIAL, missing)
    return IngestCounts(changed, fetches.OK, None)
