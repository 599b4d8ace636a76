"""Which bars are believed, worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockscore.providers.base import Bar
from stockscore.scoring.doctor.bars import LASTING, QuotedPrice, vet_bars, vet_currency
from stockscore.scoring.doctor.decisions import Decisions

FIRST = date(2026, 3, 2)
NOW = datetime(2026, 8, 21, 22, tzinfo=UTC)


def bars(*closes: float, **actions: dict[int, float]) -> list[Bar]:
    """Bars a day apart; `splits={2: 10.0}` splits on the third, `dividends` likewise."""
    splits, dividends = actions.get("splits", {}), actions.get("dividends", {})
    return [
        Bar(
            FIRST + timedelta(days=index),
            None,
            None,
            None,
            close,
            None,
            dividend=dividends.get(index, 0.0),
            split=splits.get(index, 1.0),
        )
        for index, close in enumerate(closes)
    ]


LAST = Bar(FIRST - timedelta(days=1), None, None, None, 100.0, None)


def closes(accepted: list[Bar]) -> list[float]:
    return [bar.close for bar in accepted]


def test_prices_that_move_as_prices_do_are_believed() -> None:
    accepted, rejected = vet_bars(bars(100, 130, 60, 107.9), LAST)
    assert closes(accepted) == [100, 130, 60, 107.9]
    assert rejected == []


def test_a_jump_of_more_than_eighty_percent_is_held_back_with_all_that_follows_on_its_level() -> (
    None
):
    accepted, rejected = vet_bars(bars(101, 190, 191), LAST)
    assert closes(accepted) == [101]
    assert [(value.field, value.session, value.value, value.last_good) for value in rejected] == [
        ("close", FIRST + timedelta(days=1), "190", "101")
    ]
    assert rejected[0].reason == (
        "The close changed by +88% between 2026-03-02 and 2026-03-03 without a split: 101 to 190."
    )


@pytest.mark.parametrize(
    ("close", "held"), [(180.0, False), (180.1, True), (20.0, False), (19.9, True)]
)
def test_the_boundary_is_eighty_percent_either_way(close: float, held: bool) -> None:
    assert bool(vet_bars(bars(close), LAST)[1]) is held


def test_a_split_explains_its_own_jump() -> None:
    assert vet_bars(bars(10.1, splits={0: 10.0}), LAST)[1] == []
    assert vet_bars(bars(505.0, splits={0: 0.2}), LAST)[1] == []


def test_a_split_without_its_jump_is_held_back() -> None:
    assert vet_bars(bars(100.0, splits={0: 10.0}), LAST)[1][0].field == "close"


def test_a_spike_is_left_out_and_the_bars_after_it_are_believed() -> None:
    accepted, rejected = vet_bars(bars(101, 9999, 103), LAST)
    assert closes(accepted) == [101, 103]
    assert len(rejected) == 1


def test_a_split_during_held_bars_is_not_forgotten() -> None:
    accepted, _ = vet_bars(bars(101, 9999, 51, splits={1: 2.0}), LAST)
    assert closes(accepted) == [101, 51]


def test_a_level_that_stands_for_a_week_of_sessions_is_believed_after_all() -> None:
    fallen = [14.0] * LASTING
    assert vet_bars(bars(101, 15.5, *fallen[1:]), LAST)[1]
    accepted, rejected = vet_bars(bars(101, 15.5, *fallen), LAST)
    assert len(accepted) == 2 + LASTING
    assert rejected == []


@pytest.mark.parametrize(
    ("close", "ratio"),
    [(10.1, "10 for 1"), (14.3, "7 for 1"), (199.0, "1 for 2"), (805, "1 for 8")],
)
def test_a_lasting_jump_of_a_whole_ratio_looks_like_a_split_that_nobody_told_of(
    close, ratio
) -> None:
    accepted, rejected = vet_bars(bars(100, *[close] * 20), LAST)
    assert closes(accepted) == [100]
    assert rejected[0].rule == "unlisted-split"
    assert rejected[0].reason.endswith(f"Its new level lasts, as after a split of {ratio}.")


@given(st.lists(st.floats(0.8, 1.25), min_size=LASTING + 1, max_size=30))
def test_the_doubt_over_such_a_level_stays_while_the_market_drifts(moves) -> None:
    level = [10.0, *(10.0 * move for move in moves)]
    accepted, rejected = vet_bars(bars(100, *level), LAST)
    assert closes(accepted) == [100]
    assert [value.rule for value in rejected] == ["unlisted-split"]


def test_the_doubt_over_such_a_level_ends_with_it() -> None:
    accepted, _ = vet_bars(bars(100, *[10.0] * 8, 101, 102), LAST)
    assert closes(accepted) == [100, 101, 102]


# A first answer is held against itself and against the quoted price


@pytest.mark.parametrize("wrong", [0, 1, 7, 19])
def test_of_a_first_answer_the_one_wrong_bar_is_rejected_and_not_all_the_rest(wrong) -> None:
    answer = [100.0 + step for step in range(20)]
    answer[wrong] /= 100
    accepted, rejected = vet_bars(bars(*answer), None)
    assert closes(accepted) == [close for place, close in enumerate(answer) if place != wrong]
    assert [value.session for value in rejected] == [FIRST + timedelta(days=wrong)]


def test_a_split_among_the_first_bars_is_no_other_level() -> None:
    assert vet_bars(bars(*[100.0] * 3, *[5.0] * 17, splits={3: 20.0}), None)[1] == []


@pytest.mark.parametrize("pounds", [slice(0, 30), slice(70, 100), slice(40, 60)])
def test_a_first_answer_that_changes_its_unit_has_that_of_most_of_its_bars(pounds) -> None:
    answer = [600.0] * 100
    answer[pounds] = [6.0] * len(answer[pounds])
    accepted, rejected = vet_bars(
        bars(*answer), None, quoted=QuotedPrice(FIRST + timedelta(days=95), 6.0)
    )
    assert set(closes(accepted)) == {600.0}
    assert len(accepted) == answer.count(600.0)
    assert [value.rule for value in rejected] == ["price-jump"]


@pytest.mark.parametrize(
    ("price", "held"), [(5.1, True), (51000.0, True), (510, False), (51, False)]
)
def test_first_prices_in_another_unit_than_the_quoted_one_are_held_back(price, held) -> None:
    accepted, rejected = vet_bars(bars(*[510.0] * 20), None, quoted=QuotedPrice(FIRST, price))
    assert [value.rule for value in rejected] == ["price-unit"] * held
    assert len(accepted) == (0 if held else 20)


def test_a_quoted_price_of_another_year_is_no_witness() -> None:
    quoted = QuotedPrice(FIRST - timedelta(days=200), 5.1)
    assert vet_bars(bars(*[510.0] * 20), None, quoted=quoted)[1] == []


def test_what_somebody_has_accepted_is_believed_with_all_that_follows_on_its_level() -> None:
    jump = FIRST + timedelta(days=1)
    accepted = Decisions(accepted={("close", jump): ("277.001",)})
    assert vet_bars(bars(101, 277.0011, 280), LAST, accepted)[1] == []
    assert vet_bars(bars(101, 278.0, 280), LAST, accepted)[1] != []


def test_a_factor_of_a_hundred_is_a_unit_however_long_it_stands() -> None:
    accepted, rejected = vet_bars(bars(101, *[10000.0] * 20), LAST)
    assert closes(accepted) == [101]
    assert len(rejected) == 1


@pytest.mark.parametrize("close", [0.0, -3.0])
def test_a_price_is_above_nothing(close: float) -> None:
    accepted, rejected = vet_bars(bars(100, close, 101), LAST)
    assert closes(accepted) == [100, 101]
    assert rejected[0].reason.startswith(f"A close of {close:g} cannot be a price")


def test_a_dividend_of_nearly_the_price_is_another_unit() -> None:
    _, rejected = vet_bars(bars(100, dividends={0: 85.0}), LAST)
    assert rejected[0].field == "dividend"


def test_the_first_bars_of_a_stock_have_nothing_to_be_held_against() -> None:
    assert vet_bars(bars(100, 110), None)[1] == []


@pytest.mark.parametrize(("answered", "held"), [("GBp", False), ("GBX", False), ("GBP", True)])
def test_two_spellings_of_pence_are_one_unit_and_pounds_are_another(answered, held) -> None:
    assert bool(vet_currency(answered, "GBX")) is held


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.floats(-10, 1e6, allow_nan=False), st.sampled_from([1.0, 1.0, 2.0, 0.1, 0.0])),
        max_size=25,
    )
)
def test_no_believed_bar_lies_far_from_the_one_before_it_unless_the_level_stood(days) -> None:
    answer = bars(*(close for close, _ in days), splits=dict(enumerate(s for _, s in days)))
    accepted, rejected = vet_bars(answer, LAST)
    assert len(accepted) == len(answer) or rejected
    assert all(bar.close > 0 for bar in accepted)
    assert [bar.session for bar in accepted] == sorted(bar.session for bar in accepted)
