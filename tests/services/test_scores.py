"""Publishing editions: what is written, when nothing is, and that it can be proved afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select, update

from stockscore.extensions import db
from stockscore.scoring.method import FACTORS
from stockscore.scoring.methods import default_method
from stockscore.services import scores, snapshots, verification
from stockscore.services.errors import InputError, ServiceError
from stockscore.services.market_inputs import market_as_known
from stockscore.store import bars, cross_sections, derived, editions, stocks, stored_scores
from stockscore.store.models import (
    CrossSection,
    CrossSectionColumn,
    Edition,
    Score,
    Snapshot,
    SnapshotDay,
    StoredBar,
)
from stockscore.store.transactions import transaction
from tests.support import small_market as market
from tests.support.recorded import record_session
from tests.support.small_market import NOW

pytestmark = pytest.mark.usefixtures("app_context")


def all_scores() -> dict[str, Score]:
    ids = {stock.id: stock.ticker for stock in stocks.active()}
    return {ids[row.stock_id]: row for row in db.session.scalars(select(Score))}


def change_bars(stock_id: int, **values) -> None:
    """Changes all bars of a stock behind the back of what is derived from them, and derives it."""
    db.session.execute(update(StoredBar).where(StoredBar.stock_id == stock_id).values(values))
    derived.rebuild()


def test_an_edition_scores_every_active_stock() -> None:
    market.save()
    published = scores.publish(NOW)
    assert (published.stocks, published.rated) == (12, 12)
    edition = editions.latest()
    assert edition.id == published.edition
    assert edition.summary.day == date(2026, 11, 20)
    assert sum(edition.summary.histogram.counts) == 12
    assert sum(edition.summary.signals.values()) == 12
    assert [group.stocks for group in edition.summary.sectors] == [6, 6]
    assert sorted(row.rank for row in all_scores().values()) == list(range(1, 13))


def test_points_add_up_from_metrics_to_factors_to_the_total() -> None:
    market.save()
    scores.publish(NOW)
    rows = all_scores().values()
    section = cross_sections.of_edition(editions.latest().id)
    records = stored_scores.of(section, [row.stock_id for row in rows])
    for row in rows:
        metrics = records[row.stock_id].metrics
        for factor in FACTORS:
            parts = [
                result.points
                for result in metrics
                if result.metric.factor == factor and result.points is not None
            ]
            assert sum(parts) == getattr(row, factor)
        assert row.total == row.value + row.quality + row.momentum + row.health


def test_unchanged_inputs_publish_nothing() -> None:
    market.save()
    first = scores.publish(NOW)
    again = scores.publish(NOW + timedelta(hours=1))
    assert again.edition is None
    assert editions.latest().id == first.edition


def test_a_changed_price_publishes_the_next_edition() -> None:
    ids = market.save()
    first = scores.publish(NOW)
    with transaction():
        bar = market.price_bars(3, [day.session for day in market.trading_days()])[-1]
        bars.save(ids["T03"], [replace(bar, close=bar.close * 1.02)], "test")
    second = scores.publish(NOW)
    assert second.edition > first.edition
    assert all(row.edition_id == second.edition for row in all_scores().values())


def test_a_removed_stock_leaves_the_scores() -> None:
    ids = market.save()
    scores.publish(NOW)
    with transaction():
        stocks.remove([ids["T05"]], NOW)
    scores.publish(NOW)
    assert "T05" not in all_scores()
    assert db.session.scalar(select(func.count()).select_from(Score)) == 11


def test_without_stocks_the_sentence_says_what_to_do() -> None:
    with pytest.raises(ServiceError, match="flask universe add sp500"):
        scores.publish(NOW)


def test_a_scoring_that_breaks_off_leaves_the_edition_that_was_there() -> None:
    ids = market.save()
    first = scores.publish(NOW)
    before = {ticker: row.receipt for ticker, row in all_scores().items()}
    with transaction():
        change_bars(ids["T01"], volume=1)

    def cut(_connection, _cursor, statement, *_more):
        if statement.startswith("INSERT INTO scores"):
            raise KeyboardInterrupt

    event.listen(db.engine, "before_cursor_execute", cut)
    try:
        with pytest.raises(KeyboardInterrupt):
            scores.publish(NOW)
    finally:
        event.remove(db.engine, "before_cursor_execute", cut)
    assert editions.latest().id == first.edition
    assert {ticker: row.receipt for ticker, row in all_scores().items()} == before


def test_a_report_counts_from_the_moment_it_was_known() -> None:
    market.save()
    known_at = market.quarters(0)[0].known_at
    method = default_method()
    before = market_as_known(stocks.listed(), known_at - timedelta(seconds=1), method)
    after = market_as_known(stocks.listed(), known_at, method)
    # The newest quarter replaces the one of a year ago, which was smaller.
    assert (before.universe.inputs["revenue_ttm"] < after.universe.inputs["revenue_ttm"]).all()


def test_changes_are_over_calendar_days_against_the_last_snapshot_on_or_before() -> None:
    ids = market.save()
    first = ids["T00"]
    with transaction():
        for day, total in (((11, 19), 4000), ((11, 13), 4100), ((10, 19), 4200)):
            record_session(date(2026, *day), {first: total})
    scores.publish(NOW)
    row = db.session.get(Score, first)
    assert row.change_1 == row.total - 4000
    assert row.change_7 == row.total - 4100
    assert row.change_30 == row.total - 4200, "the snapshot of 19 October is the last before 21"
    assert row.change_90 is None
    assert db.session.get(Score, ids["T01"]).change_1 is None


def test_a_published_score_is_verified_byte_for_byte() -> None:
    market.save()
    scores.publish(NOW)
    found = verification.verify("t07")
    assert found.agrees
    assert found.total == found.recorded_total


def test_verifying_notices_inputs_that_were_revised() -> None:
    ids = market.save()
    scores.publish(NOW)
    with transaction():
        change_bars(ids["T07"], close=StoredBar.close * 1.5)
    assert not verification.verify("T07", None).agrees


def test_verifying_an_unknown_ticker_names_near_ones() -> None:
    market.save()
    with pytest.raises(InputError, match=r"Near: .*T00"):
        verification.verify("T0")


def test_a_snapshot_is_taken_once_and_dated_by_its_session() -> None:
    market.save()
    scores.publish(NOW)
    assert snapshots.take("XNYS", NOW).session == date(2026, 11, 20)
    assert snapshots.take("XNYS", NOW).stocks == 0
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 12
    assert verification.verify("T02", date(2026, 11, 20)).agrees


def test_a_session_whose_data_is_gone_is_a_recorded_gap() -> None:
    market.save()
    scores.publish(NOW)
    taken = snapshots.take("XNYS", NOW, date(2026, 11, 18))
    assert taken.gap == "the data at hand is of 2026-11-20, not of 2026-11-18"
    assert db.session.get(SnapshotDay, ("XNYS", date(2026, 11, 18))).state == "gap"
    assert db.session.scalar(select(func.count()).select_from(Snapshot)) == 0


@pytest.mark.parametrize(
    ("moment", "session", "sentence"),
    [
        (NOW, date(2026, 11, 21), "had no session on 2026-11-21"),
        (NOW - timedelta(hours=2), date(2026, 11, 20), "has not closed yet"),
    ],
)
def test_a_snapshot_of_no_closed_session_is_refused(moment, session, sentence) -> None:
    market.save()
    scores.publish(NOW)
    with pytest.raises(InputError, match=sentence):
        snapshots.take("XNYS", moment, session)


def test_a_snapshot_before_the_first_edition_is_refused() -> None:
    market.save()
    with pytest.raises(InputError, match="flask score"):
        snapshots.take("XNYS", NOW)


def test_edition_numbers_are_never_used_again() -> None:
    market.save()
    first = scores.publish(NOW)
    with transaction():
        for model in (Score, CrossSectionColumn, CrossSection, Edition):
            db.session.query(model).delete()
    assert scores.publish(NOW).edition > first.edition
