"""Exchange rates of the stocks whose accounts are in another currency than their price."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import datetime

from stockscore.extensions import db
from stockscore.providers.base import Fundamentals, Provider, ProviderError
from stockscore.scoring.currency import major_unit
from stockscore.services.market_values import base_currency
from stockscore.services.refresh.stock import RefreshOutcome
from stockscore.store import fx, stocks
from stockscore.store.transactions import transaction

logger = logging.getLogger(__name__)


def fetch_rates(provider: Provider, ids: Collection[int], now: datetime) -> None:
    """Fetches the rates that these stocks need and that have not been fetched today.

    A rate that cannot be had is unknown: what mixes the two currencies is missing then.
    """
    pairs: set[tuple[str, str]] = set()
    for stock in stocks.by_ids(ids).values():
        price = major_unit(stock.currency)[0]
        reports = stock.financial_currency or price
        pairs.add((price, reports))
        if (base_currency(), reports) not in pairs:
            # A rate counts in both directions; market values are compared in the base currency.
            pairs.add((reports, base_currency()))
    _fetch(provider, pairs, now)


def fetch_rates_of(provider: Provider, outcomes: Iterable[RefreshOutcome], now: datetime) -> None:
    """Fetches the rates by which answers are vetted before they are saved: a first answer brings
    the currency of its accounts with it."""
    pairs = {
        (major_unit(outcome.answer.listing.currency)[0], major_unit(statement.currency)[0])
        for outcome in outcomes
        if isinstance(outcome.answer, Fundamentals) and outcome.answer.listing is not None
        for statement in outcome.answer.statements
    }
    if any(base != quote for base, quote in pairs):
        _fetch(provider, pairs, now)


def _fetch(provider: Provider, pairs: Iterable[tuple[str, str]], now: datetime) -> None:
    pairs = sorted(pairs)
    wanted = [pair for pair in pairs if pair[0] != pair[1] and not fx.is_of(*pair, now.date())]
    db.session.commit()
    for base, quote in wanted:
        try:
            rate = provider.exchange_rate(base, quote, now)
        except ProviderError as error:
            logger.warning("no rate of %s in %s: %s", base, quote, error)
            continue
        with transaction():
            fx.save(base, quote, now.date(), rate, provider.name)
