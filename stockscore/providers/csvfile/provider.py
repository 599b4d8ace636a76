"""The provider of a site whose data comes by files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NoReturn

from stockscore.providers.base import (
    Fundamentals,
    Listing,
    NotFound,
    PriceHistory,
    Unavailable,
)


class CsvProvider:
    """`DATA_PROVIDER=csv`: there is no source to ask. `flask import` brings the data, and every
    question is answered with the command that does."""

    name = "csv"
    simulated = False

    def universe(self, index: str, now: datetime) -> Sequence[Listing]:
        """Raises `NotFound`: a file knows no index."""
        del now
        raise NotFound(
            f"There is no index {index!r}: with DATA_PROVIDER=csv the universe comes from a file; "
            "run flask universe import FILE."
        )

    def prices(self, listing: Listing, since: date | None, now: datetime) -> PriceHistory:
        """Raises `Unavailable`."""
        del since, now
        _fed_by_files(f"Prices of {listing.ticker} come", "prices")

    def fundamentals(self, listing: Listing, now: datetime) -> Fundamentals:
        """Raises `Unavailable`."""
        del now
        _fed_by_files(f"Fundamentals of {listing.ticker} come", "fundamentals")

    def exchange_rate(self, base: str, quote: str, now: datetime) -> float:
        """Raises `Unavailable`: figures of a file are in the currency of the price."""
        del now
        raise Unavailable(f"With DATA_PROVIDER=csv no rate of {base} in {quote} is known.")


def _fed_by_files(what: str, command: str) -> NoReturn:
    raise Unavailable(
        f"{what} from files, and there is nothing to fetch; run flask import {command} FILE."
    )
