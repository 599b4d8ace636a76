"""The tools say the same whichever database holds the market."""

import pytest

from stockscore.extensions import db
from tests.support import small_market
from tests.support.published_market import fill

PATHS = (
    "/top-picks.json?horizon=long",
    "/top-picks.csv?w=10,20,30,40",
    "/movers.json",
    "/movers.csv?days=7",
    "/screener.json?sort=pe",
    "/screener.json?sort=sector&dir=desc",
    "/screener.csv?strategy=deep-value&show=near&sector=Technology&signal=HOLD",
    "/compare.json?t=brk.b&t=T05&t=T11",
)


@pytest.fixture
def other(app_on, postgresql_url):
    """The same market in PostgreSQL."""
    app = app_on(postgresql_url, CLOCK=lambda: small_market.NOW)
    with app.app_context():
        fill()
        db.session.remove()
    return app.test_client()


def test_postgresql_and_sqlite_give_the_same_pages(browser, other):
    for path in PATHS:
        answer = other.get(path)
        assert answer.status_code == 200
        assert answer.text == browser.get(path).text, path
    for path in ("/top-picks", "/movers", "/screener?roe_min=0", "/compare?t=T01&t=T02"):
        assert other.get(path).status_code == 200, path
    assert other.get("/compare?t=%00&t=T01").status_code == 400
