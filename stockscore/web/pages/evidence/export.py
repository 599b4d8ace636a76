"""The record of a method as JSON and CSV."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from stockscore.scoring.evidence.interval import EARLY, Interval
from stockscore.scoring.evidence.series import (
    BEAT,
    BOUGHT,
    FIFTHS,
    LOOK_AHEAD,
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
from stockscore.services.evidence_summary import (
    Earned,
    EvidenceSummary,
    HorizonSummary,
    Portfolios,
)
from stockscore.store.pages.editions import EditionRow
from stockscore.web.pages.evidence import sentences
from stockscore.web.ui import exports

KEYS = (
    STOCKS,
    *(ic(s, r, u) for s in SCORES for r in RETURNS for u in UNIVERSES),
    UNASSUMED,
    SHUFFLED,
    LOOK_AHEAD,
    UNIVERSE,
    *(name(fifth, weights) for weights in WEIGHTS for name in (earned, traded) for fifth in FIFTHS),
    *(earned_unassumed(fifth) for fifth in FIFTHS),
    BOUGHT,
    BEAT,
)

CSV_HEADER = ("method", "horizon", "session", *(key.replace(".", "_") for key in KEYS))


def csv_rows(found: EvidenceSummary) -> Iterator[tuple[Any, ...]]:
    """The series of the horizon under `CSV_HEADER`, a line a date that has any value."""
    horizon = found.shown.horizon
    for day in found.days:
        own = day.figures.get(str(horizon))
        if own:
            yield (found.version, horizon, day.session, *(own.get(key) for key in KEYS))


def as_data(found: EvidenceSummary, edition: EditionRow | None) -> dict[str, Any]:
    """The record as JSON: the verdict with what it rests on, and the means of every series."""
    verdict = found.verdict
    simulated = edition is not None and edition.simulated
    return {
        "method_shown": found.version,
        "note": sentences.SIMULATED if simulated else None,
        "verdict": sentences.headline(verdict),
        "reasons": sentences.reasons(found),
        "main": _interval(verdict.interval),
        "smallest_effect": verdict.smallest,
        "years_needed": verdict.years,
        "level": found.level,
        "cost": found.cost,
        "record": {
            "first": exports.day(found.first),
            "last": exports.day(found.last),
            "sessions": found.sessions,
            "dates": {str(horizon): count for horizon, count in found.dates.items()},
            "stocks": found.stocks,
            "rated": found.rated,
            "vanished": [
                {"ticker": end.ticker, "name": end.name, "session": exports.day(end.session)}
                for end in found.ends
            ],
        },
        "horizon": _horizon(found.shown),
        "hits": [
            {
                "horizon": hits.horizon,
                "share": hits.beat / hits.stocks if hits.stocks else None,
                "stocks": hits.stocks,
                "snapshots": hits.snapshots,
                "independent_dates": hits.independent,
            }
            for hits in found.hits
        ],
        "methods": [
            {
                "method": tried.version,
                "first": exports.day(tried.first),
                "last": exports.day(tried.last),
                "sessions": tried.sessions,
                "main": _interval(tried.verdict.interval),
                "verdict": sentences.headline(tried.verdict),
            }
            for tried in found.tried
        ],
        **exports.edition(edition),
    }


def _horizon(shown: HorizonSummary) -> dict[str, Any]:
    return {
        "sessions": shown.horizon,
        "lines": {key: _interval(interval) for key, interval in shown.lines.items()},
        "unassumed": _interval(shown.unassumed),
        "over_time": [
            {"session": exports.day(day), **(_interval(interval) or {})}
            for day, interval in zip(shown.days, shown.main, strict=True)
            if interval.count >= EARLY
        ],
        "placebos": {
            "shuffled": _interval(shown.placebos.shuffled),
            "shuffled_covers_zero": shown.placebos.shuffled_is_nothing,
            "look_ahead": _interval(shown.placebos.look_ahead),
            "look_ahead_is_found": shown.placebos.look_ahead_is_found,
        },
        "portfolios": [_portfolios(portfolios) for portfolios in shown.portfolios],
    }


def _portfolios(portfolios: Portfolios) -> dict[str, Any]:
    return {
        "weights": portfolios.weights,
        "order": portfolios.order,
        "fifths": [
            {
                "fifth": fifth.number,
                "before_costs": _earned(fifth.before_costs),
                "after_costs": _earned(fifth.after_costs),
                "replaced_a_date": fifth.replaced,
            }
            for fifth in portfolios.fifths
        ],
        "highest_less_lowest": _earned(portfolios.spread),
        "highest_less_lowest_unassumed": _earned(portfolios.unassumed),
        "highest_less_all": _earned(portfolios.over_all),
    }


def _earned(earned: Earned | None) -> dict[str, Any] | None:
    if earned is None:
        return None
    return {"together": earned.together, "a_date": _interval(earned.interval)}


def _interval(interval: Interval | None) -> dict[str, Any] | None:
    """A mean with its interval, which it has from `EARLY` values on."""
    if interval is None:
        return None
    shown = interval.count >= EARLY and math.isfinite(interval.half)
    return {
        "dates": interval.count,
        "mean": interval.mean,
        "low": interval.low if shown else None,
        "high": interval.high if shown else None,
    }
