"""Why the larger steps of scores happened is kept, and is what the record itself says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from stockscore.extensions import db
from stockscore.providers.demo import DemoProvider
from stockscore.services import demo, kept_steps, market_columns, score_moves, score_steps
from stockscore.store import splits, statements, stored_scores
from stockscore.store.models import ScoreStep, Stock
from stockscore.store.pages import editions, lists
from stockscore.store.pages import stock as pages
from stockscore.store.transactions import transaction

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def provider():
    """A small simulated market, which is made once."""
    return DemoProvider(stocks=25)


@pytest.fixture
def app(app_on, database_url, provider):
    made = app_on(database_url, CLOCK=lambda: NOW)
    with made.app_context():
        demo.load(provider, NOW, lambda *_: None, past_sessions=12)
        yield made


def kept() -> list[tuple]:
    db.session.rollback()
    names = [column.name for column in ScoreStep.__table__.columns]
    query = select(*(getattr(ScoreStep, name) for name in names))
    return sorted(tuple(row) for row in db.session.execute(query))


def told(whys) -> dict:
    return {
        day: (dict(why.attribution.parts), why.attribution.change, why.sentence, why.short)
        for day, why in whys.items()
    }


def test_what_is_kept_is_what_the_record_says(app):
    edition = editions.current()
    section = market_columns.of_edition(edition).section
    ids = list(db.session.scalars(select(Stock.id)))
    compared = 0
    for line in lists.lines_of(ids):
        history = pages.history(line.id, (NOW - score_moves.SPAN).date())
        points = score_moves.score_points(history, line, edition.summary.day)
        larger = [
            step for step in score_moves.largest_steps(points) if not any(p.current for p in step)
        ]
        record = stored_scores.of(section, [line.id]).get(line.id)
        known = statements.known(line.id, edition.known_at)
        asked = line, record, edition, larger, splits.of(line.id), known
        found = score_steps.whys(history, *asked)
        own = {step.session for score in history if (step := score.step)}
        assert {after.day for _, after in larger} <= own
        assert told(found) == told(score_moves.between(*asked))
        compared += len(larger)
    assert compared > 20

    before = kept()
    with transaction():
        assert kept_steps.keep_all() == 0
    with transaction():
        assert kept_steps.rebuild() == len(before)
    assert kept() == before
