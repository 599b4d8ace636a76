"""The page of one stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from stockscore.market.exchanges import EXCHANGES
from stockscore.scoring import horizons, method
from stockscore.scoring.assemble import Reported
from stockscore.scoring.method import CHANGE_DAYS
from stockscore.scoring.methods import DEFAULT
from stockscore.scoring.record import Record
from stockscore.scoring.statements import Statement
from stockscore.scoring.why import Why
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.market import QuarantinedValue
from stockscore.store.pages.stock import (
    Action,
    Attempt,
    BarRow,
    HistoryScore,
    Peer,
    SectorComparison,
    StockDetail,
    Traded,
)
from stockscore.web.http.params import quoted
from stockscore.web.pages.stock import (
    breakdown,
    checks,
    figures,
    payouts,
    prices,
    reports,
    score_history,
    sector_standing,
    sources,
    technical,
)
from stockscore.web.pages.stock.next_signal import NextSignal, next_signal
from stockscore.web.pages.stock.peers import Peers
from stockscore.web.pages.stock.peers import peers as peers_of
from stockscore.web.ui import exports, stock_rows
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts import radar, ruler
from stockscore.web.ui.charts.radar import Radar
from stockscore.web.ui.charts.ruler import Ruler
from stockscore.web.ui.components import Fact, Factor
from stockscore.web.ui.market_strip import Moment

ATTEMPTS = {"prices": "Prices", "fundamentals": "Statements"}


@dataclass(frozen=True, slots=True)
class LastPrice:
    """A price with its change against the close before (a fraction), its session, and the moment
    that it is of where that is known."""

    price: float | None
    change: float | None
    session: date | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class StockRows:
    """What the page of a stock reads. `record` is None for a stock that is not scored yet; `span`
    is the range of the chart, `whys` say why the larger steps of the history were, by day."""

    detail: StockDetail
    record: Record | None
    bars: Sequence[BarRow]
    splits: Sequence[tuple[date, float]]
    history: Sequence[HistoryScore]
    statements: Sequence[Statement]
    reported: Reported
    attempts: Sequence[Attempt]
    quarantined: Sequence[QuarantinedValue]
    peers: Sequence[Peer]
    standing: SectorComparison | None = None
    actions: Sequence[Action] = ()
    years: Sequence[Traded] = ()
    span: str = prices.DEFAULT
    whys: Mapping[date, Why] = field(default_factory=dict)

    @property
    def price(self) -> LastPrice:
        """The price that the score was made from; of a stock without a score its last bar's."""
        line = self.detail.line
        if self.record is not None or not self.bars:
            return LastPrice(line.price, line.price_change, line.price_session, line.price_as_of)
        newest = prices.stretch(self.bars)
        return LastPrice(newest.raw[-1], prices.last_change(newest), newest.days[-1], None)

    @property
    def price_source(self) -> str:
        """Where the last price comes from."""
        return self.bars[-1].source if self.bars else self.detail.line.source


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader must know before the numbers; `kind` as the macro takes it."""

    kind: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class StockView:
    """/stocks/<ticker>. Parts that need a score are None or empty for a stock without one."""

    ticker: str
    name: str
    subtitle: str
    crumbs: tuple[tuple[str, str | None], ...]
    price: float | None
    currency: str
    price_change: float | None
    price_note: str | None
    notices: tuple[Notice, ...]
    scored: bool
    total: int | None
    uncertainty: int | None
    signal: str | None
    place: str
    coverage: str
    known: str
    ruler: Ruler | None
    band_note: str
    changes: tuple[tuple[str, int | None], ...]
    factors: tuple[Factor, ...]
    radar: Radar | None
    next_signal: NextSignal | None
    standing: tuple[str, ...]
    sum_line: str
    method: str
    horizons: tuple[Fact, ...]
    checks: checks.Checks | None
    figures: tuple[Fact, ...]
    figures_note: str
    figures_head: str
    origins: tuple[figures.FigureOrigin, ...]
    technical: technical.Technical
    reports: reports.ReportsView
    payouts: payouts.Payouts
    history: score_history.ScoreHistory | None
    history_note: str
    peers: Peers | None
    attempts: tuple[str, ...]


def stock_view(moment: Moment, rows: StockRows) -> StockView:
    """The page of a stock."""
    line, record, edition = rows.detail.line, rows.record, moment.edition
    last = rows.price
    history = score_history.history(rows.history, line, day_of(moment), rows.whys)
    return StockView(
        ticker=line.ticker,
        name=line.name,
        subtitle=_subtitle(rows.detail),
        crumbs=_crumbs(line),
        price=last.price,
        currency=line.currency,
        price_change=last.change,
        price_note=_price_note(moment, rows, last),
        notices=_notices(moment, rows),
        **_score(line, record, edition),
        **_parts(rows, edition),
        method=rows.detail.method or DEFAULT,
        technical=technical.technical(
            rows.bars, rows.span, line.currency, line.name, fmt.stock_url(line.ticker)
        ),
        reports=reports.reports_view(rows.statements, rows.splits),
        payouts=payouts.payouts(rows.actions, rows.years, line.currency),
        history=history,
        history_note=_no_history(rows.detail, history),
        attempts=tuple(_attempt(moment, attempt) for attempt in rows.attempts),
    )


def day_of(moment: Moment) -> date:
    """The day of the data that the current scores are made from."""
    day = moment.edition.summary.get("day") if moment.edition else None
    return date.fromisoformat(day) if day else moment.now.date()


def _no_history(detail: StockDetail, history: score_history.ScoreHistory | None) -> str:
    if history is not None:
        return "It was not rated on any day of the record."
    if detail.removed_at is not None:
        return "No daily snapshot of it was taken in the last year."
    return "There is no daily snapshot of this stock yet; one is taken after each session."


def _subtitle(detail: StockDetail) -> str:
    line = detail.line
    parts = [line.exchange, line.currency]
    if line.market_cap_currency and line.market_cap_currency != line.currency:
        parts.append(f"reports in {line.market_cap_currency}")
    if line.kind:
        parts.append(method.KIND_LABELS[line.kind])
    return " · ".join(parts)


def _crumbs(line: StockLine) -> tuple[tuple[str, str | None], ...]:
    found: list[tuple[str, str | None]] = [("Stocks", "/stocks")]
    if line.sector:
        found.append((line.sector, f"/stocks?sector={quoted(line.sector)}"))
    if line.industry:
        found.append((line.industry, None))
    return tuple(found)


def _price_note(moment: Moment, rows: StockRows, last: LastPrice) -> str | None:
    if last.session is None:
        return None
    exchange = rows.detail.line.exchange
    when = moment.clock_of(last.as_of, exchange) if last.as_of else fmt.day(last.session)
    return f"as of {when}, source: {sources.named(rows.price_source)}"


def _notices(moment: Moment, rows: StockRows) -> tuple[Notice, ...]:
    detail, line = rows.detail, rows.detail.line
    found = []
    if detail.delisted_on and detail.delisted_on <= moment.now.date():
        text = "It is no longer scored or ranked; what was said of it stays."
        found.append(Notice("info", f"Delisted on {fmt.day(detail.delisted_on)}", text))
    elif detail.removed_at is not None:
        text = "It is no longer refreshed, scored or ranked; what was said of it stays."
        day = fmt.day(detail.removed_at.date())
        found.append(Notice("info", f"Removed from the list on {day}", text))
    elif line.total is None:
        found.append(Notice("not-rated", "There is no score", why_not_rated(rows)))
    newest = _newest_session(moment.edition, line.exchange)
    if detail.removed_at is None and newest and line.price_session and line.price_session < newest:
        text = f"The newest session of {_city(line.exchange)} is {fmt.day(newest)}."
        heading = f"The last price is of {fmt.day(line.price_session)}"
        found.append(Notice("stale", heading, text))
    found += [_quarantined_notice(value) for value in rows.quarantined]
    return tuple(found)


def _quarantined_notice(value: QuarantinedValue) -> Notice:
    kept = f" {value.last_good} stays in use." if value.last_good else ""
    field = value.field.replace("_", " ")
    return Notice("info", f"A value of {field} is held back", f"{value.reason}{kept}")


def _city(mic: str) -> str:
    return EXCHANGES[mic].city if mic in EXCHANGES else mic


def _newest_session(edition: EditionRow | None, mic: str) -> date | None:
    row = edition.summary.get("exchanges", {}).get(mic, {}) if edition else {}
    newest = row.get("newest_session")
    return date.fromisoformat(newest) if newest else None


def why_not_rated(rows: StockRows) -> str:
    """Every reason that is known for a stock without a score: the scoring's, and what the last
    fetches said."""
    line = rows.detail.line
    said_why = (line.reason or "").removeprefix("Not rated: ")
    if line.kind is None:
        said_why = stock_rows.NOT_SCORED_YET
    parts = [said_why[:1].upper() + said_why[1:]] if said_why else []
    parts += [
        f"{ATTEMPTS.get(attempt.what, attempt.what)}: {attempt.message}"
        for attempt in rows.attempts
        if attempt.state != "ok" and attempt.message
    ]
    if not rows.attempts and not rows.bars and not rows.statements:
        parts.append("Nothing has been fetched for it yet; “flask refresh” does that.")
    return " ".join(parts)


def _attempt(moment: Moment, attempt: Attempt) -> str:
    what = ATTEMPTS.get(attempt.what, attempt.what)
    when = moment.clock(attempt.attempted_at)
    if attempt.state == "ok":
        return f"{what}: last asked for {when}, answered by {sources.named(attempt.source)}."
    kept = (
        f" Last good answer {moment.clock(attempt.succeeded_at)}." if attempt.succeeded_at else ""
    )
    return f"{what}: last asked for {when}, failed. {attempt.message or ''}{kept}"


def _score(line: StockLine, record: Record | None, edition: EditionRow | None) -> dict[str, Any]:
    """The fields of the view that say what the score is."""
    known = breakdown.known_of(record) if record else (0, 0)
    return {
        "scored": record is not None,
        "total": line.total,
        "uncertainty": line.uncertainty,
        "signal": line.signal,
        "place": _place(line, edition),
        "coverage": fmt.percent(line.coverage, 0),
        "known": f"{known[0]} of {known[1]} metrics known",
        "ruler": _ruler(line, edition) if record else None,
        "band_note": breakdown.band_note(line, record) if record and line.total is not None else "",
        "changes": tuple((fmt.plural(days, "day"), line.changes[days]) for days in CHANGE_DAYS),
        "sum_line": breakdown.sum_line(line),
        "horizons": tuple(
            Fact(
                f"{horizon.label}, {horizon.span}",
                _fit(line, horizon),
                strong=True,
                term=f"horizon-{horizon.key}",
            )
            for horizon in horizons.HORIZONS
        ),
    }


def _fit(line: StockLine, horizon: horizons.Horizon) -> str:
    fit = horizons.fit(line.factors, horizon.weights)
    return "not rated" if fit is None else fmt.points(fit)


def _place(line: StockLine, edition: EditionRow | None) -> str:
    if line.rank is None or edition is None:
        return "Ranked nowhere."
    said_of = f"Rank {fmt.count(line.rank)} of {fmt.count(edition.rated)}"
    row = _sector(edition, line.sector)
    if line.sector_rank is None or row is None:
        return f"{said_of}."
    place = fmt.ordinal(line.sector_rank)
    return f"{said_of}, {place} of {fmt.count(row['rated'])} in {line.sector}."


def _sector(edition: EditionRow | None, sector: str | None) -> Mapping[str, Any] | None:
    rows = edition.summary["sectors"] if edition else ()
    return next((row for row in rows if row["sector"] == sector), None)


def _ruler(line: StockLine, edition: EditionRow | None) -> Ruler:
    summary = edition.summary if edition else {}
    row = _sector(edition, line.sector)
    marks = (
        [("Sector median", row["median"])] if row else [("Market median", summary.get("median"))]
    )
    return ruler(
        line.total,
        line.uncertainty,
        counts=summary.get("histogram", {}).get("counts", ()),
        medians=marks,
        signal=line.signal,
    )


def medians_of(edition: EditionRow | None, sector: str | None) -> Mapping[str, float | None]:
    """Medians of the metrics in a sector, in the whole market where the sector is unknown."""
    found = edition.summary.get("metric_medians", {}) if edition else {}
    return found.get(sector or "", found.get("", {}))


def _parts(rows: StockRows, edition: EditionRow | None) -> dict[str, Any]:
    """The fields of the view that follow from the record of a score."""
    line, record, reported = rows.detail.line, rows.record, rows.reported
    nothing = {
        "factors": (),
        "radar": None,
        "next_signal": None,
        "standing": (),
        "checks": None,
        "figures": (),
        "figures_note": sources.statements_note(reported, line.price_as_of or rows.detail.added_at),
        "figures_head": "",
        "origins": (),
        "peers": None,
    }
    if record is None or edition is None:
        return nothing
    factor_medians = edition.summary.get("factor_medians", {})
    end = f", twelve months to {fmt.day(reported.newest_end)}" if reported.newest_end else ""
    return {
        "factors": breakdown.factors(
            line,
            record,
            medians_of(edition, line.sector),
            factor_medians.get(line.sector or "", {}),
        ),
        "radar": _radar(line, factor_medians.get(line.sector or "", {})),
        "next_signal": next_signal(line, record),
        "standing": sector_standing.sentences(record, rows.standing),
        "checks": checks.shown(compute_checks(rows)) if reported.origins else None,
        "figures": figures.facts(record),
        "figures_note": sources.statements_note(reported, edition.published_at),
        "figures_head": f"{reported.currency or line.currency}{end}",
        "origins": figures.origins(record, reported, line, rows.price_source, edition.published_at),
        "peers": peers_of(line, record, rows.peers),
    }


def _radar(line: StockLine, medians: Mapping[str, int | None]) -> Radar | None:
    """The shape of the factors, over the medians of the sector where they are known."""
    if line.total is None:
        return None
    series = [(line.ticker, line.factors)]
    if any(value is not None for value in medians.values()):
        series.append(("Sector median", medians))
    return radar(series)


def compute_checks(rows: StockRows) -> checks.Computed:
    """The published checks, on the inputs that the score was made from."""
    inputs = rows.record.inputs if rows.record else {}
    kind = rows.detail.line.kind or method.GENERAL
    return checks.compute(rows.statements, rows.splits, inputs, rows.reported, kind)


def as_data(moment: Moment, rows: StockRows) -> dict[str, Any]:
    """The page as JSON."""
    detail, line, record = rows.detail, rows.detail.line, rows.record
    medians = medians_of(moment.edition, line.sector)
    scored = stock_rows.score(line)
    if record is not None:
        scored["factors"] = breakdown.as_data(
            line, record, medians, rows.reported, rows.price_source
        )
    return {
        **stock_rows.identity(line),
        "price": exports.number(rows.price.price),
        "price_session": exports.day(rows.price.session),
        "price_change": exports.number(rows.price.change),
        "price_source": rows.price_source,
        "market_cap": exports.number(line.market_cap),
        "market_cap_currency": stock_rows.market_cap_currency(line),
        "isin": detail.isin,
        "delisted_on": exports.day(detail.delisted_on),
        "removed_at": exports.moment(detail.removed_at),
        "simulated": line.source == "demo",
        "score": scored,
        "not_rated_because": None if line.total is not None else why_not_rated(rows),
        "horizons": {
            horizon.key: exports.points(horizons.fit(line.factors, horizon.weights))
            for horizon in horizons.HORIZONS
        },
        "fundamentals": figures.as_data(record, rows.reported, line, rows.price_source)
        if record
        else None,
        "checks": checks.as_data(compute_checks(rows)) if record else None,
        "technical": technical.as_data(rows.bars, rows.span),
        "statements": reports.as_data(rows.statements, rows.splits),
        **payouts.as_data(rows.actions),
        "history": score_history.as_data(rows.history),
        "steps": score_history.steps_data(rows.history, line, day_of(moment), rows.whys),
        "peers": [stock_rows.item(peer.line) for peer in rows.peers],
        "edition": moment.edition.id if moment.edition else None,
        "method": detail.method,
        "receipt": detail.receipt,
        "updated_at": exports.moment(moment.edition.published_at) if moment.edition else None,
    }
