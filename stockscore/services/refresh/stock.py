"""What is done about one stock: it is asked for, what came is kept, and it is counted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from stockscore.providers.base import (
    BadData,
    CoolingDown,
    Fundamentals,
    PriceHistory,
    Provider,
    ProviderError,
    RateLimited,
    Unavailable,
)
from stockscore.services.ingest import (
    PARTIAL,
    QUARANTINED,
    IngestCounts,
    Target,
    keep_fundamentals,
    keep_prices,
)
from stockscore.services.refresh.due import PRICES
from stockscore.store import fetches
from stockscore.store.transactions import transaction

logger = logging.getLogger(__name__)

OVERLAP = timedelta(days=7)
"""Asked for again, because the last bars were provisional and corrections come late."""

ATTEMPTS = {RateLimited: 4, Unavailable: 2}
"""How often one thing of one stock is asked for; the rate limiter makes the pauses."""
GIVE_UP_AFTER = 10
"""Stocks in a row for which the source refused or could not be reached: it is down, not they."""


@dataclass(slots=True)
class RefreshCounts:
    """What a run did, in stocks. `errors` has a sentence for each that failed or was held back;
    `stopped` says why the rest was left for the next run."""

    expected: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    quarantined: int = 0
    errors: dict[str, str] = field(default_factory=dict)
    stopped: str | None = None

    @property
    def sentence(self) -> str:
        """What commands and pages say of it."""
        return (
            f"{self.updated} updated, {self.unchanged} unchanged, {self.failed} failed, "
            f"{self.quarantined} held back"
        )


@dataclass(frozen=True, slots=True)
class RefreshOutcome:
    """What came of asking for one thing: an answer or an error."""

    what: str
    at: datetime
    answer: PriceHistory | Fundamentals | None = None
    error: ProviderError | None = None


@dataclass(slots=True)
class Patience:
    """How many stocks in a row could not be had, which tells a source that is down from stocks
    that are."""

    in_vain: int = 0
    last: ProviderError | None = None

    def note(self, outcomes: Sequence[RefreshOutcome]) -> None:
        """Takes what came of one stock into account."""
        errors = [one.error for one in outcomes]
        if all(isinstance(error, RateLimited | Unavailable) for error in errors):
            self.in_vain, self.last = self.in_vain + 1, errors[-1]
        else:
            self.in_vain, self.last = 0, None

    @property
    def is_over(self) -> bool:
        """Whether it is no use to go on."""
        return self.in_vain >= GIVE_UP_AFTER

    def sentence(self, left: int) -> str:
        """Why the rest was left."""
        return (
            f"{self.in_vain} stocks in a row could not be had, the last because: {self.last} "
            f"{left} stocks are left for the next run."
        )


def ask(
    provider: Provider, target: Target, parts: Sequence[str], clock: Callable[[], datetime]
) -> list[RefreshOutcome]:
    """What the source answers about each part. Raises `CoolingDown` where it must not be asked for
    so long that waiting here makes no sense."""
    return [_asked(provider, target, part, clock) for part in parts]


def _asked(
    provider: Provider, target: Target, part: str, clock: Callable[[], datetime]
) -> RefreshOutcome:
    """One answer or the last error; refusals and failures that may pass are asked again."""
    attempt = 0
    while True:
        attempt += 1
        at = clock()
        try:
            if part == PRICES:
                since = target.last_session and target.last_session - OVERLAP
                return RefreshOutcome(part, at, provider.prices(target.listing, since, at))
            return RefreshOutcome(part, at, provider.fundamentals(target.listing, at))
        except CoolingDown:
            raise
        except ProviderError as error:
            if attempt >= ATTEMPTS.get(type(error), 1):
                return RefreshOutcome(part, at, error=error)
        except Exception as defect:  # a defect over one stock must not stop the rest
            logger.exception("the provider failed over %s", target.listing.ticker)
            sentence = f"{target.listing.ticker} could not be read ({type(defect).__name__})."
            return RefreshOutcome(part, at, error=BadData(sentence))


def keep(target: Target, outcomes: Sequence[RefreshOutcome], source: str) -> list[IngestCounts]:
    """Stores all outcomes of one stock in one transaction."""
    try:
        with transaction():
            return [_keep(target, outcome, source) for outcome in outcomes]
    except ValueError as error:  # the store refused a value; nothing of this stock was written
        logger.warning("%s was refused by the store: %s", target.listing.ticker, error)
        refused = BadData(f"{target.listing.ticker} had a value that cannot be stored: {error}.")
        with transaction():
            return [
                _keep(target, RefreshOutcome(outcome.what, outcome.at, error=refused), source)
                for outcome in outcomes
            ]


def _keep(target: Target, outcome: RefreshOutcome, source: str) -> IngestCounts:
    if outcome.error is not None:
        kept = IngestCounts(False, outcome.error.state, str(outcome.error))
    elif isinstance(outcome.answer, PriceHistory):
        kept = keep_prices(target, outcome.answer)
    else:
        kept = keep_fundamentals(target, outcome.answer)
    fetches.record(target.id, outcome.what, kept.state, kept.message, source, outcome.at)
    return kept


def count(counts: RefreshCounts, target: Target, kept: Sequence[IngestCounts]) -> None:
    """Counts a stock once: failed where a part gave an error, else updated or unchanged; and beside
    that as quarantined, where something of it was not believed."""
    counts.quarantined += any(one.state == QUARANTINED for one in kept)
    messages = list(dict.fromkeys(one.message for one in kept if one.message))
    if messages:
        counts.errors[target.listing.ticker] = " ".join(messages)
    if any(one.state not in (fetches.OK, PARTIAL, QUARANTINED) for one in kept):
        counts.failed += 1
    elif any(one.changed for one in kept):
        counts.updated += 1
    else:
        counts.unchanged += 1
