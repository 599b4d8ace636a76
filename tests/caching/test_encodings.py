"""Content encodings: what a reader is sent."""

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.caching import encodings
from stockscore.caching.encodings import BROTLI, GZIP, IDENTITY, NONE, choose


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        (None, IDENTITY),
        ("", IDENTITY),
        ("identity", IDENTITY),
        ("gzip", GZIP),
        ("x-gzip", GZIP),
        ("GZIP", GZIP),
        ("gzip, deflate", GZIP),
        ("gzip, deflate, br", BROTLI),
        ("gzip, deflate, br, zstd", BROTLI),
        ("*", BROTLI),
        ("deflate", IDENTITY),
        ("br;q=0.5, gzip;q=0.8", GZIP),
        ("br;q=0, gzip", GZIP),
        ("gzip;q=0", IDENTITY),
        ("gzip;q=0.5, identity", IDENTITY),
        ("gzip;q=0.001, *;q=0", GZIP),
        ("gzip ; q=1.0 , br ; q=0.1", GZIP),
        ("identity;q=0, gzip", GZIP),
        ("identity;q=0", NONE),
        ("*;q=0", NONE),
        ("*;q=0, identity;q=0.1", IDENTITY),
        ("gzip;q=nonsense", IDENTITY),
        ("gzip;q=7", IDENTITY),
        (",,;;,gzip", GZIP),
        ("gzip, " * 1000, IDENTITY),
    ],
)
def test_the_best_encoding_that_the_reader_takes_is_chosen(accept, encoding):
    assert choose(accept) == encoding


@given(st.text(max_size=60))
def test_any_header_leads_to_an_encoding_or_to_none(accept):
    assert choose(accept) in {NONE, IDENTITY, GZIP, BROTLI}


@given(st.binary(max_size=500))
def test_every_body_can_be_read_back_and_is_the_same_each_time(body):
    plain, zipped, brotlied = encodings.bodies(body)
    assert plain == gzip.decompress(zipped) == brotli.decompress(brotlied) == body
    assert encodings.bodies(body) == (plain, zipped, brotlied)


@given(st.binary(max_size=500), st.sampled_from([IDENTITY, GZIP, BROTLI]))
def test_every_body_follows_from_any_other(body, known_in):
    ready = encodings.bodies(body)
    known = [ready[index] if index == known_in else None for index in range(3)]
    assert [encodings.recode(known, encoding) for encoding in range(3)] == list(ready)


def test_a_body_that_is_known_in_no_encoding_is_a_mistake():
    with pytest.raises(ValueError, match="must be known"):
        encodings.recode([None, None, None], GZIP)
