"""What is derived is the same to the bit, whether it followed its sources or is made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from stockscore.extensions import db
from stockscore.providers.base import Bar, PriceHistory
from stockscore.providers.demo import DemoProvider
from stockscore.services import demo, ingest, scores
from stockscore.services.ingest import Target
from stockscore.services.listings import listing_of
from stockscore.store import bars, price_windows, quarantine, reported_figures, statements, stocks
from stockscore.store.models import PriceWindow, ReportedFigures, StoredBar, StoredStatement
from stockscore.store.panels import WINDOWS
from stockscore.store.transactions import transaction

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SPLIT, RESTATED, DOUBTED = 3, 5, 7
"""Indices of the stocks to which something happens after the load."""


@pytest.fixture(scope="module")
def provider():
    """A small simulated market, which is made once."""
    return DemoProvider(stocks=40)


@pytest.fixture
def app(app_on, sqlite_url, provider):
    """An application whose clock stands a month after the load of its demo market."""
    made = app_on(sqlite_url, CLOCK=lambda: NOW + timedelta(days=30))
    with made.app_context():
        demo.load(provider, NOW, lambda *_: None, past_sessions=2)
        yield made


def derived() -> tuple[dict, dict]:
    db.session.rollback()
    return price_windows.raw(), reported_figures.of_all()


def keep(stock, *changed: tuple[float, float]) -> str:
    """Keeps what a source is made to answer of a stock (close and split a day); the state of the
    fetch."""
    newest = bars.last_bar(stock.id)
    answer = [
        Bar(newest.session + timedelta(days=step), close, close, close, close, 1000.0, split=split)
        for step, (close, split) in enumerate(changed, start=3)
    ]
    target = Target(stock.id, listing_of(stock), newest.session)
    history = PriceHistory(stock.ticker, stock.currency, answer, "demo", NOW + timedelta(days=20))
    with transaction():
        return ingest.save_prices(target, history).state


def test_rebuilding_gives_the_bits_that_are_kept(app, runner) -> None:
    with transaction():
        followed = stocks.active()
    split, restated, doubted = (followed[index] for index in (SPLIT, RESTATED, DOUBTED))
    close = bars.last_bar(split.id).close
    assert keep(split, (close / 4, 4.0), (close / 4.1, 1.0)) == "ok"
    last = bars.last_bar(doubted.id).close
    assert keep(doubted, (last * 40, 1.0), (last * 1.01, 1.0)) == ingest.QUARANTINED
    assert quarantine.open_items()
    known = statements.known(restated.id)[-1]
    figures = dict(known.figures)
    first = next(iter(figures))
    figures[first] *= 1.25
    with transaction():
        later = known.known_at + timedelta(days=9)
        statements.save(restated.id, [replace(known, known_at=later, figures=figures)])

    before = derived()
    windows = db.session.scalar(select(func.count(StoredBar.stock_id.distinct())))
    reporting = db.session.scalar(select(func.count(StoredStatement.stock_id.distinct())))
    assert len(before[0]) == windows
    published = scores.publish(NOW + timedelta(days=21))
    assert published.edition

    result = runner.invoke(args=["db", "rebuild"])
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == (
        f"Made anew: the price windows of {windows} stocks, "
        f"the figures of {reporting} that have reported."
    )
    assert derived() == before
    assert scores.publish(NOW + timedelta(days=21)).edition is None


def test_what_was_changed_past_the_program_is_made_good(app, runner) -> None:
    before = derived()
    with transaction() as session:
        session.execute(update(PriceWindow).values(data=bytes(WINDOWS.itemsize)))
        session.execute(delete(ReportedFigures))
    assert derived() != before
    runner.invoke(args=["db", "rebuild"])
    assert derived() == before
