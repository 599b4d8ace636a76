"""The page of one stock, put together from its parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from stockscore.scoring import method
from stockscore.services import methods
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.stock import StockDetail
from stockscore.web.http.params import quoted
from stockscore.web.pages.stock import payouts, reports, score_history, sources, technical
from stockscore.web.pages.stock.analysis import Analysis, analysis
from stockscore.web.pages.stock.edition_figures import day_of
from stockscore.web.pages.stock.notices import Notice, attempt_sentence, notices
from stockscore.web.pages.stock.reading import LastPrice, StockData
from stockscore.web.pages.stock.score_summary import ScoreSummary, score_summary
from stockscore.web.ui import format as fmt
from stockscore.web.ui.market_strip import Moment

YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class StockView:
    """/stocks/<ticker>. `scored`: an edition has looked at the stock, though it may not have been
    able to rate it. `crumbs` are (label, address), `attempts` sentences on the last fetches."""

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
    score: ScoreSummary
    analysis: Analysis
    method: str
    technical: technical.Technical
    reports: reports.ReportsView
    payouts: payouts.Payouts
    history: score_history.ScoreHistory | None
    history_note: str
    attempts: tuple[str, ...]


def stock_view(moment: Moment, data: StockData) -> StockView:
    """The page of a stock."""
    line = data.detail.line
    price = data.price
    history = score_history.history(data.history, line, day_of(moment), data.whys)
    return StockView(
        ticker=line.ticker,
        name=line.name,
        subtitle=_subtitle(data.detail),
        crumbs=_crumbs(line),
        price=price.price,
        currency=line.currency,
        price_change=price.change,
        price_note=_price_note(moment, data, price),
        notices=notices(moment, data),
        scored=data.record is not None,
        score=score_summary(line, data.record, moment.edition),
        analysis=analysis(data, moment.edition),
        method=data.detail.method or methods.published().version,
        technical=technical.technical(
            data.bars, data.span, line.currency, line.name, fmt.stock_url(line.ticker)
        ),
        reports=reports.reports_view(data.statements, data.splits),
        payouts=payouts.payouts(data.actions, data.years, line.currency, _quoted_dividend(data)),
        history=history,
        history_note=_no_history(data.detail, history),
        attempts=tuple(attempt_sentence(moment, attempt) for attempt in data.attempts),
    )


def _no_history(detail: StockDetail, history: score_history.ScoreHistory | None) -> str:
    if history is not None:
        return "It was not rated on any day of the record."
    if detail.removed_at is not None:
        return "No daily snapshot of it was taken in the last year."
    return "There is no daily snapshot of this stock yet; one is taken after each session."


def _quoted_dividend(data: StockData) -> str:
    """The dividend of twelve months that the score was made with, where none of its payments is
    listed; empty where the payments say it."""
    amount = data.record.inputs.get("dividend_per_share_ttm") if data.record else None
    day = data.detail.line.price_session
    if not amount or day is None:
        return ""
    if any(action.dividend and action.session > day - YEAR for action in data.actions):
        return ""
    return f"{fmt.price(amount)} {data.reported.currency or data.detail.line.currency}"


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


def _price_note(moment: Moment, data: StockData, price: LastPrice) -> str | None:
    if price.session is None:
        return None
    exchange = data.detail.line.exchange
    when = moment.clock_of(price.as_of, exchange) if price.as_of else fmt.day(price.session)
    return f"as of {when}, source: {sources.named(data.price_source)}"
