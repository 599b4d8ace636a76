"""Figures of a file count by the day that the file says, whenever it is imported."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from stockscore.providers.csvfile.fundamentals import read_fundamentals
from stockscore.scoring.assemble import assemble

CASES = Path(__file__).resolve().parent.parent / "cases"
IMPORTED = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)


def test_figures_of_2016_are_not_those_of_2026() -> None:
    table = read_fundamentals(CASES / "old-fundamentals.csv", IMPORTED.date(), str.upper, {}.get)
    [(_, statements)] = table.by_stock(IMPORTED)
    reported = assemble(statements)
    assert set(reported.ends.values()) == {date(2016, 12, 31)}
    assert reported.on(date(2017, 6, 30)).figures["revenue"] == 554866000.0
    # Neither the market value of 2016 nor anything else is left for a score.
    assert reported.on(IMPORTED.date()).figures == {}


def test_growth_of_a_file_is_that_of_its_twelve_months() -> None:
    table = read_fundamentals(CASES / "old-fundamentals.csv", IMPORTED.date(), str.upper, {}.get)
    [(_, statements)] = table.by_stock(IMPORTED)
    for quoted in (True, False):
        reported = assemble(statements).with_growth(quoted=quoted)
        assert reported.figures["eps_growth"] == 0.191358
        assert not reported.origins["eps_growth"].is_quoted
