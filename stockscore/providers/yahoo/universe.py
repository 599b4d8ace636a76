"""Members of an index, from the lists that pytickersymbols ships (no request is made)."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pytickersymbols import PyTickerSymbols

from stockscore.providers.base import Listing, NotFound
from stockscore.providers.yahoo.places import SUFFIXES

INDICES = {
    "aex": "AEX",
    "bel20": "BEL 20",
    "cac40": "CAC_40",
    "dax": "DAX",
    "dowjones": "DOW JONES",
    "eurostoxx50": "EURO STOXX 50",
    "ftse100": "FTSE 100",
    "ibex35": "IBEX 35",
    "mdax": "MDAX",
    "nasdaq100": "NASDAQ 100",
    "nikkei225": "NIKKEI 225",
    "omxh25": "OMX Helsinki 25",
    "omxs30": "OMX Stockholm 30",
    "smi": "Switzerland 20",
    "sp100": "S&P 100",
    "sp500": "S&P 500",
    "sp600": "S&P 600",
    "tecdax": "TecDAX",
}
"""Names for the command line and the names of the lists. CAC Mid 60 and SDAX are left out: most
of their members come without a usable symbol."""

US_EXCHANGES = {"NYSE": "XNYS", "NASDAQ": "XNAS"}
TRADED_AS = re.compile(r"\b(NYSE|nasdaq)\b[^:]{0,20}:", re.IGNORECASE)


@functools.cache
def _lists() -> PyTickerSymbols:
    """The lists, decompressed once per process."""
    return PyTickerSymbols()


def members(index: str) -> Sequence[Listing]:
    """The members of an index by ticker; raises `NotFound` naming the indices there are."""
    name = INDICES.get(re.sub(r"[\s_&-]", "", index.lower()))
    if name is None:
        raise NotFound(f"There is no index {index!r}; known are {', '.join(INDICES)}.")
    found: dict[str, Listing] = {}
    for company in _lists().get_stocks_by_index(name):
        listing = _listing(company)
        if listing is not None:
            found.setdefault(listing.ticker, listing)
    return [found[ticker] for ticker in sorted(found)]


def _listing(company: Mapping[str, Any]) -> Listing | None:
    """One member, None where the list gives no symbol of an exchange that we know.

    Its industries are words of several classifications at once, so sector and industry are left
    to Yahoo's own profile."""
    base, _, suffix = str(company.get("symbol") or "").partition(".")
    suffix = suffix.rpartition(".")[2]  # the list once has AIR.PA.DE for Airbus in Frankfurt
    if not base:
        return None
    if len(suffix) > 1 or suffix in SUFFIXES:
        if suffix not in SUFFIXES:
            return None
        ticker = f"{base.replace(' ', '-')}.{suffix}"
        exchange, currency = SUFFIXES[suffix]
    else:  # BRK.B: a class of shares, which Yahoo writes BRK-B
        ticker = f"{base}-{suffix}" if suffix else base
        exchange, currency = _us_exchange(company, ticker), "USD"
    isins: Sequence[str] = company.get("isins") or ()
    return Listing(
        ticker=ticker,
        name=str(company.get("name") or ticker),
        exchange=exchange,
        currency=currency,
        isin=isins[0] if len(isins) == 1 else None,  # several belong to several classes
    )


def _us_exchange(company: Mapping[str, Any], ticker: str) -> str:
    """Where an American stock is listed: by "traded as", which is newer, or its Google code."""
    traded = TRADED_AS.search(str((company.get("metadata") or {}).get("traded_as") or ""))
    if traded:
        return US_EXCHANGES[traded[1].upper()]
    for symbol in company.get("symbols", ()):
        market, _, _ = str(symbol.get("google", "")).partition(":")
        if market in US_EXCHANGES and str(symbol.get("yahoo", "")).replace(".", "-") == ticker:
            return US_EXCHANGES[market]
    return "XNYS"
