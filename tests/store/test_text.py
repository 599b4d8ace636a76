"""Text from outside: what may be stored of it, and the form that searches compare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.store import stocks, text


@given(st.text())
def test_cleaning_leaves_only_what_can_be_stored_and_is_done_once(raw):
    cleaned = text.clean(raw)
    cleaned.encode()
    assert not set(cleaned) & {"\0", "\n", "\x1b", "\u202e"}
    assert text.clean(cleaned) == cleaned


@given(st.text())
def test_folding_a_folded_text_changes_nothing(raw):
    assert text.fold(text.fold(raw)) == text.fold(raw)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("  Ørsted   A/S ", "orsted a/s"),
        ("Nestlé S.A.", "nestle s.a."),
        ("SKANSKA B", "skanska b"),
        ("Weiß & Söhne", "weiss & sohne"),
        ("İş Bankası", "is bankasi"),
        ("three\tname\nlines", "three name lines"),
    ],
)
def test_folding_makes_spellings_with_and_without_accents_the_same(raw, folded):
    assert text.fold(raw) == folded


@given(st.text())
def test_the_spelling_free_form_is_a_fixed_point(text):
    key = stocks.ticker_key(text)
    assert stocks.ticker_key(key) == key
