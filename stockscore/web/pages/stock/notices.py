"""What a reader must know before the numbers of a stock, and what became of the last fetches."""

from __future__ import annotations

from dataclasses import dataclass

from stockscore.market.exchanges import EXCHANGES
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.market import QuarantinedValue
from stockscore.store.pages.stock import Attempt
from stockscore.web.pages.stock import sources
from stockscore.web.pages.stock.edition_figures import newest_session
from stockscore.web.pages.stock.reading import StockData
from stockscore.web.ui import columns
from stockscore.web.ui import format as fmt
from stockscore.web.ui.market_strip import Moment

FETCHED = {"prices": "Prices", "fundamentals": "Statements"}
"""What is fetched, as pages call it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader must know before the numbers; `kind` as the macro takes it."""

    kind: str
    heading: str
    text: str


def notices(moment: Moment, data: StockData) -> tuple[Notice, ...]:
    """The most important one first."""
    found = (
        _status_notice(moment, data),
        _stale_notice(moment.edition, data),
        *(_quarantined_notice(value) for value in data.quarantined),
    )
    return tuple(notice for notice in found if notice is not None)


def _status_notice(moment: Moment, data: StockData) -> Notice | None:
    """Whether the stock is delisted, removed or not rated."""
    detail = data.detail
    if detail.delisted_on and detail.delisted_on <= moment.now.date():
        text = "It is no longer scored or ranked; what was said of it stays."
        return Notice("info", f"Delisted on {fmt.day(detail.delisted_on)}", text)
    if detail.removed_at is not None:
        text = "It is no longer refreshed, scored or ranked; what was said of it stays."
        day = fmt.day(detail.removed_at.date())
        return Notice("info", f"Removed from the list on {day}", text)
    if detail.line.total is None:
        return Notice("not-rated", "There is no score", why_not_rated(data))
    return None


def _stale_notice(edition: EditionRow | None, data: StockData) -> Notice | None:
    """Whether other stocks of its exchange have a newer price."""
    line = data.detail.line
    newest = newest_session(edition, line.exchange)
    if data.detail.removed_at is not None or newest is None or line.price_session is None:
        return None
    if line.price_session >= newest:
        return None
    return Notice(
        "stale",
        f"The last price is of {fmt.day(line.price_session)}",
        f"The newest session of {_city(line)} is {fmt.day(newest)}.",
    )


def _city(line: StockLine) -> str:
    exchange = EXCHANGES.get(line.exchange)
    return exchange.city if exchange else line.exchange


def _quarantined_notice(value: QuarantinedValue) -> Notice:
    kept = f" {value.last_good} stays in use." if value.last_good else ""
    field = value.field.replace("_", " ")
    return Notice("info", f"A value of {field} is held back", f"{value.reason}{kept}")


def why_not_rated(data: StockData) -> str:
    """Every reason that is known for a stock without a score: the scoring's, and the messages of
    the last fetches."""
    line = data.detail.line
    reason = (line.reason or "").removeprefix("Not rated: ")
    if line.kind is None:
        reason = columns.NOT_SCORED_YET
    parts = [reason[:1].upper() + reason[1:]] if reason else []
    parts += [
        f"{FETCHED.get(attempt.what, attempt.what)}: {attempt.message}"
        for attempt in data.attempts
        if attempt.state != "ok" and attempt.message
    ]
    if not data.attempts and not data.bars and not data.statements:
        parts.append("Nothing has been fetched for it yet; “flask refresh” does that.")
    return " ".join(parts)


def attempt_sentence(moment: Moment, attempt: Attempt) -> str:
    """What became of the last fetch of prices or statements."""
    what = FETCHED.get(attempt.what, attempt.what)
    when = moment.clock(attempt.attempted_at)
    if attempt.state == "ok":
        return f"{what}: last asked for {when}, answered by {sources.named(attempt.source)}."
    kept = ""
    if attempt.succeeded_at:
        kept = f" Last good answer {moment.clock(attempt.succeeded_at)}."
    return f"{what}: last asked for {when}, failed. {attempt.message or ''}{kept}"
