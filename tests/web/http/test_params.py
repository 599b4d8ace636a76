"""Query parameters: one table a page, a sentence for what cannot be meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.web.http import params
from stockscore.web.http.params import BadParameterError

DECLARED = (
    params.words("q"),
    params.member("sector", of="sectors"),
    params.points("min_score"),
    params.choice("sort", ("score", "ticker"), "score"),
    params.choice("dir", ("asc", "desc"), lambda v: "asc" if v["sort"] == "ticker" else "desc"),
    params.whole("page", 1, 999_999_999, 1),
    params.whole("per_page", 1, 200, 25),
)


def read(query):
    return params.read(DECLARED, query.encode() if isinstance(query, str) else query)


def test_without_a_query_everything_is_its_default_and_the_canonical_query_is_empty():
    query = read("")
    assert query["page"] == 1
    assert query["min_score"] is None
    assert query["dir"] == "desc"
    assert query.canonical == ""


def test_the_canonical_query_is_sorted_and_drops_defaults_and_unknown_parameters():
    query = read("utm_source=x&sort=ticker&page=1&per_page=50&q=+big++bank+&dir=asc&sector=")
    assert query.canonical == "per_page=50&q=big%20bank&sort=ticker"


SEVERAL = (params.several("cols", ("rank", "price", "score", "health"), ("price", "score"), 3),)


@pytest.mark.parametrize(
    ("query", "value", "canonical"),
    [
        ("", None, ""),
        ("cols=", None, ""),
        ("cols=health,rank", ("rank", "health"), "cols=rank%2Chealth"),
        ("cols=health&cols=rank", ("rank", "health"), "cols=rank%2Chealth"),
        ("cols=score&cols=price", None, ""),
        ("cols=rank,rank", ("rank",), "cols=rank"),
    ],
)
def test_ticked_boxes_are_one_value_in_the_order_of_the_page(query, value, canonical):
    asked = params.read(SEVERAL, query.encode())
    assert asked["cols"] == value
    assert asked.canonical == canonical


@pytest.mark.parametrize("query", ["cols=size", "cols=rank,price,score,health", "cols=%FF"])
def test_boxes_that_are_not_there_or_too_many_get_a_sentence(query):
    with pytest.raises(BadParameterError, match="“cols”"):
        params.read(SEVERAL, query.encode())


def test_points_are_read_in_hundredths_and_written_as_people_write_them():
    assert read("min_score=60.5")["min_score"] == 6050
    assert read("min_score=060.50").canonical == "min_score=60.5"
    assert read("min_score=100").canonical == "min_score=100"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("per_page=0", "per_page"),
        ("per_page=201", "per_page"),
        ("per_page=٣", "per_page"),
        ("page=-1", "page"),
        ("page=1.0", "page"),
        ("page=" + "9" * 5000, "page"),
        ("sort=;drop", "sort"),
        ("dir=up", "dir"),
        ("min_score=nan", "min_score"),
        ("min_score=1e999", "min_score"),
        ("min_score=100.01", "min_score"),
        ("min_score=-1", "min_score"),
        ("min_score=60,5", "min_score"),
        ("q=" + "x" * 101, "q"),
        ("q=a%00b", "q"),
        ("q=a%0Ab", "q"),
        (b"q=\xff\xfe", "q"),
        ("q=%FF", "q"),
        ("page=1&page=2", "page"),
        ("page=1&%70age=1", "page"),
    ],
)
def test_a_value_that_cannot_be_meant_gets_a_sentence_naming_the_parameter(query, name):
    with pytest.raises(BadParameterError) as caught:
        read(query)
    sentence = str(caught.value)
    assert f"“{name}”" in sentence
    assert sentence.endswith(".")
    assert len(sentence) < 250
    assert sentence.isprintable()


def test_unknown_parameters_are_ignored_whatever_they_hold():
    assert read(b"x=%FF&x=1&=&&%FF=2&page=3")["page"] == 3


def test_a_member_is_checked_against_what_the_data_know():
    query = read("sector=Energy")
    query.require({"sectors": ("Energy", "Utilities")})
    with pytest.raises(BadParameterError, match="Utilities or Technology"):
        query.require({"sectors": ("Utilities", "Technology")})
    with pytest.raises(BadParameterError, match="nothing is listed yet"):
        query.require({"sectors": ()})


def test_links_change_one_parameter_and_keep_the_others():
    query = read("q=bank&page=4&sort=ticker")
    assert query.url("/stocks", page=5) == "/stocks?page=5&q=bank&sort=ticker"
    assert query.url("/stocks", page=1) == "/stocks?q=bank&sort=ticker"
    assert query.url("/stocks", without=("page",), sort="score") == "/stocks?q=bank"
    assert read("").url("/stocks") == "/stocks"


def test_a_direction_is_dropped_where_it_is_the_natural_one_of_the_new_order():
    query = read("sort=ticker&dir=desc")
    assert query.url("/s", sort="score") == "/s"
    assert query.url("/s", dir="asc") == "/s?sort=ticker"


@given(st.binary(max_size=60))
@settings(max_examples=150)
def test_any_bytes_are_read_or_refused_with_a_sentence_and_the_canonical_form_is_stable(raw):
    try:
        query = read(raw)
    except BadParameterError:
        return
    again = read(query.canonical)
    assert again.values == query.values
    assert again.canonical == query.canonical
