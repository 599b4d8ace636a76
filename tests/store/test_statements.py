"""Statements: every version is kept with the moment it became known, and nothing is changed."""

from datetime import date, timedelta

import pytest

from stockscore.scoring.statements import FIGURES, Period, Statement
from stockscore.store import statements
from stockscore.store.transactions import transaction
from tests.store.conftest import NOW

pytestmark = pytest.mark.usefixtures("database")

JUNE, SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)
LATER = NOW + timedelta(days=90)


def quarter(end=SEPTEMBER, known_at=NOW, **figures):
    return Statement(
        period=Period.QUARTER,
        period_end=end,
        known_at=known_at,
        currency="USD",
        source="csv",
        figures=figures or {"revenue": 100.0},
    )


def save(stock, *given):
    with transaction():
        return statements.save(stock.id, given)


def revenues(known):
    return [one.figures["revenue"] for one in known]


def test_a_statement_comes_back_as_it_was(add):
    stock = add("AAPL")
    given = quarter(**{name: 0.1 + place * 1e10 for place, name in enumerate(FIGURES)})
    assert save(stock, given) == 1
    assert statements.known(stock.id) == [given]


def test_what_is_missing_is_left_out_and_never_zero(add):
    stock = add("AAPL")
    save(stock, quarter(revenue=0.0, ebit=None, eps=float("nan"), cash=float("inf")))
    (known,) = statements.known(stock.id)
    assert known.figures == {"revenue": 0.0}


def test_the_same_statement_again_adds_nothing(add):
    stock = add("AAPL")
    save(stock, quarter(), quarter(JUNE))
    assert save(stock, quarter(known_at=LATER), quarter(JUNE, LATER)) == 0


def test_a_missing_figure_is_no_change(add):
    stock = add("AAPL")
    save(stock, quarter(revenue=100.0))
    assert save(stock, quarter(known_at=LATER, revenue=100.0, ebit=None)) == 0


def test_a_restatement_is_added_and_the_first_version_stays(add):
    stock = add("AAPL")
    save(stock, quarter(revenue=100.0))
    assert save(stock, quarter(known_at=LATER, revenue=90.0)) == 1
    assert revenues(statements.known(stock.id)) == [100.0, 90.0]


def test_a_figure_that_goes_back_to_what_it_was_is_a_restatement_too(add):
    stock = add("AAPL")
    save(stock, quarter(revenue=100.0))
    save(stock, quarter(known_at=NOW + timedelta(days=1), revenue=90.0))
    assert save(stock, quarter(known_at=LATER, revenue=100.0)) == 1


def test_another_currency_is_a_restatement(add):
    stock = add("AAPL")
    given = quarter()
    save(stock, given)
    in_euro = Statement(given.period, given.period_end, LATER, "EUR", "csv", given.figures)
    assert save(stock, in_euro) == 1


def test_two_versions_of_one_moment_are_both_kept_in_their_order(add):
    stock = add("AAPL")
    assert save(stock, quarter(revenue=100.0), quarter(revenue=90.0)) == 2
    assert save(stock, quarter(revenue=80.0)) == 1
    known = statements.known(stock.id)
    assert revenues(known) == [100.0, 90.0, 80.0]
    assert known[-1].known_at - NOW < timedelta(milliseconds=1)


def test_periods_of_different_spans_that_end_on_one_day_are_apart(add):
    stock = add("AAPL")
    given = quarter()
    year = Statement(Period.YEAR, given.period_end, NOW, "USD", "csv", given.figures)
    assert save(stock, given, year) == 2


def test_only_what_was_known_at_a_moment_counts_then(add):
    stock = add("AAPL")
    save(stock, quarter(JUNE), quarter(known_at=LATER, revenue=200.0))
    assert revenues(statements.known(stock.id, NOW)) == [100.0]
    assert revenues(statements.known(stock.id, LATER)) == [100.0, 200.0]
    assert statements.known(stock.id, NOW - timedelta(microseconds=1)) == []


def test_history_can_be_saved_after_what_is_newer(add):
    stock = add("AAPL")
    save(stock, quarter(known_at=LATER, revenue=90.0))
    assert save(stock, quarter(revenue=100.0)) == 1
    assert revenues(statements.known(stock.id)) == [100.0, 90.0]


def test_statements_of_several_stocks_are_read_at_once(add):
    one, other, without = add("AAA"), add("BBB"), add("CCC")
    save(one, quarter(JUNE), quarter(known_at=LATER))
    save(other, quarter(JUNE, revenue=5.0))
    known = statements.known_of([one.id, other.id, without.id], NOW)
    assert {stock: revenues(found) for stock, found in known.items()} == {
        one.id: [100.0],
        other.id: [5.0],
    }
    assert known[one.id] == statements.known(one.id, NOW)
    assert statements.moments_of_all(NOW) == {one.id: [NOW], other.id: [NOW]}


def test_a_figure_of_no_known_name_is_refused_because_it_would_be_lost_silently(add):
    stock = add("AAPL")
    with pytest.raises(ValueError, match="no known name: turnover"):
        save(stock, quarter(JUNE), quarter(turnover=1.0))
    assert statements.known(stock.id) == []
