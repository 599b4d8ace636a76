"""How numbers, dates and ages are written."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.web.ui import format as fmt

NOW = datetime(2026, 11, 24, 17, 38, tzinfo=UTC)
MISSING = (None, math.nan, math.inf, -math.inf)

finite = st.floats(allow_nan=False, allow_infinity=False)
hundredths = st.integers(-10_000_000, 10_000_000)


def number_in(text: str) -> Decimal:
    """Reads a written number back."""
    return Decimal(text.replace(",", "").replace("−", "-").replace("\u00a0%", ""))


@pytest.mark.parametrize(
    ("total", "places", "written"),
    [
        (7223, 0, "72"),
        (7223, 1, "72.2"),
        (7223, 2, "72.23"),
        (7225, 1, "72.3"),
        (7250, 0, "73"),
        (5, 1, "0.1"),
        (4, 1, "0.0"),
        (10_000, 2, "100.00"),
        (-61, 1, "−0.6"),
        (None, 1, "unknown"),
    ],
)
def test_points_round_half_up_from_whole_hundredths(total, places, written):
    assert fmt.points(total, places) == written


@pytest.mark.parametrize(
    ("change", "written", "direction"),
    [
        (209, "+2.1", "up"),
        (-826, "−8.3", "down"),
        (4, "0.0", "flat"),
        (-4, "0.0", "flat"),
        (5, "+0.1", "up"),
        (-5, "−0.1", "down"),
        (None, "unknown", "flat"),
    ],
)
def test_a_change_shows_the_direction_of_what_is_written(change, written, direction):
    assert fmt.signed(change) == written
    assert fmt.direction(change) == direction


def test_plus_minus_of_exactly_nothing_has_no_decimals():
    assert fmt.plus_minus(600) == "±\u00a06.0"
    assert fmt.plus_minus(0) == "±\u00a00"
    assert fmt.plus_minus(None) == "±\u00a0unknown"


@pytest.mark.parametrize(
    "write",
    [
        fmt.decimal, fmt.signed_decimal, fmt.percent, fmt.signed_percent, fmt.price, fmt.millions,
        fmt.money, fmt.volume, fmt.span, lambda value: fmt.by_unit(value, "ratio"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", MISSING)
def test_what_is_missing_is_a_word_and_never_a_number(write, value):
    assert write(value) == "unknown"


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0.0596, "percent", "5.96\u00a0%"),
        (0.145, "percent", "14.5\u00a0%"),
        (-11.3, "percent", "−1,130\u00a0%"),
        (0.184, "signed_percent", "+18.4\u00a0%"),
        (0.0, "signed_percent", "0.0\u00a0%"),
        (1.05, "multiple", "1.05"),
        (0.6, "ratio", "0.60"),
        (0.0305, "ratio", "0.031"),
        (8.21, "multiple", "8.21"),
        (12.34, "multiple", "12.3"),
        (1234.5, "multiple", "1,235"),
        (66.44, "index", "66.4"),
    ],
)
def test_a_metric_is_written_in_its_unit(value, unit, written):
    assert fmt.by_unit(value, unit) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (84.12, "84.12"),
        (1234.5, "1,234.50"),
        (12_345.0, "12,345"),
        (712_345.0, "712,345"),
        (0.5, "0.5000"),
        (0.0123, "0.0123"),
        (0.000012, "0.0000120"),
        (0.0, "0.00"),
        (-3.4, "−3.40"),
    ],
)
def test_a_price_keeps_the_figures_that_matter(value, written):
    assert fmt.price(value) == written


def test_a_column_of_prices_has_one_number_of_decimals():
    assert fmt.price_places([9_999.0, 10_500.0, None]) == 0
    assert fmt.price_places([0.5, 1.5, math.nan]) == 2
    assert fmt.price_places([]) == 2


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (11_945_000_000.0, "11,945\u00a0m", "11.9\u00a0bn"),
        (842_400_000.0, "842\u00a0m", "842\u00a0m"),
        (999_960_000.0, "1,000\u00a0m", "1.0\u00a0bn"),
        (8_420_000.0, "8.4\u00a0m", "8.4\u00a0m"),
        (12_345.0, "0.01\u00a0m", "12,345"),
        (-2_180_000_000.0, "−2,180\u00a0m", "−2.2\u00a0bn"),
        (3.4e15, "3,400,000,000\u00a0m", "3,400\u00a0tn"),
        (0.0, "0\u00a0m", "0"),
    ],
)
def test_money_has_one_unit_in_columns_and_the_nearest_in_text(value, column, text):
    assert fmt.millions(value) == column
    assert fmt.money(value) == text


def test_volume_counts_shares_up_to_a_million():
    assert fmt.volume(845_300) == "845,300"
    assert fmt.volume(2_222_000) == "2.22\u00a0m"
    assert fmt.volume(999_999.6) == "1.00\u00a0m"


def test_dates_are_written_in_words_whatever_the_locale():
    day = date(2026, 11, 24)
    assert fmt.day(day) == "24\u00a0Nov\u00a02026"
    assert fmt.short_day(day) == "24\u00a0Nov"
    assert fmt.weekday(day) == "Tue\u00a024\u00a0Nov\u00a02026"
    assert fmt.day(None) == fmt.short_day(None) == fmt.weekday(None) == "unknown"


def test_times_are_those_of_the_exchange_and_say_so():
    assert fmt.clock(NOW, "America/New_York") == "12:38"
    written = fmt.moment(NOW, "America/New_York", "New York")
    assert written == "24\u00a0Nov\u00a02026, 12:38 New York time"
    assert fmt.moment(NOW) == "24\u00a0Nov\u00a02026, 17:38 UTC"
    assert fmt.moment(None) == fmt.clock(None) == "unknown"


def test_a_near_moment_leaves_out_what_is_the_same_today():
    zone = "America/New_York"
    assert fmt.moment_near(NOW - timedelta(hours=1), NOW, zone) == "11:38"
    assert fmt.moment_near(NOW - timedelta(days=4), NOW, zone) == "20\u00a0Nov, 12:38"
    assert fmt.moment_near(NOW - timedelta(days=400), NOW, zone) == "20\u00a0Oct\u00a02025, 13:38"
    # Tokyo already has the next day.
    assert fmt.moment_near(NOW, NOW + timedelta(hours=12), "Asia/Tokyo") == "02:38"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0\u00a0s"),
        (89, "89\u00a0s"),
        (200, "3\u00a0min"),
        (2 * 3600, "2\u00a0h"),
        (36 * 3600, "1\u00a0day"),
        (26 * 86400, "26\u00a0days"),
        (-5, "0\u00a0s"),
    ],
)
def test_a_length_of_time_has_its_largest_sensible_unit(seconds, written):
    assert fmt.span(seconds) == written
    assert fmt.span(timedelta(seconds=seconds)) == written


def test_ages_of_moments_and_of_days():
    assert fmt.age(NOW - timedelta(minutes=3), NOW) == "3\u00a0min old"
    assert fmt.age(NOW + timedelta(minutes=3), NOW) == "just now"
    assert fmt.age(date(2026, 10, 29), NOW) == "26\u00a0days old"
    assert fmt.age(date(2026, 11, 24), NOW) == "of today"
    assert fmt.age(None, NOW) == "age\u00a0unknown"


def test_numbers_in_sentences():
    assert fmt.words(7) == "seven"
    assert fmt.words(0) == "no"
    assert fmt.words(13) == "13"
    assert fmt.words(10_000) == "10,000"
    assert [fmt.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th",
    ]  # fmt: skip
    assert fmt.ordinal(None) == "unknown"
    assert fmt.plural(1, "stock") == "1\u00a0stock"
    assert fmt.plural(2, "stock") == "2\u00a0stocks"
    assert fmt.plural(2, "company", "companies") == "2\u00a0companies"


@pytest.mark.parametrize(
    ("ticker", "address"),
    [
        ("HALD", "/stocks/HALD"),
        ("BRK.B", "/stocks/BRK.B"),
        ("BRK/B", "/stocks/BRK-B"),
        ("A B", "/stocks/A%20B"),
        ('"><script>', "/stocks/%22%3E%3Cscript%3E"),
        ("ÖR?x#y", "/stocks/%C3%96R%3Fx%23y"),
    ],
)
def test_a_ticker_cannot_leave_its_part_of_an_address(ticker, address):
    assert fmt.stock_url(ticker) == address


@given(finite, st.integers(0, 6))
@settings(max_examples=150)
def test_a_written_decimal_lies_within_half_a_unit_of_the_number(value, places):
    error = abs(number_in(fmt.decimal(value, places)) - Decimal(repr(value)))
    assert error <= Decimal(5).scaleb(-places - 1)


@given(finite)
@settings(max_examples=150)
def test_nothing_is_ever_written_as_minus_zero_or_with_an_exponent(value):
    for write in (fmt.decimal, fmt.signed_decimal, fmt.percent, fmt.price, fmt.money, fmt.millions):
        written = write(value)
        assert not re.fullmatch(r"[−+]0(\.0+)?(\u00a0.*)?", written)
        assert re.fullmatch(r"[−+]?\d{1,3}(,\d{3})*(\.\d+)?(\u00a0(%|m|bn|tn))?", written)


@given(hundredths, st.integers(0, 2))
@settings(max_examples=150)
def test_a_change_and_its_opposite_are_written_alike(change, places):
    up, down = fmt.signed(change, places), fmt.signed(-change, places)
    assert up.strip("+−") == down.strip("+−")
    opposite = {"up": "down", "down": "up", "flat": "flat"}
    assert fmt.direction(-change, places) == opposite[fmt.direction(change, places)]


@given(hundredths, hundredths, st.integers(0, 2))
@settings(max_examples=150)
def test_rounding_keeps_the_order(first, second, places):
    low, high = sorted((first, second))
    assert number_in(fmt.points(low, places)) <= number_in(fmt.points(high, places))


@given(hundredths)
@settings(max_examples=100)
def test_two_decimals_lose_nothing(total):
    assert number_in(fmt.points(total, 2)) == Decimal(total).scaleb(-2)


@given(st.floats(-1e13, 1e13), st.integers(0, 4))
def test_a_number_in_units_is_the_rounded_one(value, places):
    assert fmt.in_units(value, places) == int(fmt.rounded(value, places).scaleb(places))


@pytest.mark.parametrize(("value", "units"), [(0.285, 29), (-0.285, -29), (1.005, 101), (0, 0)])
def test_half_a_unit_is_decided_by_the_decimal_digits(value, units):
    assert fmt.in_units(value, 2) == units
