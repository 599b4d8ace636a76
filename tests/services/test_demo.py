"""Loading the simulated market: the record of the past is computed, never drawn.

A few dozen of its companies and a dozen sessions stand for all: `make run` loads the whole in the
tests of the README.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from stockscore.extensions import db
from stockscore.providers.demo import DemoProvider
from stockscore.services import demo, verification
from stockscore.services.errors import InputError
from stockscore.store import cross_sections, editions, stocks
from stockscore.store.models import (
    CrossSection,
    CrossSectionColumn,
    Edition,
    Score,
    Snapshot,
    SnapshotDay,
    Stock,
)
from tests.support import small_market

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("app_context")]

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
"""The Saturday after Thanksgiving: London traded on the holiday, New York did not."""

THANKSGIVING = date(2026, 11, 26)
SESSIONS = 8
KEPT_EACH = 13
"""One company in so many is loaded."""


class Part(DemoProvider):
    """Every thirteenth company of the simulated market, and all that were delisted lately; what it
    answered once is kept, because making the market is most of the work."""

    def __init__(self):
        super().__init__()
        self._answers = {}

    def market(self, now, since=None):
        if (now, since) not in self._answers:
            self._answers[now, since] = [
                one
                for place, one in enumerate(super().market(now, since))
                if place % KEPT_EACH == 0 or one[0].delisted_on
            ]
        return iter(self._answers[now, since])

    def universe(self, index, now):
        return [
            listing
            for place, listing in enumerate(super().universe(index, now))
            if place % KEPT_EACH == 0 or listing.delisted_on
        ]


@pytest.fixture(scope="module")
def provider() -> Part:
    return Part()


def load(provider: Part, now: datetime = NOW) -> demo.Loaded:
    return demo.load(provider, now, lambda *_: None, past_sessions=SESSIONS)


def receipts() -> dict[tuple[str, date], str]:
    rows = db.session.execute(
        select(Stock.ticker, Snapshot.session, Snapshot.receipt).join(
            Stock, Stock.id == Snapshot.stock_id
        )
    )
    return {(ticker, session): receipt for ticker, session, receipt in rows}


def test_a_load_fills_the_market_and_its_past(provider) -> None:
    loaded = load(provider)
    assert loaded.edition == editions.latest().id
    assert editions.latest().simulated
    sessions = {session for _, session in receipts()}
    assert len(sessions) == SESSIONS + 1, "London's session of Thanksgiving is one of its own"


def test_each_past_snapshot_is_what_the_engine_says_of_what_was_known_then(provider) -> None:
    load(provider)
    said = sorted(receipts())
    for ticker, session in said[:: len(said) // 6]:
        found = verification.verify(ticker, session)
        assert found.agrees, (ticker, session)


def recorded() -> dict[tuple[str, date, int], dict[str, float | None]]:
    """All that is recorded, by exchange, session and stock, without the signals: near a threshold
    one keeps to that of the session before, of which the first session of a load has none."""
    query = select(CrossSection.exchange, CrossSection.session).where(
        CrossSection.kind == cross_sections.SNAPSHOT
    )
    found = {}
    for exchange, session in db.session.execute(query):
        section = cross_sections.of_session(exchange, session)
        keys = section.all_columns().keys() - {"signal"}
        for index, stock_id in enumerate(section.stock_ids):
            found[exchange, session, stock_id] = section.values_of(index, keys)
    return found


def test_the_past_does_not_depend_on_when_it_is_loaded(provider) -> None:
    load(provider, NOW - timedelta(days=4))
    before = recorded()
    for model in (Snapshot, SnapshotDay, CrossSectionColumn, CrossSection, Score, Edition):
        db.session.execute(delete(model))
    db.session.commit()
    load(provider)
    after = recorded()
    common = before.keys() & after.keys()
    assert len(common) > 100
    assert all(before[key] == after[key] for key in common)


def test_a_session_counts_only_where_its_exchange_had_one(provider) -> None:
    load(provider)
    exchanges = set(
        db.session.scalars(
            select(Stock.exchange)
            .join(Snapshot, Snapshot.stock_id == Stock.id)
            .where(Snapshot.session == THANKSGIVING)
        )
    )
    assert exchanges == {"XLON"}


def test_a_second_load_adds_nothing(provider) -> None:
    load(provider)
    before = receipts()
    again = load(provider)
    assert (again.bars, again.snapshots, again.edition) == (0, 0, None)
    assert receipts() == before


def test_a_later_load_appends_the_sessions_since(provider) -> None:
    load(provider, NOW - timedelta(days=4))
    before = receipts()
    later = load(provider)
    assert later.bars > 0
    assert later.snapshots > 0
    assert before.items() <= receipts().items()


def test_a_load_that_broke_off_is_completed_by_the_next(provider) -> None:
    def cut(_done, _total, label):
        if label == THANKSGIVING.isoformat():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.load(provider, NOW, cut, past_sessions=SESSIONS)
    assert editions.latest() is None
    assert receipts() == {}, "these few sessions are one transaction"
    assert load(provider).edition is not None
    assert len({session for _, session in receipts()}) == SESSIONS + 1


def test_a_delisted_stock_is_not_scored_and_keeps_its_past(provider) -> None:
    load(provider)
    gone = [stock for stock in db.session.scalars(select(Stock)) if stock.delisted_on]
    assert gone
    assert not {stock.ticker for stock in gone} & {stock.ticker for stock in stocks.active()}
    assert all(stock.removed_at is not None for stock in gone)


def test_it_never_mixes_with_a_real_market(provider) -> None:
    small_market.save()
    with pytest.raises(InputError, match="holds 12 stocks of a real market"):
        load(provider)
