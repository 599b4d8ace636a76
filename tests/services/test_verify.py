"""Whether a score is what was said, by the rule of the release that said it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from stockscore.extensions import db
from stockscore.scoring import record_0_1
from stockscore.scoring.methods import METHODS
from stockscore.scoring.stored_score import day_receipt, receipt, score_keys, values_of
from stockscore.services import scores, snapshots
from stockscore.services.earlier import earlier_scores
from stockscore.services.market_inputs import market_as_known
from stockscore.store import cross_sections, editions, stocks
from stockscore.store.models import (
    CrossSection,
    CrossSectionColumn,
    Snapshot,
    SnapshotDay,
    StoredStatement,
)
from stockscore.store.transactions import transaction
from tests.support import release_0_1, small_market
from tests.support.small_market import NOW, TODAY

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def ids(app_context) -> dict[str, int]:
    """The small market with an edition and the snapshot of it."""
    found = small_market.save()
    scores.publish(NOW)
    snapshots.take("XNYS", NOW)
    return found


@pytest.fixture
def as_of_0_1(ids) -> dict[str, dict]:
    """The same as release 0.1 would have left it, migrated to now; what 0.1 said by ticker."""
    market = market_as_known(stocks.listed(NOW), NOW, METHODS["1.0"], TODAY)
    before = earlier_scores([stock.id for stock in market.stocks], TODAY - timedelta(days=1))
    said = release_0_1.rows_of(scores.score_market(market, before).scoring)
    database = release_0_1.Database()
    database.change_snapshots(said, ids, TODAY, NOW)
    database.change_scores(said, ids)
    database.upgrade()
    return said


@pytest.mark.parametrize("session", [None, TODAY])
def test_every_score_is_what_was_said_and_its_receipt_is_of_its_columns(ids, session) -> None:
    if session is None:
        section = cross_sections.of_edition(editions.latest().id)
    else:
        section = cross_sections.of_session("XNYS", session)
    assert section.receipt_rule == "1"
    receipts = {}
    for ticker in ids:
        found = scores.verify(ticker, session)
        assert found.agrees
        assert (found.total, found.method) == (found.recorded_total, "1.0")
        receipts[ticker] = found.receipt
    assert section.day_receipt == day_receipt(receipts)


def test_anybody_can_make_a_receipt_from_the_keys_and_values(ids) -> None:
    section = cross_sections.of_edition(editions.latest().id)
    columns = section.columns(score_keys(METHODS["1.0"]))
    for ticker, stock_id in ids.items():
        values = values_of(columns, section.index_of(stock_id))
        assert receipt("1.0", ticker, values) == scores.verify(ticker).recorded_receipt


@pytest.mark.parametrize("session", [None, TODAY])
def test_what_0_1_said_is_verified_by_its_own_rule(as_of_0_1, session) -> None:
    for ticker, row in as_of_0_1.items():
        found = scores.verify(ticker, session)
        assert found.agrees, ticker
        assert (found.receipt, found.total) == (row["receipt"], row["total"])


def test_a_snapshot_of_an_edition_of_0_1_keeps_its_rule(as_of_0_1, ids) -> None:
    kept = cross_sections.of_session("XNYS", TODAY)
    with transaction():
        # The update came between the edition and the snapshot of its session.
        for statement in (
            delete(Snapshot),
            delete(SnapshotDay),
            delete(CrossSectionColumn).where(CrossSectionColumn.cross_section_id == kept.id),
            delete(CrossSection).where(CrossSection.id == kept.id),
        ):
            db.session.execute(statement)
    assert snapshots.take("XNYS", NOW).stocks == len(ids)
    section = cross_sections.of_session("XNYS", TODAY)
    assert section.receipt_rule == "0.1"
    columns = section.all_columns()
    for ticker, row in as_of_0_1.items():
        index = section.index_of(ids[ticker])
        assert record_0_1.receipt_of(columns, index, ticker) == row["receipt"]
        assert scores.verify(ticker, TODAY).agrees


@pytest.mark.parametrize("made_by", ["now", "0.1"])
def test_a_report_that_is_changed_afterwards_is_noticed(request, ids, made_by) -> None:
    if made_by == "0.1":
        request.getfixturevalue("as_of_0_1")
    with transaction():
        figures = small_market.quarters(3)[0].figures
        db.session.execute(
            update(StoredStatement)
            .where(StoredStatement.stock_id == ids["T03"])
            .where(StoredStatement.period_end == date(2026, 9, 30))
            .values(figures={**figures, "revenue": 1.01 * figures["revenue"]})
        )
    assert not scores.verify("T03", TODAY).agrees
