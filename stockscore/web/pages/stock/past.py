"""The page of a stock as it was recorded on a past day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stockscore.scoring import method
from stockscore.scoring.stored_score import StoredScore
from stockscore.services import score_moves
from stockscore.services.past_market import PastMarket
from stockscore.store import snapshots
from stockscore.store.pages import stock as store
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.stock import HistoryScore
from stockscore.web.http.params import quoted
from stockscore.web.pages.stock import breakdown, score_history
from stockscore.web.pages.stock.score_history import ScoreHistory
from stockscore.web.pages.stock.score_summary import changes_of, horizon_facts
from stockscore.web.ui import exports, stock_rows
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts import ruler
from stockscore.web.ui.charts.ruler import Ruler
from stockscore.web.ui.components import Fact, Factor


@dataclass(frozen=True, slots=True)
class PastStock:
    """What was recorded of a stock at a session: its line, what its score was made of, the scores
    up to then, and the receipt."""

    line: StockLine
    record: StoredScore | None
    history: tuple[HistoryScore, ...]
    receipt: str | None
    market: PastMarket


@dataclass(frozen=True, slots=True)
class PastStockView:
    """/stocks/<ticker>?as_of=DAY. Points are hundredths; `inputs_url` leads to all that the score
    was made from."""

    ticker: str
    name: str
    subtitle: str
    crumbs: tuple[tuple[str, str | None], ...]
    price: float | None
    currency: str
    price_note: str
    total: int | None
    uncertainty: int | None
    signal: str | None
    place: str
    why_not: str
    ruler: Ruler | None
    band_note: str
    changes: tuple[tuple[str, int | None], ...]
    factors: tuple[Factor, ...]
    sum_line: str
    method: str
    horizons: tuple[Fact, ...]
    history: ScoreHistory | None
    inputs_url: str


def read(market: PastMarket, stock_id: int) -> PastStock | None:
    """What was recorded of a stock on a past day; None where nothing was."""
    lines = market.lines([stock_id])
    if not lines:
        return None
    line = lines[0]
    session = market.sessions.get(line.exchange, market.day.session)
    since = market.day.session - score_moves.SPAN
    found = store.history(stock_id, since)
    kept = snapshots.of_stock(stock_id, session)
    return PastStock(
        line=line,
        record=market.scores([stock_id]).get(stock_id),
        history=tuple(point for point in found if point.session <= session),
        receipt=kept.receipt if kept else None,
        market=market,
    )


def past_stock_view(data: PastStock) -> PastStockView:
    """The page of a stock of a past day."""
    line, record, market = data.line, data.record, data.market
    medians = market.medians(line.sector)
    median = market.factor_median("total", line.sector)
    return PastStockView(
        ticker=line.ticker,
        name=line.name,
        subtitle=_subtitle(line),
        crumbs=_crumbs(line, market),
        price=line.price,
        currency=line.currency,
        price_note=f"close of {fmt.day(line.price_session)}" if line.price_session else "",
        total=line.total,
        uncertainty=line.uncertainty,
        signal=line.signal,
        place=_place(line, market),
        why_not=line.reason or "",
        ruler=ruler(
            line.total,
            line.uncertainty,
            counts=(),
            medians=[("Sector median" if line.sector else "Market median", median)],
            signal=line.signal,
        )
        if record
        else None,
        band_note=breakdown.band_note(line, record) if record and line.total is not None else "",
        changes=changes_of(line),
        factors=breakdown.factors(line, record, medians, market.factor_medians(line.sector))
        if record
        else (),
        sum_line=breakdown.sum_line(line),
        method=record.method if record else market.section.method,
        horizons=horizon_facts(line),
        history=_history(data),
        inputs_url=inputs_url(data),
    )


def inputs_url(data: PastStock) -> str:
    """Where everything is that the score was made from."""
    session = data.market.day.session.isoformat()
    return f"{fmt.stock_url(data.line.ticker)}/inputs.json?as_of={session}"


def _history(data: PastStock) -> ScoreHistory | None:
    """The scores up to the day. Why they moved is kept for the largest steps of today's record, so
    that it is no part of a past day."""
    if not data.history:
        return None
    return score_history.history(data.history, data.line, data.history[-1].session, {})


def _subtitle(line: StockLine) -> str:
    parts = [line.exchange, line.currency]
    if line.kind:
        parts.append(method.KIND_LABELS[line.kind])
    return " · ".join(parts)


def _crumbs(line: StockLine, market: PastMarket) -> tuple[tuple[str, str | None], ...]:
    day = market.day.session.isoformat()
    found: list[tuple[str, str | None]] = [("Stocks", f"/stocks?as_of={day}")]
    if line.sector:
        found.append((line.sector, f"/stocks?as_of={day}&sector={quoted(line.sector)}"))
    return tuple(found)


def _place(line: StockLine, market: PastMarket) -> str:
    if line.rank is None:
        return "Ranked nowhere."
    place = f"Rank {fmt.count(line.rank)} of {fmt.count(market.rated)}"
    if line.sector_rank is None or line.sector is None:
        return f"{place}."
    return f"{place}, {fmt.ordinal(line.sector_rank)} in {line.sector}."


def as_data(data: PastStock) -> dict[str, Any]:
    """The object of `/stocks/<ticker>.json?as_of=DAY`."""
    line, record = data.line, data.record
    scored = stock_rows.score(line)
    if record is not None:
        scored["factors"] = {
            factor: scored["factors"][factor]
            | {
                "metrics": [
                    {
                        "key": result.key,
                        "value": exports.number(result.value),
                        "sub_score": exports.number(result.sub_score),
                        "points": exports.points(result.points),
                        "max": exports.points(result.max_points),
                    }
                    for result in breakdown.applicable(record, factor)
                ]
            }
            for factor in method.FACTORS
        }
    return {
        **stock_rows.identity(line),
        "price": exports.number(line.price),
        "price_session": exports.day(line.price_session),
        "simulated": line.source == "demo",
        "score": scored,
        "not_rated_because": None if line.total is not None else line.reason,
        "history": score_history.as_data(data.history),
        "inputs": inputs_url(data),
        "receipt": data.receipt,
        "edition": None,
    }
