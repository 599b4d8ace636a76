"""Every page says the same whichever database holds the market."""

import pytest

from stockscore.extensions import db
from tests.support import small_market
from tests.support.published_market import fill

PATHS = (
    "/.json",
    "/stocks.json",
    "/stocks.json?sort=value&dir=asc",
    "/stocks.json?sort=sector&dir=desc",
    "/stocks.json?sort=market_cap",
    "/stocks.json?q=brk.b",
    "/stocks.json?q=company 1&signal=HOLD&min_score=45.5&exchange=XNYS&sector=Industrials",
    "/stocks.csv",
    "/leaderboard.json?by=sector",
    "/leaderboard.json?by=signal",
    "/stocks/T05.json",
    "/stocks/FAIL.json",
    "/stocks/GONE.json",
    "/stocks/T05.csv",
    "/stocks/T0.json",
    "/status.json",
)

ODD = ("/stocks?q=%00", "/stocks/%00", "/stocks/" + "x" * 500, "/stocks?sector=" + "x" * 79)


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
        assert other.get(path).text == browser.get(path).text, path
    for path in ("/", "/stocks", "/leaderboard", "/stocks/T05", "/status", "/readyz"):
        assert other.get(path).status_code == 200, path
    for path in ODD:
        assert other.get(path).status_code in {400, 404}, path
