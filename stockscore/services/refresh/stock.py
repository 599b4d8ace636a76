"""The refresh of one stock: asks for it, saves the answers, and counts it."""

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
    IngestResult,
    Target,
    save_fundamentals,
    save_prices,
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
    """What a run did, in stocks. `errors` has a sentence for each that failed, or of which a value
    is quarantined or was mended, `failures` the state of the fetch of each that failed; `stopped`
    says why the rest was left for the next run."""

    expected: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    quarantined: int = 0
    errors: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    stopped: str | None = None

    @property
    def came(self) -> int:
        """Stocks of which all that was wanted is there, new or as it was."""
        return self.updated + self.unchanged

    @property
    def sentence(self) -> str:
        """What commands and pages say of it."""
        return (
            f"{self.updated} updated, {self.unchanged} unchanged, {self.failed} failed, "
            f"{self.quarantined} held back"
        )


@dataclass(frozen=True, slots=True)
class RefreshOutcome:
    """What came of asking for one thing: the answer, or the error in its place."""

    what: str
    asked_at: datetime
    answer: PriceHistory | Fundamentals | ProviderError

    @property
    def error(self) -> ProviderError | None:
        """The error, None where there is an answer."""
        return self.answer if isinstance(self.answer, ProviderError) else None


@dataclass(slots=True)
class Patience:
    """Counts the stocks in a row for which nothing was answered: many of them mean that the source
    is down, and not the stocks."""

    in_vain: int = 0
    last: ProviderError | None = None

    def note(self, outcomes: Sequence[RefreshOutcome]) -> None:
        """Takes what came of one stock into account."""
        errors = [outcome.error for outcome in outcomes]
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
        moment = clock()
        try:
            if part == PRICES:
                since = target.last_session and target.last_session - OVERLAP
                return RefreshOutcome(part, moment, provider.prices(target.listing, since, moment))
            return RefreshOutcome(part, moment, provider.fundamentals(target.listing, moment))
        except CoolingDown:
            raise
        except ProviderError as error:
            if attempt >= ATTEMPTS.get(type(error), 1):
                return RefreshOutcome(part, moment, error)
        except Exception as defect:  # a defect over one stock must not stop the rest
            logger.exception("the provider failed over %s", target.listing.ticker)
            sentence = f"{target.listing.ticker} could not be read ({type(defect).__name__})."
            return RefreshOutcome(part, moment, BadData(sentence))


def save(target: Target, outcomes: Sequence[RefreshOutcome], source: str) -> list[IngestResult]:
    """Stores all outcomes of one stock in one transaction."""
    try:
        with transaction():
            return [_save(target, outcome, source) for outcome in outcomes]
    except ValueError as error:  # the store refused a value; nothing of this stock was written
        logger.warning("%s was refused by the store: %s", target.listing.ticker, error)
        refused = BadData(f"{target.listing.ticker} had a value that cannot be stored: {error}.")
        with transaction():
            return [
                _save(target, RefreshOutcome(outcome.what, outcome.asked_at, refused), source)
                for outcome in outcomes
            ]


def _save(target: Target, outcome: RefreshOutcome, source: str) -> IngestResult:
    if isinstance(outcome.answer, PriceHistory):
        result = save_prices(target, outcome.answer)
    elif isinstance(outcome.answer, Fundamentals):
        result = save_fundamentals(target, outcome.answer)
    else:
        result = IngestResult(False, outcome.answer.state, str(outcome.answer))
    fetches.record(target.id, outcome.what, result.state, result.message, source, outcome.asked_at)
    return result


def count(counts: RefreshCounts, target: Target, results: Sequence[IngestResult]) -> None:
    """Counts a stock once: failed where a part gave an error, else updated or unchanged; and also
    as quarantined, where a value of it was."""
    counts.quarantined += any(result.state == QUARANTINED for result in results)
    messages = list(dict.fromkeys(result.message for result in results if result.message))
    if messages:
        counts.errors[target.listing.ticker] = " ".join(messages)
    failed = [
        result.state for result in results if result.state not in (fetches.OK, PARTIAL, QUARANTINED)
    ]
    if failed:
        counts.failed += 1
        counts.failures[target.listing.ticker] = failed[0]
    elif any(result.changed for result in results):
        counts.updated += 1
    else:
        counts.unchanged += 1
