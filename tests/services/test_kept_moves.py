"""Why the scores of an edition moved is kept, and is what the records themselves say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from stockscore.extensions import db
from stockscore.providers.demo import DemoProvider
from stockscore.scoring.method import CHANGE_DAYS
from stockscore.services import (
    demo,
    kept_moves,
    market_columns,
    move_reasons,
    movers,
    score_moves,
    scores,
)
from stockscore.store import cross_sections
from stockscore.store.models import CrossSection, CrossSectionColumn, Stock
from stockscore.store.pages import editions, lists

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def provider():
    """A small simulated market, which is made once."""
    return DemoProvider(stocks=25)


@pytest.fixture
def app(app_on, database_url, provider):
    made = app_on(database_url, CLOCK=lambda: NOW)
    with made.app_context():
        demo.load(provider, NOW, lambda *_: None, past_sessions=30)
        yield made


def told(whys) -> dict:
    return {
        stock_id: (dict(why.attribution.parts), why.attribution.change, why.sentence)
        for stock_id, why in whys.items()
    }


def sections_before(edition, days: int, lines) -> dict:
    """The cross-section that each stock is compared with."""
    day = edition.summary.day - timedelta(days=days)
    found = {}
    for section in sorted(cross_sections.newest_on_or_before(day), key=lambda s: s.session):
        found |= {line.id: section for line in lines if section.index_of(line.id) is not None}
    return found


def forget() -> None:
    moves = select(CrossSection.id).filter_by(kind=cross_sections.MOVES)
    db.session.execute(
        delete(CrossSectionColumn).where(CrossSectionColumn.cross_section_id.in_(moves))
    )
    db.session.execute(delete(CrossSection).filter_by(kind=cross_sections.MOVES))
    db.session.commit()


def test_what_is_kept_is_what_the_records_say(app):
    edition = editions.current()
    market = market_columns.of_edition(edition)
    lines = lists.lines_of(list(db.session.scalars(select(Stock.id))))
    compared = 0
    kept = {}
    for days in CHANGE_DAYS:
        then = sections_before(edition, days, lines)
        asked = lines, then, edition, market.section
        kept[days] = told(move_reasons.since(days, *asked))
        assert kept[days] == told(score_moves.since(*asked))
        compared += len(kept[days])
    # The days of a month ago are by another method, and no snapshot is a quarter old.
    assert compared > 60
    versions = {section.method for section in sections_before(edition, 30, lines).values()}
    assert versions == {"1.0"}
    db.session.rollback()

    assert kept_moves.keep() == 0
    section = cross_sections.moves_of(edition.id)
    then = sections_before(edition, 7, lines)
    other = dict.fromkeys(then, section)
    assert move_reasons.kept(7, lines, other, edition) == {}, "compared with another snapshot"

    # A process that ends between publishing and keeping leaves the pages as they are.
    forget()
    found = movers.moves(7, edition, market, None)
    assert cross_sections.moves_of(edition.id) is None
    assert told(move_reasons.since(7, found.lines, found.sections, edition, market.section))
    assert told(move_reasons.since(7, lines, then, edition, market.section)) == kept[7]
    db.session.rollback()
    assert scores.publish(NOW).edition is None
    assert kept_moves.keep() == compared
    assert told(move_reasons.kept(7, lines, then, edition)) == kept[7]


def test_before_the_first_edition_there_is_nothing_to_keep(app_on, database_url):
    with app_on(database_url).app_context():
        assert kept_moves.keep() == 0
