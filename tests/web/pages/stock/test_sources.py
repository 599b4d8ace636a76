"""What is said of where the figures of a stock come from."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from stockscore.scoring.assemble import Reported
from stockscore.scoring.inputs import BY_NAME
from stockscore.scoring.periods import Origin
from stockscore.scoring.statements import Period
from stockscore.web.pages.stock.sources import is_old, period_of, statements_note

TODAY = datetime(2026, 8, 21, 21, 30, tzinfo=UTC)
QUARTER = Origin("yahoo", Period.QUARTER, date(2025, 9, 30), datetime(2025, 11, 1, tzinfo=UTC))
QUOTED = Origin("yahoo", Period.TRAILING, date(2026, 8, 21), TODAY)


def said(**origins):
    assert origins.keys() <= {name.removesuffix("_ttm") for name in BY_NAME}
    reported = Reported(currency="USD", origins=origins, newest_end=QUARTER.period_end)
    return " ".join(statements_note(reported, TODAY).split())


def test_the_age_of_statements_is_that_of_what_was_reported():
    assert said(revenue=QUARTER) == (
        "Source: Yahoo Finance. Statements to 30 Sep 2025, known since 1 Nov 2025, "
        "325 days old when scored."
    )


def test_what_is_quoted_today_does_not_make_old_statements_new():
    assert said(revenue=QUARTER, eps=QUOTED) == (
        "Source: Yahoo Finance. Statements to 30 Sep 2025, known since 1 Nov 2025, "
        "325 days old when scored. Figures quoted without a report: of 21 Aug 2026."
    )


QUARTERS_OF = Origin("yahoo", Period.QUARTER, date(2026, 6, 30), TODAY)
SUMMED = Origin("yahoo", Period.TRAILING, date(2026, 6, 30), TODAY)
ON_A_DAY = Origin("yahoo", Period.TRAILING, date(2026, 8, 21), TODAY, is_quoted=True)


@pytest.mark.parametrize(
    ("name", "origin", "words"),
    [
        ("revenue_ttm", QUARTERS_OF, "four quarters to 30 Jun 2026"),
        ("ebit_ttm", replace(QUARTERS_OF, period=Period.HALF), "two halves to 30 Jun 2026"),
        ("cfo_ttm", SUMMED, "twelve months to 30 Jun 2026"),
        ("cfo_ttm", ON_A_DAY, "twelve months, quoted on 21 Aug 2026"),
        ("cash", QUARTERS_OF, "balance of 30 Jun 2026"),
        ("total_debt", SUMMED, "balance of 30 Jun 2026"),
        ("total_debt", ON_A_DAY, "quoted on 21 Aug 2026"),
        ("eps_growth", QUARTERS_OF, "four quarters to 30 Jun 2026"),
        ("eps_growth", replace(QUARTERS_OF, period=Period.YEAR), "year to 30 Jun 2026"),
        ("eps_growth", SUMMED, "as the source quotes it, to 30 Jun 2026"),
    ],
)
def test_twelve_months_are_said_only_of_what_adds_up_over_them(name, origin, words) -> None:
    assert " ".join(period_of(name, origin).split()) == words


def test_figures_are_marked_nine_months_after_the_end_of_their_period() -> None:
    assert not is_old(QUARTERS_OF, date(2027, 3, 31))
    assert is_old(QUARTERS_OF, date(2027, 4, 1))


def test_of_statements_that_are_too_old_only_their_end_is_told() -> None:
    assert said() == (
        "The newest statements, to 30 Sep 2025, are more than fifteen months older than the "
        "prices: nothing is computed from them."
    )
