from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from stockscore.market import calendars
from stockscore.market.calendars import CalendarRangeError
from stockscore.market.exchanges import EXCHANGES, UnknownExchangeError, exchange_of


def session_on(mic, day):
    year = calendars.sessions(mic, date(2026, 1, 1), date(2026, 12, 31))
    return next(session for session in year if session.session == day)


def test_a_session_has_the_exchange_its_own_date_and_moments_in_utc():
    session = session_on("XNYS", date(2026, 11, 24))
    assert session.exchange == "XNYS"
    assert session.session == date(2026, 11, 24)
    assert session.opens_at == datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
    assert session.closes_at == datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    assert session.opens_at.tzinfo is UTC
    assert session.break_starts_at is None
    assert session.break_ends_at is None


def test_thanksgiving_2026_is_no_session_and_the_friday_after_it_is_half_a_day():
    week = calendars.sessions("XNYS", date(2026, 11, 23), date(2026, 11, 29))
    assert [s.session.day for s in week] == [23, 24, 25, 27]
    assert week[-1].closes_at == datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mic", "before", "after", "opens_before", "opens_after"),
    [
        ("XNYS", date(2026, 3, 6), date(2026, 3, 9), (14, 30), (13, 30)),
        ("XNYS", date(2026, 10, 30), date(2026, 11, 2), (13, 30), (14, 30)),
        ("XLON", date(2026, 3, 27), date(2026, 3, 30), (8, 0), (7, 0)),
        ("XLON", date(2026, 10, 23), date(2026, 10, 26), (7, 0), (8, 0)),
        ("XSTO", date(2026, 3, 27), date(2026, 3, 30), (8, 0), (7, 0)),
        ("XSTO", date(2026, 10, 23), date(2026, 10, 26), (7, 0), (8, 0)),
    ],
)
def test_the_open_moves_in_utc_when_the_clocks_of_the_exchange_change(
    mic, before, after, opens_before, opens_after
):
    for day, opens in ((before, opens_before), (after, opens_after)):
        opens_at = session_on(mic, day).opens_at
        assert (opens_at.hour, opens_at.minute) == opens


def test_stockholm_closes_early_on_the_eve_of_the_first_of_may():
    assert session_on("XSTO", date(2026, 4, 30)).closes_at == datetime(
        2026, 4, 30, 11, 0, tzinfo=UTC
    )


def test_tokyo_rests_for_lunch():
    session = session_on("XTKS", date(2026, 11, 24))
    assert session.opens_at == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert session.break_starts_at == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    assert session.break_ends_at == datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
    assert session.closes_at == datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("mic", ["XNYS", "XLON", "XSTO", "XTKS"])
def test_a_year_and_more_ahead_is_known(mic):
    ahead = calendars.sessions(mic, date(2026, 11, 23), date(2028, 1, 31))
    assert ahead[0].session in (date(2026, 11, 23), date(2026, 11, 24))
    assert ahead[-1].session == date(2028, 1, 31)


def test_both_ends_of_the_range_belong_to_it():
    days = calendars.sessions("XLON", date(2026, 11, 23), date(2026, 11, 25))
    assert [s.session.day for s in days] == [23, 24, 25]


def test_a_weekend_or_a_range_that_ends_before_it_begins_has_no_sessions():
    assert calendars.sessions("XNYS", date(2026, 11, 21), date(2026, 11, 22)) == []
    assert calendars.sessions("XNYS", date(2026, 11, 24), date(2026, 11, 23)) == []


def test_exchanges_that_share_a_calendar_keep_their_own_name():
    assert session_on("XNAS", date(2026, 11, 24)).exchange == "XNAS"


def test_an_unknown_exchange_is_answered_with_those_that_are_known():
    with pytest.raises(UnknownExchangeError, match=r"'XXXX' is no exchange known here.*XNYS"):
        calendars.sessions("XXXX", date(2026, 1, 1), date(2026, 1, 31))


def test_dates_beyond_a_calendar_are_refused_with_a_sentence():
    with pytest.raises(CalendarRangeError, match="XTKS does not cover"):
        calendars.sessions("XTKS", date(1990, 1, 1), date(1990, 12, 31))


@pytest.mark.slow
@pytest.mark.parametrize("mic", sorted(EXCHANGES))
def test_every_exchange_has_a_real_calendar_in_its_own_time_zone(mic):
    week = calendars.sessions(mic, date(2026, 11, 9), date(2026, 11, 20))
    zone = ZoneInfo(exchange_of(mic).timezone)
    assert len(week) >= 8
    for session in week:
        assert session.opens_at.astimezone(zone).date() == session.session
        assert timedelta(hours=4) < session.closes_at - session.opens_at < timedelta(hours=9)
