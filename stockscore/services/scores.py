"""Scores the universe and publishes an edition; verifies a score that was published."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from stockscore.caching.editions import flipped
from stockscore.scoring.engine import NOT_RATED, score
from stockscore.scoring.method import CHANGE_DAYS
from stockscore.scoring.methods import METHODS, method_of
from stockscore.services import market_values, methods, ratings, score_sections
from stockscore.services.earlier import EarlierScores, earlier_scores
from stockscore.services.errors import InputError
from stockscore.services.market_inputs import MarketInputs, MarketSources, market_as_known
from stockscore.services.score_sections import ScoredMarket
from stockscore.services.summary import summarise
from stockscore.store import cross_sections, editions, scores, snapshots, stocks
from stockscore.store.cross_sections import Section
from stockscore.store.models import Edition, Score, Snapshot, Stock
from stockscore.store.transactions import transaction

OLD_RULE = "0.1"
"""The rule of receipts under which 0.1 recorded its scores."""


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
    with transaction():
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
    columns["market_cap_base"] = market_values.in_base(market, scored.columns["market_cap"])
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


@dataclass(frozen=True, slots=True)
class Verification:
    """A recorded score beside the one computed again from the stored inputs (hundredths), both by
    the version of the method that was published then."""

    ticker: str
    method: str
    recorded_on: str
    recorded_total: int | None
    recorded_receipt: str
    total: int | None
    receipt: str

    @property
    def agrees(self) -> bool:
        """Whether the whole record is the same, byte for byte."""
        return self.recorded_receipt == self.receipt


def verify(ticker: str, session: date | None = None) -> Verification:
    """Computes the score of a stock again: the current one, or that of a session's snapshot.

    The universe is built anew from what the store says was known at that moment. Raises
    `InputError` for an unknown ticker, where no score is recorded, or where it was made by a
    version of the method that this program does not know.
    """
    stock = stocks.find(ticker)
    if stock is None:
        near = ", ".join(other.ticker for other in stocks.near(ticker))
        raise InputError(f"No stock is called {ticker!r}." + (f" Near: {near}." if near else ""))
    recorded, section, day = _recorded(stock, session)
    if section.method not in METHODS:
        raise InputError(
            f"The score was made by method {section.method}, which this program does not know; "
            "run the release that recorded it, or a newer one."
        )
    known = stocks.listed(section.known_at)
    market = market_as_known(known, section.known_at, method_of(section.method), day)
    ids = [listed.id for listed in market.stocks]
    before = earlier_scores(ids, market.day - timedelta(days=1))
    computed = score_market(market, before)
    index = market.universe.tickers.index(stock.ticker)
    total = int(computed.scoring.total[index])
    by_old_rule = section.receipt_rule == OLD_RULE
    return Verification(
        ticker=stock.ticker,
        method=section.method,
        recorded_on=f"{day.isoformat()}",
        recorded_total=recorded.total,
        recorded_receipt=recorded.receipt,
        total=None if total == NOT_RATED else total,
        receipt=(computed.scoring.receipts if by_old_rule else computed.receipts)[index],
    )


def _recorded(stock: Stock, session: date | None) -> tuple[Score | Snapshot, Section, date]:
    """The recorded score, the cross-section that it is a part of, and the day up to which its
    prices were known."""
    if session is not None:
        snapshot = snapshots.of_stock(stock.id, session)
        section = cross_sections.of_session(stock.exchange, session)
        if snapshot is None or section is None:
            raise InputError(
                f"There is no snapshot of {stock.ticker} for {session}; "
                "snapshots are taken once a session."
            )
        return snapshot, section, session
    current, edition = scores.current(stock.id), editions.latest()
    section = cross_sections.of_edition(edition.id) if edition else None
    if current is None or edition is None or section is None:
        raise InputError(f"{stock.ticker} has not been scored yet; run `flask score`.")
    return current, section, edition.summary.day
