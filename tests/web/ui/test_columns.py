"""The columns of lists: each defined once, and each way to write them complete."""

from stockscore.services.stock_lists import SORTS
from stockscore.web.ui import columns
from stockscore.web.ui.columns import CHOOSABLE, COLUMNS, CSV_HEADER


def test_each_column_is_defined_once_and_leads_to_a_place_of_its_own():
    assert len(columns.BY_KEY) == len(COLUMNS)
    assert len(set(CSV_HEADER)) == len(CSV_HEADER)
    paths = [column.json for column in COLUMNS if column.json]
    assert len(set(paths)) == len(paths)
    places = [column.table.place for column in COLUMNS if column.table and column.table.place]
    assert sorted(places) == list(range(1, len(CHOOSABLE) + 1))


def test_what_a_column_sorts_by_is_what_lists_can_be_ordered_by():
    assert {column.sort for column in COLUMNS if column.sort} == set(SORTS)


def test_a_cell_is_a_text_where_no_macro_writes_it():
    for column in COLUMNS:
        if column.table:
            assert (column.table.cell == "written") == (column.written is not None)


def test_a_column_that_a_page_alone_has_is_a_number_under_its_label():
    own = columns.column("pe", "P/E", priority=1)
    assert (own.label, own.style, own.cell, own.priority) == ("P/E", "num", "written", 1)
    assert columns.column("score").label == "Score"
