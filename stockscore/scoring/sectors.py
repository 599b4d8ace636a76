"""Sectors and industries by the names that the method knows, whatever a source calls them.

Companies are compared with those of their sector, so one sector must have one name. The names are
Yahoo's; those of GICS and ICB mean the same companies, or nearly, and are translated.
"""

from __future__ import annotations

import re

_NO_NAME = {
    "",
    *("na", "nan", "nm", "none", "null", "nil", "tbd", "missing", "blank", "empty"),
    *("unknown", "unclassified", "undefined", "unspecified", "unavailable"),
    *("notavailable", "notapplicable", "notclassified", "nosector", "noindustry"),
    *("other", "others"),
}
"""What tables write where they know no name (`_key`); signs alone are none either."""

SECTORS = (
    "Basic Materials",
    "Communication Services",
    "Consumer Cyclical",
    "Consumer Defensive",
    "Energy",
    "Financial Services",
    "Healthcare",
    "Industrials",
    "Real Estate",
    "Technology",
    "Utilities",
)
"""The sectors that the method knows."""

_OTHER_SECTORS = {
    "Basic Materials": ("Materials", "Basic Material", "Basic Resources", "Raw Materials"),
    "Communication Services": (
        "Communications",
        "Communication",
        "Communication Service",
        "Telecommunications",
        "Telecommunication",
        "Telecommunication Services",
        "Telecom",
        "Media and Communications",
    ),
    "Consumer Cyclical": (
        "Consumer Discretionary",
        "Consumer Cyclicals",
        "Cyclical Consumer Goods and Services",
    ),
    "Consumer Defensive": (
        "Consumer Staples",
        "Consumer Defensives",
        "Consumer Non-Cyclical",
        "Consumer Non-Cyclicals",
        "Noncyclical Consumer Goods and Services",
    ),
    "Energy": ("Oil and Gas",),
    "Financial Services": ("Financials", "Financial", "Finance", "Financial Service"),
    "Healthcare": ("Health Care", "Health", "Medical"),
    "Industrials": ("Industrial", "Industrial Goods", "Industrial Goods and Services"),
    "Real Estate": ("Realty", "Property"),
    "Technology": (
        "Information Technology",
        "Technologies",
        "Information Tech",
        "Tech",
        "IT",
    ),
    "Utilities": ("Utility",),
}

FINANCIAL_INDUSTRIES = (
    "Banks - Diversified",
    "Banks - Regional",
    "Insurance - Diversified",
    "Insurance - Life",
    "Insurance - Property & Casualty",
    "Insurance - Reinsurance",
    "Insurance - Specialty",
    "Insurance Brokers",
    "Mortgage Finance",
    "Capital Markets",
    "Financial Conglomerates",
    "Asset Management",
    "Credit Services",
    "Financial Data & Stock Exchanges",
    "Shell Companies",
)
"""The industries of financial services, the only ones by which companies are measured
differently (scoring.md, section 2)."""

_OTHER_INDUSTRIES = {
    "Banks - Diversified": ("Diversified Banks", "Banks", "Banking", "Bank", "Commercial Banks"),
    "Banks - Regional": ("Regional Banks", "Banks - Regional - US", "Savings Banks"),
    "Insurance - Diversified": (
        "Multi-line Insurance",
        "Full Line Insurance",
        "Insurance",
        "Diversified Insurance",
        "Nonlife Insurance",
    ),
    "Insurance - Life": ("Life & Health Insurance", "Life Insurance"),
    "Insurance - Property & Casualty": (
        "Property & Casualty Insurance",
        "Property and Casualty Insurance",
        "Non-Life Insurance",
    ),
    "Insurance - Reinsurance": ("Reinsurance",),
    "Insurance Brokers": ("Insurance Broker",),
    "Mortgage Finance": (
        "Commercial & Residential Mortgage Finance",
        "Thrifts & Mortgage Finance",
        "Mortgage REITs",
        "Thrifts",
    ),
    "Capital Markets": (
        "Investment Banking & Brokerage",
        "Diversified Capital Markets",
        "Investment Services",
    ),
    "Financial Conglomerates": ("Multi-Sector Holdings", "Diversified Financial Services"),
    "Asset Management": (
        "Asset Management & Custody Banks",
        "Asset Managers",
        "Asset Managers & Custodians",
    ),
    "Credit Services": (
        "Consumer Finance",
        "Specialized Finance",
        "Transaction & Payment Processing Services",
    ),
    "Financial Data & Stock Exchanges": ("Financial Exchanges & Data",),
}


def _key(name: str) -> str:
    """The name without what spellings differ in: case, spaces, signs, "&" for "and"."""
    return re.sub(r"[\W_]+", "", name.casefold().replace("&", " and "))


def _by_key(names: tuple[str, ...], others: dict[str, tuple[str, ...]]) -> dict[str, str]:
    known = {_key(name): name for name in names}
    return known | {_key(other): name for name, some in others.items() for other in some}


_SECTOR_BY_KEY = _by_key(SECTORS, _OTHER_SECTORS)
_INDUSTRY_BY_KEY = _by_key(FINANCIAL_INDUSTRIES, _OTHER_INDUSTRIES)


def sector_of(text: str | None) -> str | None:
    """The sector by the name that the method knows; None where the text is a word for none. A
    name that is unknown stays as it is: its companies are a sector of their own."""
    return _name_of(text, _SECTOR_BY_KEY)


def industry_of(text: str | None) -> str | None:
    """The industry by the name that the method knows, None where the text is a word for none;
    others stay as they are."""
    return _name_of(text, _INDUSTRY_BY_KEY)


def _name_of(text: str | None, known: dict[str, str]) -> str | None:
    name = " ".join((text or "").split())
    if _key(name) in _NO_NAME:
        return None
    return known.get(_key(name), name)


def unknown_name(sector: str | None, industry: str | None) -> str | None:
    """A sentence where the method does not know the sector, or an industry of financial services
    by which it would tell banks and insurers from others: how such companies are measured."""
    if sector and sector not in SECTORS:
        return (
            f"The sector “{sector}” is none of the eleven that the method knows: its companies are "
            "compared with one another, and measured like companies in general."
        )
    if sector == "Financial Services" and industry and industry not in FINANCIAL_INDUSTRIES:
        return (
            f"The industry “{industry}” of Financial Services is none that the method knows: its "
            "companies are measured by their balance sheet, and like companies in general where "
            "none is known."
        )
    return None
