"""Entries are bytes: ours come back as they were, and nothing else is an entry."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.caching.encodings import GZIP, IDENTITY
from stockscore.caching.entries import CacheEntry, etag_of, pack, unpack

SECRET = b"s" * 32
KEY = "page:1:abc:def"
BODIES = (b"plain", b"zip", b"br")
ENTRY = CacheEntry(
    edition=7,
    created=1_800_000_000.25,
    ttl=300.0,
    etag='W/"0123"',
    headers=(("Content-Type", "text/html; charset=utf-8"), ("X-Öre", "å")),
    bodies=BODIES,
    size=2_010,
    note_at=3,
)
PACKED = pack(ENTRY, GZIP, KEY, SECRET)


def test_an_entry_comes_back_as_it_was_with_the_body_of_its_encoding():
    for encoding, body in enumerate(BODIES):
        alone = tuple(body if index == encoding else None for index in range(3))
        packed = pack(ENTRY, encoding, KEY, SECRET)
        assert unpack(packed, encoding, KEY, SECRET) == replace(ENTRY, bodies=alone)


@given(
    st.binary(max_size=5_000),
    st.integers(min_value=0, max_value=2**53),
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=3),
)
def test_any_entry_comes_back_as_it_was(body, edition, headers):
    entry = CacheEntry(edition, 0.5, 0.0, "e", tuple(headers), (body, None, None), len(body))
    assert unpack(pack(entry, IDENTITY, KEY, SECRET), IDENTITY, KEY, SECRET) == entry


@settings(max_examples=60)
@given(st.integers(min_value=0, max_value=len(PACKED) - 1), st.integers(min_value=1, max_value=255))
def test_a_single_damaged_byte_makes_it_no_entry(at, change):
    damaged = bytearray(PACKED)
    damaged[at] ^= change
    assert unpack(bytes(damaged), GZIP, KEY, SECRET) is None


@settings(max_examples=60)
@given(st.integers(min_value=0, max_value=len(PACKED) - 1))
def test_half_an_entry_is_none(length):
    assert unpack(PACKED[:length], GZIP, KEY, SECRET) is None


@given(st.binary(max_size=200))
def test_whatever_bytes_are_found_are_no_entry(data):
    assert unpack(data, GZIP, KEY, SECRET) is None


def test_an_entry_under_another_key_is_none():
    assert unpack(PACKED, GZIP, "page:1:abc:other", SECRET) is None


def test_an_entry_of_another_encoding_is_none():
    assert unpack(PACKED, IDENTITY, KEY, SECRET) is None


def test_an_entry_made_with_another_secret_is_none():
    assert unpack(pack(ENTRY, GZIP, KEY, b"t" * 32), GZIP, KEY, SECRET) is None


class Planted:
    ran = False

    def __reduce__(self):
        return setattr, (Planted, "ran", True)


@pytest.mark.parametrize("prefix", [b"", b"!", PACKED[:28]])
def test_planted_pickles_are_none_and_are_not_run(prefix):
    assert unpack(prefix + pickle.dumps(Planted()), GZIP, KEY, SECRET) is None
    assert not Planted.ran


def test_what_is_not_bytes_is_none():
    assert unpack(12, GZIP, KEY, SECRET) is None


def test_equal_content_has_an_equal_validator_and_different_content_another():
    headers = (("Content-Type", "text/html"),)
    assert etag_of(headers, b"a") == etag_of(headers, b"a")
    others = {
        etag_of(headers, b"a"),
        etag_of(headers, b"b"),
        etag_of((("Content-Type", "text/csv"),), b"a"),
    }
    assert len(others) == 3
    assert all(etag.startswith('W/"') for etag in others)
