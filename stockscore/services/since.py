"""What became of stocks since a past day: their total return in their own currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from stockscore.services.past_market import PastMarket
from stockscore.store.pages import past


@dataclass(frozen=True, slots=True)
class Outcome:
    """The total return of a stock (a fraction, dividends reinvested) from its price of then to that
    of `until`; `ended` says that it was delisted or removed at that price."""

    total_return: float
    until: date
    ended: bool


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of some stocks, by their ids, beside all that were rated that day. The medians
    are None where no return is known; `known` and `all_known` say of how many they are."""

    of_stocks: Mapping[int, Outcome]
    median: float | None
    known: int
    all_median: float | None
    all_known: int


def outcomes(market: PastMarket, ids: Sequence[int]) -> Outcomes:
    """What became of these stocks of a past day, and of all that were rated then."""
    rated = market.ids_at(market.by_rank)
    found = _returns(market, sorted({*ids, *rated}))
    own = [found[stock_id].total_return for stock_id in ids if stock_id in found]
    of_all = [found[stock_id].total_return for stock_id in rated if stock_id in found]
    return Outcomes(
        of_stocks={stock_id: found[stock_id] for stock_id in ids if stock_id in found},
        median=median(own) if own else None,
        known=len(own),
        all_median=median(of_all) if of_all else None,
        all_known=len(of_all),
    )


def _returns(market: PastMarket, ids: Sequence[int]) -> dict[int, Outcome]:
    closes = market.section.column("quoted_price")
    priced = market.whole("price_session")
    last = past.last_prices(ids)
    earliest = min((day for day in priced if day > 0), default=1)
    adjusted = past.adjustments_since(ids, date.fromordinal(earliest))
    found = {}
    for stock_id in ids:
        place, now = market.section.index_of(stock_id), last.get(stock_id)
        if place is None or closes is None or now is None or priced[place] < 0:
            continue
        then, day = closes[place], date.fromordinal(priced[place])
        if not then > 0 or now.session < day:
            continue
        for session, adjustment in adjusted.get(stock_id, ()):
            if day < session <= now.session:
                then *= adjustment
        found[stock_id] = Outcome(now.price / then - 1, now.session, now.ended)
    return found
