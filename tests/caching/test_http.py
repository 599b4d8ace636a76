"""What answers say to caches, and what is never kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.caching import http

ETAG = 'W/"abc"'


@pytest.mark.parametrize(
    "header",
    [
        'W/"abc"',
        '"abc"',
        "*",
        " * ",
        '"x", "abc"',
        '"x",W/"abc" , "y"',
        '"with, comma", "abc"',
    ],
)
def test_a_reader_who_names_the_validator_has_the_page(header):
    assert http.unchanged(header, ETAG)


@pytest.mark.parametrize(
    "header", ["", '"abcd"', "abc", '"x", "y"', 'W/abc, "x', "garbage", 'W/"ab"c"', '"x" "abc"']
)
def test_a_reader_who_names_another_or_nothing_readable_has_not(header):
    assert not http.unchanged(header, ETAG)


@given(st.text(max_size=40))
def test_any_header_is_read(header):
    assert http.unchanged(header, ETAG) in {True, False}


@pytest.mark.parametrize(
    ("status", "headers", "kept"),
    [
        (200, [("Content-Type", "text/html")], True),
        (200, [("Vary", "Accept-Encoding")], True),
        (200, [("Set-Cookie", "a=b")], False),
        (200, [("Cache-Control", "no-store")], False),
        (200, [("cache-control", "Private")], False),
        (200, [("Vary", "Accept, Cookie")], False),
        (200, [("Vary", "*")], False),
        (200, [("Content-Encoding", "gzip")], False),
        (203, [], False),
        (206, [], False),
        (301, [], False),
        (404, [], False),
        (500, [], False),
    ],
)
def test_only_whole_answers_for_everybody_are_kept(status, headers, kept):
    assert http.may_be_kept(status, headers) is kept


def test_headers_of_one_answer_are_no_part_of_the_content():
    headers = [("Content-Type", "a"), ("Content-Length", "3"), ("ETag", "x"), ("X-Other", "y")]
    assert http.content_headers(headers) == (("Content-Type", "a"), ("X-Other", "y"))
