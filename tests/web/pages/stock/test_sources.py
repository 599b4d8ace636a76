"""What is said of where the figures of a stock come from."""

from datetime import UTC, date, datetime

from stockscore.scoring.assemble import Reported
from stockscore.scoring.inputs import BY_NAME
from stockscore.scoring.periods import Origin
from stockscore.scoring.statements import Period
from stockscore.web.pages.stock.sources import statements_note

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
