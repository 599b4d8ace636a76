"""Why the scores of many stocks are other ones than before: `attribution` of all of them at once.

It gives what `attribution.attribute` gives for each stock, with the same operations in the same
order, so that both give the same parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

from stockscore.scoring.arrays import Flags, Floats, Integers
from stockscore.scoring.attribution import (
    CAUSES,
    FINE,
    FULL,
    METHOD,
    PEERS,
    PRICE,
    PRICED,
    STATEMENTS,
    WITHIN,
)
from stockscore.scoring.curves import Curve
from stockscore.scoring.inputs import RECORDED
from stockscore.scoring.method import CURVE, FACTORS, KINDS
from stockscore.scoring.methods import Method, Metric, method_of
from stockscore.scoring.metrics import measured_of_reports
from stockscore.scoring.reasons import NOT_APPLICABLE
from stockscore.scoring.stored_score import (
    NONE,
    REASON,
    SUB_SCORE,
    TEN_THOUSAND,
    VALUE,
    key_of,
)
from stockscore.scoring.why import LEAST_SHARE, NAMED

Columns = Mapping[str, np.ndarray]

_NAN = float("nan")


class RecordedColumns:
    """What was said of n rated stocks at one moment by a version of the method, as arrays of the
    columns of `stored_score`; ratios of reports and inputs may be lacking."""

    def __init__(self, columns: Columns, version: str) -> None:
        self.method = method_of(version)
        self.total: Integers = columns["total"].astype(np.int64)
        self.kinds: Integers = columns["kind"].astype(np.int64)
        nothing = np.full(len(self.total), _NAN)
        self.inputs = {name: columns.get(name, nothing) for name in RECORDED}
        metrics = self.method.metrics
        self.reasons = [columns[key_of(metric.key, REASON)].astype(np.int64) for metric in metrics]
        self.sub_scores = [_shares(columns[key_of(metric.key, SUB_SCORE)]) for metric in metrics]
        self.values = [
            self._values(metric, columns.get(key_of(metric.key, VALUE)), reasons)
            for metric, reasons in zip(metrics, self.reasons, strict=True)
        ]

    def __len__(self) -> int:
        return len(self.total)

    def _values(self, metric: Metric, kept: np.ndarray | None, reasons: Integers) -> Floats:
        if kept is not None:
            return kept
        found = computed_values(metric, self.inputs)
        return np.where(reasons == NOT_APPLICABLE, _NAN, found)


def computed_values(metric: Metric, inputs: Columns) -> Floats:
    """The ratio of a metric of reports for all stocks."""
    with np.errstate(all="ignore"):
        return measured_of_reports(metric, inputs).values


def _shares(kept: np.ndarray) -> Floats:
    """Sub-scores as fractions, NaN where there is none."""
    if kept.dtype.kind == "f":
        return kept
    return np.where(kept == NONE, _NAN, kept / TEN_THOUSAND)


@dataclass(frozen=True, slots=True)
class Attributions:
    """Of n stocks: `parts` (n,) in whole hundredths by cause, which sum to `change`, and the
    `price_change`, NaN where it is not known. `told` are the metrics that a sentence names, by
    their places in the method, largest first, and -1 where there are fewer; `sizes` is what each
    did for the leading cause, in hundredths and about. `regrouped` says that a stock counts as
    another kind of company, `stood_still` that no ratio of it changed."""

    change: Integers
    parts: Mapping[str, Integers]
    price_change: Floats
    told: Integers
    sizes: Floats
    regrouped: Flags
    stood_still: Flags

    def lead(self) -> list[str]:
        """The cause of each stock that moved most; of equal ones the first of `CAUSES`."""
        sizes = np.abs(np.stack([self.parts[cause] for cause in CAUSES]))
        return [CAUSES[place] for place in sizes.argmax(axis=0).tolist()]


def attribute_all(
    before: RecordedColumns, after: RecordedColumns, split: Floats, total: Integers | None = None
) -> Attributions:
    """The changes from `before` to `after`, both of the same stocks by the same method. `split` is
    how many shares one has become in between. Where the later method is another, `after` is what
    the earlier one says of the later inputs, and `total` what the later one said."""
    if before.method is not after.method:
        raise ValueError("both ends must be scored by the same method")
    found = _Changes(before, after, split)
    rest = np.zeros_like(after.total) if total is None else total - after.total
    parts = {**found.parts, METHOD: found.parts[METHOD] + rest}
    told, sizes = found.telling(parts)
    return Attributions(
        before_to_after(before, after) + rest,
        parts,
        found.price_change,
        told,
        sizes,
        found.regrouped,
        _stood_still(before, after),
    )


def all_by_method(before: Integers, after: Integers) -> Attributions:
    """The changes between two methods where nothing says what the earlier one would have said: all
    of them are the method's."""
    change = after - before
    n = len(change)
    parts = {cause: np.zeros_like(change) for cause in CAUSES} | {METHOD: change}
    none = np.zeros(n, dtype=bool)
    nothing = np.full(n, _NAN)
    return Attributions(
        change, parts, nothing, np.full((NAMED, n), -1), np.zeros((NAMED, n)), none, none
    )


def before_to_after(before: RecordedColumns, after: RecordedColumns) -> Integers:
    """By how many hundredths the totals changed."""
    return after.total - before.total


def _stood_still(before: RecordedColumns, after: RecordedColumns) -> Flags:
    equal = [
        (then == now) | (np.isnan(then) & np.isnan(now))
        for then, now in zip(before.values, after.values, strict=True)
    ]
    found: Flags = np.logical_and.reduce(equal)
    return found


_BIT = {PRICE: 1, STATEMENTS: 2, PEERS: 4}
"""Sets of causes as numbers."""

_ALL = sum(_BIT.values())
_GROUPS = (0, 1, 2, 3, 4)
"""The sets of causes that may move one metric, in the order in which they are summed."""


class _Moves:
    """Of one metric for n stocks: its states at both ends, the set of causes that moved it, and the
    share of the move of its sub-score that each did."""

    def __init__(self, ends: _Changes, place: int) -> None:
        before, after = ends.before, ends.after
        self.metric = before.method.metrics[place]
        self.first, self.last = before.sub_scores[place], after.sub_scores[place]
        then, now = before.reasons[place], after.reasons[place]
        self.applied, self.applies = then != NOT_APPLICABLE, now != NOT_APPLICABLE
        unknown_first, unknown_last = np.isnan(self.first), np.isnan(self.last)
        self.flips = unknown_first != unknown_last
        unmoved = (self.first == self.last) | (unknown_first & unknown_last)
        moved = ~(unmoved & (self.applied == self.applies))
        whole = unknown_first | unknown_last
        self.group = np.zeros(len(self.first), dtype=np.int64)
        self.parts = {cause: np.zeros(len(self.first)) for cause in WITHIN}
        if (flipped := np.flatnonzero(moved & whole)).size:
            self._set(flipped, self._of_flip(ends, flipped), np.ones(flipped.size))
        if (shifted := np.flatnonzero(moved & ~whole)).size:
            self._of_move(ends, place, shifted)

    def _set(self, places: Integers, group: Integers | int, part: Floats) -> None:
        """Gives a part to the single causes in `group`."""
        self.group[places] = group
        for cause, bit in _BIT.items():
            own = self.group[places] == bit
            self.parts[cause][places[own]] = part[own]

    def _of_flip(self, ends: _Changes, places: Integers) -> Integers:
        reported = [name for name in self.metric.inputs if name not in PRICED]
        same = np.ones(places.size, dtype=bool)
        for name in reported:
            same &= _same(ends.before.inputs[name][places], ends.after.inputs[name][places])
        cause = np.where(same | bool(self.metric.bars), _BIT[PRICE], _BIT[STATEMENTS])
        both = self.applied[places] & self.applies[places]
        found: Integers = np.where(both, cause, _BIT[PEERS])
        return found

    def _of_move(self, ends: _Changes, place: int, places: Integers) -> None:
        move = self.last[places] - self.first[places]
        then, now = ends.before.values[place][places], ends.after.values[place][places]
        reasons = ends.before.reasons[place], ends.after.reasons[place]
        by_peers = _same(then, now) & (reasons[0][places] == reasons[1][places])
        if self.metric.mode != CURVE:
            known = ~(np.isnan(then) | np.isnan(now))
            by_peers |= known & ((now > then) != (move > 0))
        self._set(places[by_peers], _BIT[PEERS], move[by_peers])
        places, move = places[~by_peers], move[~by_peers]
        if self.metric.bars:
            self._set(places, _BIT[PRICE], move)
        elif not any(name in PRICED for name in self.metric.inputs):
            self._set(places, _BIT[STATEMENTS], move)
        elif places.size:
            self._of_both(ends, place, places, move)

    def _of_both(self, ends: _Changes, place: int, places: Integers, move: Floats) -> None:
        """See `attribution._of_both`."""
        curved = self.metric.mode == CURVE
        first = self.first[places] if curved else ends.before.values[place][places]
        last = self.last[places] if curved else ends.after.values[place][places]
        forth = ends.mixed(self.metric, places, later=False) - first
        back = last - ends.mixed(self.metric, places, later=True)
        by_price = np.where(
            np.isnan(forth), back, np.where(np.isnan(back), forth, (forth + back) / 2)
        )
        split = ~np.isnan(by_price) & (first != last)
        self._set(places[~split], _BIT[STATEMENTS], move[~split])
        places, move, first, last, by_price = (
            values[split] for values in (places, move, first, last, by_price)
        )
        by_statements = last - first - by_price
        if curved:
            self._share(places, by_price, by_statements)
            return
        apart = by_price * by_statements < 0
        stronger = np.where(np.abs(by_price) > np.abs(by_statements), _BIT[PRICE], _BIT[STATEMENTS])
        self._set(places[apart], stronger[apart], move[apart])
        share = by_price[~apart] / (last - first)[~apart]
        self._share(places[~apart], move[~apart] * share, move[~apart] * (1 - share))

    def _share(self, places: Integers, by_price: Floats, by_statements: Floats) -> None:
        self.group[places] = _BIT[PRICE] | _BIT[STATEMENTS]
        self.parts[PRICE][places] = by_price
        self.parts[STATEMENTS][places] = by_statements

    def applies_after(self, done: int) -> Flags:
        """Where it applies once the causes of `done` have done their part."""
        found: Flags = self.applies if done & _BIT[PEERS] else self.applied
        return found

    def after(self, done: int) -> Floats:
        """The sub-score once the causes of `done` have done their part, NaN where it is none."""
        part: Any = 0
        for cause, bit in _BIT.items():
            if done & bit:
                part = part + self.parts[cause]
        moved = np.where(self.group == 0, self.first, self.first + part)
        complete = (self.group & ~done) == 0
        return np.where(self.flips, np.where(complete, self.last, self.first), moved)


class _Changes:
    """The changes of n stocks, with what their parts are found from."""

    def __init__(self, before: RecordedColumns, after: RecordedColumns, split: Floats) -> None:
        self.before, self.after = before, after
        self.method: Method = before.method
        self.price_change = _price_change(before.inputs, after.inputs, split)
        self._ratio = 1 + np.where(np.isnan(self.price_change), 0.0, self.price_change)
        self.moves = [_Moves(self, place) for place in range(len(self.method.metrics))]

    def mixed(self, metric: Metric, places: Integers, *, later: bool) -> Floats:
        """What a metric would be (a curve: its sub-score) with the statements of before and the
        price of after (`later`: the other way about)."""
        end = self.after if later else self.before
        ratio = 1 / self._ratio[places] if later else self._ratio[places]
        inputs = {name: end.inputs[name][places] for name in {*metric.inputs, *PRICED}}
        cap, enterprise = inputs["market_cap"], inputs["enterprise_value"]
        moved = cap * ratio
        inputs |= {
            "price": inputs["price"] * ratio,
            "market_cap": moved,
            "enterprise_value": enterprise + moved - cap,
        }
        with np.errstate(all="ignore"):
            found = measured_of_reports(metric, inputs)
        if metric.mode != CURVE:
            return found.values
        halved = np.isin(end.kinds[places], [KINDS.index(kind) for kind in metric.halved])
        values = np.where(halved, found.values / 2, found.values)
        return np.where(np.isnan(found.decided), _on_curve(values, metric.curve), found.decided)

    @cached_property
    def regrouped(self) -> Flags:
        """Where a metric applies at one end only."""
        found: Flags = np.logical_or.reduce([m.applied != m.applies for m in self.moves])
        return found

    @cached_property
    def parts(self) -> dict[str, Integers]:
        """The parts by cause, in whole hundredths."""
        change = before_to_after(self.before, self.after)
        worth = self._worth()
        still = np.logical_and.reduce([worth[cause] == 0 for cause in WITHIN])
        rounded = _rounded(change, worth)
        rounded[METHOD] = np.where(still, change, 0)
        return rounded

    def _worth(self) -> dict[str, Floats]:
        """See `attribution._shapley`."""
        totals = [self.sums[done].total for done in range(_ALL + 1)]
        totals = [np.where(np.isnan(total), totals[0], total) for total in totals]
        active = np.bitwise_or.reduce([move.group for move in self.moves])
        worth = {cause: np.zeros(len(active)) for cause in WITHIN}
        for at_work in range(1, _ALL + 1):
            places = np.flatnonzero(active == at_work)
            if not places.size:
                continue
            causes = [cause for cause in WITHIN if at_work & _BIT[cause]]
            n = len(causes)
            for done in _subsets(causes):
                before = totals[_number(done)][places]
                weight = factorial(len(done)) * factorial(n - len(done) - 1) / factorial(n)
                for cause in causes:
                    if cause not in done:
                        following = totals[_number((*done, cause))][places]
                        worth[cause][places] += weight * (following - before)
        return worth

    @cached_property
    def sums(self) -> list[_Sums]:
        """The sums after each set of causes."""
        tallies: dict[tuple[int, int], _Tallies] = {}
        found = []
        for done in range(_ALL + 1):
            own = []
            for group in _GROUPS:
                # A metric that peers do not move may still apply or not once they have moved.
                key = group, group & done
                if key not in tallies:
                    tallies[key] = _Tallies.of(self.moves, group, group & done)
                own.append(tallies[key])
            found.append(_Sums(self.method, own))
        return found

    def telling(self, parts: Mapping[str, Integers]) -> tuple[Integers, Floats]:
        """The metrics that did most for the leading cause of each stock, as `Attributions` has
        them."""
        by_cause = np.stack([parts[cause] for cause in CAUSES])
        lead = np.abs(by_cause).argmax(axis=0)
        n = len(lead)
        rows = np.arange(n)
        sign = np.where(by_cause[lead, rows] > 0, 1, -1)
        summed = self.sums[_ALL]
        sizes = np.zeros((len(self.moves), n))
        for place, move in enumerate(self.moves):
            part = np.zeros(n)
            for number, cause in enumerate(WITHIN):
                part = np.where(lead == number, move.parts[cause], part)
            own = part * summed.slope(move.metric)
            flips = np.flatnonzero(move.flips & (part != 0))
            if flips.size:
                without = self._without(place, flips)
                own[flips] = np.where(np.isnan(without), 0.0, summed.total[flips] - without)
            sizes[place] = np.where(own * sign > 0, own, 0.0)
        told = np.full((NAMED, n), -1)
        told_sizes = np.zeros((NAMED, n))
        largest = np.zeros(n)
        for order in range(NAMED):
            place = np.abs(sizes).argmax(axis=0)
            size = sizes[place, rows]
            largest = np.abs(size) if order == 0 else largest
            worth_it = (size != 0) & (np.abs(size) >= LEAST_SHARE * largest)
            told[order] = np.where(worth_it, place, -1)
            told_sizes[order] = np.where(worth_it, size, 0.0)
            sizes[place, rows] = 0.0
        return told, told_sizes

    def _without(self, place: int, stocks: Integers) -> Floats:
        """The totals of some stocks where one metric is as it was and all others as they are."""
        tallies = _Tallies(len(stocks))
        for other, move in enumerate(self.moves):
            then = other == place
            applies = (move.applied if then else move.applies)[stocks]
            sub_scores = move.first if then else move.after(_ALL)
            tallies.add(move.metric, applies, sub_scores[stocks])
        return _Sums(self.method, [tallies]).total


class _Tallies:
    """Points by factor of the metrics that apply and of the known ones, and what these earned."""

    def __init__(self, n: int) -> None:
        self.applicable = {factor: np.zeros(n, dtype=np.int64) for factor in FACTORS}
        self.known = {factor: np.zeros(n, dtype=np.int64) for factor in FACTORS}
        self.earned = {factor: np.zeros(n) for factor in FACTORS}

    @classmethod
    def of(cls, moves: Sequence[_Moves], group: int, done: int) -> _Tallies:
        """Of the metrics that a set of causes moves, after those of `done`."""
        tallies = cls(len(moves[0].first))
        for move in moves:
            own = move.group == group
            if own.any():
                sub_scores = np.where(own, move.after(done), _NAN)
                tallies.add(move.metric, own & move.applies_after(done), sub_scores)
        return tallies

    def add(self, metric: Metric, applies: Flags, sub_scores: Floats) -> None:
        """Counts a metric, which is NaN where it is not known."""
        known = ~np.isnan(sub_scores)
        self.applicable[metric.factor] += metric.points * applies
        self.known[metric.factor] += metric.points * known
        self.earned[metric.factor] += np.where(known, metric.points * sub_scores, 0.0)


class _Sums:
    """Points of the known metrics by factor, and what the rated factors earned of them."""

    def __init__(self, method: Method, tallies: Sequence[_Tallies]) -> None:
        self._known = {f: sum(tally.known[f] for tally in tallies) for f in FACTORS}
        self._earned = {f: sum(tally.earned[f] for tally in tallies) for f in FACTORS}
        applicable = {f: sum(tally.applicable[f] for tally in tallies) for f in FACTORS}
        self._rated: dict[str, Any] = {
            f: (self._known[f] > 0) & (self._known[f] >= method.least_coverage * applicable[f])
            for f in FACTORS
        }
        self._count = np.sum([self._rated[f] for f in FACTORS], axis=0)

    @cached_property
    def total(self) -> Floats:
        """In hundredths before rounding; NaN where no factor is rated."""
        shares: Any = 0
        with np.errstate(divide="ignore", invalid="ignore"):
            for factor in FACTORS:
                share = self._earned[factor] / self._known[factor]
                shares = shares + np.where(self._rated[factor], share, 0.0)
            total = FULL * shares * len(FACTORS) / self._count
        return np.where(self._count > 0, total, _NAN)

    def slope(self, metric: Metric) -> Floats:
        """By how much the total moves with a whole sub-score of a known metric."""
        with np.errstate(divide="ignore", invalid="ignore"):
            whole = FULL * len(FACTORS) / self._count
            slope = whole * metric.points / self._known[metric.factor]
        return np.where(self._rated[metric.factor], slope, 0.0)


def _subsets(causes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All sets of causes but that of all of them, smaller ones first."""
    for size in range(len(causes)):
        yield from combinations(causes, size)


def _number(causes: Sequence[str]) -> int:
    return sum(_BIT[cause] for cause in causes)


def _rounded(change: Integers, worth: Mapping[str, Floats]) -> dict[str, Integers]:
    """See `attribution._parts`."""
    weight = sum(np.abs(worth[cause]) for cause in WITHIN)
    rest = change - sum(worth[cause] for cause in WITHIN)
    fine = np.zeros((len(WITHIN), len(change)), dtype=np.int64)
    for number, cause in enumerate(WITHIN):
        with np.errstate(divide="ignore", invalid="ignore"):
            exact = (worth[cause] + rest * np.abs(worth[cause]) / weight) * FINE
        fine[number] = np.rint(np.where(worth[cause] != 0, exact, 0.0)).astype(np.int64)
    parts, left = fine // FINE, fine % FINE
    # A cause that did nothing comes last, however many hundredths are left.
    did_nothing = np.stack([worth[cause] == 0 for cause in WITHIN])
    order = np.argsort(np.where(did_nothing, 1, -left), axis=0, kind="stable")
    place = np.argsort(order, axis=0)
    lacking = np.where(weight > 0, change - parts.sum(axis=0), 0)
    parts += (place < lacking) & ~did_nothing
    return {cause: parts[number] for number, cause in enumerate(WITHIN)}


def _price_change(before: Columns, after: Columns, split: Floats) -> Floats:
    """See `attribution._price_change`."""
    found = np.full(len(split), _NAN)
    for name, shares in (("market_cap", 1.0), ("price", split)):
        then, now = before[name], after[name]
        known = ~(np.isnan(then) | np.isnan(now)) & (then != 0) & (now != 0)
        with np.errstate(all="ignore"):
            change = now * shares / then - 1
        usable = (then > 0) & (now > 0) & np.isfinite(change)
        found = np.where(known, np.where(usable, change, 0.0), found)
    return found


def _same(first: Floats, second: Floats) -> Flags:
    """As `math.isclose` does, unknown ones being the same."""
    unknown = np.isnan(first), np.isnan(second)
    with np.errstate(all="ignore"):
        close = np.abs(first - second) <= 1e-9 * np.maximum(np.abs(first), np.abs(second))
    found: Flags = (unknown[0] & unknown[1]) | (first == second) | close
    return found


def _on_curve(values: Floats, curve: Curve) -> Floats:
    """`curves.place_on` of all values, to the bit; NaN stays NaN."""
    inputs, sub_scores = (np.array(side) for side in zip(*curve, strict=True))
    place = np.clip(np.searchsorted(inputs, values, side="left"), 1, len(inputs) - 1)
    left, right = inputs[place - 1], inputs[place]
    low, high = sub_scores[place - 1], sub_scores[place]
    found: Floats = low + (high - low) * (values - left) / (right - left)
    found[values <= inputs[0]] = sub_scores[0]
    found[values > inputs[-1]] = sub_scores[-1]
    return found
