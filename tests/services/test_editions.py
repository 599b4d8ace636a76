"""What an edition writes: rows of scores, and the same by column; and what a snapshot copies."""

from __future__ import annotations

from array import array
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from stockscore.extensions import db
from stockscore.providers.base import Listing
from stockscore.scoring.method import FACTORS
from stockscore.scoring.methods import METHODS
from stockscore.scoring.stored_score import day_receipt
from stockscore.services import score_sections, scores, snapshots
from stockscore.store import (
    bars,
    cross_sections,
    editions,
    sessions,
    statements,
    stocks,
    stored_scores,
)
from stockscore.store import snapshots as stored_snapshots
from stockscore.store.cross_sections import Section
from stockscore.store.models import CrossSection, CrossSectionColumn, Score, Snapshot
from stockscore.store.transactions import transaction
from tests.support import small_market
from tests.support.recorded import record_session
from tests.support.small_market import NOW, TODAY

AS_IN_ROWS = (
    *("total", "uncertainty", "coverage", *FACTORS, "rank", "percentile"),
    *("sector_rank", "sector_percentile", "market_cap", "price_change"),
    *("change_1", "change_7", "change_30", "change_90", "previous_rank"),
)
"""Keys under which a column says what the column of that name says in the rows."""

LONDONER = "LON1"


@pytest.fixture
def app(app_on, database_url):
    """The small market, on both kinds of database, with a stock of another exchange, one that has
    nothing, and sessions that were recorded."""
    made = app_on(database_url)
    with made.app_context():
        ids = small_market.save()
        days = small_market.trading_days()
        with transaction():
            sessions.save([replace(day, exchange="XLON") for day in days])
            listings = [
                Listing(LONDONER, "Londoner", "XLON", "USD", "Technology", "Software"),
                Listing("NONE", "Nothing", "XNYS", "USD"),
            ]
            stocks.save_listings(listings, "test", NOW - timedelta(days=900))
            londoner = stocks.find(LONDONER).id
            rows = small_market.price_bars(4, [day.session for day in days])
            bars.save(londoner, rows, "test")
            statements.save(londoner, small_market.quarters(4))
            for back, total in ((1, 4000), (7, 4100), (30, 4200)):
                record_session(
                    TODAY - timedelta(days=back),
                    dict.fromkeys(ids.values(), total),
                    signals=dict.fromkeys(ids.values(), "BUY"),
                )
        yield made


def published() -> Section:
    """A new edition, by column."""
    return cross_sections.of_edition(scores.publish(NOW).edition)


def change_a_price(ticker: str, times: float) -> None:
    with transaction():
        stock_id = stocks.find(ticker).id
        last = bars.last_bar(stock_id)
        bar = small_market.price_bars(4, [last.session])[0]
        bars.save(stock_id, [replace(bar, close=last.close * times)], "test")


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_columns_say_what_the_rows_of_the_scores_say(app) -> None:
    section = published()
    signals, kinds, sectors = (section.words(key) for key in ("signal", "kind", "sector"))
    exchanges = section.words("exchange")
    rows = {row.stock_id: row for row in db.session.scalars(select(Score))}
    assert list(section.stock_ids) == sorted(rows)
    for index, stock_id in enumerate(section.stock_ids):
        row = rows[stock_id]
        values = section.values_of(index, AS_IN_ROWS)
        assert values == {name: getattr(row, name) for name in AS_IN_ROWS}, stock_id
        assert (signals[index], kinds[index], sectors[index]) == (row.signal, row.kind, row.sector)
        assert exchanges[index] == stocks.by_ids([stock_id])[stock_id].exchange
        context = section.values_of(index, ("quoted_price", "price_session", "statements_end"))
        assert context == {
            "quoted_price": row.price,
            "price_session": row.price_session and row.price_session.toordinal(),
            "statements_end": row.statements_end and row.statements_end.toordinal(),
        }
    assert section.day_receipt == day_receipt(
        {stock.ticker: rows[stock.id].receipt for stock in stocks.active()}
    )


def test_columns_hold_the_order_of_tickers_and_of_names(app) -> None:
    section = published()
    followed = stocks.by_ids(section.stock_ids)
    for key, name in (("ticker_order", "ticker"), ("name_order", "name")):
        places = section.column(key)
        order = sorted(range(len(section)), key=places.__getitem__)
        named = [getattr(followed[section.stock_ids[index]], name) for index in order]
        assert named == sorted(named)


def test_where_nothing_changed_nothing_is_written(app) -> None:
    published()
    before = [count(model) for model in (CrossSection, CrossSectionColumn, Score)]
    written = []

    def watch(_connection, _cursor, statement, *_more):
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA")):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", watch)
    try:
        assert scores.publish(NOW + timedelta(minutes=5)).edition is None
    finally:
        event.remove(db.engine, "before_cursor_execute", watch)
    assert written == []
    assert [count(model) for model in (CrossSection, CrossSectionColumn, Score)] == before


def test_the_columns_of_the_edition_before_stay_and_older_ones_go(app) -> None:
    numbers = [published().edition_id]
    for times in (1.01, 1.02):
        change_a_price("T04", times)
        numbers.append(published().edition_id)
    kept = [cross_sections.of_edition(number) is not None for number in numbers]
    assert kept == [False, True, True]
    assert editions.latest().id == numbers[-1]
    of_editions = select(func.count()).select_from(CrossSection).filter_by(kind="edition")
    assert db.session.scalar(of_editions.filter_by(published=True)) == 2


def test_a_snapshot_copies_what_the_edition_says_of_its_exchange(app) -> None:
    edition = published()
    taken = {mic: snapshots.take(mic, NOW).stocks for mic in ("XLON", "XNYS")}
    assert taken == {"XLON": 1, "XNYS": 13}
    for exchange in taken:
        section = cross_sections.of_session(exchange, TODAY)
        found = section.all_columns()
        assert not found.keys() & set(score_sections.EDITION_ONLY)
        indices = [edition.index_of(stock_id) for stock_id in section.stock_ids]
        for key, column in found.items():
            all_of_it = edition.column(key)
            own = array(column.typecode, (all_of_it[index] for index in indices))
            assert column.tobytes() == own.tobytes(), key
        tickers, made = stored_snapshots.tickers_and_receipts(exchange, TODAY)
        receipts = {tickers[stock_id]: receipt for stock_id, receipt in made.items()}
        assert section.day_receipt == day_receipt(receipts)
        assert (section.known_at, section.receipt_rule) == (NOW, "1")


def test_a_snapshot_keeps_enough_to_say_every_metric(app) -> None:
    edition = published()
    snapshots.take("XNYS", NOW)
    section = cross_sections.of_session("XNYS", TODAY)
    ids = section.stock_ids
    assert stored_scores.of(section, ids) == stored_scores.of(edition, ids)


def test_a_shadow_is_recorded_beside_each_edition_and_each_snapshot(app) -> None:
    app.config.update(METHOD="1.0", METHOD_SHADOW="1.1")
    edition = published()
    snapshots.take("XNYS", NOW)
    assert (edition.method, edition.published) == ("1.0", True)
    for shadow, stocks_of_it in (
        (cross_sections.of_edition(edition.edition_id, "1.1"), 14),
        (cross_sections.of_session("XNYS", TODAY, "1.1"), 13),
    ):
        assert (shadow.method, shadow.published, len(shadow)) == ("1.1", False, stocks_of_it)
        metrics = {key.removesuffix(".points") for key in shadow.all_columns() if "points" in key}
        assert metrics == METHODS["1.1"].by_key.keys()
        assert len(shadow.day_receipt) == 64
    assert cross_sections.of_session("XNYS", TODAY).method == "1.0"
    assert all(row.method == "1.0" for row in db.session.scalars(select(Score)))
    assert all(row.method == "1.0" for row in db.session.scalars(select(Snapshot)))
