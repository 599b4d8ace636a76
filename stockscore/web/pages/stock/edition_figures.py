"""What the page of a stock takes from the summary of its edition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from stockscore.store.pages.editions import EditionRow
from stockscore.store.summary import WHOLE_MARKET
from stockscore.web.ui.market_strip import Moment


def day_of(moment: Moment) -> date:
    """The day of the data that the current scores are made from."""
    return moment.edition.summary.day if moment.edition else moment.now.date()


def newest_session(edition: EditionRow | None, mic: str) -> date | None:
    """The newest session of an exchange that any stock has a price of; None where none is known."""
    exchange = edition.summary.exchanges.get(mic) if edition else None
    return exchange.newest_session if exchange else None


def metric_medians(edition: EditionRow | None, sector: str | None) -> Mapping[str, float | None]:
    """Medians of the metrics in a sector, in the whole market where the sector is unknown."""
    medians = edition.summary.metric_medians if edition else {}
    return medians.get(sector or WHOLE_MARKET, medians.get(WHOLE_MARKET, {}))


def factor_medians(edition: EditionRow, sector: str | None) -> Mapping[str, int | None]:
    """Medians of the factors in hundredths, in a sector or, without one, in the whole market."""
    return edition.summary.factor_medians.get(sector or WHOLE_MARKET, {})
