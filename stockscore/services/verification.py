"""Computes scores that were recorded again, from the stored inputs, and compares."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stockscore.scoring.engine import NOT_RATED
from stockscore.scoring.methods import METHODS, method_of
from stockscore.services.earlier import earlier_scores
from stockscore.services.errors import InputError
from stockscore.services.market_inputs import market_as_known
from stockscore.services.scores import score_market
from stockscore.store import cross_sections, editions, scores, snapshots, stocks
from stockscore.store.cross_sections import Section
from stockscore.store.models import Score, Snapshot, Stock

OLD_RULE = "0.1"
"""The rule of receipts under which 0.1 recorded its scores."""


@dataclass(frozen=True, slots=True)
class Verification:
    """A recorded score beside the one computed again from the stored inputs (hundredths), both by
    the version of the method that was published then."""

    ticker: str
    method: str
    recorded_on: date
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
    (found,) = _verified(section, day, {stock.id: recorded})
    return found


def verify_all(session: date | None = None) -> list[Verification]:
    """Computes all current scores again, or all that was recorded of a session on any exchange; in
    ticker order, an exchange after the other.

    Raises `InputError` where nothing is recorded, or by a version that this program does not know.
    """
    if session is None:
        section, day = _current_section()
        return list(_verified(section, day, scores.all_by_stock()))
    found: list[Verification] = []
    for section in cross_sections.published_on(session):
        recorded = snapshots.of_session(session, section.stock_ids)
        found += _verified(section, session, recorded)
    if not found:
        raise InputError(f"There is no snapshot for {session}; snapshots are taken once a session.")
    return found


SAMPLE = 10
"""Stocks whose current scores are computed again each night."""

NAMED = 5
"""Stocks that differ and are named in a sentence."""


@dataclass(frozen=True, slots=True)
class NightlyCheck:
    """What was computed again in a night: a sample of the current scores, and all that was recorded
    of `session`, None where nothing is recorded yet."""

    sample: Sequence[Verification]
    session: date | None
    of_session: Sequence[Verification]

    @property
    def differing(self) -> list[Verification]:
        """What is no longer what was said."""
        return [found for found in (*self.sample, *self.of_session) if not found.agrees]

    @property
    def checked(self) -> int:
        """How many scores were computed again."""
        return len(self.sample) + len(self.of_session)

    @property
    def sentence(self) -> str:
        """For the run's row, /status and the log."""
        what = f"{len(self.sample)} of the current scores"
        if self.session is not None:
            what += f" and all {len(self.of_session)} of {self.session}"
        differing = self.differing
        if not differing:
            return f"Computed again: {what}; each is exactly what was said."
        named = ", ".join(f"{found.ticker} ({found.recorded_on})" for found in differing[:NAMED])
        more = ", …" if len(differing) > NAMED else ""
        verb = "differs" if len(differing) == 1 else "differ"
        return f"Computed again: {what}; {len(differing)} {verb} from what was said: {named}{more}."


def nightly(day: date) -> NightlyCheck:
    """Computes a sample of the current scores and one whole session of the record again.

    Which stocks and which session follows from the day: another one each night, and the same ones
    whenever the same night is asked for. Raises `InputError` where nothing has been scored yet.
    """
    section, scored_on = _current_section()
    recorded = scores.all_by_stock()
    draw = random.Random(day.toordinal())  # noqa: S311 - which stocks is no secret
    chosen = draw.sample(sorted(recorded), min(SAMPLE, len(recorded)))
    sample = list(_verified(section, scored_on, {key: recorded[key] for key in chosen}))
    days = cross_sections.published_sessions()
    if not days:
        return NightlyCheck(sample, None, ())
    session = days[day.toordinal() % len(days)]
    return NightlyCheck(sample, session, verify_all(session))


def _verified(
    section: Section, day: date, recorded: Mapping[int, Score | Snapshot]
) -> Iterator[Verification]:
    """What is recorded of some stocks of a cross-section, beside the same computed from the inputs
    that were known when it was made, with prices up to a day."""
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
    by_old_rule = section.receipt_rule == OLD_RULE
    receipts = computed.scoring.receipts if by_old_rule else computed.receipts
    for index, stock in enumerate(market.stocks):
        if stock.id in recorded:
            total = int(computed.scoring.total[index])
            yield Verification(
                ticker=stock.ticker,
                method=section.method,
                recorded_on=day,
                recorded_total=recorded[stock.id].total,
                recorded_receipt=recorded[stock.id].receipt,
                total=None if total == NOT_RATED else total,
                receipt=receipts[index],
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
    current = scores.current(stock.id)
    if current is None:
        raise InputError(f"{stock.ticker} has not been scored yet; run `flask score`.")
    return current, *_current_section()


def _current_section() -> tuple[Section, date]:
    """What the newest edition says, and the day of its newest price."""
    edition = editions.latest()
    section = cross_sections.of_edition(edition.id) if edition else None
    if edition is None or section is None:
        raise InputError("Nothing has been scored yet; run `flask score`.")
    return section, edition.summary.day
