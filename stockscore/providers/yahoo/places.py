"""Yahoo's names of exchanges and currencies, and ours (MICs of ISO 10383, GBX for pence)."""

from __future__ import annotations

import math
from typing import Any

from stockscore.market.exchanges import EXCHANGES

SUFFIXES = {
    "AS": ("XAMS", "EUR"),
    "BR": ("XBRU", "EUR"),
    "CO": ("XCSE", "DKK"),
    "DE": ("XETR", "EUR"),
    "HE": ("XHEL", "EUR"),
    "L": ("XLON", "GBX"),
    "MC": ("XMAD", "EUR"),
    "MI": ("XMIL", "EUR"),
    "OL": ("XOSL", "NOK"),
    "PA": ("XPAR", "EUR"),
    "ST": ("XSTO", "SEK"),
    "SW": ("XSWX", "CHF"),
    "T": ("XTKS", "JPY"),
}
"""Exchange and price currency by the ending of a Yahoo symbol."""

MICS = {
    "NYQ": "XNYS",
    "NMS": "XNAS",
    "NGM": "XNAS",
    "NCM": "XNAS",
    "AMS": "XAMS",
    "ASX": "XASX",
    "BRU": "XBRU",
    "CPH": "XCSE",
    "EBS": "XSWX",
    "FRA": "XFRA",
    "GER": "XETR",
    "HEL": "XHEL",
    "HKG": "XHKG",
    "ICE": "XICE",
    "ISE": "XDUB",
    "JNB": "XJSE",
    "JPX": "XTKS",
    "KSC": "XKRX",
    "LIS": "XLIS",
    "LSE": "XLON",
    "MCE": "XMAD",
    "MEX": "XMEX",
    "MIL": "XMIL",
    "NZE": "XNZE",
    "OSL": "XOSL",
    "PAR": "XPAR",
    "SAO": "BVMF",
    "STO": "XSTO",
    "TAI": "XTAI",
    "TOR": "XTSE",
    "VIE": "XWBO",
    "WSE": "XWAR",
}
"""MICs by Yahoo's codes of exchanges. Others leave a stock on the exchange it was added with."""

MINOR_UNITS = {"GBp": "GBX", "ZAc": "ZAC", "ILA": "ILA"}
"""Yahoo's spelling of hundredths of a currency, and ours."""


def mic_of(code: object) -> str | None:
    """The MIC of one of Yahoo's exchange codes, None where the program knows no such exchange."""
    return MICS.get(code) if isinstance(code, str) else None


def zone_of(mic: str) -> str | None:
    """The time zone of an exchange, for yfinance."""
    exchange = EXCHANGES.get(mic)
    return exchange.timezone if exchange else None


def currency_of(code: object) -> str | None:
    """A currency as we spell it: `GBp` is GBX, ISO codes stay, anything else is unknown."""
    if not isinstance(code, str):
        return None
    code = MINOR_UNITS.get(code, code).strip()
    return code if len(code) == 3 and code.isalpha() and code.isupper() else None


def number(value: Any) -> float | None:
    """A figure of Yahoo's, None where it is missing: infinity comes as text ("Infinity")."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    value = float(value)
    return value if math.isfinite(value) else None


def text(value: Any) -> str | None:
    """A non-empty text, None for anything else."""
    return value.strip() or None if isinstance(value, str) else None
