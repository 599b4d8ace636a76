"""Cross-sections come back as they were written, whole or as differences, and none that was taken
back is ever shown."""

from __future__ import annotations

from array import array
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from stockscore.extensions import db
from stockscore.store import columns, cross_sections, editions
from stockscore.store.cross_sections import Excerpt, Section
from stockscore.store.models import CrossSection, CrossSectionColumn
from stockscore.store.summary import EditionSummary
from stockscore.store.transactions import transaction
from tests.support.recorded import record_session
from tests.support.small_market import weekdays

pytestmark = pytest.mark.usefixtures("database")

IDS = array("i", [3, 5, 11, 40])
MOMENT = datetime(2026, 11, 20, 22, tzinfo=UTC)
DAYS = weekdays(date(2026, 11, 20), 30)


def add_edition(number: int = 0) -> int:
    """An edition, for cross-sections that are of one."""
    moment = MOMENT + timedelta(minutes=number)
    return editions.add(
        published_at=moment,
        known_at=moment,
        method="1.0",
        fingerprint=f"{number}",
        simulated=False,
        stocks=len(IDS),
        rated=len(IDS),
        summary=EditionSummary(moment.date()),
    ).id


def write_edition(values: dict[str, array], **changed) -> int:
    given = {
        "kind": cross_sections.EDITION,
        "method": "1.0",
        "known_at": MOMENT,
        "labels": {"signal": ("BUY", "HOLD")},
        "receipt_rule": "1",
        "day_receipt": "d" * 64,
    }
    return cross_sections.write(IDS, values, **(given | changed))


def record(day: date, total: int, ids=IDS, **more) -> int:
    """A session in which all stocks have about the same total."""
    with transaction():
        return record_session(day, {stock_id: total + stock_id for stock_id in ids}, **more)


def header_of(section_id: int) -> CrossSection:
    return db.session.get(CrossSection, section_id)


def test_it_comes_back_as_it_was_written():
    values = {
        "total": columns.whole([7000, None, 0, 10_000]),
        "rank": columns.whole([2, None, 4, 1], "i"),
        "signal": columns.whole([0, None, 1, 0]),
        "roe.value": columns.floats([0.25, None, -0.0, 1e308]),
    }
    with transaction():
        edition_id = add_edition()
        write_edition(values, edition_id=edition_id)
    section = cross_sections.of_edition(edition_id)
    assert isinstance(section, Section)
    assert (section.stock_ids, len(section)) == (IDS, 4)
    assert (section.method, section.known_at, section.published) == ("1.0", MOMENT, True)
    found = section.all_columns()
    assert {key: column.typecode for key, column in found.items()} == {
        "total": "h",
        "rank": "i",
        "signal": "h",
        "roe.value": "d",
    }
    assert all(found[key].tobytes() == column.tobytes() for key, column in values.items())
    assert section.words("signal") == ["BUY", None, "HOLD", "BUY"]
    assert section.values_of(1, values) == dict.fromkeys(values)
    assert section.values_of(3, ["total", "roe.value"]) == {"total": 10_000, "roe.value": 1e308}


def test_a_stock_is_found_by_its_id_and_one_that_was_not_there_is_not():
    with transaction():
        edition_id = add_edition()
        write_edition({"total": columns.whole(range(4))}, edition_id=edition_id)
    section = cross_sections.of_edition(edition_id)
    assert [section.index_of(stock_id) for stock_id in IDS] == [0, 1, 2, 3]
    assert [section.index_of(stock_id) for stock_id in (0, 4, 41)] == [None] * 3


def test_a_key_that_it_lacks_is_none_and_others_are_read_beside_it():
    section = cross_sections.read(record(DAYS[0], 5000))
    found = section.columns(["total", "a_metric.value"])
    assert found == {"total": array("h", [5003, 5005, 5011, 5040]), "a_metric.value": None}
    assert section.column("another") is None
    assert section.words("another") == [None] * 4
    assert section.values_of(0, ["total", "another"]) == {"total": 5003, "another": None}


def test_sessions_are_kept_as_differences_from_a_whole_one_and_one_in_so_many_is_whole():
    numbers = [record(day, 5000 + index) for index, day in enumerate(DAYS)]
    bases = [header_of(number).base_id for number in numbers]
    whole = cross_sections.SESSIONS_OF_ONE_BASE + 1
    assert bases == [None] + [numbers[0]] * (whole - 1) + [None] + [numbers[whole]] * 8
    for index, number in enumerate(numbers):
        expected = array("h", [5000 + index + stock_id for stock_id in IDS])
        assert cross_sections.read(number).column("total") == expected


@pytest.mark.parametrize(
    "changed",
    [{"ids": [3, 5, 11]}, {"ids": [3, 5, 11, 41]}, {"method": "1.1"}, {"exchange": "XLON"}],
    ids=["fewer stocks", "other stocks", "another method", "another exchange"],
)
def test_what_cannot_be_compared_value_by_value_is_whole(changed):
    record(DAYS[0], 5000)
    assert header_of(record(DAYS[1], 6000, **changed)).base_id is None


def test_a_column_that_its_base_lacks_or_has_in_another_type_is_whole():
    figures = columns.floats([0.5, None, 2.0, 3.0])
    first = record(DAYS[0], 5000, more={"a": columns.whole([1, 2, 3, 4])})
    second = record(DAYS[1], 5000, more={"a": figures, "b": figures})
    section = cross_sections.read(second)
    assert section.base_id == first
    found = section.columns(["a", "b", "total"])
    assert (found["a"].tobytes(), found["b"].tobytes()) == (figures.tobytes(), figures.tobytes())
    assert found["total"] == cross_sections.read(first).column("total")


def test_a_session_that_comes_late_hangs_on_none_that_is_newer():
    record(DAYS[5], 5000)
    assert header_of(record(DAYS[2], 6000)).base_id is None


def test_excerpts_of_whole_ones_and_of_differences_say_what_the_columns_say():
    numbers = [record(day, 5000 + 7 * index) for index, day in enumerate(DAYS[:4])]
    numbers.append(record(DAYS[4], 6000, ids=[3, 40]))
    sections = [cross_sections.read(number) for number in numbers]
    wanted = [Excerpt(section, [len(section) - 1, 0], ["total", "none"]) for section in sections]
    assert cross_sections.excerpts(wanted) == [
        {"total": array("h", [section.column("total")[-1], section.column("total")[0]])}
        for section in sections
    ]


def test_what_a_shadow_says_is_found_by_its_version_and_is_never_what_was_published():
    record(DAYS[0], 5000)
    record(DAYS[0], 8000, method="1.1", published=False)
    record(DAYS[1], 8100, method="1.1", published=False)
    section = cross_sections.of_session("XNYS", DAYS[0])
    assert (section.method, section.column("total")[0]) == ("1.0", 5003)
    shadow = cross_sections.of_session("XNYS", DAYS[0], "1.1")
    assert (shadow.published, shadow.column("total")[0]) == (False, 8003)
    assert cross_sections.of_session("XNYS", DAYS[1]) is None
    newest = cross_sections.newest_on_or_before(DAYS[3])
    assert [found.id for found in newest] == [section.id]


def test_of_each_exchange_the_last_session_up_to_a_day_counts():
    york, london = record(DAYS[3], 1000), record(DAYS[2], 2000, exchange="XLON")
    record(DAYS[5], 3000)
    for day, expected in ((DAYS[4], {york, london}), (DAYS[2], {london}), (DAYS[1], set())):
        assert {found.id for found in cross_sections.newest_on_or_before(day)} == expected


def record_and_break_off(total: int) -> None:
    """Writes a session, reads it, and breaks off."""
    with transaction():
        number = record_session(DAYS[0], {3: total}, known_at=MOMENT)
        assert cross_sections.read(number).column("total")[0] == total
        raise KeyboardInterrupt


def test_what_was_taken_back_is_not_remembered():
    with pytest.raises(KeyboardInterrupt):
        record_and_break_off(1000)
    assert cross_sections.of_session("XNYS", DAYS[0]) is None
    # SQLite gives the number again, and here the moment and the day receipt are the same too.
    again = record(DAYS[0], 2000, ids=[3], known_at=MOMENT)
    assert cross_sections.read(again).column("total")[0] == 2003


def test_a_part_of_a_transaction_that_is_taken_back_is_not_remembered():
    with transaction():
        with pytest.raises(KeyboardInterrupt):
            record_and_break_off(1000)
        again = record_session(DAYS[0], {3: 2000}, known_at=MOMENT)
        assert cross_sections.read(again).column("total")[0] == 2000
    assert cross_sections.of_session("XNYS", DAYS[0]).column("total")[0] == 2000


def test_columns_of_old_editions_are_put_away_and_sessions_stay():
    record(DAYS[0], 5000)
    with transaction():
        numbers = [add_edition(number) for number in range(3)]
        for edition_id in numbers:
            write_edition({"total": columns.whole(range(4))}, edition_id=edition_id)
    with transaction():
        cross_sections.put_away_editions(before=numbers[1])
    found = [cross_sections.of_edition(edition_id) for edition_id in numbers]
    assert [section is not None for section in found] == [False, True, True]
    assert cross_sections.of_session("XNYS", DAYS[0]) is not None
    owners = select(func.count(CrossSectionColumn.cross_section_id.distinct()))
    assert db.session.scalar(owners) == 3
