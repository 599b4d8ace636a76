"""A column comes back from its bytes as it was, whole or as a difference from an older one."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.store import columns

RANGES = {
    "d": st.floats(width=64),
    "i": st.integers(-(2**31), 2**31 - 1),
    "h": st.integers(-(2**15), 2**15 - 1),
}


@st.composite
def pairs(draw):
    """Two columns of one type and length."""
    typecode = draw(st.sampled_from("dih"))
    rows = draw(st.lists(st.tuples(RANGES[typecode], RANGES[typecode]), max_size=50))
    return array(typecode, [new for new, _ in rows]), array(typecode, [old for _, old in rows])


@given(pairs())
def test_a_column_comes_back_to_the_bit(pair):
    column, _ = pair
    kept = columns.pack(column)
    assert columns.unpack(kept, column.typecode).tobytes() == column.tobytes()


@given(pairs())
def test_a_difference_with_its_base_comes_back_to_the_bit(pair):
    column, base = pair
    kept = columns.pack(column, base)
    assert columns.unpack(kept, column.typecode, base).tobytes() == column.tobytes()


def test_a_column_that_hardly_changed_takes_a_small_part_of_the_room():
    base = columns.floats(index**0.5 for index in range(10_000))
    column = base[:]
    column[17] = 4.0
    assert len(columns.pack(column, base)) < len(columns.pack(column)) / 50


@pytest.mark.parametrize("typecode", "hi")
def test_what_is_missing_is_known_as_missing(typecode):
    column = columns.whole([3, None], typecode)
    assert [columns.known(value, typecode) for value in column] == [3, None]


def test_a_missing_float_is_known_as_missing():
    column = columns.floats([0.5, None])
    assert [columns.known(value, "d") for value in column] == [0.5, None]
