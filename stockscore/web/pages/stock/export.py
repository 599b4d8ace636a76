"""The page of a stock as JSON."""

from __future__ import annotations

from typing import Any

from stockscore.scoring import horizons
from stockscore.web.pages.stock import (
    breakdown,
    checks,
    figures,
    payouts,
    reports,
    score_history,
    technical,
)
from stockscore.web.pages.stock.edition_figures import day_of, metric_medians
from stockscore.web.pages.stock.notices import why_not_rated
from stockscore.web.pages.stock.reading import StockData
from stockscore.web.ui import columns, exports, stock_rows
from stockscore.web.ui.market_strip import Moment


def as_data(moment: Moment, data: StockData) -> dict[str, Any]:
    """The object of `/stocks/<ticker>.json`: plain numbers, scores in points, None for what is not
    known."""
    detail, line, record = data.detail, data.detail.line, data.record
    medians = metric_medians(moment.edition, line.sector)
    scored = stock_rows.score(line)
    if record is not None:
        scored["factors"] = breakdown.as_data(
            line, record, medians, data.reported, data.price_source
        )
    return {
        **stock_rows.identity(line),
        "price": exports.number(data.price.price),
        "price_session": exports.day(data.price.session),
        "price_change": exports.number(data.price.change),
        "price_source": data.price_source,
        "market_cap": exports.number(line.market_cap),
        "market_cap_currency": columns.market_cap_currency(line),
        "market_cap_base": exports.number(line.market_cap_base),
        "base_currency": line.base_currency,
        "isin": detail.isin,
        "delisted_on": exports.day(detail.delisted_on),
        "removed_at": exports.moment(detail.removed_at),
        "simulated": line.source == "demo",
        "score": scored,
        "not_rated_because": None if line.total is not None else why_not_rated(data),
        "horizons": {
            horizon.key: exports.points(horizons.fit(line.factors, horizon.weights))
            for horizon in horizons.HORIZONS
        },
        "fundamentals": figures.as_data(record, data.reported, line, data.price_source)
        if record
        else None,
        "checks": checks.as_data(data.checks()) if record else None,
        "technical": technical.as_data(data.bars, data.span),
        "statements": reports.as_data(data.statements, data.splits),
        **payouts.as_data(data.actions),
        "history": score_history.as_data(data.history),
        "steps": score_history.steps_data(data.history, line, day_of(moment), data.whys),
        "peers": [columns.item(line) for line, _ in data.peers],
        "edition": moment.edition.id if moment.edition else None,
        "method": detail.method,
        "receipt": detail.receipt,
        "updated_at": exports.moment(moment.edition.published_at) if moment.edition else None,
    }
