"""What release 0.1 recorded becomes columns without losing a bit of it: every receipt is made again
from them by its rule."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from stockscore.extensions import db
from stockscore.scoring import engine, record_0_1
from stockscore.scoring.methods import METHODS
from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.stored_score import day_receipt
from stockscore.scoring.universe import Universe
from stockscore.store import cross_sections, stocks, stored_scores
from stockscore.store.models import Score, Snapshot
from stockscore.store.summary import EditionSummary
from stockscore.store.transactions import transaction
from tests.support import release_0_1
from tests.support.companies import (
    ALPHA,
    BETA,
    FINANCIAL,
    GAMMA,
    GENERAL,
    REAL_ESTATE,
    UTILITY,
    stock,
)

pytestmark = pytest.mark.usefixtures("database")

NEW_YORK = ("AAA", "BBB", "CCC", "DDD", "EEE")
LONDON = ("FFF", "GGG", "HHH")
SESSIONS = (date(2026, 11, 19), date(2026, 11, 20))
KNOWN_AT = datetime(2026, 11, 20, 22, tzinfo=UTC)

RISING = [50 + index / 7 for index in range(260)]


def scoring(step: int) -> engine.Scoring:
    """The scores of a market of all kinds, of which one stock has nothing and one no sector; other
    ones at each step."""
    closes = [close + step for close in RISING]
    known = [
        stock("AAA", ALPHA, GENERAL, closes=closes),
        stock("BBB", BETA, GENERAL, closes=closes[::-1]),
        stock("CCC", GAMMA, UTILITY, closes=closes[:40]),
        stock("DDD", {}, (None, None)),
        stock("EEE", ALPHA, (None, None), closes=closes),
        stock("FFF", BETA, FINANCIAL, closes=closes),
        stock("GGG", ALPHA | {"price": 90.0 + step}, REAL_ESTATE),
        stock("HHH", {"price": 3.0, "eps_ttm": 0.1 + step}, GENERAL, closes=closes[:3]),
    ]
    return engine.score(Universe.of(known), METHODS["1.0"])


@pytest.fixture
def ids(add) -> dict[str, int]:
    """The ids of the stocks, in another order than that of the tickers."""
    add(*reversed(LONDON), exchange="XLON")
    add(*NEW_YORK)
    return stocks.ids((*NEW_YORK, *LONDON))


@pytest.fixture
def recorded(ids) -> list[dict]:
    """What 0.1 recorded at each session, by ticker: London had none at the first."""
    database = release_0_1.Database()
    both = [release_0_1.rows_of(scoring(step)) for step in range(len(SESSIONS))]
    first = {ticker: row for ticker, row in both[0].items() if ticker in NEW_YORK}
    database.add_snapshots(first, ids, SESSIONS[0], KNOWN_AT.replace(day=19))
    database.add_snapshots(both[1], ids, SESSIONS[1], KNOWN_AT)
    edition = {
        "id": 7,
        "published_at": KNOWN_AT,
        "known_at": KNOWN_AT,
        "method": "1.0",
        "fingerprint": "f" * 64,
        "simulated": False,
        "stocks": len(ids),
        "rated": 5,
        "summary": EditionSummary(SESSIONS[1]).to_json(),
    }
    changes = {"change_1": 12, "change_90": None, "previous_signal": "HOLD", "previous_rank": 3}
    scores = [
        {"stock_id": ids[ticker], "edition_id": 7, "price_session": SESSIONS[1], **row, **changes}
        for ticker, row in both[1].items()
    ]
    database.execute(
        insert(database.tables["editions"]).values(edition),
        insert(database.tables["scores"]).values(scores),
    )
    database.upgrade()
    return [first, both[1]]


def sections() -> list[cross_sections.Section]:
    recorded = zip(("XNYS", "XNYS", "XLON"), (*SESSIONS, SESSIONS[1]), strict=True)
    found = [cross_sections.of_session(exchange, session) for exchange, session in recorded]
    return [*found, cross_sections.of_edition(7)]


def test_every_receipt_follows_from_the_columns_by_the_rule_of_0_1(recorded, ids):
    tickers = {stock_id: ticker for ticker, stock_id in ids.items()}
    verified = 0
    for section in sections():
        columns = section.all_columns()
        said = recorded[0] if section.session == SESSIONS[0] else recorded[1]
        receipts = {}
        for index, stock_id in enumerate(section.stock_ids):
            ticker = tickers[stock_id]
            assert record_0_1.packed(columns, index) == said[ticker]["record"]
            receipts[ticker] = record_0_1.receipt_of(columns, index, ticker)
            assert receipts[ticker] == said[ticker]["receipt"]
        assert (section.receipt_rule, section.published) == ("0.1", True)
        assert section.day_receipt == day_receipt(receipts)
        verified += len(receipts)
    assert verified == 5 + 5 + 3 + 8


def test_rows_keep_what_they_said(recorded, ids):
    for session, said in zip(SESSIONS, recorded, strict=True):
        for ticker, row in said.items():
            snapshot = db.session.get(Snapshot, (ids[ticker], session))
            for name in ("total", "value", "signal", "rank", "price", "method", "receipt"):
                assert getattr(snapshot, name) == row[name], (ticker, name)
    current = db.session.get(Score, ids["AAA"])
    assert (current.receipt, current.change_1) == (recorded[1]["AAA"]["receipt"], 12)


def test_columns_say_what_the_rows_and_records_said(recorded, ids):
    for section in sections():
        said = recorded[0] if section.session == SESSIONS[0] else recorded[1]
        stored = stored_scores.of(section, section.stock_ids)
        signals, kinds, sectors = (section.words(key) for key in ("signal", "kind", "sector"))
        for ticker, stock_id in ids.items():
            index = section.index_of(stock_id)
            if index is None:
                continue
            row = said[ticker]
            names = ("total", "uncertainty", "coverage", "rank", "percentile", "sector_rank")
            assert section.values_of(index, names) == {name: row[name] for name in names}
            assert (signals[index], kinds[index], sectors[index]) == (
                row["signal"],
                row["kind"],
                row["sector"],
            )
            before = record_0_1.unpack(row["record"])
            assert stored[stock_id].metrics == before.metrics
            known = {name: value for name, value in before.inputs.items() if value is not None}
            assert known.items() <= stored[stock_id].inputs.items()


def test_the_newest_edition_has_what_orders_its_lists(recorded, ids):
    edition = cross_sections.of_edition(7)
    assert (edition.known_at, edition.method, len(edition)) == (KNOWN_AT, "1.0", len(ids))
    for key in ("ticker_order", "name_order"):
        assert sorted(edition.column(key)) == list(range(len(ids)))
    place = edition.column("ticker_order")
    assert sorted(ids) == sorted(ids, key=lambda ticker: place[edition.index_of(ids[ticker])])
    index = edition.index_of(ids["GGG"])
    assert edition.words("exchange")[index] == "XLON"
    wanted = ("change_1", "change_90", "previous_rank", "previous_signal", "price_session")
    assert edition.values_of(index, wanted) == {
        "change_1": 12.0,
        "change_90": None,
        "previous_rank": 3,
        "previous_signal": SIGNALS.index("HOLD"),
        "price_session": SESSIONS[1].toordinal(),
    }


def test_a_session_of_now_is_written_beside_them(recorded, ids):
    before = cross_sections.of_session("XNYS", SESSIONS[1])
    with transaction():
        number = cross_sections.write(
            before.stock_ids,
            before.columns(["total", "rank"]),
            kind=cross_sections.SNAPSHOT,
            method="1.0",
            known_at=KNOWN_AT,
            labels=before.labels,
            receipt_rule="1",
            day_receipt="e" * 64,
            exchange="XNYS",
            session=date(2026, 11, 23),
        )
    section = cross_sections.read(number)
    assert section.base_id == before.id
    assert section.column("total") == before.column("total")


def test_without_anything_recorded_there_is_nothing_to_move(ids):
    release_0_1.Database().upgrade()
    assert cross_sections.newest_on_or_before(date(2030, 1, 1)) == []
