"""A small published market with two editions, a snapshot between them, and awkward stocks."""

from datetime import timedelta

from stockscore.market.hours import Session
from stockscore.providers.base import Bar, Listing
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.services import kept_moves, scores, snapshots
from stockscore.store import bars, fetches, quarantine, runs, sessions, stocks
from stockscore.store.transactions import transaction
from tests.support import small_market

HOSTILE = '=Berk & <b>Hath</b> "Ltd"'
THURSDAY = small_market.NOW - timedelta(days=1)


def _sessions_ahead():
    """The Monday after, so that pages know when the market opens next."""
    monday = small_market.TODAY + timedelta(days=3)
    opens = small_market.NOW.replace(hour=14, minute=30) + timedelta(days=3)
    return [Session("XNYS", monday, opens, opens + timedelta(hours=6, minutes=30))]


def _awkward_stocks():
    """One without any data, one whose fetch failed, one that was removed."""
    now, long_ago = small_market.NOW, small_market.NOW - timedelta(days=100)
    stocks.save_listings(
        [
            Listing("BRK.B", HOSTILE, "XNYS", "USD", "Financial Services", "Insurance - Life"),
            Listing("FAIL", "Failing Fetch", "XNYS", "USD", "Technology", "Software"),
            Listing("GONE", "Gone Corporation", "XNYS", "USD", "Technology", "Software"),
        ],
        "test",
        long_ago,
    )
    failing = stocks.find("FAIL").id
    fetches.record(failing, "prices", "not_found", "The source does not know it.", "test", now)
    held = RejectedValue(
        "price-jump", "price", "1000000000.0", "12.5", "It rose by 80 times in a day."
    )
    quarantine.add(failing, held, "test", now)
    bars.save(stocks.find("GONE").id, small_market.price_bars(1, _gone_days()), "test")
    stocks.remove([stocks.find("GONE").id], now)


def _gone_days():
    return small_market.weekdays(small_market.TODAY - timedelta(days=30), 60)


def fill():
    """Thursday's edition and its snapshot, then Friday's, in which T06 has a better past."""
    ids = small_market.save(now=THURSDAY, last=THURSDAY.date())
    before = small_market.price_bars(6, small_market.weekdays(THURSDAY.date(), 320))
    with transaction():
        sessions.save(_sessions_ahead())
        # A dearer past and the same last month: worse momentum at the same value.
        dear = [Bar(bar.session, *[bar.close * 2] * 4, bar.volume) for bar in before[:-21]]
        bars.save(ids["T06"], dear, "test")
    scores.publish(THURSDAY)
    snapshots.take("XNYS", THURSDAY)
    small_market.save()
    with transaction():
        _awkward_stocks()
        run = runs.start("refresh", None, small_market.NOW - timedelta(minutes=5), expected=14)
        runs.finish(run, small_market.NOW, updated=12, failed=2)
    scores.publish(small_market.NOW)
    kept_moves.keep()
