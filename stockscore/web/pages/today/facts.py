"""The state of the exchanges and of the data, beside the headline of the front page."""

from __future__ import annotations

from stockscore.market.exchanges import EXCHANGES
from stockscore.store.pages.editions import EditionRow
from stockscore.web.pages.today.reading import TodayData
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Fact
from stockscore.web.ui.market_strip import Moment, exchange_state


def data_facts(moment: Moment, edition: EditionRow, data: TodayData) -> tuple[Fact, ...]:
    """Opening hours, and how fresh and complete the data of an edition is."""
    stocks = sum(exchange.stocks for exchange in data.freshness)
    fresh = sum(exchange.on_newest for exchange in data.freshness)
    reports = sum(exchange.statements_fresh for exchange in data.freshness)
    failing = sum(exchange.failing for exchange in data.freshness)
    lacking = edition.stocks - edition.rated
    facts = [hours(moment, mic) for mic in moment.exchanges]
    facts.append(Fact("Prices", f"{moment.clock(edition.as_of)}, {_of(fresh, stocks)} fresh"))
    facts.append(Fact("Statements", f"{_of(reports, stocks)} under 100 days old"))
    rated = _of(edition.rated, edition.stocks)
    lack = f"; {fmt.count(lacking)} {'lacks' if lacking == 1 else 'lack'} data" if lacking else ""
    facts.append(Fact("Rated", rated + lack, url="/status" if lacking else None))
    if failing:
        facts.append(Fact("Last fetch failed", fmt.plural(failing, "stock"), url="/status"))
    quarantined = data.quarantined_total
    values = fmt.plural(quarantined, "value") if quarantined else "nothing"
    facts.append(Fact("Quarantined", values, url="/status" if quarantined else None))
    return tuple(facts)


def _of(some: int, of: int) -> str:
    return f"{fmt.count(some)} of {fmt.count(of)}"


def hours(moment: Moment, mic: str) -> Fact:
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
