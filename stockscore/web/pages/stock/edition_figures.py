"""What the page of a stock takes from the summary of its edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from stockscore.store.pages.editions import EditionRow
from stockscore.web.ui.market_strip import Moment


def day_of(moment: Moment) -> date:
    """The day of the data that the current scores are made from."""
    day = moment.edition.summary.get("day") if moment.edition else None
    return date.fromisoformat(day) if day else moment.now.date()


def newest_session(edition: EditionRow | None, mic: str) -> date | None:
    """The newest session of an exchange that any stock has a price of; None where none is known."""
    exchanges = edition.summary.get("exchanges", {}) if edition else {}
    newest = exchanges.get(mic, {}).get("newest_session")
    return date.fromisoformat(newest) if newest else None


def sector_summary(edition: EditionRow | None, sector: str | None) -> Mapping[str, Any] | None:
    """The summary of a sector ("rated", "median" in hundredths, …); None for an unknown one."""
    summaries = edition.summary["sectors"] if edition else ()
    return next((summary for summary in summaries if summary["sector"] == sector), None)


def market_median(edition: EditionRow | None) -> int | None:
    """The median score of the market, in hundredths."""
    return edition.summary.get("median") if edition else None


def score_counts(edition: EditionRow | None) -> Sequence[int]:
    """How many stocks are rated in each of the equal steps from 0 to 100."""
    return edition.summary.get("histogram", {}).get("counts", ()) if edition else ()


def metric_medians(edition: EditionRow | None, sector: str | None) -> Mapping[str, float | None]:
    """Medians of the metrics in a sector, in the whole market where the sector is unknown."""
    medians = edition.summary.get("metric_medians", {}) if edition else {}
    return medians.get(sector or "", medians.get("", {}))


def factor_medians(edition: EditionRow | None, sector: str | None) -> Mapping[str, int | None]:
    """Medians of the factors in a sector, in hundredths; empty for an unknown sector."""
    medians = edition.summary.get("factor_medians", {}) if edition else {}
    return medians.get(sector or "", {})
