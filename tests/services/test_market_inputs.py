"""The market as a method asks for it: the same reports, and what may stand in for a figure."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from stockscore.providers.base import Listing
from stockscore.scoring.inputs import CLASSIFIED, RECORDED
from stockscore.scoring.methods import method_of
from stockscore.scoring.statements import Period, Statement
from stockscore.services import scores
from stockscore.services.market_inputs import MarketSources, market_as_known
from stockscore.store import statements, stocks
from stockscore.store.transactions import transaction
from tests.support import small_market as market
from tests.support.small_market import NOW

pytestmark = pytest.mark.usefixtures("app_context")

ASSETS = {"total_assets": 1e9, "total_equity": 1e8}


def _year(year: int, eps: float) -> Statement:
    known_at = datetime(year + 1, 2, 10, tzinfo=UTC)
    figures = {"eps": eps, "net_income": 1e7, **ASSETS}
    return Statement(Period.YEAR, date(year, 12, 31), known_at, "USD", "test", figures)


@pytest.fixture
def lender(app_context) -> str:
    """The ticker of a lender with two full years, a quoted growth and no current assets, beside the
    small market."""
    market.save()
    listing = Listing("LEND", "Lender", "XNYS", "USD", "Financial Services", "Credit Services")
    quoted = Statement(Period.TRAILING, NOW.date(), NOW, "USD", "test", {"eps_growth": 0.9})
    with transaction():
        stocks.save_listings([listing], "test", NOW)
        statements.save(stocks.find("LEND").id, [_year(2024, 2.0), _year(2025, 2.5), quoted])
    return "LEND"


@pytest.mark.parametrize(
    ("version", "growth", "kind"), [("1.0", 0.9, "general"), ("1.1", 0.25, "financial")]
)
def test_what_stands_in_for_growth_and_the_kind_of_company_are_the_methods(
    lender, version, growth, kind
) -> None:
    found = MarketSources.read(NOW).market(method_of(version))
    index = found.universe.tickers.index(lender)
    assert found.universe.inputs["eps_growth"][index] == pytest.approx(growth)
    assert found.universe.inputs[CLASSIFIED][index] == 0
    before = scores.earlier_scores([stock.id for stock in found.stocks], found.day)
    assert scores.score_market(found, before).scoring.kinds[index] == kind


@pytest.mark.usefixtures("lender")
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_is_kept_ready_makes_the_same_market_as_its_source(version) -> None:
    ready = MarketSources.read(NOW).market(method_of(version)).universe
    source = market_as_known(stocks.listed(), NOW, method_of(version)).universe
    for name in (*RECORDED, CLASSIFIED):
        np.testing.assert_array_equal(ready.inputs[name], source.inputs[name])
