"""The front page as JSON."""

from __future__ import annotations

from typing import Any

from stockscore.scoring.signals import SIGNALS
from stockscore.services.movers import TOP
from stockscore.store.pages.editions import EditionRow
from stockscore.store.summary import GroupSummary
from stockscore.web.pages.today.headline import headline
from stockscore.web.pages.today.reading import TodayData
from stockscore.web.ui import columns, exports
from stockscore.web.ui.market_strip import Moment


def as_data(moment: Moment, edition: EditionRow | None, data: TodayData | None) -> dict[str, Any]:
    """The object of `/.json`; only the state of the markets before the first edition."""
    markets: dict[str, Any] = {"markets": [_market(moment, mic) for mic in moment.exchanges]}
    if edition is None or data is None:
        return markets | exports.edition(edition)
    summary = edition.summary
    return markets | {
        "headline": headline(moment, edition, data.changed_total),
        "stocks": edition.stocks,
        "rated": edition.rated,
        "median": exports.points(summary.median),
        "signals": {signal: summary.signals.get(signal, 0) for signal in SIGNALS},
        "histogram": {
            "step": exports.points(summary.histogram.step),
            "counts": summary.histogram.counts,
        },
        "leaders": [columns.item(line) for line in data.leaders],
        "movers": {
            "up": [columns.item(line) for line in data.up],
            "down": [columns.item(line) for line in data.down],
        },
        "signal_changes": [
            {"previous_signal": line.previous_signal, **columns.item(line)} for line in data.changed
        ],
        "entered_top": [{"rank_before": was, **columns.item(line)} for line, was in data.entered],
        "top": TOP,
        "sectors": [_sector_data(group) for group in summary.sectors],
        "quarantined": data.quarantined_total,
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
