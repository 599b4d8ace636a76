"""Reports that are stored: how long they count, and when another currency is believed."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from stockscore.providers.base import Fundamentals, Listing
from stockscore.scoring.assemble import assemble
from stockscore.scoring.inputs import RECORDED
from stockscore.scoring.methods import method_of
from stockscore.scoring.statements import Period, Statement
from stockscore.services.ingest import PARTIAL, QUARANTINED, Target, save_fundamentals
from stockscore.services.market_inputs import MarketSources, market_as_known
from stockscore.store import quarantine, statements, stocks
from stockscore.store.transactions import transaction
from tests.support import small_market as market
from tests.support.small_market import NOW

pytestmark = pytest.mark.usefixtures("app_context")

LISTING = Listing("ACME", "Acme", "XNYS", "USD", financial_currency="USD")
ENDS = (date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))


@pytest.fixture
def acme(app_context) -> Target:
    with transaction():
        stocks.save_listings([LISTING], "test", NOW)
    return Target(stocks.find("ACME").id, LISTING, None)


def quarter(end: date, currency: str, **figures: float) -> Statement:
    moment = datetime(end.year, end.month, end.day, tzinfo=UTC) + timedelta(days=40)
    return Statement(Period.QUARTER, end, moment, currency, "test", figures)


def answer(target: Target, *reports: Statement, sector: str | None = None):
    """What becomes of an answer of the day on which its last report became known."""
    listing = Listing("ACME", "Acme", "XNYS", "USD", sector, financial_currency="USD")
    moment = max(report.known_at for report in reports)
    with transaction():
        return save_fundamentals(target, Fundamentals("ACME", listing, reports, "test", moment))


def test_another_currency_is_believed_with_its_second_report(acme) -> None:
    answer(acme, quarter(ENDS[0], "USD", revenue=100.0), quarter(ENDS[1], "USD", revenue=100.0))
    first = answer(acme, quarter(ENDS[2], "EUR", revenue=90.0))
    assert (first.state, first.changed) == (QUARANTINED, False)
    again = answer(acme, quarter(ENDS[2], "EUR", revenue=90.0))
    assert again.state == QUARANTINED, "the same report is no second one"
    second = answer(acme, quarter(ENDS[3], "EUR", revenue=92.0))
    assert second.changed
    assert not quarantine.open_items()
    kept = [(s.currency, s.period_end) for s in statements.known(acme.id)]
    assert kept == [("USD", ENDS[0]), ("USD", ENDS[1]), ("EUR", ENDS[3])]


def test_a_figure_that_is_left_out_says_nothing_against_the_profile(acme) -> None:
    result = answer(acme, quarter(ENDS[3], "USD", revenue=-130e6, cash=5.0), sector="Energy")
    assert (result.state, result.changed) == (QUARANTINED, True)
    assert stocks.find("ACME").sector == "Energy"
    assert [item.rule for item in quarantine.open_items()] == ["negative-revenue"]
    assert statements.known(acme.id)[0].figures == {"cash": 5.0}
    good = answer(acme, quarter(ENDS[3], "USD", revenue=130e6, cash=5.0))
    assert good.state not in (QUARANTINED, PARTIAL)
    assert not quarantine.open_items()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_figures_count_by_the_day_that_is_scored(acme, version) -> None:
    market.save()
    last = NOW.date() - timedelta(days=457)
    old = Listing("OLDQ", "Old", "XNYS", "USD")
    figures = {"total_assets": 9e9, "total_equity": 4e9, "revenue": 3e9}
    with transaction():
        stocks.save_listings([old], "test", NOW)
        for ticker, end in (("OLDQ", last - timedelta(days=1)), ("ACME", last)):
            report = Statement(Period.YEAR, end, NOW, "USD", "test", figures)
            statements.save(stocks.find(ticker).id, [report])
    method = method_of(version)
    ready = MarketSources.read(NOW).market(method).universe
    source = market_as_known(stocks.listed(), NOW, method).universe
    for name in RECORDED:
        np.testing.assert_array_equal(ready.inputs[name], source.inputs[name])
    assets = dict(zip(ready.tickers, ready.inputs["total_assets"].tolist(), strict=True))
    assert assets["ACME"] == 9e9
    assert math.isnan(assets["OLDQ"])
    # A day earlier they counted, and a score of that day is verified so.
    before = market_as_known(stocks.listed(), NOW, method, NOW.date() - timedelta(days=1)).universe
    assert before.inputs["total_assets"][before.tickers.index("OLDQ")] == 9e9


def test_a_figure_that_was_stored_and_is_not_believed_any_more_is_withdrawn(acme) -> None:
    # Twelve, three, six and nine months; at first there was nothing to hold them against.
    flows = dict(zip(ENDS, (520.0, 130.0, 260.0, 390.0), strict=True))
    columns = [quarter(end, "USD", cfo=value) for end, value in flows.items()]
    answer(acme, *columns)
    assert assemble(statements.known(acme.id)).figures["cfo"] == 1300.0
    summary = Statement(
        Period.TRAILING, NOW.date(), NOW, "USD", "test", {"cfo": 520.0}, covers_to=ENDS[-1]
    )
    later = [replace(column, known_at=NOW) for column in columns]
    assert answer(acme, *later, summary).changed
    assert assemble(statements.known(acme.id)).figures["cfo"] == 520.0
    again = NOW + timedelta(hours=1)
    repeated = [replace(statement, known_at=again) for statement in (*later, summary)]
    assert not answer(acme, *repeated).changed, "nothing is written twice"
