"""`flask demo load --stocks N --years Y`: a market of that size with its record."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from stockscore.extensions import db
from stockscore.services import demo, verification
from stockscore.store import bars, cross_sections, editions, stocks
from stockscore.store.models import CrossSection, Snapshot, SnapshotDay

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def app(app_on, database_url):
    """An application on either kind of database, whose clock stands on a Saturday."""
    return app_on(database_url, CLOCK=lambda: NOW)


@pytest.mark.slow
def test_a_market_of_that_size_with_those_bars_and_that_record(app, runner) -> None:
    size = ["--stocks", "20", "--record-sessions", "20"]
    loaded = runner.invoke(args=["demo", "load", *size, "--years", "2"])
    assert loaded.exit_code == 0, loaded.output
    sentence, disk = loaded.output.splitlines()[-2:]
    assert re.fullmatch(
        r"\d\d simulated stocks, \d+ new bars, \d+ new snapshots; edition 1 is published\.",
        sentence,
    )
    assert re.fullmatch(r"The database takes [\d,]+ MB\.", disk)
    with app.app_context():
        assert 18 <= len(stocks.active()) <= 22
        first, last = zip(*bars.spans().values(), strict=True)
        assert date(2024, 11, 28) <= min(first) <= date(2024, 12, 3)
        assert max(last) == date(2026, 11, 27)
        for exchange in stocks.exchanges():
            days = list(db.session.scalars(select(SnapshotDay).filter_by(exchange=exchange)))
            assert len(days) == 20
            assert min(day.session for day in days) >= NOW.date() - timedelta(days=40)
        recorded = select(func.count()).select_from(CrossSection)
        recorded = recorded.filter_by(kind="snapshot", published=True)
        assert db.session.scalar(recorded) == db.session.scalar(
            select(func.count()).select_from(SnapshotDay)
        )
        snapshots = select(func.sum(SnapshotDay.stocks))
        assert db.session.scalar(snapshots) == db.session.scalar(
            select(func.count()).select_from(Snapshot)
        )
        for section in cross_sections.newest_on_or_before(date(2026, 11, 12)):
            ticker = stocks.by_ids(section.stock_ids)[section.stock_ids[0]].ticker
            assert verification.verify(ticker, section.session).agrees
        assert editions.latest().simulated

    again = runner.invoke(args=["demo", "load", *size, "--years", "3"])
    assert "; nothing has changed." in again.output
    assert ", 0 new snapshots;" in again.output
    with app.app_context():
        assert min(first for first, _ in bars.spans().values()) < date(2023, 12, 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "most"),
    [((), demo.PAST_SESSIONS), (("--years", "1"), None), (("--stocks", "9"), None)],
)
def test_without_a_word_the_record_is_of_half_a_year_and_of_another_size_of_a_year(
    runner, monkeypatch, options, most
) -> None:
    asked = {}

    def load(*_, **given) -> demo.Loaded:
        asked.update(given)
        return demo.Loaded(0, 0, 0, None, 0)

    monkeypatch.setattr(demo, "load", load)
    monkeypatch.setattr("stockscore.cli.demo.DemoProvider", lambda **_: None)
    assert runner.invoke(args=["demo", "load", *options]).exit_code == 0
    assert asked["past_sessions"] == most


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("--stocks", "3"), "14 to 12,014"), (("--years", "0"), "x>=1")],
)
def test_a_size_that_cannot_be_is_wrong_usage(runner, words, sentence) -> None:
    answer = runner.invoke(args=["demo", "load", *words])
    assert answer.exit_code == 2
    assert sentence in answer.output
