"""The summary of an edition comes back as it was written, also one that StockScore 0.1 wrote."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import text

from stockscore.extensions import db
from stockscore.store import editions
from stockscore.store.pages import editions as page_editions
from stockscore.store.summary import (
    BestStock,
    EditionSummary,
    ExchangeSummary,
    GroupSummary,
    MetricCoverage,
    PreviousMedian,
    TotalsHistogram,
)
from stockscore.store.transactions import transaction
from tests.store.conftest import NOW

pytestmark = pytest.mark.usefixtures("database")

FACTORS = {"value": 1500, "quality": None, "momentum": 1300, "health": 1200}

TECHNOLOGY = GroupSummary(
    sector="Technology",
    stocks=3,
    rated=2,
    median=5400,
    factors=FACTORS,
    change_7=-12,
    buy_share=0.5,
    best=BestStock("AAA", "Aaa Inc.", 7000),
)

SUMMARY = EditionSummary(
    day=date(2026, 11, 20),
    histogram=TotalsHistogram(250, (0, 1, 1)),
    median=5400,
    mean=5412,
    signals={"BUY": 1, "HOLD": 1},
    previous=PreviousMedian(5300, date(2026, 11, 19)),
    market=GroupSummary(None, 4, 2, 5400, FACTORS, None, None, None),
    sectors=(TECHNOLOGY,),
    metric_medians={"": {"roe": 0.12}, "Technology": {"roe": None}},
    metric_coverage={"roe": MetricCoverage(2, 3)},
    factor_medians={"": FACTORS, "Technology": FACTORS},
    exchanges={
        "XNYS": ExchangeSummary(3, date(2026, 11, 20), 2),
        "XSTO": ExchangeSummary(1, None, 0),
    },
)

OF_0_1 = {
    "histogram": {"step": 250, "counts": [0, 1, 1]},
    "median": 5400,
    "mean": 5412,
    "signals": {"BUY": 1, "HOLD": 1},
    "previous": {"median": 5300, "session": "2026-11-19"},
    "market": {
        "stocks": 4,
        "rated": 2,
        "median": 5400,
        **FACTORS,
        "change_7": None,
        "buy_share": None,
        "best": None,
    },
    "sectors": [
        {
            "sector": "Technology",
            "stocks": 3,
            "rated": 2,
            "median": 5400,
            **FACTORS,
            "change_7": -12,
            "buy_share": 0.5,
            "best": {"ticker": "AAA", "name": "Aaa Inc.", "total": 7000},
        }
    ],
    "metric_medians": {"": {"roe": 0.12}, "Technology": {"roe": None}},
    "metric_coverage": {"roe": [2, 3]},
    "factor_medians": {"": FACTORS, "Technology": FACTORS},
    "exchanges": {
        "XNYS": {"stocks": 3, "newest_session": "2026-11-20", "fresh": 2},
        "XSTO": {"stocks": 1, "newest_session": None, "fresh": 0},
    },
    "day": "2026-11-20",
}
"""As it was stored before summaries had a version."""


def publish(summary):
    with transaction():
        editions.add(
            published_at=NOW,
            as_of=None,
            known_at=NOW,
            method="1.0",
            fingerprint="x",
            simulated=False,
            stocks=4,
            rated=2,
            summary=summary,
        )


@pytest.mark.parametrize(
    "summary", [SUMMARY, EditionSummary(date(2026, 11, 20))], ids=["full", "empty"]
)
def test_a_summary_comes_back_as_it_was_written(summary):
    publish(summary)
    assert editions.latest().summary == summary
    assert page_editions.current().summary == summary


def test_a_summary_of_0_1_is_read():
    publish(SUMMARY)
    store_json(OF_0_1)
    assert page_editions.current().summary == SUMMARY


def test_the_stored_form_is_that_of_0_1_with_a_version():
    assert SUMMARY.to_json() == {"version": 1, **OF_0_1}


def test_a_summary_of_a_later_version_is_refused_with_a_sentence():
    publish(SUMMARY)
    store_json({"version": 2, "anything": "else"})
    with pytest.raises(ValueError, match="a summary of version 2, and this program reads version"):
        page_editions.current()


def test_a_sector_is_found_by_name():
    assert SUMMARY.sector("Technology") == TECHNOLOGY
    assert SUMMARY.sector("Energy") is None
    assert SUMMARY.sector(None) is None


def store_json(stored):
    with transaction():
        db.session.execute(
            text("UPDATE editions SET summary = :json"), {"json": json.dumps(stored)}
        )
