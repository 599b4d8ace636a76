"""Why a score is another one than before: its change split into causes that sum to it exactly.

The causes are the stock's own price, its own statements, its peers, and a change of method. The two
records are enough: of each metric they say what its own input was and what place it got.

1. **Each metric.** A sub-score that moved while the metric's own value did not, was moved by peers:
   by others of the sector or the market, or by being compared with others than before. A percentile
   can only rise with its own value, so one that went against it was moved by peers too. Otherwise
   the cause is what the value is made of: prices for momentum, statements for quality and health.
2. **Value mixes both.** Price and statements are set in one after the other, in both orders, and
   the mean of the two counts (the Shapley value of two). The split of PEG is of its sub-scores. Of
   the percentiles it is of the values: parts that pull the same way share the move in proportion,
   and of parts that pull apart the stronger has it all. A market value moves with the price; what
   is left of its move (new shares) belongs to the statements.
3. **Known and unknown.** A metric that became known, or is no longer, was moved as a whole by
   statements if any of its statement figures changed, else by the price; where its kind of company
   changed, by peers.
4. **The total.** Shares of unknown metrics go to known ones, and three rated factors count 4/3, so
   causes multiply. They are taken in all orders, and the mean counts (the Shapley value of three).
5. **Hundredths.** The parts are rounded by largest remainder, among the causes that did anything.
6. **Another method.** The later inputs are scored under the earlier method too. What moved up to
   there is split as above, and the rest is the method's part. Where that score is not known, the
   whole change is the method's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import factorial, floor, isclose

from stockscore.scoring.inputs import clean
from stockscore.scoring.method import CURVE, FACTOR_POINTS, FACTORS
from stockscore.scoring.methods import Method, Metric, method_of
from stockscore.scoring.metric_value import metric_value, sub_score_on_curve
from stockscore.scoring.reasons import NOT_APPLICABLE
from stockscore.scoring.stored_score import MetricResult, StoredScore

PRICE, STATEMENTS, PEERS, METHOD = CAUSES = ("price", "statements", "peers", "method")
WITHIN = (PRICE, STATEMENTS, PEERS)
"""The causes under one method."""

PRICED = ("price", "market_cap", "enterprise_value")
"""Inputs that move with the price."""

FULL = 100 * FACTOR_POINTS
FINE = 1_000_000
"""Parts of a hundredth in which remainders are compared, so that the noise of binary fractions
gives no cause a hundredth."""


@dataclass(frozen=True, slots=True)
class ScoredRecord:
    """What was said of a stock at one moment: its total in hundredths, from which record, by which
    version of the method."""

    record: StoredScore
    total: int
    method: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What one metric did to the total for one cause, in hundredths and about: it names, and is
    not added up."""

    key: str
    cause: str
    size: float


@dataclass(frozen=True, slots=True)
class Attribution:
    """`parts` are whole hundredths by cause and sum to `change`. `price_change` is that of the
    share price as a fraction, splits taken out, None where it is not known. `effects` are largest
    first; `regrouped` says that the stock counts as another kind of company."""

    change: int
    parts: Mapping[str, int]
    effects: tuple[Effect, ...] = ()
    price_change: float | None = None
    regrouped: bool = False

    @property
    def lead(self) -> str:
        """The cause that moved most; of equal ones the first of `CAUSES`."""
        return max(CAUSES, key=lambda cause: abs(self.parts[cause]))


def attribute(
    before: ScoredRecord,
    after: ScoredRecord,
    split: float = 1.0,
    after_under_before_method: ScoredRecord | None = None,
) -> Attribution:
    """The change from `before` to `after` by cause.

    `split` is how many shares one has become in between, so that a split is no fall of the price.
    `after_under_before_method` is what `after` would have been under the method of `before`, and is
    asked for where the two differ; None where that is not known or not rated. Raises ValueError
    where it is of another method.
    """
    change = after.total - before.total
    if before.method == after.method:
        return _under_one_method(before, after, split)
    if after_under_before_method is None:
        price_change = _price_change(before.record, after.record, split)
        return Attribution(change, _parts(change, {METHOD: float(change)}), (), price_change)
    if after_under_before_method.method != before.method:
        raise ValueError(
            f"a score of method {before.method} cannot be compared with one of "
            f"{after_under_before_method.method}"
        )
    found = _under_one_method(before, after_under_before_method, split)
    rest = after.total - after_under_before_method.total
    by_cause = {**found.parts, METHOD: found.parts[METHOD] + rest}
    return replace(found, change=change, parts=by_cause)


def _under_one_method(before: ScoredRecord, after: ScoredRecord, split: float) -> Attribution:
    method = method_of(before.method)
    change = after.total - before.total
    price_change = _price_change(before.record, after.record, split)
    moves = _moves(before.record, after.record, 1 + (price_change or 0.0))
    totals = _Totals(method, moves)
    worth = _shapley(totals)
    if not any(worth.values()) and change:
        # The same sub-scores under the same name of a method cannot give another total.
        worth = {METHOD: float(change)}
    return Attribution(
        change,
        _parts(change, worth),
        _effects(method, moves, totals),
        price_change,
        any(move.before.applies != move.after.applies for move in moves),
    )


def _price_change(before: StoredScore, after: StoredScore, split: float) -> float | None:
    """Of the price, or of the market value where no price is known."""
    for name, shares in (("price", split), ("market_cap", 1.0)):
        then, now = before.inputs.get(name), after.inputs.get(name)
        if then and now and then > 0 and now > 0 and (change := clean(now * shares / then - 1)):
            return change
        if then and now:
            return 0.0
    return None


@dataclass(frozen=True, slots=True)
class _State:
    """Of a metric at one end: whether it applies, and its sub-score where it is known."""

    applies: bool
    sub_score: float | None


@dataclass(frozen=True, slots=True)
class _Move:
    """A metric at both ends; `causes` are shares of the move of its sub-score, by cause. Where it
    is known at one end only there is one cause."""

    metric: Metric
    before: _State
    after: _State
    causes: Mapping[str, float] = field(default_factory=dict)

    @property
    def flips(self) -> bool:
        """Whether it is known at one end only."""
        return (self.before.sub_score is None) != (self.after.sub_score is None)

    def after_causes(self, done: frozenset[str]) -> _State:
        """Where it stands once the causes of `done` have done their part."""
        if not self.causes:
            return self.before
        applies = (self.after if PEERS in done else self.before).applies
        if self.flips:
            known = self.after if self.causes.keys() <= done else self.before
            return _State(applies, known.sub_score)
        if self.before.sub_score is None:
            return _State(applies, None)
        moved = sum(part for cause, part in self.causes.items() if cause in done)
        return _State(applies, self.before.sub_score + moved)


class _Mixed:
    """The inputs at both ends of a change, and mixed: `priced` with the price of after and the
    statements of before, `reported` the other way about. `ratio` is that of the later price to the
    earlier one."""

    def __init__(self, before: StoredScore, after: StoredScore, ratio: float) -> None:
        self.before, self.after = before, after
        self._ratio = ratio

    @cached_property
    def priced(self) -> Mapping[str, float | None]:
        """What was reported before, at the later price."""
        inputs = self.before.inputs
        return {**inputs, **_priced(inputs, self._ratio)}

    @cached_property
    def reported(self) -> Mapping[str, float | None]:
        """What is reported now, at the earlier price."""
        inputs = self.after.inputs
        return {**inputs, **_priced(inputs, 1 / self._ratio)}


@dataclass(frozen=True, slots=True)
class _Ends:
    """A metric at both ends of a change, with the inputs there."""

    then: MetricResult
    now: MetricResult
    mixed: _Mixed

    @property
    def metric(self) -> Metric:
        return self.then.metric


def _moves(before: StoredScore, after: StoredScore, ratio: float) -> list[_Move]:
    moves = []
    mixed = _Mixed(before, after, ratio)
    for then, now in zip(before.metrics, after.metrics, strict=True):
        first = _State(then.reason != NOT_APPLICABLE, then.sub_score)
        last = _State(now.reason != NOT_APPLICABLE, now.sub_score)
        causes: dict[str, float] = {}
        if first != last:
            ends = _Ends(then, now, mixed)
            if then.sub_score is None or now.sub_score is None:
                causes = {_of_flip(ends): 1.0}
            else:
                causes = _of_move(ends, now.sub_score - then.sub_score)
        moves.append(_Move(then.metric, first, last, causes))
    return moves


def _of_flip(ends: _Ends) -> str:
    """The cause of a metric that is known at one end only, or applies at one end only."""
    if NOT_APPLICABLE in (ends.then.reason, ends.now.reason):
        return PEERS
    if ends.metric.bars:
        return PRICE
    reported = [name for name in ends.metric.inputs if name not in PRICED]
    before, after = ends.mixed.before.inputs, ends.mixed.after.inputs
    same = all(_same(before.get(name), after.get(name)) for name in reported)
    return PRICE if same else STATEMENTS


def _of_move(ends: _Ends, move: float) -> dict[str, float]:
    """The move of a sub-score that is known at both ends, by cause."""
    metric, then, now = ends.metric, ends.then, ends.now
    if _same(then.value, now.value) and then.reason == now.reason:
        return {PEERS: move}
    if metric.mode != CURVE and _against(then.value, now.value, move):
        return {PEERS: move}
    if metric.bars:
        return {PRICE: move}
    if not any(name in PRICED for name in metric.inputs):
        return {STATEMENTS: move}
    return _of_both(ends, move)


def _against(then: float | None, now: float | None, move: float) -> bool:
    """Whether a percentile moved against its own value."""
    return then is not None and now is not None and (now > then) != (move > 0)


def _of_both(ends: _Ends, move: float) -> dict[str, float]:
    """The move of a metric that is made of price and statements: of a curve it is split by
    sub-scores, of a percentile by values."""
    curved = ends.metric.mode == CURVE
    first = ends.then.sub_score if curved else ends.then.value
    last = ends.now.sub_score if curved else ends.now.value
    priced, reported = _between(ends)
    firsts: list[float] = []
    if first is not None and priced is not None:
        firsts.append(priced - first)
    if last is not None and reported is not None:
        firsts.append(last - reported)
    if first is None or last is None or not firsts or first == last:
        return {STATEMENTS: move}
    by_price = sum(firsts) / len(firsts)
    by_statements = last - first - by_price
    if curved:
        return {PRICE: by_price, STATEMENTS: by_statements}
    if by_price * by_statements < 0:
        return {PRICE if abs(by_price) > abs(by_statements) else STATEMENTS: move}
    share = by_price / (last - first)
    return {PRICE: move * share, STATEMENTS: move * (1 - share)}


def _between(ends: _Ends) -> tuple[float | None, float | None]:
    """What a metric would be (a curve: its sub-score) with the price of after and the statements of
    before, and the other way about. None where that cannot be computed."""
    mixed = ends.mixed
    return (
        _computed(ends.metric, mixed.priced, mixed.before.kind),
        _computed(ends.metric, mixed.reported, mixed.after.kind),
    )


def _computed(metric: Metric, inputs: Mapping[str, float | None], kind: str) -> float | None:
    found = metric_value(metric, inputs)
    return sub_score_on_curve(metric, found, kind) if metric.mode == CURVE else found.value


def _priced(inputs: Mapping[str, float | None], ratio: float) -> dict[str, float | None]:
    """The inputs that move with the price, after it has moved by a ratio."""
    price, cap, enterprise = (inputs.get(name) for name in PRICED)
    moved = None if cap is None else cap * ratio
    return {
        "price": None if price is None else price * ratio,
        "market_cap": moved,
        "enterprise_value": None
        if enterprise is None or cap is None or moved is None
        else enterprise + moved - cap,
    }


def _same(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return isclose(first, second, rel_tol=1e-9)


@dataclass(frozen=True, slots=True)
class _Tally:
    """Points by factor of the metrics that apply and of the known ones, and what these earned."""

    applicable: dict[str, int]
    known: dict[str, int]
    earned: dict[str, float]

    @classmethod
    def of(cls, states: Iterable[tuple[Metric, _State]]) -> _Tally:
        """Of metrics in these states."""
        applicable = dict.fromkeys(FACTORS, 0)
        known = dict.fromkeys(FACTORS, 0)
        earned = dict.fromkeys(FACTORS, 0.0)
        for metric, state in states:
            factor, points, sub_score = metric.factor, metric.points, state.sub_score
            if state.applies:
                applicable[factor] += points
            if sub_score is not None:
                known[factor] += points
                earned[factor] += points * sub_score
        return cls(applicable, known, earned)


@dataclass(frozen=True, slots=True)
class _Sum:
    """Points of the known metrics by factor, and what the rated factors earned of them."""

    known: Mapping[str, int]
    earned: Mapping[str, float]

    @classmethod
    def of(cls, method: Method, tallies: Sequence[_Tally]) -> _Sum:
        """Of all metrics together. That a total needs three factors is left aside here: between two
        totals there may be a state with fewer."""
        known = {factor: sum([tally.known[factor] for tally in tallies]) for factor in FACTORS}
        earned = {}
        for factor in FACTORS:
            applicable = sum([tally.applicable[factor] for tally in tallies])
            if known[factor] and known[factor] >= method.least_coverage * applicable:
                earned[factor] = sum([tally.earned[factor] for tally in tallies])
        return cls(known, earned)

    @property
    def total(self) -> float | None:
        """In hundredths before rounding; None where no factor is rated."""
        if not self.earned:
            return None
        shares = sum(earned / self.known[factor] for factor, earned in self.earned.items())
        return FULL * shares * len(FACTORS) / len(self.earned)

    def slope(self, metric: Metric) -> float:
        """By how much the total moves with a whole sub-score of a known metric."""
        if metric.factor not in self.earned:
            return 0.0
        whole = FULL * len(FACTORS) / len(self.earned)
        return whole * metric.points / self.known[metric.factor]


class _Totals:
    """The total once some causes have done their part. Metrics that the same causes move are
    counted together, once for each of the parts that these causes may have done."""

    def __init__(self, method: Method, moves: Sequence[_Move]) -> None:
        self._method = method
        groups: dict[frozenset[str], list[_Move]] = {}
        for move in moves:
            groups.setdefault(frozenset(move.causes), []).append(move)
        # Always summed in one order, which `attribution_of_all` has too.
        order = sorted(groups, key=lambda causes: [cause in causes for cause in reversed(WITHIN)])
        self._groups = {causes: groups[causes] for causes in order}
        self._counted: dict[tuple[frozenset[str], frozenset[str]], _Tally] = {}

    @property
    def causes(self) -> list[str]:
        """The causes that moved any metric, in their order."""
        return [cause for cause in WITHIN if any(cause in causes for causes in self._groups)]

    def after(self, done: frozenset[str]) -> _Sum:
        """The sum after these causes."""
        return _Sum.of(
            self._method, [self._tally(causes, causes & done) for causes in self._groups]
        )

    def _tally(self, causes: frozenset[str], done: frozenset[str]) -> _Tally:
        if (causes, done) not in self._counted:
            moves = self._groups[causes]
            states = ((move.metric, move.after_causes(done)) for move in moves)
            self._counted[causes, done] = _Tally.of(states)
        return self._counted[causes, done]


def _shapley(totals: _Totals) -> dict[str, float]:
    """The mean change of the total that each cause makes, over all orders of the causes at work."""
    active = totals.causes
    after: dict[frozenset[str], float] = {}
    for size in range(len(active) + 1):
        for done in map(frozenset, combinations(active, size)):
            total = totals.after(done).total
            # Where nothing is rated in between, the cause that took the last factor did nothing.
            after[done] = after[frozenset()] if total is None else total
    n = len(active)
    worth = dict.fromkeys(active, 0.0)
    for done, total in after.items():
        for cause in active:
            if cause not in done:
                weight = factorial(len(done)) * factorial(n - len(done) - 1) / factorial(n)
                worth[cause] += weight * (after[done | {cause}] - total)
    return worth


def _parts(change: int, worth: Mapping[str, float]) -> dict[str, int]:
    """Whole hundredths that sum to `change`: what rounding of the totals left over is shared in
    proportion, then the parts are rounded by largest remainder."""
    parts = dict.fromkeys(CAUSES, 0)
    weight = sum(map(abs, worth.values()))
    if not weight:
        return parts
    rest = change - sum(worth.values())
    fine = {c: round((w + rest * abs(w) / weight) * FINE) for c, w in worth.items() if w}
    for cause, value in fine.items():
        parts[cause] = floor(value / FINE)
    order = sorted(fine, key=lambda cause: -(fine[cause] % FINE))
    for cause in order[: change - sum(parts.values())]:
        parts[cause] += 1
    return parts


def _effects(method: Method, moves: Sequence[_Move], totals: _Totals) -> tuple[Effect, ...]:
    """What each metric did at the end, where all others are as they are now."""
    done = frozenset(WITHIN)
    summed = totals.after(done)
    effects = []
    for move in moves:
        for cause, part in move.causes.items():
            size = part * summed.slope(move.metric)
            if move.flips:
                states = [
                    (other.metric, other.before if other is move else other.after_causes(done))
                    for other in moves
                ]
                without = _Sum.of(method, [_Tally.of(states)]).total
                size = 0.0 if without is None else (summed.total or 0.0) - without
            effects.append(Effect(move.metric.key, cause, size))
    return tuple(sorted(effects, key=lambda effect: -abs(effect.size)))
