"""Stores what a source answered about one stock: values that pass vetting are saved, the others are
quarantined.

Nothing here commits. A figure that is missing in a new answer stays as it was, and a value that
does not pass changes nothing but the quarantine.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stockscore.providers.base import Bar, Fundamentals, Listing, PriceHistory
from stockscore.scoring.currency import major_unit
from stockscore.scoring.doctor.answers import ANSWER_FIELDS
from stockscore.scoring.doctor.bars import PRICE_FIELDS, vet_currency
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.statements import Statement
from stockscore.services import price_vetting, report_vetting
from stockscore.services.trading_days import TradingDays
from stockscore.store import bars, fetches, quarantine, statements, stocks

PARTIAL, QUARANTINED = "partial", "quarantined"
"""States of a fetch beside "ok" and those of provider errors: a part of the answer is missing, or
quarantined. Neither is a success, so that the next run asks again."""

SAME = 1e-5
"""Relative difference under which two prices are the same: undoing a split rounds the last
digit."""


@dataclass(frozen=True, slots=True)
class Target:
    """A stock to ask for, apart from the database session, as it was when the run began."""

    id: int
    listing: Listing
    last_session: date | None


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of an answer: whether it changed anything that is stored, the state of the fetch,
    and the sentence that pages show (None where all is well)."""

    changed: bool
    state: str
    message: str | None


def save_prices(target: Target, history: PriceHistory) -> IngestResult:
    """Saves the bars that pass vetting and differ from those that are stored."""
    rejected_currency = None
    if target.last_session is not None:
        rejected_currency = vet_currency(history.currency, target.listing.currency)
    if rejected_currency is not None:
        return _settle(target, False, [rejected_currency], PRICE_FIELDS, history)
    days = TradingDays.of(target.listing.exchange, history.fetched_at)
    found, left_out = days.without_closed(history.bars)
    vetted = price_vetting.vet(target.id, found)
    stored = vetted.stored
    different = [bar for bar in vetted.accepted if _differs(bar, stored.get(bar.session))]
    changed = bars.save(target.id, different, history.source) > 0 if different else False
    if target.last_session is None and vetted.accepted:
        _adopt_currency(target, history)
    noted = [
        finding.reason
        for finding in (*history.findings, *left_out)
        if quarantine.note(target.id, finding, history.source, history.fetched_at)
    ]
    result = _settle(target, changed, vetted.rejected, PRICE_FIELDS, history)
    return replace(result, message=" ".join(filter(None, [result.message, *noted])) or None)


def _adopt_currency(target: Target, history: PriceHistory) -> None:
    """Takes the unit of a stock's first bars: a universe only supposes it (GBP for a stock that is
    quoted in pence)."""
    stock = stocks.find(target.listing.ticker)
    if stock is not None and major_unit(history.currency) != major_unit(stock.currency):
        stock.currency = history.currency


def _differs(bar: Bar, stored: Any) -> bool:
    """Whether a bar differs from the stored one of its session."""
    if stored is None:
        return True
    names = ("open", "high", "low", "close", "volume", "dividend", "split", "adjustment")
    return any(not _same(getattr(bar, name), getattr(stored, name)) for name in names)


def _same(value: float | None, other: float | None) -> bool:
    if value is None or other is None:
        return value is other
    return math.isclose(value, other, rel_tol=SAME)


def save_fundamentals(target: Target, answer: Fundamentals) -> IngestResult:
    """Saves the statements that pass vetting and have anything new, and the profile."""
    known = statements.known(target.id)
    accepted, rejected = report_vetting.vet(
        target.id, _price_currency(target, answer), answer, known
    )
    completed = _completed(accepted, answer.statements, known)
    changed = statements.save(target.id, completed) > 0
    # A figure that is left out says nothing against name, sector and currency.
    if answer.listing is not None and (accepted or not rejected):
        changed |= _save_profile(target, answer.listing, answer)
    if answer.reports_at is not None:
        stocks.expect_report(target.id, answer.reports_at)
    # A source that could give only a part says which part it could not.
    return _settle(target, changed, rejected, ANSWER_FIELDS, answer, answer.missing or None)


def _price_currency(target: Target, answer: Fundamentals) -> str:
    """The unit of the price: that of the stored bars, or without any what the source says."""
    if target.last_session is None and answer.listing is not None:
        return answer.listing.currency
    return target.listing.currency


def _completed(
    accepted: Iterable[Statement], answered: Sequence[Statement], known: Sequence[Statement]
) -> list[Statement]:
    """The statements, with figures they lack taken from the last known version of their period.

    What was answered and is not believed is withdrawn where it had been stored: the last good value
    stays only where it is another one."""
    last: dict[tuple[str, date], Statement] = {}
    for statement in known:  # in the order they became known
        last[statement.period, statement.period_end] = statement
    given = {(statement.period, statement.period_end): statement for statement in answered}
    completed = []
    for statement in accepted:
        key = statement.period, statement.period_end
        completed.append(_filled(statement, given.get(key), last.get(key)))
    return completed


def _filled(statement: Statement, given: Statement | None, before: Statement | None) -> Statement:
    if before is None or before.currency != statement.currency:
        return statement
    stored, accepted = _present(before.figures), _present(statement.figures)
    rejected = _present(given.figures).keys() - accepted.keys() if given else set()
    withdrawn = {
        name
        for name in rejected
        if name in before.withdrawn
        or (given and name in stored and _same(stored[name], given.figures[name]))
    }
    kept = {name: value for name, value in stored.items() if name not in withdrawn}
    return replace(statement, figures=kept | accepted, withdrawn=tuple(sorted(withdrawn)))


def _present(figures: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: value for name, value in figures.items() if value is not None}


def _save_profile(target: Target, profile: Listing, answer: Fundamentals) -> bool:
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
    rejected: Sequence[RejectedValue],
    fields: Sequence[str],
    answer: PriceHistory | Fundamentals,
    missing: str | None = None,
) -> IngestResult:
    """Quarantines the rejected values, closes the cases of the fields that are good again, and
    gives the result."""
    moment = answer.fetched_at
    for value in rejected:
        quarantine.add(target.id, value, answer.source, moment)
    quarantined = {value.field for value in rejected}
    # An answer that was quarantined whole says nothing about the other fields.
    if changed or not quarantined:
        good = [field for field in fields if field not in quarantined]
        quarantine.resolve_all(target.id, good, moment)
    if rejected:
        return IngestResult(changed, QUARANTINED, " ".join(value.reason for value in rejected))
    if missing:
        return IngestResult(changed, PARTIAL, missing)
    return IngestResult(changed, fetches.OK, None)
