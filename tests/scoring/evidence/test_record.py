"""The record day by day: which snapshots count for a date, and that nothing later changes it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from stockscore.scoring.evidence.cohorts import standardised
from stockscore.scoring.evidence.days import Recorded
from stockscore.scoring.evidence.interval import last
from stockscore.scoring.evidence.ranks import less_group_means
from stockscore.scoring.evidence.record import WARM_UP, Record
from stockscore.scoring.evidence.series import LOOK_AHEAD, SHUFFLED, ic
from stockscore.scoring.evidence.verdict import placebos
from tests.support.scored_market import markets, scored_market

COUNT = 60

LEAD = 280
"""Dates that hold `WARM_UP` sessions of an exchange with holidays of its own."""


def results(days, exchanges=1, count=COUNT):
    record = Record(markets(count, exchanges))
    return [record.add(day) for day in days]


@pytest.fixture(scope="module")
def days():
    return list(scored_market(1, 120, COUNT))


@pytest.fixture(scope="module")
def found(days):
    return results(days)


def test_the_first_value_is_that_of_the_first_whole_cohort(found):
    of = {h: [r.session for r in found if ic("total") in r.values.get(h, {})] for h in (21, 63)}
    # The cohort of session 23 are the snapshots of 1 to 21; that of 22 was not yet tradable.
    assert of[21] == list(range(23, 121))
    assert of[63] == list(range(65, 121))
    assert 252 not in found[-1].values


@pytest.mark.parametrize("horizon", [21, 63])
def test_a_value_is_the_rank_correlation_of_the_cohort_with_the_returns_of_the_day(
    days, found, horizon
):
    place = 100
    cohort = range(place - 1 - horizon, place - 1)
    z = np.mean([standardised(days[i].recorded.scores[0]) / 2**20 for i in cohort], axis=0)
    neutral = less_group_means(days[place].returns, days[0].recorded.sectors)
    values = found[place].values[horizon]
    assert values[ic("total")] == pytest.approx(spearmanr(z, neutral)[0], abs=1e-4)
    raw = spearmanr(z, days[place].returns)[0]
    assert values[ic("total", "raw")] == pytest.approx(raw, abs=1e-4)


def test_what_comes_later_changes_no_value_of_before(days, found):
    assert results(days[:90]) == found[:90]
    removed = [*days[:90]]
    for day in days[90:]:
        gone = Recorded(
            day.recorded.exchanges,
            *(np.array(part) for part in (day.recorded.scores, day.recorded.signals)),
            day.recorded.sectors,
            day.recorded.market_values,
            day.recorded.present,
        )
        gone.scores[:, :5], gone.signals[:5] = -1, -1
        returns = day.returns.copy()
        returns[:5] = np.nan
        removed.append(replace(day, recorded=gone, returns=returns))
    after = results(removed)
    assert after[:90] == found[:90]
    assert after[-1] != found[-1]


@pytest.mark.parametrize("seed", [3, 4])
def test_going_on_gives_the_bits_of_beginning_anew(seed):
    """Two exchanges with holidays of their own, and stocks that were added in between."""
    days = list(scored_market(seed, 330, COUNT, exchanges=2))
    whole = results(days, exchanges=2)
    going_on = Record(markets(COUNT, 2))
    first = 325 - LEAD
    resumed = [
        going_on.add(day, measured=place >= LEAD - 1) for place, day in enumerate(days[first:])
    ]
    assert sum("X1" in day.trading for day in days[first:325]) >= WARM_UP
    assert resumed[LEAD:] == whole[325:]
    assert ic("health", "raw", "large") in whole[-1].values[252]


def test_a_gap_is_left_out_of_the_mean_and_half_a_cohort_is_needed(days):
    gaps = [replace(day, recorded=None) if 30 <= day.session < 40 else day for day in days]
    found = {r.session: r.values for r in results(gaps)}
    assert ic("total") in found[45][21]  # 11 of 21 are there
    gaps = [replace(day, recorded=None) if 30 <= day.session < 42 else day for day in days]
    found = {r.session: r.values for r in results(gaps)}
    assert ic("total") not in found[45].get(21, {})
    assert ic("total") in found[45 + 21][21]


def test_fifths_earn_what_their_stocks_earn_and_trade_what_changes(found):
    values = found[-1].values[21]
    fifths = [values[f"return.{fifth}.equal"] for fifth in range(1, 6)]
    assert np.mean(fifths) == pytest.approx(values["return.universe.equal"], abs=1e-12)
    first = next(r.values[21] for r in found if 21 in r.values)
    assert [first[f"traded.{fifth}.capped"] for fifth in range(1, 6)] == pytest.approx([1] * 5)
    later = [r.values[21]["traded.5.equal"] for r in found if 21 in r.values][1:]
    assert 0 < max(later) < 1


def test_the_hits_of_a_snapshot_are_counted_after_its_horizon(days, found):
    said, until = days[10], days[10 + 1 + 21]
    codes = said.recorded.signals
    growth = np.prod([1 + day.returns for day in days[12 : until.session]], axis=0) - 1
    values = found[until.session - 1].values[21]
    bought = codes <= 1
    assert values["hits.count"] == bought.sum()
    assert values["hits.beat"] == (growth[bought] > growth.mean()).sum()


def test_the_placebos_of_a_worthless_score_are_in_order():
    values = [r.values[21] for r in results(scored_market(5, 150, 200), count=200)[22:]]
    shuffled, ahead = ([v[key] for v in values] for key in (SHUFFLED, LOOK_AHEAD))
    tests = placebos(shuffled, ahead)
    assert tests.shuffled_is_nothing
    assert tests.look_ahead_is_found
    assert abs(last(shuffled).mean) < 0.03 < last(ahead).mean
