"""A stock that is removed, renamed or comes back changes nothing about the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stockscore.providers.null import NullProvider
from stockscore.scoring.stored_score import day_receipt
from stockscore.services import score_inputs, scores, snapshots, universe, verification
from stockscore.services.errors import InputError, ServiceError
from stockscore.store import cross_sections, stocks
from stockscore.store.pages import search
from stockscore.store.pages.search import sought
from stockscore.store.transactions import transaction
from tests.support import small_market
from tests.support.small_market import NOW, TICKERS, TODAY

pytestmark = pytest.mark.usefixtures("app_context")

LATER = NOW + timedelta(days=3)


@pytest.fixture
def ids(app_context) -> dict[str, int]:
    """The small market with an edition and the snapshot of it."""
    found = small_market.save()
    scores.publish(NOW)
    snapshots.take("XNYS", NOW)
    return found


class Index(NullProvider):
    """A provider of which an index has these members."""

    def __init__(self, numbers) -> None:
        self.members = [small_market.listing(number) for number in numbers]

    def universe(self, _index, _now):
        return self.members


def is_as_said() -> bool:
    return all(score.agrees for score in verification.verify_all(TODAY))


def test_a_removed_stock_stays_in_what_was_said(ids) -> None:
    assert universe.remove(["t03", "T04", "T03"], LATER) == ["T03", "T04"]
    assert universe.remove(["T03"], LATER) == []
    assert "T03" not in [stock.ticker for stock in stocks.active()]
    assert is_as_said()
    with pytest.raises(InputError, match="No stock is called 'T99'"):
        universe.remove(["T05", "T99"], LATER)
    assert stocks.find("T05").removed_at is None


def test_a_removed_stock_is_found_after_the_living_ones(ids) -> None:
    universe.remove(["T00"], LATER)
    found = search.best(sought("company"), 20)
    assert [match.ended for match in found] == [False] * 11 + [True]
    assert found[-1].ticker == "T00"
    assert search.matching(sought("T00")) == {}
    assert set(search.matching(sought("T00"), of_listed=False)) == {ids["T00"]}


def test_a_stock_that_comes_back_was_away_in_between(ids) -> None:
    universe.remove(["T03"], NOW + timedelta(days=1))
    with transaction():
        stocks.save_listings([small_market.listing(3)], "test", LATER)
    away = NOW + timedelta(days=2)
    followed = [
        ids["T03"] in {stock.id for stock in stocks.listed(moment)} for moment in (NOW, away, LATER)
    ]
    assert followed == [True, False, True]
    spans = [member for member in stocks.memberships() if member.stock.id == ids["T03"]]
    assert [member.includes(moment) for moment in (NOW, away, LATER) for member in spans].count(
        True
    ) == 2
    assert is_as_said()


def test_a_renamed_stock_keeps_its_history_under_the_name_of_then(ids) -> None:
    said = universe.rename("T03", "META", LATER)
    assert said == "T03 is called META from now on, and is asked for as META."
    assert stocks.find("t03").id == stocks.find("META").id == ids["T03"]
    assert is_as_said()
    names = {score.ticker for score in verification.verify_all(TODAY)}
    assert "T03" in names
    assert "META" not in names
    section = cross_sections.of_session("XNYS", TODAY)
    receipts = {score.ticker: score.receipt for score in verification.verify_all(TODAY)}
    assert day_receipt(receipts) == section.day_receipt
    assert score_inputs.of_session(ids["T03"], "META", "XNYS", TODAY).ticker == "T03"
    assert [stock.ticker for stock in stocks.listed(NOW)] == list(TICKERS)
    assert "META" in [stock.ticker for stock in stocks.listed(LATER)]


def test_a_list_with_the_name_of_before_adds_no_second_stock(ids) -> None:
    universe.rename("T03", "META", LATER)
    with transaction():
        stocks.save_listings([small_market.listing(3)], "test", LATER)
    assert len(stocks.everyone()) == len(TICKERS)
    assert stocks.find("T03").ticker == "META"


def test_a_stock_can_be_called_as_before_again(ids) -> None:
    universe.rename("T03", "META", LATER)
    universe.rename("META", "T03", LATER + timedelta(days=1))
    assert stocks.find("META").ticker == stocks.find("T03").ticker == "T03"
    universe.rename("T03", "META", LATER + timedelta(days=2))
    assert is_as_said()
    for hours, ticker in ((1, "META"), (25, "T03"), (49, "META")):
        moment = LATER + timedelta(hours=hours)
        names = {stock.id: stock.ticker for stock in stocks.listed(moment)}
        assert names[ids["T03"]] == ticker


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("T99", "META", "No stock is called 'T99'"),
        ("T03", "t03", "is called so already"),
        ("T03", "T04", "T04 \\(Company 4\\) is another stock"),
        ("T03", " ", "cannot be a ticker"),
        ("T03", "X" * 33, "cannot be a ticker"),
    ],
)
def test_a_rename_that_cannot_be_meant_changes_nothing(ids, old, new, sentence) -> None:
    with pytest.raises(InputError, match=sentence):
        universe.rename(old, new, LATER)
    assert [stock.ticker for stock in stocks.active()] == list(TICKERS)


def test_an_index_is_followed_as_it_changes(ids) -> None:
    first = universe.sync("Index", Index(range(10)), LATER)
    assert (first.members, first.came, first.left) == (10, (), ())
    later = LATER + timedelta(days=1)
    counts = universe.sync("index", Index([*range(2, 10), 11]), later)
    assert (counts.came, counts.left, counts.kept) == ((), ("T00", "T01"), ())
    assert "T00" not in [stock.ticker for stock in stocks.active()]
    assert "T10" in [stock.ticker for stock in stocks.active()]
    assert is_as_said()
    back = universe.sync("index", Index(range(10)), later + timedelta(days=1))
    assert (back.came, back.left) == (("T00", "T01"), ("T11",))
    again = universe.sync("index", Index(range(10)), later + timedelta(days=2))
    assert (again.came, again.left) == ((), ())


def test_a_member_of_two_indices_stays_while_one_has_it(ids) -> None:
    universe.add("other", Index([0]), LATER)
    universe.sync("index", Index(range(10)), LATER)
    counts = universe.sync("index", Index(range(1, 10)), LATER + timedelta(days=1))
    assert (counts.left, counts.kept) == ((), ("T00",))
    assert stocks.find("T00").removed_at is None


def test_a_list_that_lost_half_of_its_members_is_not_believed(ids) -> None:
    universe.sync("index", Index(range(10)), LATER)
    with pytest.raises(ServiceError, match="has 4 members and had 10; that is not believed"):
        universe.sync("index", Index(range(4)), LATER)
    assert len(stocks.active()) == len(TICKERS)


def test_members_that_never_had_a_price_are_named(ids) -> None:
    index = Index(range(3))
    universe.sync("index", index, LATER)
    index.members = [*index.members, replace(small_market.listing(0), ticker="DEAD")]
    universe.sync("index", index, LATER)
    counts = universe.sync("index", index, LATER + timedelta(days=1))
    assert counts.unknown == ("DEAD",)
    assert "flask universe rename OLD NEW" in " ".join(counts.sentences)


def test_the_commands(ids, runner) -> None:
    done = runner.invoke(args=["universe", "rename", "T03", "META", "--symbol", "META.X"])
    assert (done.exit_code, done.output) == (
        0,
        "T03 is called META from now on, and is asked for as META.X.\n",
    )
    done = runner.invoke(args=["universe", "remove", "T04", "T05"])
    assert (done.exit_code, done.output) == (0, "No longer followed: T04, T05.\n")
    assert runner.invoke(args=["universe", "remove", "T99"]).exit_code == 2
    assert runner.invoke(args=["universe", "remove"]).exit_code == 2
