"""What is believed of the statements of a stock, whichever source they come from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from stockscore.providers.base import Fundamentals
from stockscore.scoring.doctor.answers import Surroundings, is_accepted, vet_answer
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.doctor.statements import vet_statements
from stockscore.scoring.statements import Statement
from stockscore.services.market_inputs import Rates
from stockscore.store import bars, quarantine

QUOTE_AGE = timedelta(days=10)
"""A quote is compared with a close that is no older than this."""


def vet(
    stock_id: int,
    price_currency: str,
    answer: Fundamentals,
    known: Sequence[Statement],
    *,
    dated: bool = False,
) -> tuple[list[Statement], list[RejectedValue]]:
    """The statements that are accepted and the rejected values: held against what is `known` of the
    stock already, its other figures, its last good close, and what a person has accepted. `dated`
    is whether the source itself says of what day its figures are."""
    decisions = quarantine.decisions_on(stock_id)
    accepted, rejected = vet_statements(
        answer.statements,
        known,
        _doubted_reports(stock_id, answer, known),
        lambda value: is_accepted(value, decisions),
    )
    rates = Rates(answer.fetched_at.date(), answer.fetched_at)
    around = Surroundings(
        price_currency,
        close_at=lambda on: _close_at(stock_id, on),
        rate_to=lambda quote: rates.between(price_currency, quote),
        quoted_eps=answer.quoted_eps,
        decisions=decisions,
        dated=dated,
    )
    accepted, doubted = vet_answer(accepted, known, around)
    return accepted, rejected + doubted


def _doubted_reports(
    stock_id: int, answer: Fundamentals, known: Sequence[Statement]
) -> Sequence[date]:
    """The ends of reports that came in the currency of this answer and were rejected for it."""
    currencies = {statement.currency for statement in answer.statements}
    if not known or known[-1].currency in currencies:
        return ()
    came = ", ".join(sorted(currencies))
    return quarantine.sessions(stock_id, "financial_currency", came)


def _close_at(stock_id: int, day: date) -> float | None:
    """The last good close on or before a day, None where that is long before it."""
    bar = bars.last_bar(stock_id, until=day)
    if bar is None or bar.session < day - QUOTE_AGE:
        return None
    close: float = bar.close
    return close
