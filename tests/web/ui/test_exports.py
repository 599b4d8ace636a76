"""JSON and CSV values."""

import csv
import io
import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.store.text import FORMULA
from stockscore.web.ui import exports


def test_moments_are_utc_with_z_whatever_their_zone():
    there = timezone(timedelta(hours=-5))
    assert exports.moment(datetime(2026, 11, 24, 12, 35, tzinfo=there)) == "2026-11-24T17:35:00Z"
    assert exports.moment(datetime(2026, 11, 24, 17, 35, 9, 5, tzinfo=UTC)).endswith(":09Z")
    assert exports.moment(None) is None


def test_points_are_written_in_units():
    assert exports.points(7223) == 72.23
    assert exports.points(0) == 0
    assert exports.points(None) is None


def test_json_refuses_what_is_no_number():
    assert exports.number(math.nan) is None
    assert exports.number(math.inf) is None
    with pytest.raises(ValueError, match="JSON compliant"):
        exports.as_json({"x": math.nan})


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert exports.cell(text) == f"'{text}"


def test_numbers_and_plain_text_stay_as_they_are():
    assert exports.cell(-1.5) == -1.5
    assert exports.cell("A-1") == "A-1"
    assert exports.cell(math.nan) is None


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1))
@settings(max_examples=60)
def test_any_text_survives_a_round_trip_but_for_the_apostrophe(texts):
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([exports.cell(text) for text in texts])
    read = next(csv.reader(io.StringIO(written.getvalue(), newline="")), [])
    for text, cell in zip(texts, read or [""], strict=True):
        assert cell in {text, f"'{text}"}
        assert not cell.startswith(FORMULA)
