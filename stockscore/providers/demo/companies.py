"""Which companies there are. The roster is the same for every seed, and only grows with time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from stockscore.providers.demo import names
from stockscore.providers.demo.dates import FIRST_YEAR, on_a_weekday, quarter_of, quarter_start
from stockscore.providers.demo.draws import roll
from stockscore.providers.demo.industries import INDUSTRIES, Industry

BASE_COMPANIES = 500
"""Listed before the market's first day, beside the peculiar ones."""

FIRST_EVENTS = (2021 - FIRST_YEAR) * 4
"""The first quarter with a flotation, a delisting, a split, a dividend cut and a gap in reports;
every quarter from then on has them."""

LISTING_DAY = 44
"""Day of the quarter of its flotation."""


@dataclass(frozen=True, slots=True)
class Company:
    """A listing of the simulated market.

    `key` names the company's random streams: share classes of one company have it in common.
    `currency` is that of the price (GBX for pence), `accounts` that of the statements. The fiscal
    quarters end `months_early` months before the calendar's. `floated` is the day of the
    flotation (the first session on or after it), None for what was always listed. `omits` are
    figures that its reports never give.
    """

    ticker: str
    name: str
    key: str
    industry: Industry
    exchange: str = "XNYS"
    currency: str = "USD"
    accounts: str = "USD"
    months_early: int = 0
    floated: date | None = None
    omits: frozenset[str] = frozenset()
    negative_equity: bool = False
    reports: bool = True
    peculiar: bool = False


class _Peculiar(NamedTuple):
    ticker: str
    name: str
    industry: str
    exchange: str = "XNYS"
    accounts: str = "USD"
    reports: bool = True
    negative_equity: bool = False


_PECULIAR = (
    _Peculiar("Y", "Yarcombe Systems", "Software - Infrastructure"),
    _Peculiar("N", "Nethermere Power", "Utilities - Regulated Electric"),
    _Peculiar("QW", "Quillwade Freight", "Integrated Freight & Logistics"),
    _Peculiar("HDG.A", "Heskgrove Holdings Class A", "Financial Conglomerates"),
    _Peculiar("HDG.B", "Heskgrove Holdings Class B", "Financial Conglomerates"),
    _Peculiar(
        "NSEC",
        "The Netherwick, Skelworth and Eastern Counties Permanent Life Assurance and Friendly "
        "Benefit Corporation of North America",
        "Insurance - Life",
    ),
    _Peculiar("MRKV", "Mørkvær & D'Arlèze Kitchens", "Restaurants", negative_equity=True),
    _Peculiar("OSTL", "Ostrelle Remedies ADR", "Drug Manufacturers - General", accounts="EUR"),
    _Peculiar("BRWX", "Brandwerth Achsen ADR", "Auto Parts", accounts="EUR"),
    _Peculiar("CVSA", "Calvessa Banca ADR", "Banks - Diversified", accounts="EUR"),
    _Peculiar("KZMR", "Kazemori Sensors ADR", "Electronic Components", accounts="JPY"),
    _Peculiar("LUVK", "Lundvikur Seafoods ADR", "Packaged Foods", accounts="ISK"),
    _Peculiar("ELVN", "Elvanne Boissons", "Beverages - Non-Alcoholic", "XLON", "EUR"),
    _Peculiar("WYNC", "Wyncombe Prospecting", "Gold", reports=False),
)
"""ISK is a currency that the demo market has no exchange rate for, on purpose."""

_INDUSTRY = {industry.name: industry for industry in INDUSTRIES}
_SHARES_OF_ALL = tuple(accumulate(industry.weight for industry in INDUSTRIES))
_GOLDEN = 0.6180339887498949


def roster(last: date) -> list[Company]:
    """The companies listed by the end of the quarter of `last`, in a fixed order: the peculiar
    ones, the base, and one flotation a quarter from `FIRST_EVENTS` on. A later date only
    appends."""
    taken = {peculiar.ticker for peculiar in _PECULIAR}
    places = _unused_places(taken)
    companies = [_peculiar(peculiar) for peculiar in _PECULIAR]
    companies += [_ordinary(next(places), number, taken, None) for number in range(BASE_COMPANIES)]
    for quarter in range(FIRST_EVENTS, quarter_of(last) + 1):
        floated = on_a_weekday(quarter_start(quarter) + timedelta(days=LISTING_DAY))
        number = BASE_COMPANIES + quarter - FIRST_EVENTS
        companies.append(_ordinary(next(places), number, taken, floated))
    return companies


def _unused_places(taken: set[str]) -> Iterator[str]:
    used = {peculiar.name.split()[0] for peculiar in _PECULIAR} | taken
    return (root for root in names.roots() if root not in used)


def _peculiar(row: _Peculiar) -> Company:
    industry = _INDUSTRY[row.industry]
    return Company(
        ticker=row.ticker,
        name=row.name,
        key=row.ticker.partition(".")[0],
        industry=industry,
        exchange=row.exchange,
        currency="GBX" if row.exchange == "XLON" else "USD",
        accounts=row.accounts,
        negative_equity=row.negative_equity,
        reports=row.reports,
        peculiar=True,
    )


def _ordinary(root: str, number: int, taken: set[str], floated: date | None) -> Company:
    industry = _industry_of(number)
    london = number % 11 in (5, 10)
    ticker = names.ticker_for(root, _ticker_length(root), taken)
    taken.add(ticker)
    return Company(
        ticker=ticker,
        name=f"{root} {industry.words[roll(root, 'word', len(industry.words))]}",
        key=root,
        industry=industry,
        exchange="XLON" if london else "XNYS",
        currency="GBX" if london else "USD",
        accounts=_accounts(industry) if london else "USD",
        months_early=(0, 0, 0, 0, 0, 0, 0, 1, 2, 2)[roll(root, "fiscal year", 10)],
        floated=floated,
        omits=_omits(root),
        negative_equity=_has_negative_equity(root, industry),
    )


def _industry_of(number: int) -> Industry:
    """Multiples of the golden ratio spread evenly, so any number of companies has the mix of
    industries that the weights ask for."""
    place = (number * _GOLDEN + 0.5) % 1.0 * _SHARES_OF_ALL[-1]
    return next(
        industry for industry, upto in zip(INDUSTRIES, _SHARES_OF_ALL, strict=True) if place < upto
    )


def _ticker_length(root: str) -> int:
    return (3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5)[roll(root, "ticker length", 15)]


def _accounts(industry: Industry) -> str:
    """Those in London that sell raw materials keep their books in dollars."""
    return "USD" if industry.sector in ("Energy", "Basic Materials") else "GBP"


def _omits(root: str) -> frozenset[str]:
    chance = roll(root, "omits", 100)
    for below, figures in (
        (5, {"interest_expense"}),
        (8, {"gross_profit"}),
        (11, {"current_assets", "current_liabilities"}),
        (14, {"ebitda"}),
        (16, {"retained_earnings"}),
        (17, {"total_debt", "long_term_debt"}),
    ):
        if chance < below:
            return frozenset(figures)
    return frozenset()


def _has_negative_equity(root: str, industry: Industry) -> bool:
    suited = industry.sector in ("Consumer Cyclical", "Consumer Defensive", "Technology")
    return suited and industry.operating > 0.1 and roll(root, "negative equity", 100) < 6
