"""The front page: where the market stands, what leads it, what moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from stockscore.market.exchanges import EXCHANGES
from stockscore.scoring.signals import SIGNALS
from stockscore.services.movers import TOP
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.market import Freshness
from stockscore.store.summary import EditionSummary, GroupSummary
from stockscore.web.http.params import quoted
from stockscore.web.ui import exports, stock_rows
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts import histogram
from stockscore.web.ui.charts.histogram import Histogram
from stockscore.web.ui.components import Column, Fact, SectorRow, StockLink, StockRow
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.market_strip import Moment, exchange_state

LEADERS = 10
MOVERS = 5
CHANGES_SHOWN = 8
ENTERED_SHOWN = 5

LEADER_COLUMNS = ("rank", "stock", "sector", "score", "scale", "signal", "change_7")

GOOD = ("STRONG BUY", "BUY")


@dataclass(frozen=True, slots=True)
class SignalChangeLine:
    """A stock whose signal differs from that of the last daily snapshot; points in hundredths."""

    ticker: str
    name: str
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
    """/. `since` names the moment that changes are counted from ("Friday’s close"), None before
    the first snapshot. `more_changes` counts the signal changes that are not shown, `more_entered`
    the stocks that are new among the `top` best."""

    headline: str
    subtitle: str
    empty: Empty | None
    as_of: str
    histogram: Histogram | None
    facts: tuple[Fact, ...]
    rated: int
    leaders: tuple[StockRow, ...]
    leader_columns: tuple[Column, ...]
    since: str | None
    changes: tuple[SignalChangeLine, ...]
    more_changes: int
    top: int
    entered: tuple[Entered, ...]
    more_entered: int
    up: tuple[Mover, ...]
    down: tuple[Mover, ...]
    sectors: tuple[SectorRow, ...]
    whole: SectorRow | None


@dataclass(frozen=True, slots=True)
class TodayRows:
    """What the front page reads of the stocks and of their data."""

    leaders: Sequence[StockLine]
    up: Sequence[StockLine]
    down: Sequence[StockLine]
    changed: Sequence[StockLine]
    entered: Sequence[tuple[StockLine, int | None]]
    freshness: Sequence[Freshness]
    quarantined_total: int


def empty_view(moment: Moment, nothing: Empty) -> TodayView:
    """The front page before the first edition: opening hours, and what to run."""
    return TodayView(
        headline=nothing.heading,
        subtitle="StockScore scores every stock of a market from 0 to 100, and shows why.",
        empty=nothing,
        as_of="",
        histogram=None,
        facts=tuple(_hours(moment, mic) for mic in moment.exchanges),
        rated=0,
        leaders=(),
        leader_columns=(),
        since=None,
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


def today_view(moment: Moment, edition: EditionRow, rows: TodayRows) -> TodayView:
    """The front page of an edition."""
    summary = edition.summary
    return TodayView(
        headline=headline(moment, edition, rows.changed),
        subtitle=_subtitle(summary, edition),
        empty=None,
        as_of=moment.clock(edition.as_of),
        histogram=histogram(
            summary.histogram.counts,
            step=summary.histogram.step,
            median=summary.median,
            signals=summary.signals,
        ),
        facts=_facts(moment, edition, rows),
        rated=edition.rated,
        leaders=tuple(stock_rows.row(line) for line in rows.leaders),
        leader_columns=stock_rows.columns(LEADER_COLUMNS),
        since=since(summary, edition),
        changes=tuple(_change(line) for line in rows.changed[:CHANGES_SHOWN]),
        more_changes=max(0, len(rows.changed) - CHANGES_SHOWN),
        top=TOP,
        entered=tuple(_entered(*newcomer) for newcomer in rows.entered[:ENTERED_SHOWN]),
        more_entered=max(0, len(rows.entered) - ENTERED_SHOWN),
        up=tuple(_mover(line) for line in rows.up),
        down=tuple(_mover(line) for line in rows.down),
        sectors=tuple(_sector(group) for group in summary.sectors),
        whole=_sector(summary.market) if summary.market else None,
    )


def headline(moment: Moment, edition: EditionRow, changed: Sequence[StockLine]) -> str:
    """What the market says, in one sentence from the data."""
    summary, rated = edition.summary, edition.rated
    if not rated:
        return "No stock has the data for a rating yet"
    good = sum(summary.signals.get(signal, 0) for signal in GOOD)
    score = "scores" if good == 1 else "score"
    number = "No" if good == 0 else fmt.count(good)
    stocks = "stock" if rated == 1 else "stocks"
    text = f"{number} of {fmt.count(rated)} rated {stocks} {score} BUY or better"
    before = since(summary, edition)
    if before is None:
        return text
    turned, today = len(changed), moment.now.astimezone(ZoneInfo(moment.zone)).date()
    when = "today" if summary.day == today else f"since {before}"
    return f"{text}; {fmt.words(turned)} {'signal' if turned == 1 else 'signals'} changed {when}"


def since(summary: EditionSummary, edition: EditionRow) -> str | None:
    """What changes are counted from: "Friday’s close", with the date where it is further back."""
    if not summary.previous:
        return None
    session = summary.previous.session
    if (edition.published_at.date() - session).days < 7:
        return f"{session:%A}’s close"
    return f"the close of {fmt.day(session)}"


def _subtitle(summary: EditionSummary, edition: EditionRow) -> str:
    median = summary.median
    if median is None:
        return ""
    parts = [f"The median score is {fmt.points(median)}{_against(summary, edition)}."]
    sectors = [group for group in summary.sectors if group.median is not None]
    if len(sectors) > 1:
        best, worst = sectors[0].sector, sectors[-1].sector
        parts.append(f"{best} has the highest median, {worst} the lowest.")
    return " ".join(parts)


def _against(summary: EditionSummary, edition: EditionRow) -> str:
    before, named = summary.previous, since(summary, edition)
    if not before or before.median is None or summary.median is None:
        return ""
    change = summary.median - before.median
    written = fmt.points(abs(change))
    if written == fmt.points(0):
        return f", as at {named}"
    return f", {written} {'higher' if change > 0 else 'lower'} than at {named}"


def _facts(moment: Moment, edition: EditionRow, rows: TodayRows) -> tuple[Fact, ...]:
    stocks = sum(row.stocks for row in rows.freshness)
    fresh = sum(row.on_newest for row in rows.freshness)
    reports = sum(row.statements_fresh for row in rows.freshness)
    failing = sum(row.failing for row in rows.freshness)
    lacking = edition.stocks - edition.rated
    facts = [_hours(moment, mic) for mic in moment.exchanges]
    facts.append(Fact("Prices", f"{moment.clock(edition.as_of)}, {_of(fresh, stocks)} fresh"))
    facts.append(Fact("Statements", f"{_of(reports, stocks)} under 100 days old"))
    rated = _of(edition.rated, edition.stocks)
    lack = f"; {fmt.count(lacking)} {'lacks' if lacking == 1 else 'lack'} data" if lacking else ""
    facts.append(Fact("Rated", rated + lack, url="/status" if lacking else None))
    if failing:
        facts.append(Fact("Last fetch failed", fmt.plural(failing, "stock"), url="/status"))
    quarantined = (
        fmt.plural(rows.quarantined_total, "value") if rows.quarantined_total else "nothing"
    )
    facts.append(
        Fact("Quarantined", quarantined, url="/status" if rows.quarantined_total else None)
    )
    return tuple(facts)


def _of(some: int, of: int) -> str:
    return f"{fmt.count(some)} of {fmt.count(of)}"


def _hours(moment: Moment, mic: str) -> Fact:
    """Open or closed, with the hours of a session by the exchange's own clock."""
    exchange, now = EXCHANGES[mic], moment.status_of(mic)
    state = exchange_state(moment, mic)
    if state.state == "unknown":
        return Fact(exchange.city, "hours unknown")
    if now.is_open and now.opens_at and now.closes_at:
        opens = fmt.clock(now.opens_at, exchange.timezone)
        return Fact(
            exchange.city, f"Open, {opens} to {fmt.clock(now.closes_at, exchange.timezone)}"
        )
    why = {"holiday": " for a holiday", "lunch break": " for lunch"}.get(now.reason, "")
    rest = f"; {state.detail}" if state.detail else ""
    return Fact(exchange.city, f"Closed{why}{rest}")


def _change(line: StockLine) -> SignalChangeLine:
    return SignalChangeLine(
        line.ticker,
        line.name,
        line.previous_signal or "",
        line.signal,
        line.total,
        line.changes[1],
    )


def _entered(line: StockLine, was: int | None) -> Entered:
    return Entered(line.ticker, line.name, line.rank, was, line.total)


def _mover(line: StockLine) -> Mover:
    return Mover(line.ticker, line.name, line.sector, line.total, line.signal, line.changes[1])


def _sector(group: GroupSummary) -> SectorRow:
    """A line of the table of sectors; that of the whole market names no best stock."""
    best = group.best if group.sector else None
    return SectorRow(
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


def as_data(moment: Moment, edition: EditionRow | None, rows: TodayRows | None) -> dict[str, Any]:
    """The front page as JSON."""
    data: dict[str, Any] = {"markets": [_market(moment, mic) for mic in moment.exchanges]}
    if edition is None or rows is None:
        return data | exports.edition(edition)
    summary = edition.summary
    return data | {
        "headline": headline(moment, edition, rows.changed),
        "stocks": edition.stocks,
        "rated": edition.rated,
        "median": exports.points(summary.median),
        "signals": {signal: summary.signals.get(signal, 0) for signal in SIGNALS},
        "histogram": {
            "step": exports.points(summary.histogram.step),
            "counts": summary.histogram.counts,
        },
        "leaders": [stock_rows.item(line) for line in rows.leaders],
        "movers": {
            "up": [stock_rows.item(line) for line in rows.up],
            "down": [stock_rows.item(line) for line in rows.down],
        },
        "signal_changes": [
            {"previous_signal": line.previous_signal, **stock_rows.item(line)}
            for line in rows.changed
        ],
        "entered_top": [
            {"rank_before": was, **stock_rows.item(line)} for line, was in rows.entered
        ],
        "top": TOP,
        "sectors": [_sector_data(group) for group in summary.sectors],
        "quarantined": rows.quarantined_total,
        **exports.edition(edition),
    }


def _market(moment: Moment, mic: str) -> dict[str, Any]:
    now = moment.status_of(mic)
    return {
        "exchange": mic,
        "is_open": now.is_open,
        "session": exports.day(now.session),
        "opens_at": exports.moment(now.opens_at),
        "closes_at": exports.moment(now.closes_at),
        "next_open": exports.moment(now.next_open),
        "next_close": exports.moment(now.next_close),
        "reason": str(now.reason),
    }


def _sector_data(group: GroupSummary) -> dict[str, Any]:
    best = group.best
    return {
        "sector": group.sector,
        "stocks": group.stocks,
        "rated": group.rated,
        "median": exports.points(group.median),
        **{factor: exports.points(median) for factor, median in group.factors.items()},
        "change_7": exports.points(group.change_7),
        "buy_share": group.buy_share,
        "best": best
        and {"ticker": best.ticker, "name": best.name, "total": exports.points(best.total)},
    }
