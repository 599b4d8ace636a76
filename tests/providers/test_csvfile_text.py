"""How any CSV file is read: bytes, lines, header, cells; shown on universe files, which have the
fewest rules of their own."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stockscore.providers.base import BadData, Listing
from stockscore.providers.csvfile import BadFile, read_universe

HEADER = "ticker,name,exchange,currency,sector,industry"
ACME = "ACME,Acme Corporation,XNYS,USD,Technology,Software"
ACME_LISTING = Listing("ACME", "Acme Corporation", "XNYS", "USD", "Technology", "Software")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(content, path="u.csv"):
    Path(path).write_bytes(content.encode() if isinstance(content, str) else content)
    return read_universe(Path(path), str.upper)


def refusal(content):
    with pytest.raises(BadFile) as caught:
        read(content)
    return str(caught.value)


pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ACME}\n",
        f"{HEADER}\n{ACME}",
        f"{HEADER}\r\n{ACME}\r\n",
        f"{HEADER}\r\n{ACME}\r",
        f"\ufeff{HEADER}\n{ACME}\n",
        f"\n\n{HEADER}\n\n   \n{ACME}\n\n",
        f" Ticker ,NAME,Exchange , Currency,sector,industry\n{ACME}\n",
        f'{HEADER}\n"ACME","Acme Corporation","XNYS","USD","Technology","Software"\n',
        f"{HEADER}\n  acme , Acme Corporation , xnys , USD , Technology , Software \n",
        (
            "industry,currency,ticker,sector,name,exchange\n"
            "Software,USD,ACME,Technology,Acme Corporation,XNYS\n"
        ),
    ],
    ids=[
        "plain",
        "no line end at the end",
        "CRLF",
        "CR at the end",
        "byte order mark",
        "blank lines",
        "spaces and capitals in the header",
        "quotes",
        "spaces and small letters in cells",
        "columns in another order",
    ],
)
def test_the_same_table_is_read_however_it_was_saved(content):
    assert read(content) == [ACME_LISTING]


def test_a_name_may_hold_commas_quotes_and_formulas_which_are_just_text():
    row = 'ACME,"=HYPERLINK(""http://x"",""Acme, Inc."")",XNYS,USD,,'
    assert read(f"{HEADER}\n{row}\n")[0].name == '=HYPERLINK("http://x","Acme, Inc.")'


def test_a_quote_inside_an_unquoted_cell_is_a_part_of_it():
    assert read(f'{HEADER}\nACME,The "A" Company,XNYS,USD,,\n')[0].name == 'The "A" Company'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "",
            (
                "u.csv is empty; its first line has to name the columns: "
                "ticker,name,exchange,currency,sector,industry."
            ),
        ),
        (
            "\n\n",
            (
                "u.csv is empty; its first line has to name the columns: "
                "ticker,name,exchange,currency,sector,industry."
            ),
        ),
        (f"{HEADER}\n", "u.csv has a header and no rows; there is nothing to import."),
        (
            "ticker;name;exchange;currency\nACME;Acme;XNYS;USD\n",
            "u.csv has its columns separated by semicolons; save it with commas.",
        ),
        (
            "ticker\tname\nACME\tAcme\n",
            "u.csv has its columns separated by tabs; save it with commas.",
        ),
        (
            f"{HEADER},ISIN\n{ACME},\n",
            "u.csv, line 1: unknown column 'isin'; remove it.",
        ),
        (
            f"{HEADER.replace('industry', 'indstry')}\n{ACME}\n",
            "u.csv, line 1: unknown column 'indstry'; did you mean industry?",
        ),
        (
            f"{HEADER},\n{ACME},\n",
            "u.csv, line 1: column 7 has no name; name it or remove it.",
        ),
        (
            f"{HEADER},Ticker\n{ACME},ACME\n",
            "u.csv, line 1: the column 'ticker' is there twice; remove one.",
        ),
        (
            "ticker,name,exchange\nACME,Acme,XNYS\n",
            "u.csv, line 1: the column currency is missing; add it.",
        ),
        (
            f"{HEADER}\nACME,Acme,XNYS,USD,\n",
            (
                "u.csv, line 2: has 5 cells where the header has 6; leave unknown cells empty, and "
                "keep their commas."
            ),
        ),
        (
            f"{HEADER}\nACME,Acme, Inc.,XNYS,USD,,\n",
            (
                "u.csv, line 2: has 7 cells where the header has 6; put cells with a comma in "
                "quotes, and no thousands separators in numbers."
            ),
        ),
        (
            f'{HEADER}\nACME,"Acme,XNYS,USD,,\n',
            (
                "u.csv, line 2: has a quote that is not closed, or text after a closed one; write "
                'quotes inside a cell twice ("") and no line breaks.'
            ),
        ),
        (
            f"{HEADER}\nACME,Ac\x00me,XNYS,USD,,\n",
            "u.csv, line 2: holds the control character U+0000; remove it.",
        ),
        (
            f"{HEADER}\nACME,Ac\u202eme,XNYS,USD,,\n",
            "u.csv, line 2: holds the control character U+202E; remove it.",
        ),
        (
            f"{HEADER}\rACME,Acme,XNYS,USD,,\r",
            "u.csv, line 1: holds the control character U+000D; remove it.",
        ),
        (
            f"{HEADER}\n{ACME}\nB,Caf\xe9,XNYS,USD,,\n".encode("latin-1"),
            "u.csv, line 3: byte 6 of the line (0xE9) is not UTF-8; save the file as UTF-8.",
        ),
        (
            f"{HEADER}\n{ACME}\n".encode("utf-16"),
            "u.csv, line 1: byte 1 of the line (0xFF) is not UTF-8; save the file as UTF-8.",
        ),
        (
            f"{HEADER}\nACME,{'x' * 201},XNYS,USD,,\n",
            "u.csv, line 2: name is 201 characters long; shorten it to 200.",
        ),
        (
            f"{HEADER}\nACME,{'x' * 70_000},XNYS,USD,,\n",
            "u.csv, line 2: is 70,016 characters long; is a line end missing?",
        ),
        (
            HEADER + "x" * 1_100_000,
            "u.csv has a line of more than 1,048,576 bytes; is it a CSV file with one row a line?",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_one_sentence(content, sentence):
    assert refusal(content) == sentence


def test_a_missing_file_and_a_directory_are_sentences(folder):
    (folder / "data").mkdir()
    for path, sentence in (
        ("none.csv", "none.csv does not exist; check the path."),
        ("data", "data is a directory; name a CSV file in it."),
        ("a\0b", "a�b is not a path that a file can have; check the path."),
    ):
        with pytest.raises(BadFile) as caught:
            read_universe(Path(path), str.upper)
        assert str(caught.value) == sentence


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read_is_a_sentence():
    Path("u.csv").touch(mode=0o200)
    with pytest.raises(BadFile, match="may not be read by this user; change its permissions"):
        read_universe(Path("u.csv"), str.upper)


def test_ten_problems_are_told_in_the_order_of_lines_and_the_rest_is_counted():
    rows = [f"T{number},Name,NOWHERE,USD,," for number in range(1_234)]
    sentences = refusal("\n".join([HEADER, *rows])).splitlines()
    assert [sentence.split(":")[0] for sentence in sentences[:10]] == [
        f"u.csv, line {line}" for line in range(2, 12)
    ]
    assert sentences[10:] == ["u.csv: and 1,224 more."]


def test_a_file_that_is_wrong_everywhere_is_not_read_to_its_end():
    row = "T,Name,NOWHERE,USD,,\n"
    sentences = refusal(f"{HEADER}\n" + row * (4_000_000 // len(row))).splitlines()
    assert sentences[-1] == "u.csv was read no further."
    counted = int(sentences[-2].removeprefix("u.csv: and ").removesuffix(" more.").replace(",", ""))
    assert 10_000 <= counted < 4_000_000 // len(row)


def test_problems_of_bytes_of_cells_and_of_rows_are_told_together():
    lines = [HEADER.encode(), b"A,\xff,XNYS,USD,,", b"B,B", b"C,C,XNYS,usd,,"]
    assert [sentence.split(":")[0] for sentence in refusal(b"\n".join(lines)).splitlines()] == [
        "u.csv, line 2",
        "u.csv, line 3",
        "u.csv, line 4",
    ]


def test_a_long_bad_cell_is_shortened_in_its_sentence():
    sentence = refusal(f"{HEADER}\nACME,Acme,{'Z' * 5_000},USD,,\n")
    assert f"exchange is '{'Z' * 40}…'" in sentence
    assert len(sentence) < 500


def test_progress_is_told_in_bytes_up_to_the_size_of_the_file():
    told = []
    Path("u.csv").write_text(f"{HEADER}\n{ACME}\n")
    read_universe(Path("u.csv"), str.upper, lambda *args: told.append(args))
    size = Path("u.csv").stat().st_size
    assert told == [(size, size, "reading u.csv")]


NAMES = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="\u202a"),
    min_size=1,
    max_size=200,
).filter(lambda name: name == name.strip() and any(map(str.isalnum, name)))


@settings(max_examples=60)
@given(
    names=st.lists(NAMES, min_size=1, max_size=20),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_any_names_come_back_as_they_were_written(names, line_end, quoting):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=line_end, quoting=quoting)
    writer.writerow(["ticker", "name", "exchange", "currency"])
    writer.writerows([f"T{number}", name, "XNYS", "USD"] for number, name in enumerate(names))
    assert [listing.name for listing in read(text.getvalue())] == names


def outcome(content):
    """The listings, or the lines of the refusal; any other error fails the test."""
    try:
        return read(content)
    except BadData as error:
        return str(error).split("\n")


@settings(max_examples=60)
@given(st.binary(max_size=300))
@example(b'"')
@example(b"\xef\xbb\xbf\n,")
def test_garbage_bytes_give_nothing_but_the_clear_error(garbage):
    for content in (garbage, HEADER.encode() + b"\n" + garbage):
        assert all(
            isinstance(answer, Listing) or answer.startswith("u.csv") for answer in outcome(content)
        )


@settings(max_examples=60)
@given(st.text(st.sampled_from('ACME,"\r\n\t ;\x00é9'), max_size=80))
def test_odd_arrangements_of_quotes_and_line_ends_give_listings_or_the_clear_error(text):
    result = outcome(f"{HEADER}\n{ACME}\n{text}")
    assert result[0] == ACME_LISTING or all(answer.startswith("u.csv") for answer in result)
