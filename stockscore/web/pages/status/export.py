"""The status page as JSON."""

from __future__ import annotations

from typing import Any

from stockscore.store.pages.market import Freshness, QuarantinedValue, RunSummary
from stockscore.web.pages.status.reading import StatusData, coverage
from stockscore.web.pages.status.view import rule_counts
from stockscore.web.ui import background_jobs, exports
from stockscore.web.ui.market_strip import Moment


def as_data(moment: Moment, data: StatusData) -> dict[str, Any]:
    """The object of `/status.json`."""
    edition = moment.edition
    return {
        "stocks": edition.stocks if edition else 0,
        "rated": edition.rated if edition else 0,
        "exchanges": [_exchange_data(exchange) for exchange in data.freshness],
        "failures": [
            {
                "what": failure.what,
                "state": failure.state,
                "stocks": failure.stocks,
                "message": failure.message,
            }
            for failure in data.failures
        ],
        "runs": [_run_data(run) for run in data.runs],
        "quarantined": data.quarantined_total,
        "quarantine": [_quarantined_data(value) for value in data.quarantined],
        "rules": [
            {
                "key": rule.key,
                "title": rule.title,
                "text": rule.text,
                "open": count.open,
                "decided": count.decided,
                "in_all": count.kept,
            }
            for rule, count in rule_counts(data.caught)
        ],
        "coverage": {
            found.metric.key: {"known": found.known, "applicable": found.applicable}
            for found in coverage(edition)
        },
        "snapshots": [
            {
                "exchange": snapshot.exchange,
                "session": exports.day(snapshot.session),
                "state": snapshot.state,
                "stocks": snapshot.stocks,
                "reason": snapshot.reason,
            }
            for snapshot in data.snapshots
        ],
        "unattended": [
            {"exchange": each.exchange, "stocks": each.stocks, "reason": each.reason}
            for each in data.unattended
        ],
        "receipts": [
            {
                "exchange": receipt.exchange,
                "session": exports.day(receipt.session),
                "receipt": receipt.day_receipt,
            }
            for receipt in data.receipts
        ],
        "verified": _run_data(data.verified) if data.verified else None,
        "background": background_jobs.as_data(data.background, data.pulses),
        "next_slots": [
            {
                "id": slot.id,
                "job": slot.job,
                "exchange": slot.exchange,
                "session": exports.day(slot.session),
                "at": exports.moment(slot.due_at),
            }
            for slot in data.slots
        ],
        **exports.edition(edition),
    }


def _exchange_data(exchange: Freshness) -> dict[str, Any]:
    return {
        "exchange": exchange.exchange,
        "stocks": exchange.stocks,
        "rated": exchange.rated,
        "priced": exchange.priced,
        "newest_session": exports.day(exchange.newest),
        "on_newest_session": exchange.on_newest,
        "oldest_session": exports.day(exchange.oldest),
        "with_statements": exchange.with_statements,
        "statements_under_100_days": exchange.statements_fresh,
        "fetched_at": exports.moment(exchange.fetched_at),
        "failing": exchange.failing,
        "quality": exports.number(exchange.quality),
    }


def _run_data(run: RunSummary) -> dict[str, Any]:
    counted = ("expected", "updated", "unchanged", "failed", "quarantined")
    return {
        "job": run.job,
        "slot": run.slot,
        "state": run.state,
        "started_at": exports.moment(run.started_at),
        "ended_at": exports.moment(run.ended_at),
        **{name: getattr(run, name) for name in counted},
        "message": run.message,
    }


def _quarantined_data(value: QuarantinedValue) -> dict[str, Any]:
    return {
        "id": value.id,
        "ticker": value.ticker,
        "field": value.field,
        "session": exports.day(value.session),
        "rule": value.rule,
        "value": value.value,
        "last_good": value.last_good,
        "reason": value.reason,
        "source": value.source,
        "seen_at": exports.moment(value.seen_at),
    }
