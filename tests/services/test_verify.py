"""Whether a score is what was said, by the rule of the release that said it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import delete, update

from stockscore.extensions import db
from stockscore.scoring import record_0_1
from stockscore.scoring.methods import METHODS
from stockscore.scoring.stored_score import day_receipt, receipt, score_keys, values_of
from stockscore.services import scores, snapshots, verification
from stockscore.services.earlier import earlier_scores
from stockscore.services.errors import InputError
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
    """The small market with an edition and the snapshot of it, by the method of 0.1."""
    current_app.config["METHOD"] = "1.0"
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
        found = verification.verify(ticker, session)
        assert found.agrees
        assert (found.total, found.method) == (found.recorded_total, "1.0")
        receipts[ticker] = found.receipt
    assert section.day_receipt == day_receipt(receipts)


def test_anybody_can_make_a_receipt_from_the_keys_and_values(ids) -> None:
    section = cross_sections.of_edition(editions.latest().id)
    columns = section.columns(score_keys(METHODS["1.0"]))
    for ticker, stock_id in ids.items():
        values = values_of(columns, section.index_of(stock_id))
        assert receipt("1.0", ticker, values) == verification.verify(ticker).recorded_receipt


@pytest.mark.parametrize("session", [None, TODAY])
def test_what_0_1_said_is_verified_by_its_own_rule(as_of_0_1, session) -> None:
    for ticker, row in as_of_0_1.items():
        found = verification.verify(ticker, session)
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
        assert verification.verify(ticker, TODAY).agrees


def test_a_whole_day_is_verified_at_once(ids) -> None:
    for session in (None, TODAY):
        found = verification.verify_all(session)
        assert {score.ticker for score in found} == ids.keys()
        assert all(score.agrees and score.recorded_on == TODAY for score in found)
        assert found[0] == verification.verify(found[0].ticker, session)


def test_a_night_computes_a_sample_and_a_whole_session_again(ids, runner) -> None:
    found = verification.nightly(TODAY)
    assert (len(found.sample), len(found.of_session), found.session) == (10, len(ids), TODAY)
    assert found.differing == []
    said = f"Computed again: 10 of the current scores and all 12 of {TODAY}; each is exactly what "
    assert found.sentence == f"{said}was said."
    done = runner.invoke(args=["score", "verify", "--nightly"])
    assert (done.exit_code, done.output) == (0, f"{found.sentence}\n")
    for words in (("--nightly", "T03"), ("--nightly", "--date", TODAY.isoformat())):
        assert runner.invoke(args=["score", "verify", *words]).exit_code == 2


def test_a_day_without_a_snapshot_cannot_be_verified(ids) -> None:
    with pytest.raises(InputError, match="There is no snapshot for 2020-01-03"):
        verification.verify_all(date(2020, 1, 3))


def test_the_command_names_what_differs(ids, runner) -> None:
    agreed = runner.invoke(args=["score", "verify", "--all"])
    assert (agreed.exit_code, agreed.output) == (
        0,
        f"All {len(ids)} scores are exactly what was said for {TODAY}.\n",
    )
    with transaction():
        db.session.execute(update(Snapshot).filter_by(stock_id=ids["T03"]).values(receipt="0" * 12))
    day = TODAY.isoformat()
    differs = runner.invoke(args=["score", "verify", "--all", "--date", day])
    assert differs.exit_code == 1
    assert "T03 differs: said " in differs.output
    assert f"1 of {len(ids)} scores differ from what was said for {day}" in differs.output
    for words in ((), ("T03", "--all")):
        assert runner.invoke(args=["score", "verify", *words]).exit_code == 2


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
    assert not verification.verify("T03", TODAY).agrees
