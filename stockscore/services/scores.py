"""Scores the universe and publishes an edition."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stockscore.caching.editions import flipped
from stockscore.scoring.engine import NOT_RATED, score
from stockscore.scoring.method import CHANGE_DAYS
from stockscore.scoring.methods import METHODS, method_of
from stockscore.services import market_values, methods, ratings, score_sections
from stockscore.services.earlier import EarlierScores, earlier_scores
from stockscore.services.market_inputs import MarketInputs, MarketSources
from stockscore.services.score_sections import ScoredMarket
from stockscore.services.summary import summarise
from stockscore.store import cross_sections, editions, scores
from stockscore.store.models import Edition
from stockscore.store.transactions import transaction


@dataclass(frozen=True, slots=True)
class Published:
    """What a scoring did: `edition` is None where the inputs had not changed."""

    edition: int | None
    stocks: int
    rated: int

    @property
    def sentence(self) -> str:
        """What commands and pages say of it."""
        rated = f"{self.rated} of {self.stocks} stocks rated."
        if self.edition is None:
            return f"Nothing has changed: {rated}"
        return f"Edition {self.edition} is published: {rated}"


def publish(now: datetime) -> Published:
    """Scores every active stock on what is known now, and publishes an edition in one transaction.

    The setting METHOD says by which method, and METHOD_SHADOW which other one is recorded beside
    it. Unchanged inputs publish nothing, and nothing is computed for them. Raises `ServiceError`
    where there is no stock to score.
    """
    with _no_collection(), transaction():
        sources = MarketSources.read(now)
        before = _before(sources, 1)
        fingerprint = _fingerprint(sources, before)
        latest = editions.latest()
        if latest is not None and latest.fingerprint == fingerprint:
            return Published(None, latest.stocks, latest.rated)
        market = sources.market(methods.published())
        earlier = _earlier(market, before)
        edition = _write(market, earlier, fingerprint, now)
        for version in _beside(earlier):
            other = sources.market(method_of(version))
            beside = score_market(other, before)
            score_sections.write_edition(edition.id, other, beside, {}, now)
        cross_sections.put_away_editions(before=edition.id - 1)
        published = Published(edition.id, edition.stocks, edition.rated)
    flipped(edition.id)
    return published


@contextmanager
def _no_collection() -> Iterator[None]:
    """Lets nobody look for circles of objects meanwhile: there are none to speak of, and it costs a
    tenth of the time to walk over the reports of ten thousand stocks again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _before(sources: MarketSources, days: int) -> EarlierScores:
    """What the last snapshots on or before `days` calendar days ago scored."""
    ids = [stock.id for stock in sources.stocks]
    return earlier_scores(ids, sources.day - timedelta(days=days))


def _fingerprint(sources: MarketSources, before: EarlierScores) -> str:
    """A digest of all that an edition follows from."""
    shadow = methods.shadow()
    versions = methods.published().version, shadow.version if shadow else None
    rates = market_values.rates_in_use(sources)
    digest = hashlib.sha256(repr((versions, sources.digest(), rates)).encode())
    digest.update(before.signal.tobytes())
    return digest.hexdigest()


def score_market(market: MarketInputs, before: EarlierScores) -> ScoredMarket:
    """What its method says of a market; near a threshold a signal keeps to that of the snapshot
    before."""
    previous = dict(zip(market.universe.tickers, before.signals(), strict=True))
    return score_sections.with_columns(market, score(market.universe, market.method, previous))


def _earlier(market: MarketInputs, last: EarlierScores) -> dict[int, EarlierScores]:
    """The earlier scores by the days over which changes are kept ready."""
    ids = [stock.id for stock in market.stocks]
    return {
        days: last if days == 1 else earlier_scores(ids, market.day - timedelta(days=days))
        for days in CHANGE_DAYS
    }


def _beside(earlier: Mapping[int, EarlierScores]) -> list[str]:
    """The versions by which the market is scored beside the published one: the shadow, and those of
    earlier snapshots, by which a change from one version to another is split. What a newer program
    recorded by a version that this one does not know is left aside."""
    shadow = methods.shadow()
    versions = {version for before in earlier.values() for version in before.methods}
    versions |= {shadow.version} if shadow else set()
    return sorted(versions & METHODS.keys() - {methods.published().version})


def _write(
    market: MarketInputs,
    earlier: Mapping[int, EarlierScores],
    fingerprint: str,
    now: datetime,
) -> Edition:
    """Writes the edition and all current scores into the open transaction."""
    scored = score_market(market, earlier[1])
    scoring = scored.scoring
    columns = score_sections.order_columns(market, scoring, earlier)
    columns["market_cap_base"] = market_values.in_base(market, scored.columns["market_cap"], now)
    base = market_values.base_currency()
    edition = editions.add(
        published_at=now,
        as_of=ratings.prices_as_of(market, now),
        known_at=now,
        method=scored.method.version,
        fingerprint=fingerprint,
        simulated=any(stock.source == "demo" for stock in market.stocks),
        stocks=len(market.stocks),
        rated=int((scoring.total != NOT_RATED).sum()),
        summary=replace(
            summarise(market, scoring, columns["change_7"], earlier[1]), base_currency=base
        ),
    )
    scores.replace_all(ratings.score_rows(market, scored, columns, edition.id, base))
    score_sections.write_edition(edition.id, market, scored, columns, now)
    return edition
