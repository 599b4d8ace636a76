"""The exchanges that StockScore knows, by MIC (ISO 10383)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """A place where stocks trade.

    `timezone` is an IANA name, `currency` the ISO code (major unit) that most of its stocks are
    quoted in, `calendar` the name of its calendar in exchange_calendars.
    """

    mic: str
    city: str
    timezone: str
    currency: str
    calendar: str


_KNOWN = (
    Exchange("XNYS", "New York", "America/New_York", "USD", "XNYS"),
    Exchange("XNAS", "New York (Nasdaq)", "America/New_York", "USD", "XNAS"),
    Exchange("XTSE", "Toronto", "America/Toronto", "CAD", "XTSE"),
    Exchange("BVMF", "São Paulo", "America/Sao_Paulo", "BRL", "BVMF"),
    Exchange("XMEX", "Mexico City", "America/Mexico_City", "MXN", "XMEX"),
    Exchange("XLON", "London", "Europe/London", "GBP", "XLON"),
    Exchange("XDUB", "Dublin", "Europe/Dublin", "EUR", "XDUB"),
    Exchange("XETR", "Frankfurt (Xetra)", "Europe/Berlin", "EUR", "XETR"),
    Exchange("XFRA", "Frankfurt", "Europe/Berlin", "EUR", "XFRA"),
    Exchange("XPAR", "Paris", "Europe/Paris", "EUR", "XPAR"),
    Exchange("XAMS", "Amsterdam", "Europe/Amsterdam", "EUR", "XAMS"),
    Exchange("XBRU", "Brussels", "Europe/Brussels", "EUR", "XBRU"),
    Exchange("XLIS", "Lisbon", "Europe/Lisbon", "EUR", "XLIS"),
    Exchange("XMIL", "Milan", "Europe/Rome", "EUR", "XMIL"),
    Exchange("XMAD", "Madrid", "Europe/Madrid", "EUR", "XMAD"),
    Exchange("XWBO", "Vienna", "Europe/Vienna", "EUR", "XWBO"),
    Exchange("XSWX", "Zurich", "Europe/Zurich", "CHF", "XSWX"),
    Exchange("XSTO", "Stockholm", "Europe/Stockholm", "SEK", "XSTO"),
    Exchange("XCSE", "Copenhagen", "Europe/Copenhagen", "DKK", "XCSE"),
    Exchange("XHEL", "Helsinki", "Europe/Helsinki", "EUR", "XHEL"),
    Exchange("XOSL", "Oslo", "Europe/Oslo", "NOK", "XOSL"),
    Exchange("XICE", "Reykjavik", "Atlantic/Reykjavik", "ISK", "XICE"),
    Exchange("XWAR", "Warsaw", "Europe/Warsaw", "PLN", "XWAR"),
    Exchange("XJSE", "Johannesburg", "Africa/Johannesburg", "ZAR", "XJSE"),
    Exchange("XTKS", "Tokyo", "Asia/Tokyo", "JPY", "XTKS"),
    Exchange("XHKG", "Hong Kong", "Asia/Hong_Kong", "HKD", "XHKG"),
    Exchange("XKRX", "Seoul", "Asia/Seoul", "KRW", "XKRX"),
    Exchange("XTAI", "Taipei", "Asia/Taipei", "TWD", "XTAI"),
    Exchange("XASX", "Sydney", "Australia/Sydney", "AUD", "XASX"),
    Exchange("XNZE", "Wellington", "Pacific/Auckland", "NZD", "XNZE"),
)

EXCHANGES: dict[str, Exchange] = {exchange.mic: exchange for exchange in _KNOWN}
"""By MIC. Look one up with `exchange_of`, which answers an unknown MIC with a sentence."""


class UnknownExchangeError(ValueError):
    """A MIC that is not in `EXCHANGES`; the message is a sentence that names those that are."""


def exchange_of(mic: str) -> Exchange:
    """The exchange with this MIC. Raises `UnknownExchangeError`."""
    try:
        return EXCHANGES[mic]
    except KeyError:
        known = ", ".join(sorted(EXCHANGES))
        raise UnknownExchangeError(
            f"{mic!r} is no exchange known here; known are {known}."
        ) from None
