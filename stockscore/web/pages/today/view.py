"""The front page: where the market stands, what leads it, what moved."""

from __future__ import annotations

from dataclasses import dataclass

from stockscore.scoring.signals import SIGNALS, went_up
from stockscore.services.movers import TOP
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.store.summary import GroupSummary
from stockscore.web.http.params import quoted
from stockscore.web.pages.today.facts import data_facts, hours
from stockscore.web.pages.today.headline import headline, since, since_each, subtitle
from stockscore.web.pages.today.reading import TodayData
from stockscore.web.ui import columns, stock_rows
from stockscore.web.ui.charts import histogram
from stockscore.web.ui.charts.histogram import Histogram
from stockscore.web.ui.components import Column, Fact, SectorLine, StockLineView, StockLink
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.market_strip import Moment

CHANGES_SHOWN = 8
ENTERED_SHOWN = 5

LEADER_COLUMNS = ("rank", "stock", "sector", "score", "scale", "signal", "change_7")


@dataclass(frozen=True, slots=True)
class SignalChangeLine:
    """A stock whose signal differs from that of the last daily snapshot; points in hundredths.
    `way` says "up from" or "down from": the shape of a signal is no arrow."""

    ticker: str
    name: str
    way: str
    was: str
    signal: str | None
    total: int | None
    change: int | None


@dataclass(frozen=True, slots=True)
class Entered:
    """A stock that is new among the best; `was` is its rank before, None where it had none."""

    ticker: str
    name: str
    rank: int | None
    was: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Mover:
    """A stock with its change since the snapshot a day ago, in hundredths."""

    ticker: str
    name: str
    sector: str | None
    total: int | None
    signal: str | None
    change: int | None


@dataclass(frozen=True, slots=True)
class TodayView:
    """/, the front page. `since` names what changes are counted from ("Friday’s close"), None
    before the first snapshot. `more_changes` counts the signal changes that are not shown,
    `more_entered` the stocks new among the `top` best that are not shown."""

    headline: str
    subtitle: str
    empty: Empty | None
    as_of: str
    histogram: Histogram | None
    facts: tuple[Fact, ...]
    rated: int
    leaders: tuple[StockLineView, ...]
    leader_columns: tuple[Column, ...]
    since: str | None
    since_each: str | None
    changes: tuple[SignalChangeLine, ...]
    more_changes: int
    top: int
    entered: tuple[Entered, ...]
    more_entered: int
    up: tuple[Mover, ...]
    down: tuple[Mover, ...]
    sectors: tuple[SectorLine, ...]
    whole: SectorLine | None


def empty_view(moment: Moment, nothing: Empty) -> TodayView:
    """The front page before the first edition: opening hours, and what to run."""
    return TodayView(
        headline=nothing.heading,
        subtitle="StockScore scores every stock of a market from 0 to 100, and shows why.",
        empty=nothing,
        as_of="",
        histogram=None,
        facts=tuple(hours(moment, mic) for mic in moment.exchanges),
        rated=0,
        leaders=(),
        leader_columns=(),
        since=None,
        since_each=None,
        changes=(),
        more_changes=0,
        top=TOP,
        entered=(),
        more_entered=0,
        up=(),
        down=(),
        sectors=(),
        whole=None,
    )


def today_view(moment: Moment, edition: EditionRow, data: TodayData) -> TodayView:
    """The front page of an edition."""
    summary = edition.summary
    return TodayView(
        headline=headline(moment, edition, data.changed_total),
        subtitle=subtitle(edition),
        empty=None,
        as_of=moment.clock(edition.as_of),
        histogram=histogram(
            summary.histogram.counts,
            step=summary.histogram.step,
            median=summary.median,
            signals=summary.signals,
        ),
        facts=data_facts(moment, edition, data),
        rated=edition.rated,
        leaders=tuple(stock_rows.row(line) for line in data.leaders),
        leader_columns=columns.columns(LEADER_COLUMNS),
        since=since(edition),
        since_each=since_each(edition),
        changes=tuple(_change(line) for line in data.changed[:CHANGES_SHOWN]),
        more_changes=max(0, data.changed_total - CHANGES_SHOWN),
        top=TOP,
        entered=tuple(_entered(*newcomer) for newcomer in data.entered[:ENTERED_SHOWN]),
        more_entered=max(0, len(data.entered) - ENTERED_SHOWN),
        up=tuple(_mover(line) for line in data.up),
        down=tuple(_mover(line) for line in data.down),
        sectors=tuple(_sector(group) for group in summary.sectors),
        whole=_sector(summary.market) if summary.market else None,
    )


def _change(line: StockLine) -> SignalChangeLine:
    was, now = line.previous_signal or SIGNALS[-1], line.signal or SIGNALS[-1]
    return SignalChangeLine(
        line.ticker,
        line.name,
        "up from" if went_up(was, now) else "down from",
        was,
        now,
        line.total,
        line.changes[1],
    )


def _entered(line: StockLine, was: int | None) -> Entered:
    return Entered(line.ticker, line.name, line.rank, was, line.total)


def _mover(line: StockLine) -> Mover:
    return Mover(line.ticker, line.name, line.sector, line.total, line.signal, line.changes[1])


def _sector(group: GroupSummary) -> SectorLine:
    """A line of the table of sectors; that of the whole market names no best stock."""
    best = group.best if group.sector else None
    return SectorLine(
        name=group.sector or "Whole market",
        stocks=group.stocks,
        score=group.median,
        **group.factors,
        change=group.change_7,
        buy_share=group.buy_share,
        best=StockLink(best.ticker, best.name) if best else None,
        best_total=best.total if best else None,
        url=f"/stocks?sector={quoted(group.sector)}" if group.sector else None,
    )
