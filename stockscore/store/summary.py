"""What an edition says of the market as a whole, and the JSON in which it is stored.

All points are in hundredths; a median of nothing is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from stockscore.scoring.method import FACTORS

VERSION = 1
"""Of the JSON. Editions of StockScore 0.1 have this form, and no version in it."""

WHOLE_MARKET = ""
"""The key of the whole market among medians that are keyed by sector."""


@dataclass(frozen=True, slots=True)
class TotalsHistogram:
    """How many totals fall into each bar, from 0 points on; a bar is `step` wide."""

    step: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BestStock:
    """The best rated stock of a group."""

    ticker: str
    name: str
    total: int


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """A sector, or the whole market, whose `sector` is None.

    `median` is that of the totals, `factors` are the medians by factor, `change_7` is the median
    change over seven days, `buy_share` the fraction of the rated stocks with BUY or better.
    """

    sector: str | None
    stocks: int
    rated: int
    median: int | None
    factors: Mapping[str, int | None]
    change_7: int | None
    buy_share: float | None
    best: BestStock | None


@dataclass(frozen=True, slots=True)
class PreviousMedian:
    """The median of the totals in the last daily snapshots, the newest session of those, and the
    session of each exchange (none are kept by editions of 0.1)."""

    median: int | None
    session: date
    sessions: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MetricCoverage:
    """For how many of the stocks that a metric applies to it is known."""

    known: int
    applicable: int


@dataclass(frozen=True, slots=True)
class ExchangeSummary:
    """How many stocks an exchange has, and how many of them have a bar of its newest session."""

    stocks: int
    newest_session: date | None
    fresh: int


@dataclass(frozen=True, slots=True)
class EditionSummary:
    """The summary of an edition. `day` is the day of the newest prices.

    `signals` are numbers of stocks; `previous` is None before the first snapshot; `sectors` are in
    order of their medians, best first; `metric_medians` and `factor_medians` are keyed by sector
    (`WHOLE_MARKET` for all stocks), then by metric or factor; `exchanges` are keyed by MIC. Market
    values are compared in `base_currency` (None: the edition is older than that).
    """

    day: date
    histogram: TotalsHistogram = TotalsHistogram(250, ())
    median: int | None = None
    mean: int | None = None
    signals: Mapping[str, int] = field(default_factory=dict)
    previous: PreviousMedian | None = None
    market: GroupSummary | None = None
    sectors: tuple[GroupSummary, ...] = ()
    metric_medians: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    metric_coverage: Mapping[str, MetricCoverage] = field(default_factory=dict)
    factor_medians: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    exchanges: Mapping[str, ExchangeSummary] = field(default_factory=dict)
    base_currency: str | None = None

    def sector(self, name: str | None) -> GroupSummary | None:
        """The summary of a sector; None where it has no stock."""
        return next((group for group in self.sectors if group.sector == name), None)

    def to_json(self) -> dict[str, Any]:
        """The summary as it is stored."""
        return {
            "version": VERSION,
            "histogram": {"step": self.histogram.step, "counts": list(self.histogram.counts)},
            "median": self.median,
            "mean": self.mean,
            "signals": dict(self.signals),
            "previous": self.previous and _previous_to_json(self.previous),
            "market": self.market and _group_to_json(self.market),
            "sectors": [_group_to_json(group) for group in self.sectors],
            "metric_medians": {name: dict(found) for name, found in self.metric_medians.items()},
            "metric_coverage": {
                key: [metric.known, metric.applicable]
                for key, metric in self.metric_coverage.items()
            },
            "factor_medians": {name: dict(found) for name, found in self.factor_medians.items()},
            "exchanges": {
                mic: {
                    "stocks": exchange.stocks,
                    "newest_session": exchange.newest_session
                    and exchange.newest_session.isoformat(),
                    "fresh": exchange.fresh,
                }
                for mic, exchange in self.exchanges.items()
            },
            "day": self.day.isoformat(),
            **({"base_currency": self.base_currency} if self.base_currency else {}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> EditionSummary:
        """A summary from its stored form. Raises `ValueError` for that of a later version."""
        version = stored.get("version", 1)
        if version != VERSION:
            raise ValueError(
                f"The newest edition has a summary of version {version}, and this program reads "
                f"version {VERSION}: use the StockScore that published it, or a newer one."
            )
        market, previous = stored["market"], stored["previous"]
        return cls(
            day=date.fromisoformat(stored["day"]),
            histogram=TotalsHistogram(
                stored["histogram"]["step"], tuple(stored["histogram"]["counts"])
            ),
            median=stored["median"],
            mean=stored["mean"],
            signals=stored["signals"],
            previous=previous
            and PreviousMedian(
                previous["median"],
                date.fromisoformat(previous["session"]),
                {
                    mic: date.fromisoformat(session)
                    for mic, session in previous.get("sessions", {}).items()
                },
            ),
            market=market and _group_from_json(market),
            sectors=tuple(_group_from_json(group) for group in stored["sectors"]),
            metric_medians=stored["metric_medians"],
            metric_coverage={
                key: MetricCoverage(known, applicable)
                for key, (known, applicable) in stored["metric_coverage"].items()
            },
            factor_medians=stored["factor_medians"],
            exchanges={
                mic: ExchangeSummary(
                    exchange["stocks"], _day(exchange["newest_session"]), exchange["fresh"]
                )
                for mic, exchange in stored["exchanges"].items()
            },
            base_currency=stored.get("base_currency"),
        )


def _previous_to_json(previous: PreviousMedian) -> dict[str, Any]:
    sessions = {mic: session.isoformat() for mic, session in previous.sessions.items()}
    return {
        "median": previous.median,
        "session": previous.session.isoformat(),
        **({"sessions": sessions} if sessions else {}),
    }


def _group_to_json(group: GroupSummary) -> dict[str, Any]:
    return {
        **({} if group.sector is None else {"sector": group.sector}),
        "stocks": group.stocks,
        "rated": group.rated,
        "median": group.median,
        **group.factors,
        "change_7": group.change_7,
        "buy_share": group.buy_share,
        "best": group.best and asdict(group.best),
    }


def _group_from_json(stored: Mapping[str, Any]) -> GroupSummary:
    best = stored["best"]
    return GroupSummary(
        sector=stored.get("sector"),
        stocks=stored["stocks"],
        rated=stored["rated"],
        median=stored["median"],
        factors={factor: stored[factor] for factor in FACTORS},
        change_7=stored["change_7"],
        buy_share=stored["buy_share"],
        best=best and BestStock(best["ticker"], best["name"], best["total"]),
    )


def _day(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)
