"""The score of a stock at the head of its page: the number, its place, its band, its changes."""

from __future__ import annotations

from dataclasses import dataclass

from stockscore.scoring import horizons
from stockscore.scoring.method import CHANGE_DAYS
from stockscore.scoring.stored_score import StoredScore
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.web.pages.stock import breakdown
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts import ruler
from stockscore.web.ui.charts.ruler import Ruler
from stockscore.web.ui.components import Fact


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """A score, points in hundredths. `place` says its ranks, `known` how many metrics are known,
    `band_note` what the ± is made of, `sum_line` how the total follows from the factors;
    `changes` are (period, change or None). `total`, `uncertainty` and `signal` are None for a
    stock that is not rated, `ruler` for one that no edition has scored."""

    total: int | None
    uncertainty: int | None
    signal: str | None
    place: str
    coverage: str
    known: str
    ruler: Ruler | None
    band_note: str
    changes: tuple[tuple[str, int | None], ...]
    sum_line: str
    horizons: tuple[Fact, ...]


def score_summary(
    line: StockLine, record: StoredScore | None, edition: EditionRow | None
) -> ScoreSummary:
    """The score of a stock in an edition; `record` is None where it has not been scored."""
    known, applicable = breakdown.known_of(record) if record else (0, 0)
    return ScoreSummary(
        total=line.total,
        uncertainty=line.uncertainty,
        signal=line.signal,
        place=_place(line, edition),
        coverage=fmt.percent(line.coverage, 0),
        known=f"{known} of {applicable} metrics known",
        ruler=_ruler(line, edition) if record else None,
        band_note=breakdown.band_note(line, record) if record and line.total is not None else "",
        changes=changes_of(line),
        sum_line=breakdown.sum_line(line),
        horizons=horizon_facts(line),
    )


def changes_of(line: StockLine) -> tuple[tuple[str, int | None], ...]:
    """The changes of a score as (period, change or None)."""
    return tuple((fmt.plural(days, "day"), line.changes[days]) for days in CHANGE_DAYS)


def horizon_facts(line: StockLine) -> tuple[Fact, ...]:
    """How a stock fits each horizon."""
    return tuple(_horizon_fact(line, horizon) for horizon in horizons.HORIZONS)


def _horizon_fact(line: StockLine, horizon: horizons.Horizon) -> Fact:
    fit = horizons.fit(line.factors, horizon.weights)
    return Fact(
        f"{horizon.label}, {horizon.span}",
        "not rated" if fit is None else fmt.points(fit),
        strong=True,
        term=f"horizon-{horizon.key}",
    )


def _place(line: StockLine, edition: EditionRow | None) -> str:
    if line.rank is None or edition is None:
        return "Ranked nowhere."
    place = f"Rank {fmt.count(line.rank)} of {fmt.count(edition.rated)}"
    sector = edition.summary.sector(line.sector)
    if line.sector_rank is None or sector is None:
        return f"{place}."
    in_sector = fmt.ordinal(line.sector_rank)
    return f"{place}, {in_sector} of {fmt.count(sector.rated)} in {line.sector}."


def _ruler(line: StockLine, edition: EditionRow | None) -> Ruler:
    summary = edition.summary if edition else None
    sector = summary.sector(line.sector) if summary else None
    if sector:
        mark = ("Sector median", sector.median)
    else:
        mark = ("Market median", summary.median if summary else None)
    return ruler(
        line.total,
        line.uncertainty,
        counts=summary.histogram.counts if summary else (),
        medians=[mark],
        signal=line.signal,
    )
