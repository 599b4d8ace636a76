"""What the record of a score says: factors, checks, figures with their origins, peers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.web.pages.stock import (
    breakdown,
    edition_figures,
    figures,
    sector_standing,
    sources,
)
from stockscore.web.pages.stock.checks import Checks, shown
from stockscore.web.pages.stock.figures import FigureOrigin
from stockscore.web.pages.stock.next_signal import NextSignal, next_signal
from stockscore.web.pages.stock.peers import Peers, peers
from stockscore.web.pages.stock.reading import StockData
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts import radar
from stockscore.web.ui.charts.radar import Radar
from stockscore.web.ui.components import Fact, Factor


@dataclass(frozen=True, slots=True)
class Analysis:
    """The parts of the page that follow from the record of a score; without a record all but
    `figures_note` are None or empty."""

    figures_note: str
    factors: tuple[Factor, ...] = ()
    radar: Radar | None = None
    next_signal: NextSignal | None = None
    standing: tuple[str, ...] = ()
    checks: Checks | None = None
    figures: tuple[Fact, ...] = ()
    figures_head: str = ""
    origins: tuple[FigureOrigin, ...] = ()
    peers: Peers | None = None


def analysis(data: StockData, edition: EditionRow | None) -> Analysis:
    """The analysis of a stock in an edition."""
    line, record, reported = data.detail.line, data.record, data.reported
    if record is None or edition is None:
        known_at = line.price_as_of or data.detail.added_at
        return Analysis(figures_note=sources.statements_note(reported, known_at))
    factor_medians = edition_figures.factor_medians(edition, line.sector)
    newest = sources.twelve_months_end(reported)
    end = f", twelve months to {fmt.day(newest)}" if newest else ""
    return Analysis(
        figures_note=sources.statements_note(reported, edition.published_at),
        factors=breakdown.factors(
            line, record, edition_figures.metric_medians(edition, line.sector), factor_medians
        ),
        radar=_radar(line, factor_medians),
        next_signal=next_signal(line, record),
        standing=sector_standing.sentences(record, data.standing),
        checks=shown(data.checks()) if reported.origins else None,
        figures=figures.facts(record),
        figures_head=f"{reported.currency or line.currency}{end}",
        origins=figures.origins(record, reported, line, data.price_source, edition.published_at),
        peers=peers(line, record, data.peers),
    )


def _radar(line: StockLine, medians: Mapping[str, int | None]) -> Radar | None:
    """The shape of the factors, over the medians of the sector where they are known."""
    if line.total is None:
        return None
    shapes: list[tuple[str, Mapping[str, int | None]]] = [(line.ticker, line.factors)]
    if any(value is not None for value in medians.values()):
        shapes.append(("Sector median", medians))
    return radar(shapes)
