"""Slots against the calendars themselves: holidays, half days, breaks and clock changes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.market import calendars, slots
from stockscore.market.exchanges import exchange_of
from stockscore.market.hours import Session

MINUTE = timedelta(minutes=1)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def of_day(mic, day, every=60):
    """The slots of one session, as the exchange's own clock shows them."""
    zone = ZoneInfo(exchange_of(mic).timezone)
    sessions = calendars.sessions(mic, day, day + timedelta(days=14))
    return [
        f"{slot.job} {slot.due_at.astimezone(zone):%H:%M}"
        for slot in slots.slots_of(sessions, every)
        if slot.session == day
    ]


WHOLE_DAY = [
    *(f"refresh {hour:02}:35" for hour in range(9, 16)),
    "refresh 16:15",
    "snapshot 16:30",
]


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 24),
        date(2026, 3, 6),  # the last session on winter time
        date(2026, 3, 9),  # the first on summer time
        date(2026, 10, 30),
        date(2026, 11, 2),
    ],
)
def test_a_day_in_new_york_is_the_same_by_its_own_clock_all_year(day):
    assert of_day("XNYS", day) == WHOLE_DAY


def test_a_half_day_ends_early_and_has_its_closing_slots():
    assert of_day("XNYS", date(2026, 11, 27)) == [
        *("refresh 09:35", "refresh 10:35", "refresh 11:35", "refresh 12:35"),
        *("refresh 13:15", "snapshot 13:30"),
    ]


@pytest.mark.parametrize(
    ("mic", "day", "holiday"),
    [
        ("XSTO", date(2026, 3, 27), date(2026, 6, 19)),
        ("XSTO", date(2026, 3, 30), date(2026, 4, 3)),
        ("XLON", date(2026, 10, 23), date(2026, 12, 28)),
        ("XLON", date(2026, 10, 26), date(2026, 12, 25)),
    ],
)
def test_other_zones_keep_their_own_hours_over_a_clock_change(mic, day, holiday):
    first, closing, recording = {
        "XSTO": ("refresh 09:05", "refresh 17:45", "snapshot 18:00"),
        "XLON": ("refresh 08:05", "refresh 16:45", "snapshot 17:00"),
    }[mic]
    listed = of_day(mic, day)
    assert (listed[0], *listed[-2:]) == (first, closing, recording)
    assert of_day(mic, holiday) == []


def test_nothing_is_refreshed_while_tokyo_has_lunch():
    day = date(2026, 11, 24)
    listed = of_day("XTKS", day, every=5)
    assert "refresh 11:25" in listed
    assert not [entry for entry in listed if "refresh 11:30" <= entry < "refresh 12:30"]
    assert "refresh 12:30" in listed
    assert of_day("XTKS", day)[2:5] == ["refresh 11:05", "refresh 13:05", "refresh 14:05"]


def test_the_close_itself_has_no_slot_of_its_own_because_the_closing_one_follows():
    listed = of_day("XNYS", date(2026, 11, 24), every=55)
    assert listed[-3:] == ["refresh 15:05", "refresh 16:15", "snapshot 16:30"]


def test_five_years_in_new_york_are_the_calendars_own():
    sessions = calendars.sessions("XNYS", date(2022, 1, 1), date(2026, 12, 31))
    found = slots.slots_of(sessions, 60)
    opened = {session.session: session for session in sessions}
    by_job = {
        job: Counter(slot.session for slot in found if slot.job == job)
        for job in ("refresh", "snapshot")
    }
    assert set(by_job["refresh"]) == set(by_job["snapshot"]) == set(opened)
    assert set(by_job["snapshot"].values()) == {1}
    # Seven each full day and the closing one; the day after Thanksgiving and its like have fewer.
    halves = {day for day, count in by_job["refresh"].items() if count == 5}
    assert Counter(by_job["refresh"].values()) == {8: len(opened) - len(halves), 5: len(halves)}
    zone = ZoneInfo("America/New_York")
    assert halves == {
        s.session for s in sessions if s.closes_at.astimezone(zone).time() == time(13)
    }
    # The exchange's own list of the days on which it was or will be closed in these two years.
    closed = [
        *((2025, 1, 1), (2025, 1, 9), (2025, 1, 20), (2025, 2, 17), (2025, 4, 18), (2025, 5, 26)),
        *((2025, 6, 19), (2025, 7, 4), (2025, 9, 1), (2025, 11, 27), (2025, 12, 25)),
        *((2026, 1, 1), (2026, 1, 19), (2026, 2, 16), (2026, 4, 3), (2026, 5, 25), (2026, 6, 19)),
        *((2026, 7, 3), (2026, 9, 7), (2026, 11, 26), (2026, 12, 25)),
    ]
    days = (date(2025, 1, 1) + timedelta(days=n) for n in range(730))
    weekdays = {day for day in days if day.weekday() < 5}
    assert weekdays - set(opened) == {date(*parts) for parts in closed}


@st.composite
def markets(draw):
    """A row of sessions of an exchange, with half days, breaks and days off, and an interval."""
    mic = draw(st.sampled_from(["XNYS", "XSTO", "XTKS"]))
    zone = ZoneInfo(exchange_of(mic).timezone)
    day = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 365)))
    sessions = []
    for _ in range(draw(st.integers(1, 6))):
        opens = datetime.combine(day, time(9), zone).astimezone(UTC)
        minutes = draw(st.integers(60, 540))
        pause = draw(st.booleans()) and minutes > 180
        sessions.append(
            Session(
                mic,
                day,
                opens,
                opens + minutes * MINUTE,
                opens + 90 * MINUTE if pause else None,
                opens + 150 * MINUTE if pause else None,
            )
        )
        day += timedelta(days=draw(st.integers(1, 5)))
    return sessions, draw(st.integers(5, 24 * 60))


@settings(max_examples=120)
@given(markets())
def test_slots_of_any_sessions_are_in_order_unique_and_inside_their_windows(market):
    sessions, every = market
    found = slots.slots_of(sessions, every)
    assert found == sorted(found, key=lambda slot: slot.due_at)
    assert len({slot.id for slot in found}) == len(found)
    for session in sessions:
        *trading, closing, recording = (s for s in found if s.session == session.session)
        assert trading[0].due_at == session.opens_at + 5 * MINUTE
        assert closing.due_at == session.closes_at + 15 * MINUTE
        assert recording.due_at == session.closes_at + 30 * MINUTE
        assert {slot.job for slot in [*trading, closing]} == {"refresh"}
        assert recording.job == "snapshot"
        for slot in trading:
            assert session.opens_at < slot.due_at < session.closes_at
            assert (slot.due_at - trading[0].due_at) % (every * MINUTE) == timedelta()
            if session.break_starts_at:
                assert not session.break_starts_at <= slot.due_at < session.break_ends_at
    refreshes = [slot for slot in found if slot.job == "refresh"]
    for slot, following in pairwise(refreshes):
        assert slot.until == following.due_at
    for slot in found:
        assert slot.due(slot.due_at)
        assert slot.due(slot.due_at + timedelta(milliseconds=50))
        assert not slot.due(slot.due_at - MINUTE)
        assert not slot.due(slot.until)


@settings(max_examples=120)
@given(markets())
def test_an_id_says_what_the_slot_is(market):
    sessions, every = market
    home = sessions[0].exchange
    upkeep = slots.housekeeping(home, sessions[0].session, sessions[-1].session)
    for slot in [*slots.slots_of(sessions, every), *upkeep]:
        name = slots.parse(slot.id)
        assert (name.job, name.exchange, name.session) == (slot.job, slot.exchange, slot.session)
        assert name.due_at == (slot.due_at if slot.job == "refresh" else None)


def test_ids_are_those_of_the_contract():
    sessions = calendars.sessions("XNYS", date(2026, 11, 27), date(2026, 11, 30))
    first, *_, recording = (s for s in slots.slots_of(sessions, 60) if s.session.day == 27)
    assert (first.id, recording.id) == ("refresh-XNYS-20261127T1435Z", "snapshot-XNYS-20261127")
    assert slots.housekeeping("XNYS", *[date(2026, 11, 27)] * 2)[0].id == "housekeeping-20261127"


def test_a_snapshot_over_thanksgiving_may_be_taken_until_the_next_session_has_data():
    sessions = calendars.sessions("XNYS", date(2026, 11, 25), date(2026, 11, 30))
    recording = next(slot for slot in slots.slots_of(sessions, 60) if slot.job == "snapshot")
    assert recording.due(utc(2026, 11, 26, 18))
    assert recording.until == utc(2026, 11, 27, 14, 35)


def test_the_last_known_session_still_has_its_closing_slots():
    (session,) = calendars.sessions("XNYS", date(2026, 11, 27), date(2026, 11, 27))
    closing, recording = slots.slots_of([session], 60)[-2:]
    assert closing.until == recording.until == recording.due_at + slots.UNTOLD


@pytest.mark.parametrize(
    "text",
    [
        *("", "refresh", "refresh-XNYS", "refresh-XNYS-20261127", "refresh-XXXX-20261127T1435Z"),
        *("refresh-XNYS-20261332T1435Z", "refresh-XNYS-20261127T1435", "snapshot-XNYS-20260230"),
        *(
            "score-12",
            "housekeeping-XNYS-20261127",
            "snapshot-20261127",
            "snapshot-XNYS-20261127\n",
        ),
    ],
)
def test_what_is_no_slot_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="is no slot, such as refresh-XNYS-20261127T1435Z"):
        slots.parse(text)


@pytest.mark.parametrize("home", ["XNYS", "XSTO", "XTKS"])
def test_housekeeping_comes_once_a_day_over_clock_changes_too(home):
    year = slots.housekeeping(home, date(2026, 1, 1), date(2026, 12, 31))
    assert [slot.session for slot in year] == [
        date(2026, 1, 1) + timedelta(days=n) for n in range(365)
    ]
    zone = ZoneInfo(exchange_of(home).timezone)
    assert {slot.due_at.astimezone(zone).time() for slot in year} == {time(4)}
    assert all(a.until == b.due_at for a, b in pairwise(year))
