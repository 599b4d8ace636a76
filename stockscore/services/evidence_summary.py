"""What the kept dates say of a method: means with their intervals, fifths after costs, hits,
placebos, the verdict. Standard library only, because pages need it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app

from stockscore.scoring.evidence.interval import Interval, last, level_of, sequence
from stockscore.scoring.evidence.series import (
    BEAT,
    BOUGHT,
    FIFTHS,
    HORIZONS,
    LOOK_AHEAD,
    MAIN_HORIZON,
    RATED,
    RETURNS,
    SCORES,
    SHUFFLED,
    STOCKS,
    UNASSUMED,
    UNIVERSE,
    UNIVERSES,
    WEIGHTS,
    earned,
    earned_unassumed,
    ic,
    traded,
)
from stockscore.scoring.evidence.verdict import Placebos, Verdict, placebos, verdict
from stockscore.services import methods
from stockscore.store import cross_sections
from stockscore.store.pages import evidence as pages
from stockscore.store.pages.evidence import ShownDay

TOP, BOTTOM = FIFTHS[-1], FIFTHS[0]


@dataclass(frozen=True, slots=True)
class Earned:
    """Returns of many dates: the mean of a date with its interval, and what they make together."""

    interval: Interval
    together: float


@dataclass(frozen=True, slots=True)
class Fifth:
    """A fifth of the scores (1 the lowest) over all its dates: returns before and after costs, and
    the share of it that is replaced on a date."""

    number: int
    before_costs: Earned
    after_costs: Earned
    replaced: float


@dataclass(frozen=True, slots=True)
class Portfolios:
    """The fifths under one kind of weights. `spread` is the highest less the lowest after costs;
    `unassumed` is that without what was assumed of vanished stocks, `over_all` the highest fifth
    after costs less all stocks equally weighted (both of equal weights only)."""

    weights: str
    fifths: Sequence[Fifth]
    spread: Earned
    unassumed: Earned | None
    over_all: Earned | None

    @property
    def order(self) -> str:
        """ "rise", "fall" or "mixed": the returns after costs from the lowest to the highest."""
        means = [fifth.after_costs.interval.mean for fifth in self.fifths]
        if means == sorted(means):
            return "rise"
        return "fall" if means == sorted(means, reverse=True) else "mixed"


@dataclass(frozen=True, slots=True)
class Hits:
    """Of stocks called BUY or better how many beat the mean of all rated ones over `horizon`
    sessions, over so many snapshots, of which `independent` lie a horizon apart."""

    horizon: int
    stocks: int
    beat: int
    snapshots: int
    independent: int


@dataclass(frozen=True, slots=True)
class HorizonSummary:
    """What the dates of one horizon say. `lines` are intervals by series, `main` is the sequence of
    the main line on `days`."""

    horizon: int
    days: Sequence[date]
    main: Sequence[Interval]
    lines: Mapping[str, Interval]
    unassumed: Interval | None
    portfolios: Sequence[Portfolios]
    placebos: Placebos


@dataclass(frozen=True, slots=True)
class TriedMethod:
    """A method that was ever recorded: its snapshots, and its main line."""

    version: str
    first: date
    last: date
    sessions: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class End:
    """A stock whose end was assumed on a date."""

    ticker: str
    name: str
    session: date


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """The record of one method (`version`), read at one horizon, beside all that were tried."""

    version: str
    published: str
    level: float
    cost: float
    tried: Sequence[TriedMethod]
    shown: HorizonSummary
    main: HorizonSummary
    verdict: Verdict
    dates: Mapping[int, int]
    hits: Sequence[Hits]
    first: date | None
    last: date | None
    sessions: int
    stocks: int | None
    rated: int | None
    ends: Sequence[End]
    days: Sequence[ShownDay]


def summary(version: str, horizon: int) -> EvidenceSummary:
    """The record of a version of the method; the published one where it is empty."""
    published = methods.published().version
    version = version or published
    recorded = cross_sections.recorded_by_method()
    kept = pages.days()
    cost: float = current_app.config["EVIDENCE_COST"]
    level = level_of(len(recorded))
    own = kept.get(version, [])
    main = _of_horizon(own, MAIN_HORIZON, cost, level)
    shown = main if horizon == MAIN_HORIZON else _of_horizon(own, horizon, cost, level)
    first, newest, sessions = recorded.get(version, (None, None, 0))
    counted = [day for day in own if day.value(0, STOCKS) is not None]
    return EvidenceSummary(
        version=version,
        published=published,
        level=level,
        cost=cost,
        tried=[
            TriedMethod(method, *recorded[method], _verdict(kept.get(method, []), level))
            for method in sorted(recorded)
        ],
        shown=shown,
        main=main,
        verdict=_verdict(own, level),
        dates={h: len(_values(own, h, ic("total"))) for h in HORIZONS},
        hits=[_hits(own, h) for h in HORIZONS],
        first=first,
        last=newest,
        sessions=sessions,
        stocks=int(counted[-1].value(0, STOCKS) or 0) if counted else None,
        rated=int(counted[-1].value(0, RATED) or 0) if counted else None,
        ends=_ends(own),
        days=own,
    )


def _values(days: Sequence[ShownDay], horizon: int, key: str) -> list[float]:
    found = (day.value(horizon, key) for day in days)
    return [value for value in found if value is not None]


def _verdict(days: Sequence[ShownDay], level: float) -> Verdict:
    tests = _placebos(days, MAIN_HORIZON, level)
    return verdict(_values(days, MAIN_HORIZON, ic("total")), tests, level)


def _placebos(days: Sequence[ShownDay], horizon: int, level: float) -> Placebos:
    shuffled, ahead = (_values(days, horizon, key) for key in (SHUFFLED, LOOK_AHEAD))
    return placebos(shuffled, ahead, level)


def _of_horizon(
    days: Sequence[ShownDay], horizon: int, cost: float, level: float
) -> HorizonSummary:
    keys = [ic(s, r, u) for s in SCORES for r in RETURNS for u in UNIVERSES]
    lines = {key: last(_values(days, horizon, key), level) for key in keys}
    with_value = [day for day in days if day.value(horizon, ic("total")) is not None]
    found = [_portfolios(days, horizon, weights, cost, level) for weights in WEIGHTS]
    return HorizonSummary(
        horizon=horizon,
        days=[day.session for day in with_value],
        main=sequence(_values(days, horizon, ic("total")), level),
        lines={key: interval for key, interval in lines.items() if interval is not None},
        unassumed=last(_values(days, horizon, UNASSUMED), level),
        portfolios=[portfolios for portfolios in found if portfolios is not None],
        placebos=_placebos(days, horizon, level),
    )


def _earned(returns: Sequence[float], level: float) -> Earned | None:
    interval = last(returns, level)
    if interval is None:
        return None
    return Earned(interval, math.prod(1 + value for value in returns) - 1)


def _portfolios(
    days: Sequence[ShownDay], horizon: int, weights: str, cost: float, level: float
) -> Portfolios | None:
    of = [own for day in days if UNIVERSE in (own := day.figures.get(str(horizon), {}))]
    if not of:
        return None

    def after(own: Mapping[str, float], number: int, sign: int = 1) -> float:
        return sign * own[earned(number, weights)] - cost * own[traded(number, weights)]

    fifths = []
    for number in FIFTHS:
        before = _earned([own[earned(number, weights)] for own in of], level)
        net = _earned([after(own, number) for own in of], level)
        if before is None or net is None:
            return None
        replaced = sum(own[traded(number, weights)] for own in of) / len(of) / 2
        fifths.append(Fifth(number, before, net, replaced))
    spread = _earned([after(own, TOP) + after(own, BOTTOM, -1) for own in of], level)
    if spread is None:
        return None
    unassumed = over_all = None
    if weights == "equal":
        over_all = _earned([after(own, TOP) - own[UNIVERSE] for own in of], level)
        plain = [
            own[earned_unassumed(TOP)]
            - own[earned_unassumed(BOTTOM)]
            - cost * (own[traded(TOP, weights)] + own[traded(BOTTOM, weights)])
            for own in of
        ]
        unassumed = _earned(plain, level)
    return Portfolios(weights, fifths, spread, unassumed, over_all)


def _hits(days: Sequence[ShownDay], horizon: int) -> Hits:
    counts, beat = (_values(days, horizon, key) for key in (BOUGHT, BEAT))
    snapshots = len(counts)
    independent = 1 + (snapshots - 1) // horizon if snapshots else 0
    return Hits(horizon, int(sum(counts)), int(sum(beat)), snapshots, independent)


def _ends(days: Sequence[ShownDay]) -> list[End]:
    names = pages.names({stock_id for day in days for stock_id in day.charged})
    return [
        End(*names.get(stock_id, (f"stock {stock_id}", "unknown")), day.session)
        for day in days
        for stock_id in day.charged
    ]
