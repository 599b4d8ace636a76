from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.market import calendars, hours
from stockscore.market.hours import StatusReason


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mic", "now", "reason"),
    [
        ("XNYS", utc(2026, 11, 24, 14, 29, 59), StatusReason.BEFORE_OPEN),
        ("XNYS", utc(2026, 11, 24, 14, 30), StatusReason.OPEN),
        ("XNYS", utc(2026, 11, 24, 20, 59, 59), StatusReason.OPEN),
        ("XNYS", utc(2026, 11, 24, 21, 0), StatusReason.AFTER_CLOSE),
        ("XNYS", utc(2026, 11, 25, 4, 59), StatusReason.AFTER_CLOSE),  # still the 24th in New York
        ("XNYS", utc(2026, 11, 25, 5, 0), StatusReason.BEFORE_OPEN),
        ("XNYS", utc(2026, 11, 22, 15, 0), StatusReason.WEEKEND),
        ("XNYS", utc(2026, 11, 26, 15, 0), StatusReason.HOLIDAY),
        ("XNYS", utc(2026, 11, 27, 17, 59), StatusReason.OPEN),
        ("XNYS", utc(2026, 11, 27, 18, 0), StatusReason.AFTER_CLOSE),
        ("XNYS", utc(2026, 3, 9, 13, 30), StatusReason.OPEN),  # the first day of daylight saving
        ("XNYS", utc(2026, 11, 2, 14, 0), StatusReason.BEFORE_OPEN),  # and the first one after it
        ("XLON", utc(2026, 12, 24, 12, 29), StatusReason.OPEN),
        ("XLON", utc(2026, 12, 24, 12, 30), StatusReason.AFTER_CLOSE),
        ("XLON", utc(2026, 12, 28, 12, 0), StatusReason.HOLIDAY),
        ("XSTO", utc(2026, 4, 30, 11, 0), StatusReason.AFTER_CLOSE),
        ("XSTO", utc(2026, 6, 19, 12, 0), StatusReason.HOLIDAY),
        ("XTKS", utc(2026, 11, 24, 2, 29), StatusReason.OPEN),
        ("XTKS", utc(2026, 11, 24, 2, 30), StatusReason.LUNCH_BREAK),
        ("XTKS", utc(2026, 11, 24, 3, 30), StatusReason.OPEN),
        ("XTKS", utc(2026, 11, 23, 3, 0), StatusReason.HOLIDAY),
        ("XTKS", utc(2026, 11, 20, 15, 0), StatusReason.WEEKEND),  # Saturday morning in Tokyo
    ],
)
def test_the_reason_says_why_a_market_is_open_or_not(sessions_of, mic, now, reason):
    state = hours.status(sessions_of(mic), now)
    assert state.reason is reason
    assert state.is_open is (reason is StatusReason.OPEN)
    assert (state.exchange, state.moment) == (mic, now)


def test_on_the_eve_of_thanksgiving_the_next_session_is_the_half_day(sessions_of):
    state = hours.status(sessions_of("XNYS"), utc(2026, 11, 25, 22, 0))
    assert state.session == date(2026, 11, 25)
    assert state.closes_at == utc(2026, 11, 25, 21, 0)
    assert state.next_open == utc(2026, 11, 27, 14, 30)
    assert state.next_close == utc(2026, 11, 27, 18, 0)


def test_a_holiday_has_no_session_of_its_own(sessions_of):
    state = hours.status(sessions_of("XNYS"), utc(2026, 11, 26, 15, 0))
    assert (state.session, state.opens_at, state.closes_at) == (None, None, None)
    assert state.next_open == utc(2026, 11, 27, 14, 30)


def test_over_the_weekend_of_a_clock_change_the_next_open_is_on_the_new_time(sessions_of):
    spring = hours.status(sessions_of("XNYS"), utc(2026, 3, 7, 12, 0))
    assert spring.next_open == utc(2026, 3, 9, 13, 30)
    autumn = hours.status(sessions_of("XNYS"), utc(2026, 10, 31, 12, 0))
    assert autumn.next_open == utc(2026, 11, 2, 14, 30)


def test_during_the_lunch_break_trading_starts_again_the_same_day(sessions_of):
    state = hours.status(sessions_of("XTKS"), utc(2026, 11, 24, 3, 0))
    assert state.session == date(2026, 11, 24)
    assert state.next_open == utc(2026, 11, 24, 3, 30)
    assert state.next_close == utc(2026, 11, 24, 6, 30)


def test_while_open_the_next_close_is_the_sessions_own(sessions_of):
    state = hours.status(sessions_of("XNYS"), utc(2026, 11, 27, 15, 0))
    assert state.next_close == state.closes_at == utc(2026, 11, 27, 18, 0)
    assert state.next_open == utc(2026, 11, 30, 14, 30)


@pytest.mark.parametrize("now", [utc(2025, 11, 21, 15, 0), utc(2027, 1, 4, 15, 0)])
def test_beyond_the_known_sessions_nothing_is_claimed(sessions_of, now):
    state = hours.status(sessions_of("XNYS"), now)
    assert state.reason is StatusReason.UNKNOWN
    assert state.is_open is False
    assert (state.session, state.next_open, state.next_close) == (None, None, None)


def test_the_evening_of_the_last_known_session_is_known_but_not_what_follows(sessions_of):
    state = hours.status(sessions_of("XNYS"), utc(2026, 12, 31, 23, 0))
    assert state.reason is StatusReason.AFTER_CLOSE
    assert (state.next_open, state.next_close) == (None, None)


def test_without_any_sessions_the_state_is_unknown_and_the_exchange_must_be_told():
    assert hours.status([], utc(2026, 11, 24), exchange="XNYS").reason is StatusReason.UNKNOWN
    with pytest.raises(ValueError, match="must be told the exchange"):
        hours.status([], utc(2026, 11, 24))


def test_a_moment_without_a_zone_is_refused(sessions_of):
    with pytest.raises(ValueError, match="needs a time zone"):
        hours.status(sessions_of("XNYS"), datetime(2026, 11, 24))  # noqa: DTZ001 (the point of it)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (utc(2026, 11, 24, 20, 59), date(2026, 11, 23)),
        (utc(2026, 11, 24, 21, 0), date(2026, 11, 24)),
        (utc(2026, 11, 26, 18, 0), date(2026, 11, 25)),
        (utc(2026, 11, 27, 18, 0), date(2026, 11, 27)),
        (utc(2026, 11, 29, 18, 0), date(2026, 11, 27)),
    ],
)
def test_the_last_closed_session_is_the_one_whose_close_has_come(sessions_of, now, day):
    assert hours.last_closed(sessions_of("XNYS"), now).session == day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (utc(2026, 11, 24, 14, 29), date(2026, 11, 23)),
        (utc(2026, 11, 24, 14, 30), date(2026, 11, 24)),
        (utc(2026, 11, 25, 3, 0), date(2026, 11, 24)),
        (utc(2026, 11, 26, 15, 0), date(2026, 11, 25)),
    ],
)
def test_a_moment_belongs_to_the_session_that_had_last_opened(sessions_of, moment, day):
    assert hours.session_of(sessions_of("XNYS"), moment).session == day


@pytest.mark.parametrize("ask", [hours.last_closed, hours.session_of])
def test_neither_guesses_before_the_first_or_after_the_last_known_session(sessions_of, ask):
    sessions = sessions_of("XNYS")
    assert ask(sessions, utc(2025, 11, 20, 15, 0)) is None
    assert ask(sessions, utc(2027, 1, 4, 22, 0)) is None
    assert ask([], utc(2026, 11, 24, 15, 0)) is None


@settings(max_examples=60)
@given(
    mic=st.sampled_from(["XNYS", "XLON", "XSTO", "XTKS"]),
    minutes=st.integers(min_value=0, max_value=380 * 24 * 60),
)
def test_what_is_said_of_any_minute_of_a_year_is_consistent(mic, minutes):
    sessions = calendars.sessions(mic, date(2025, 11, 24), date(2026, 12, 31))
    now = utc(2025, 11, 27) + timedelta(minutes=minutes)
    state = hours.status(sessions, now)
    closed = hours.last_closed(sessions, now)
    assert state.reason is not StatusReason.UNKNOWN
    assert closed.closes_at <= now < state.next_close
    assert state.next_open > now
    if state.is_open:
        assert state.opens_at <= now < state.closes_at
        assert hours.session_of(sessions, now).session == state.session
    else:
        trading = [
            s
            for s in sessions
            if s.opens_at <= now < s.closes_at
            and not (s.break_starts_at and s.break_starts_at <= now < s.break_ends_at)
        ]
        assert trading == []
