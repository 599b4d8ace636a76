"""All that a score was made from, so that anybody can compute it by hand and check its receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from stockscore.scoring.by_hand import mid_rank, mixed
from stockscore.scoring.inputs import RECORDED
from stockscore.scoring.method import CURVE, KINDS, PCT_SECTOR
from stockscore.scoring.methods import METHODS, Method, Metric
from stockscore.scoring.metric_value import metric_value
from stockscore.scoring.reasons import NOT_APPLICABLE
from stockscore.scoring.stored_score import (
    NONE,
    REASON,
    SUB_SCORE,
    TEN_THOUSAND,
    VALUE,
    key_of,
    score_keys,
)
from stockscore.services.errors import InputError
from stockscore.store import cross_sections, editions, scores, snapshots, stocks
from stockscore.store.columns import known
from stockscore.store.cross_sections import Section


@dataclass(frozen=True, slots=True)
class MetricInputs:
    """One metric of the score. `assumed` are the inputs as the formula takes them where they differ
    from what is known; `decided` is a sub-score that an input decides by itself. `market` and
    `sector` are the values, rising, among which a percentile is counted: None where there is none,
    and for `sector` where the stock has none."""

    metric: Metric
    value: float | None
    decided: float | None
    assumed: Mapping[str, float]
    market: Sequence[float] | None
    sector: Sequence[float] | None

    def percentile(self, shrinkage: int) -> float | None:
        """The sub-score that follows from these values; None where it is not a percentile."""
        if self.value is None or self.decided is not None or not self.market:
            return None
        overall = mid_rank(self.value, self.market)
        if not self.sector:
            return overall
        return mixed(mid_rank(self.value, self.sector), len(self.sector), overall, shrinkage)


@dataclass(frozen=True, slots=True)
class ScoreInputs:
    """What the score of a stock was made from, under the `ticker` that it had. `session` is None
    for the current score. `values` are those that the receipt is of, by their keys (see
    `scoring.stored_score`). `is_whole` says whether the values of all stocks are here that the
    percentiles were counted among."""

    ticker: str
    session: date | None
    known_at: datetime
    method: Method
    kind: str
    sector: str | None
    receipt: str
    receipt_rule: str
    values: Mapping[str, int | float | None]
    inputs: Mapping[str, float | None]
    metrics: tuple[MetricInputs, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every percentile comes out as it was recorded."""
        for found in self.metrics:
            share = found.percentile(self.method.shrinkage)
            kept = self.values[key_of(found.metric.key, SUB_SCORE)]
            if share is not None and kept is not None and round(TEN_THOUSAND * share) != kept:
                return False
        return True


def current(stock_id: int, ticker: str) -> ScoreInputs:
    """What the current score of a stock was made from. Raises `InputError` where it has none."""
    edition, kept = editions.latest(), scores.current(stock_id)
    section = cross_sections.of_edition(edition.id) if edition else None
    if kept is None or section is None or section.index_of(stock_id) is None:
        raise InputError(f"{ticker} has not been scored yet.")
    named = stocks.tickers_then(section.known_at).get(stock_id, ticker)
    market = _Market([section], _method_of(section))
    return market.inputs_of(section, stock_id, named, kept.receipt)


def of_session(stock_id: int, ticker: str, exchange: str, session: date) -> ScoreInputs:
    """What the score of a stock at its exchange's last session on or before a day was made from.
    Raises `InputError` where nothing was recorded of it then."""
    sections = cross_sections.newest_on_or_before(session)
    section = next((found for found in sections if found.exchange == exchange), None)
    kept = snapshots.of_stock(stock_id, section.session) if section and section.session else None
    if section is None or kept is None or section.index_of(stock_id) is None:
        raise InputError(f"Nothing was recorded of {ticker} on {session}.")
    # Exchanges whose sessions were scored at the same moment were one market.
    market = [found for found in sections if found.known_at == section.known_at]
    named = stocks.tickers_then(section.known_at).get(stock_id, ticker)
    return _Market(market, _method_of(section)).inputs_of(section, stock_id, named, kept.receipt)


def _method_of(section: Section) -> Method:
    if section.method not in METHODS:
        raise InputError(
            f"The score was made by method {section.method}, which this program does not know."
        )
    return METHODS[section.method]


class _Market:
    """The values of all stocks that were scored together."""

    def __init__(self, sections: Sequence[Section], method: Method) -> None:
        self.sections = sections
        self.method = method
        self._values: dict[str, list[tuple[str | None, float]]] = {}

    def inputs_of(self, section: Section, stock_id: int, ticker: str, receipt: str) -> ScoreInputs:
        """What the score of one stock of a cross-section was made from."""
        index = section.index_of(stock_id)
        if index is None:
            raise KeyError(stock_id)
        wanted = score_keys(self.method)
        values = section.values_of(index, wanted)
        inputs = {name: values.get(name) for name in RECORDED}
        kind = KINDS[int(values["kind"] or 0)]
        sector = section.words("sector")[index]
        metrics = tuple(
            self._metric(metric, values, inputs, sector) for metric in self.method.metrics_of(kind)
        )
        for found in metrics:
            # Ratios that follow from the inputs are not kept, and are part of the receipt.
            values[key_of(found.metric.key, VALUE)] = found.value
        return ScoreInputs(
            ticker=ticker,
            session=section.session,
            known_at=section.known_at,
            method=self.method,
            kind=kind,
            sector=sector,
            receipt=receipt,
            receipt_rule=section.receipt_rule,
            values=values,
            inputs=inputs,
            metrics=metrics,
        )

    def _metric(
        self,
        metric: Metric,
        values: Mapping[str, float | None],
        inputs: Mapping[str, float | None],
        sector: str | None,
    ) -> MetricInputs:
        decided, value = None, values[key_of(metric.key, VALUE)]
        if metric.formula is not None:
            found = metric_value(metric, inputs)
            decided, value = found.decided, found.value
        market = None
        if metric.mode != CURVE:
            market = sorted(number for _, number in self._of_all(metric))
        own = None
        if metric.mode == PCT_SECTOR and sector:
            own = sorted(number for where, number in self._of_all(metric) if where == sector)
        return MetricInputs(metric, value, decided, _assumed(metric, inputs), market, own)

    def _of_all(self, metric: Metric) -> list[tuple[str | None, float]]:
        """The sector and the value of every stock that has the metric."""
        if metric.key not in self._values:
            self._values[metric.key] = [
                (sector, value)
                for section in self.sections
                for sector, value in zip(
                    section.words("sector"), values_in(section, metric), strict=True
                )
                if value is not None
            ]
        return self._values[metric.key]

    @cached_property
    def stocks(self) -> int:
        """How many stocks there are."""
        return sum(map(len, self.sections))


def values_in(section: Section, metric: Metric) -> list[float | None]:
    """The value of a metric of every stock of a cross-section: as it is kept, or as it follows from
    the inputs."""
    kept = section.column(key_of(metric.key, VALUE))
    if kept is not None:
        return [known(value, kept.typecode) for value in kept]
    reasons = section.column(key_of(metric.key, REASON))
    columns = [section.column(name) for name in metric.inputs]
    if reasons is None or metric.formula is None or None in columns:
        return [None] * len(section)
    rows = zip(*(column for column in columns if column is not None), strict=True)
    return [
        None
        if reason in (NOT_APPLICABLE, NONE)
        else metric_value(
            metric,
            {
                name: None if value != value else value
                for name, value in zip(metric.inputs, row, strict=True)
            },
        ).value
        for reason, row in zip(reasons, rows, strict=True)
    ]


def _assumed(metric: Metric, inputs: Mapping[str, float | None]) -> dict[str, float]:
    found = {}
    for assumption in metric.assumptions:
        value = inputs.get(assumption.name)
        value = assumption.unknown if value is None else value
        found[assumption.name] = min(max(value, assumption.least), assumption.most)
    return found
