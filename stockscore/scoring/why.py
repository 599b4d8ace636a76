"""Why a score moved, in one sentence: the cause that did most, and the metrics it worked by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.scoring.attribution import (
    METHOD,
    PEERS,
    PRICE,
    Attribution,
    Effect,
    ScoredRecord,
    attribute,
)
from stockscore.scoring.methods import Metric
from stockscore.scoring.numerals import SPACE, decimal, figure, half_up, percent
from stockscore.scoring.reasons import decided
from stockscore.scoring.stored_score import MetricResult

NAMED = 2
"""Metrics that a sentence names at most."""

LEAST_SHARE = 0.2
"""Share of the largest effect from which a second metric is worth its words."""

LEAST_PRICE = 0.0005
"""A price that moved less than this fraction is not said to have moved."""


@dataclass(frozen=True, slots=True)
class News:
    """What else is known of the time between. `report` names the newest report that came in
    ("Report for the quarter to 30 Sep 2026"), `report_short` does in two or three words; `others`
    is how many others of the sector reported. All are None where that was not asked."""

    report: str | None = None
    report_short: str | None = None
    others: int | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """`sentence` has no full stop; `short` is a few words for a label on a chart, empty where that
    was not kept."""

    attribution: Attribution
    sentence: str
    short: str = ""


def why(
    before: ScoredRecord,
    after: ScoredRecord,
    split: float = 1.0,
    news: News | None = None,
    after_under_before_method: ScoredRecord | None = None,
) -> Why:
    """What moved a score from `before` to `after`; see `attribute`."""
    found = attribute(before, after, split, after_under_before_method)
    then = before.record.by_key
    now = (after_under_before_method or after).record.by_key
    shifts = [Shift(effect, then[effect.key], now[effect.key]) for effect in telling(found)]
    stood_still = all(then[key].value == now[key].value for key in then.keys() & now.keys())
    return told(found, shifts, news or News(), (before.method, after.method), stood_still)


@dataclass(frozen=True, slots=True)
class Shift:
    """A metric that an effect came through, as it was and as it is."""

    effect: Effect
    before: MetricResult
    after: MetricResult

    @property
    def metric(self) -> Metric:
        """The metric."""
        return self.before.metric


def told(
    found: Attribution,
    shifts: Sequence[Shift],
    news: News,
    methods: tuple[str, str],
    stood_still: bool,
) -> Why:
    """The words for a change that is split already. `shifts` are the metrics to be named, of the
    leading cause, and `methods` the versions at both ends; `stood_still` says that no ratio of the
    stock changed."""
    if not any(found.parts.values()):
        return Why(found, "Nothing moved it", "unchanged")
    lead = found.lead
    if lead == METHOD:
        before, after = methods
        return Why(found, f"Method {after} in place of {before}", f"Method {after}")
    if lead == PEERS:
        opening, short, clauses = _by_peers(found, shifts, news, stood_still)
    else:
        say = _by_price if lead == PRICE else _by_statements
        opening, short, clauses = say(found, shifts, news)
    joint = ", " if lead == PRICE else ": "
    return Why(found, f"{opening}{joint if opening and clauses else ''}{clauses}", short)


def telling(found: Attribution) -> list[Effect]:
    """The effects that a sentence names, largest first: those of the leading cause that count."""
    # What pushed against the change of its cause does not explain it.
    sign = 1 if found.parts[found.lead] > 0 else -1
    effects = [
        effect for effect in found.effects if effect.cause == found.lead and effect.size * sign > 0
    ]
    return [
        effect
        for effect in effects[:NAMED]
        if abs(effect.size) >= LEAST_SHARE * abs(effects[0].size)
    ]


_CROSSED: dict[str, tuple[tuple[float, str, str], ...]] = {
    "price_vs_sma50": ((0.0, "back above the 50-day average", "below the 50-day average"),),
    "price_vs_sma200": ((0.0, "back above the 200-day average", "below the 200-day average"),),
    "rsi_14": (
        (70.0, "RSI overbought", "RSI out of overbought"),
        (30.0, "RSI out of oversold", "RSI oversold"),
    ),
}
"""Lines of a metric that are worth saying when they are crossed upwards, or downwards."""

_COSTS = {
    "earnings_yield": "on earnings",
    "ebitda_to_ev": "on EBITDA",
    "fcf_yield": "on free cash flow",
    "book_to_price": "on book value",
    "peg": "for its growth",
}


_TRENDS = {"return_12_1": "eleven-month return", "return_6_1": "five-month return"}
"""Metrics whose span moves on: the price of today is not in them."""

_AVERAGES = {"price_vs_sma200": "200-day average", "price_vs_sma50": "50-day average"}


def _by_price(found: Attribution, shifts: Sequence[Shift], _: News) -> tuple[str, str, str]:
    change = found.price_change
    clauses = _joined([_priced(shift) for shift in shifts])
    trend = bool(shifts) and shifts[0].metric.key in _TRENDS
    if change is None or abs(change) < LEAST_PRICE or trend:
        return "", "Price trend", clauses[:1].upper() + clauses[1:] or "The price trend moved"
    moved = f"Price {decimal(100 * change, 1, signed=True)}{SPACE}%"
    return moved, moved, clauses


def _priced(shift: Shift) -> str:
    """What a price did to one metric."""
    metric, then, now = shift.metric, shift.before.value, shift.after.value
    if then is None or now is None:
        return _known(shift)
    for line, up, down in _CROSSED.get(metric.key, ()):
        if (then < line) != (now < line):
            return down if now < line else up
    if metric.key in _COSTS:
        return f"{'cheaper' if shift.effect.size > 0 else 'dearer'} {_COSTS[metric.key]}"
    if average := _AVERAGES.get(metric.key):
        return f"{percent(abs(now))} {'above' if now >= 0 else 'below'} the {average}"
    return _from_to(metric, then, now)


def _by_statements(_: Attribution, shifts: Sequence[Shift], news: News) -> tuple[str, str, str]:
    opening = news.report or "New figures"
    short = news.report_short or ("Report" if news.report else "New figures")
    clauses = [_reported(shift, first=shift is shifts[0]) for shift in shifts]
    return opening, short, _joined(clauses)


def _reported(shift: Shift, *, first: bool) -> str:
    """What new figures did to one metric; the first is told with its numbers."""
    metric, then, now = shift.metric, shift.before, shift.after
    if then.sub_score is None or now.sub_score is None:
        return _known(shift)
    if now.value is None:
        words = decided(now.reason)
        return words.news if words else f"{metric.phrase} decided"
    if then.value is None:
        return f"{metric.phrase} now {_written(metric, now.value)}"
    if first:
        return _from_to(metric, then.value, now.value)
    return f"{metric.phrase} {'up' if now.value > then.value else 'down'}"


def _by_peers(
    found: Attribution, shifts: Sequence[Shift], news: News, stood_still: bool
) -> tuple[str, str, str]:
    if found.regrouped:
        opening = "Counted as another kind of company"
    elif news.others:
        number = {1: "One other", 2: "Two others", 3: "Three others"}
        whose = number.get(news.others, f"{news.others} others")
        opening = f"{whose} of the sector reported"
    elif stood_still:
        opening = "Others moved, it did not"
    else:
        opening = "Others moved more"
    return opening, "Competitors", _joined([_placed(shift) for shift in shifts])


def _placed(shift: Shift) -> str:
    """Where a percentile stood and stands, and whether its own value moved the other way."""
    metric, then, now = shift.metric, shift.before.sub_score, shift.after.sub_score
    if then is None or now is None:
        return _known(shift)
    named = f"{metric.phrase}{_against_others(shift, now > then)}"
    places = [min(99, max(1, half_up(100 * place))) for place in _places(shift, then, now)]
    if places[0] == places[1]:
        return f"{named} a little {'further up' if now > then else 'further down'}"
    return f"{named} ahead of {places[0]} → {places[1]} in 100"


def _against_others(shift: Shift, rose: bool) -> str:
    """ " fell less than others’," of a value that fell while its place rose; empty where the value
    stood still, or went the way of its place."""
    then, now = shift.before.value, shift.after.value
    if then is None or now is None or then == now or (now > then) == rose:
        return ""
    return f" {'fell' if rose else 'rose'} less than others’,"


def _places(shift: Shift, then: float, now: float) -> tuple[float, float]:
    """The true places among the same others where both are kept, else the sub-scores."""
    before, after = shift.before.place, shift.after.place
    if before is None or after is None or before.among != after.among:
        return then, now
    if before.share is None or after.share is None or (after.share > before.share) != (now > then):
        return then, now
    return before.share, after.share


def _known(shift: Shift) -> str:
    known = shift.after.sub_score is not None
    return f"{shift.metric.phrase} {'now known' if known else 'no longer known'}"


def _from_to(metric: Metric, then: float, now: float) -> str:
    before, after = _written(metric, then), _written(metric, now)
    named = "RSI" if metric.key == "rsi_14" else _TRENDS.get(metric.key, metric.phrase)
    if before == after:
        return f"{named} a little {'up' if now > then else 'down'}"
    return f"{named} {before} → {after}"


def _written(metric: Metric, value: float) -> str:
    if metric.unit == "index":
        return decimal(value, 1)
    if metric.unit in {"percent", "signed_percent"}:
        return percent(value, signed=metric.unit == "signed_percent")
    return figure(value)


def _joined(clauses: list[str]) -> str:
    return ", ".join(dict.fromkeys(clauses))
