"""Doubt ends: a person accepts or refuses what is held back, once, by name, for good."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from stockscore.providers.base import Listing
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.services import quarantine as service
from stockscore.services.errors import InputError
from stockscore.store import quarantine, stocks, upkeep
from stockscore.store.pages import market
from stockscore.store.transactions import transaction

NOW = datetime(2026, 3, 5, 21, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def stock_id(app_on, database_url):
    """A stock, on either database."""
    with app_on(database_url).app_context():
        with transaction():
            stocks.save_listings([Listing("KO", "Coca-Cola", "XNYS", "USD")], "test", NOW)
        yield stocks.find("KO").id


def held(stock_id, value="177", field="close", rule="price-jump", source="yahoo") -> int:
    """The id of the open case of a value."""
    rejected = RejectedValue(rule, field, value, "64", "It jumped.", date(2026, 3, 5))
    with transaction():
        quarantine.add(stock_id, rejected, source, NOW)
    return quarantine.open_items()[0].id


def decide(*ids, decision="accepted", by="ann", **more) -> list[str]:
    return [made.sentence for made in service.decide(ids, decision, by, NOW + DAY, **more)]


def test_what_is_accepted_is_closed_with_who_and_when_and_says_what_comes_next(stock_id) -> None:
    (sentence,) = decide(held(stock_id))
    assert sentence == (
        "Accepted 177 as close of KO of 2026-03-05: it will be taken with the next refresh; run "
        "`flask refresh KO --force`."
    )
    assert quarantine.open_items() == []
    (case,) = market.decided(10)
    assert (case.decision, case.decided_by, case.decided_at) == ("accepted", "ann", NOW + DAY)
    assert quarantine.decisions_on(stock_id).accepts("close", date(2026, 3, 5), "177")


def test_a_value_of_a_file_is_taken_when_the_file_comes_again(stock_id) -> None:
    (sentence,) = decide(held(stock_id, source="csv"))
    assert sentence.endswith("it will be taken when its file is imported again.")


def test_what_is_refused_stays_out_and_opens_no_case_again(stock_id) -> None:
    (sentence,) = decide(held(stock_id), decision="refused")
    assert sentence.endswith("64 stays in use, and this value opens no case again.")
    with transaction():
        again = RejectedValue("price-jump", "close", "177", "64", "", date(2026, 3, 5))
        assert not quarantine.add(stock_id, again, "yahoo", NOW + DAY)
    assert quarantine.open_items() == []
    assert held(stock_id, "178"), "another value is another doubt"


def test_a_decision_outlives_housekeeping(stock_id) -> None:
    decide(held(stock_id), decision="refused")
    held(stock_id, "178")
    with transaction():
        quarantine.resolve(stock_id, "close", NOW + DAY)
        assert upkeep.forget_resolved(NOW + 1000 * DAY) == 1
    assert [case.value for case in market.decided(10)] == ["177"]


def test_several_are_decided_all_or_none(stock_id) -> None:
    first, second = held(stock_id), held(stock_id, "9", field="dividend")
    with pytest.raises(InputError, match="There is no case 999"):
        decide(first, second, 999)
    assert len(quarantine.open_items()) == 2
    assert len(decide(first, second, first)) == 2


def wrong(problem, *ids, **more) -> None:
    with pytest.raises(InputError, match=problem):
        decide(*ids, **more)


def test_what_cannot_be_decided_is_a_sentence(stock_id) -> None:
    case = held(stock_id)
    wrong("has changed meanwhile", case, seen={case: "1.77"})
    wrong("must have a name", case, by=" \n")
    wrong("at most 80", case, by="x" * 81)
    wrong("No case was named")
    wrong("There is no case", 2**70)
    decide(case, seen={case: "177"})
    wrong("was accepted already, by ann on 2026-03-06", case, decision="refused")
    closed = held(stock_id, "8", field="dividend")
    with transaction():
        quarantine.resolve(stock_id, "dividend", NOW + DAY)
    wrong("closed: a later answer was believed on 2026-03-06", closed)


@pytest.mark.parametrize("rule", ["no-price", "no-figures"])
def test_what_cannot_be_true_can_only_be_refused(stock_id, rule) -> None:
    case = held(stock_id, "0", rule=rule)
    wrong("cannot be accepted", case)
    assert decide(case, decision="refused")
