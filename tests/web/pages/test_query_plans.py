"""What pages ask of the database: few statements, and none that reads all of a large table.

Counted is what a page asks for when its process has seen the edition before: the columns of an
edition are read once and kept. The cache is off, so that its own look at the edition is not among
the statements, and the start of a transaction is none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from stockscore.extensions import db
from tests.support import small_market
from tests.support.pages import PUBLIC
from tests.support.published_market import fill

DATA = (
    *("/.json", "/stocks.json?sort=name&dir=desc", "/stocks.json?q=company", "/stocks.csv"),
    *("/leaderboard.json?by=signal", "/leaderboard.csv", "/movers.json", "/movers.csv?days=7"),
    *("/screener.csv?roe_min=0.06", "/top-picks.csv", "/compare.json?t=T01&t=T11"),
    *("/stocks/T05.json", "/stocks/T05.csv", "/status.json"),
    *("/receipts.json", "/receipts.json?date=2026-11-19", "/stocks/T05/inputs.json"),
    *("/screener.json?as_of=2026-11-19&strategy=value-gems", "/top-picks.csv?as_of=2026-11-19"),
    *("/signals.atom", "/sitemap.xml", "/search.json?q=t0"),
)

ADDRESSES = (*PUBLIC, *DATA)

MOST = 6
"""Statements of a page, with the two of the strip of markets."""

MOST_OF_A_STOCK = 9
"""The page of a stock has its prices, reports, history, fetches, quarantined values and peers. Why
its score moved over the record is kept with its history."""

MOST_OF_A_MOVE = MOST_OF_A_STOCK + 3
"""A large step from the last snapshot to the edition is explained from the cross-section of that
snapshot and what was reported since."""

MOST_OF_STATUS = MOST + 2
"""It has the receipts of recorded days too, and what came of computing some of them again."""

MOST_OF_A_PAST_DAY = 9
"""A past day is found first (the days of the record, the last of each exchange, the cross-sections
of its exchanges); what became of its stocks takes two more."""

LARGE = ("bars", "snapshots")

Statement = tuple[str, Any]


@pytest.fixture
def app(app_on, database_url):
    """The published market without a cache, on either database."""
    app = app_on(database_url, CLOCK=lambda: small_market.NOW, CACHE_ENABLED=False)
    with app.app_context():
        fill()
        db.session.remove()
    return app


@contextmanager
def listening(app) -> Iterator[list[Statement]]:
    """The statements that are executed meanwhile, with their parameters."""
    heard: list[Statement] = []

    def hear(_connection, _cursor, statement, parameters, *_rest):
        if not statement.startswith("BEGIN"):
            heard.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield heard
    event.remove(engine, "before_cursor_execute", hear)


def asked(app, address: str) -> list[Statement]:
    """What a page asks of the database when it is read for the second time."""
    browser = app.test_client()
    browser.get(address)
    with listening(app) as heard:
        assert browser.get(address).status_code < 500
    return heard


def most(address: str) -> int:
    if address.startswith("/status"):
        return MOST_OF_STATUS
    if "as_of=" in address:
        return MOST_OF_A_PAST_DAY
    if not re.match(r"/stocks/[^?]+", address) or ".csv" in address:
        return MOST
    return MOST_OF_A_MOVE if "T06" in address else MOST_OF_A_STOCK


def whole_reads(app, statement: Statement) -> list[str]:
    """The large tables that a statement reads from end to end, as the database plans it."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            return _whole_reads_on_sqlite(*statement)
        return _whole_reads_on_postgresql(*statement)


def _whole_reads_on_sqlite(text: str, parameters: Any) -> list[str]:
    with db.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
        steps = [row[-1] for row in plan]
    return [name for name in LARGE for step in steps if re.search(rf"\bSCAN {name}\b", step)]


def _whole_reads_on_postgresql(text: str, parameters: Any) -> list[str]:
    with db.engine.connect() as connection:
        # The tables of a test are so small that reading all of them would be best.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {text}", parameters).scalar_one()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return [
        node["Relation Name"]
        for node in _nodes(plan[0]["Plan"])
        if node.get("Relation Name") in LARGE and not _is_narrow(node)
    ]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def _is_narrow(node: dict[str, Any]) -> bool:
    """Whether a node finds rows by an index, and not by going through all of it."""
    return node["Node Type"] == "Bitmap Heap Scan" or "Index Cond" in node


def test_no_page_asks_much_or_reads_all_of_a_large_table(app):
    too_many, whole = {}, {}
    for address in ADDRESSES:
        statements = asked(app, address)
        if len(statements) > most(address):
            too_many[address] = [text for text, _ in statements]
        read = [name for statement in statements for name in whole_reads(app, statement)]
        if read:
            whole[address] = read
    assert too_many == {}
    assert whole == {}


def test_a_whole_read_is_noticed(app):
    every_bar = "SELECT close FROM bars WHERE close > 1", ()
    assert whole_reads(app, every_bar) == ["bars"]
    every_snapshot = "SELECT total FROM snapshots WHERE total > 1", ()
    assert whole_reads(app, every_snapshot) == ["snapshots"]
