"""On which footing a history stands: for which splits its closes are restated.

A source that restates its history divides all earlier closes by the ratio of a split. Some list a
split and have not restated for it, or only a part of the history: then the closes themselves show a
jump of the split's own ratio. A file tells of splits by its adjusted closes alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import log

import numpy as np

from stockscore.scoring.arrays import Flags, Floats

LEAST_RATIO = 1.25
"""A smaller split moves the price no further than a day of trading may: the source is believed."""
TIMES_NOISE = 6.0
"""So many times the usual daily change a split must be, to be told from trading."""
NEARNESS, MOST_NEARNESS = 0.35, 0.4
"""A jump is of a split's own ratio where its logarithm differs by less than this share of the
ratio's, and by less than this at all."""
WHOLE_RATIO, EXACTLY = 1.9, 0.15
"""A change of footing within a history is only looked for with splits of at least this ratio, and
must meet it this closely: any other fall may be one of the market."""
AROUND = 5
"""Bars on either side whose median level tells a change of footing from one wrong bar."""

LEAST_TOLD = 1.15
"""A smaller step of an adjusted close against the close is a dividend."""
TOLD_WHOLE, TOLD_PART, PLAIN_PART = 0.02, 0.002, 5
"""How closely a step meets a whole ratio, or one with parts down to a fifth, to be a split."""


@dataclass(frozen=True, slots=True)
class Footing:
    """What n restated closes are to be multiplied with to have them as they were traded, and the
    splits (places) for which some of the bars before were not restated."""

    factors: Floats
    unrestated: dict[int, Flags]


def footing(closes: Floats, splits: Floats) -> Footing:
    """The footing of closes (above zero, oldest first) that claim to be restated for `splits` (new
    shares for one old from that bar on; 1: none)."""
    factors = np.ones(len(closes))
    unrestated: dict[int, Flags] = {}
    places = np.flatnonzero(splits != 1.0).tolist()
    if not places:
        return Footing(factors, unrestated)
    changes = np.log(closes[:-1] / closes[1:])
    noise = 1.4826 * float(np.median(np.abs(changes))) if len(changes) else 0.0
    for place in places:
        restated = _restated(closes, splits, changes, place, noise)
        factors[:place][restated] *= splits[place]
        if not restated.all():
            unrestated[place] = ~restated
    return Footing(factors, unrestated)


def _restated(closes: Floats, splits: Floats, changes: Floats, place: int, noise: float) -> Flags:
    """Which of the bars before a split are restated for it."""
    restated = np.ones(place, dtype=bool)
    size = log(splits[place])
    if place == 0 or abs(size) < max(log(LEAST_RATIO) - 1e-9, TIMES_NOISE * noise):
        return restated
    own = _level(closes, place)
    is_restated = not (_near(own, size) and _near(float(changes[place - 1]), size))
    restated[:] = is_restated
    if abs(size) < log(WHOLE_RATIO):
        return restated
    # Backwards from the split: the footing changes where the level does by just the ratio.
    candidates = np.abs(np.abs(changes[: place - 1]) - abs(size)) < EXACTLY
    for before in np.flatnonzero(candidates & (splits[1:place] == 1.0))[::-1].tolist():
        step = size if is_restated else -size
        if abs(_level(closes, before + 1, place) - step) < EXACTLY:
            is_restated = not is_restated
            restated[: before + 1] = is_restated
    return restated


def _level(closes: Floats, place: int, end: int | None = None) -> float:
    """By how much (as a logarithm) the level before a bar lies above that from it on."""
    before = np.median(closes[max(0, place - AROUND) : place])
    since = np.median(closes[place : min(place + AROUND, end or len(closes))])
    return log(before / since)


def _near(change: float, size: float) -> bool:
    return abs(change - size) < min(NEARNESS * abs(size), MOST_NEARNESS)


def told_splits(closes: Floats, ratios: Floats) -> Floats:
    """The splits that adjusted closes tell of beside raw ones: new shares for one old from each bar
    on, 1 where there is none, NaN where a bar or the one before it has no adjusted close.

    `ratios` are adjusted closes over closes. Where that falls by as much as the close itself does,
    the change is a split; where the close does not jump, or the ratio is none that a split has, it
    is a dividend.
    """
    splits = np.full(len(closes), np.nan)
    told = ratios[1:] / ratios[:-1]
    splits[1:] = np.where(np.isnan(told), np.nan, 1.0)
    with np.errstate(invalid="ignore"):
        steps = np.flatnonzero((told >= LEAST_TOLD) | (told <= 1 / LEAST_TOLD)) + 1
    for place in steps.tolist():
        ratio = _told_ratio(float(told[place - 1]))
        jump = log(closes[place - 1] / closes[place])
        if ratio is not None and _near(jump, log(ratio)):
            splits[place] = ratio
    _forget_wrong_closes(splits, ratios)
    return splits


def _told_ratio(told: float) -> float | None:
    """The ratio of a split that a step of the adjustment is of, whose rounding and a dividend of
    the same day make it differ a little; None where it is none."""
    larger = max(told, 1 / told)
    whole, plain = round(larger), Fraction(larger).limit_denominator(PLAIN_PART)
    if whole > 1 and abs(whole / larger - 1) < TOLD_WHOLE:
        ratio = float(whole)
    elif abs(float(plain) / larger - 1) < TOLD_PART:
        ratio = float(plain)
    elif larger >= WHOLE_RATIO or told < 1:
        ratio = larger
    else:
        return None
    return ratio if told > 1 else 1 / ratio


def _forget_wrong_closes(splits: Floats, ratios: Floats) -> None:
    """Takes out what only looks like a split because one close is wrong beside a good adjusted one:
    it is taken back some bars later, or the history ends on it."""
    places = [place for place in np.flatnonzero(splits != 1.0).tolist() if splits[place] > 0]
    for place, following in pairwise(places):
        back = abs(log(splits[place] * splits[following])) < EXACTLY
        if back and following - place <= AROUND:
            splits[place] = splits[following] = 1.0
    end = ratios[-1]
    for place in places:
        ends_on_it = len(splits) - place <= AROUND and abs(log(ratios[place - 1])) < EXACTLY
        if ends_on_it and abs(log(end)) > abs(log(splits[place])) / 2:
            splits[place] = 1.0
