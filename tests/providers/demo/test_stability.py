"""The market is a function of the seed and the moment: no process, order of questions or later
moment changes what was said, and nothing that lies ahead of a moment shows."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.providers.base import NotFound, Unavailable
from stockscore.providers.demo import DemoProvider
from tests.support import market_digest

ROOT = Path(__file__).resolve().parents[3]
FIRST = datetime(2024, 1, 2, tzinfo=UTC)
SPAN = 2 * 365 * 24

moments = st.integers(0, SPAN).map(lambda hours: FIRST + timedelta(hours=hours))


@pytest.fixture(scope="module")
def earliest():
    """The same market, simulated no further than 2024."""
    provider = DemoProvider()
    provider.universe("demo", FIRST)
    return provider


def bars(provider, listing, now):
    try:
        return list(provider.prices(listing, date(2020, 1, 2), now).bars)
    except (NotFound, Unavailable):
        return []


def statements(provider, listing, now):
    try:
        return list(provider.fundamentals(listing, now).statements)
    except (NotFound, Unavailable):
        return []


@settings(max_examples=40)
@given(data=st.data(), first=moments, second=moments)
def test_asking_later_only_appends(provider, later, demo_stocks, data, first, second):
    listing = data.draw(st.sampled_from(demo_stocks))[0]
    earlier, after = sorted((first, second))
    known, known_later = bars(provider, listing, earlier), bars(later, listing, after)
    assert known_later[: len(known)] == known
    told, told_later = statements(provider, listing, earlier), statements(later, listing, after)
    # Only the newest sixteen quarters are told, so the oldest may have gone.
    common = (
        [statement for statement in told if statement.period_end >= told_later[0].period_end]
        if told
        else []
    )
    assert told_later[: len(common)] == common


@settings(max_examples=40)
@given(data=st.data(), now=moments)
def test_nothing_is_told_before_it_happened(provider, demo_stocks, data, now):
    listing = data.draw(st.sampled_from(demo_stocks))[0]
    for bar in bars(provider, listing, now)[-1:]:
        assert bar.session <= now.date()
    assert all(statement.known_at <= now for statement in statements(provider, listing, now))
    assert all(
        statement.period_end < now.date() for statement in statements(provider, listing, now)
    )


def test_a_market_simulated_further_tells_the_same_of_today(earliest, later):
    """Every stock, not a sample: one that is floated, split or delisted after the year that the
    first was simulated for must not show it in the second."""
    now = datetime(2024, 12, 30, 22, 0, tzinfo=UTC)
    since = date(2024, 1, 2)
    for stock, told_later in zip(
        earliest.market(now, since), later.market(now, since), strict=True
    ):
        assert stock == told_later


def test_the_universe_of_a_moment_is_the_same_however_far_the_market_has_run(earliest, later):
    for month in range(1, 13):
        now = datetime(2024, month, 15, tzinfo=UTC)
        assert earliest.universe("demo", now) == later.universe("demo", now)


def test_one_stock_alone_and_all_at_once_are_told_alike(provider, demo_stocks, now):
    for listing, prices, fundamentals in demo_stocks[::40]:
        assert provider.prices(listing, None, now) == prices
        assert statements(provider, listing, now) == list(fundamentals.statements)
    assert [stock[0] for stock in demo_stocks] == provider.universe("demo", now)


@pytest.mark.slow
def test_another_process_with_another_hash_seed_says_the_same(provider, now):
    since = date(2026, 6, 1)
    mine = market_digest.digest(provider, now, since)
    theirs = subprocess.run(
        [sys.executable, market_digest.__file__, now.isoformat(), since.isoformat()],
        env=os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert theirs.stdout == mine
