"""A company that begins to report in another currency."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from stockscore.scoring.assemble import assemble
from stockscore.scoring.doctor.statements import vet_statements
from stockscore.scoring.statements import Period, Statement

ENDS = (date(2025, 12, 31), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))


def report(end: date, revenue: float, currency: str, known: date | None = None) -> Statement:
    day = known or end
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Statement(Period.QUARTER, end, moment, currency, "test", {"revenue": revenue})


OLD = [report(end, 100.0, "USD") for end in ENDS[:2]]
FIRST = [report(ENDS[1], 90.0, "EUR", ENDS[2]), report(ENDS[2], 91.0, "EUR")]
SECOND = [*FIRST, report(ENDS[3], 93.0, "EUR")]


def test_the_first_report_in_another_currency_is_held_back() -> None:
    accepted, (rejected,) = vet_statements(FIRST, OLD)
    assert accepted == []
    assert (rejected.rule, rejected.value, rejected.session) == ("report-currency", "EUR", ENDS[2])


def test_the_second_report_is_believed_and_the_history_stays() -> None:
    accepted, rejected = vet_statements(SECOND, OLD)
    assert (accepted, rejected) == (SECOND, [])
    assert assemble([*OLD, *SECOND]).currency == "EUR"


def test_a_report_that_was_held_back_counts_though_it_does_not_come_again() -> None:
    assert vet_statements(SECOND[-1:], OLD)[0] == []
    assert vet_statements(SECOND[-1:], OLD, doubted=[ENDS[2]])[0] == SECOND[-1:]


def test_the_same_report_twice_is_one() -> None:
    assert vet_statements(FIRST, OLD, doubted=[ENDS[2]])[0] == []


def test_the_same_amounts_under_another_label_are_never_believed() -> None:
    relabelled = [report(end, 100.0, "TRY", ENDS[3]) for end in ENDS]
    accepted, (rejected,) = vet_statements(relabelled, OLD)
    assert accepted == []
    assert "only the label" in rejected.reason


@pytest.mark.parametrize("revenue", [9_300.0, 0.93])
def test_two_reports_that_do_not_agree_are_not_believed(revenue: float) -> None:
    assert vet_statements([*FIRST, report(ENDS[3], revenue, "EUR")], OLD)[0] == []
