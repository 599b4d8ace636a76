"""Which companies there are. The roster is the same for every seed, and only grows with time.

Companies come in cohorts: cohort 0 is the usual market, the peculiar companies and `BASE_COMPANIES`
ordinary ones; each further cohort has as many ordinary ones, and belongs to larger markets. In each
cohort one company floats and one is delisted in every quarter, so that their number stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, islice
from typing import NamedTuple

from stockscore.providers.demo import names
from stockscore.providers.demo.dates import FIRST_YEAR, on_a_weekday, quarter_of, quarter_start
from stockscore.providers.demo.draws import roll
from stockscore.providers.demo.industries import INDUSTRIES, Industry

BASE_COMPANIES = 500
"""Of each cohort, listed before the market's first day (beside the peculiar ones)."""

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


USUAL_STOCKS = len(_PECULIAR) + BASE_COMPANIES
"""Stocks that trade in the usual market, which is cohort 0."""

_FIRST_PLACES = 900
"""So many of the invented places are kept for cohort 0, whose last flotation they put in 2117."""

_FURTHER_FLOTATIONS = 60
"""Of each further cohort, the last one in 2035."""

_FURTHER_PLACES = BASE_COMPANIES + _FURTHER_FLOTATIONS

_UNUSUAL_LAST = "FQUWXY"
"""Last letters that make five letters a fund, a right, a unit, a warrant or a foreign share."""


def roster(last: date, cohort: int = 0) -> list[Company]:
    """The companies of a cohort that are listed by the end of the quarter of `last`, in a fixed
    order: the peculiar ones in cohort 0, the base, and one flotation a quarter from `FIRST_EVENTS`
    on. A later date only appends. Raises `LookupError` for a cohort that there is no name for."""
    companies = [] if cohort else [_peculiar(peculiar) for peculiar in _PECULIAR]
    first_number = cohort * _FURTHER_PLACES
    for place, (root, ticker) in enumerate(_places(cohort)):
        quarter = FIRST_EVENTS + place - BASE_COMPANIES
        if quarter > quarter_of(last):
            break
        floated = None
        if place >= BASE_COMPANIES:
            floated = on_a_weekday(quarter_start(quarter) + timedelta(days=LISTING_DAY))
        companies.append(_ordinary(root, ticker, first_number + place, floated))
    return companies


def cohort_of(ticker: str) -> int | None:
    """The cohort of a company, None for one that there will never be."""
    return _cohorts_by_ticker().get(ticker)


@cache
def _cohorts_by_ticker() -> dict[str, int]:
    found = {peculiar.ticker: 0 for peculiar in _PECULIAR}
    for cohort in range(1 + len(_further_places()) // _FURTHER_PLACES):
        found |= {ticker: cohort for _, ticker in _places(cohort)}
    return found


def members(companies: Sequence[Company], cohort: int, stocks: int) -> list[bool]:
    """Which companies of a cohort (its roster) are in a market where `stocks` trade. Larger markets
    have those of smaller ones."""
    before = 0 if cohort == 0 else USUAL_STOCKS + (cohort - 1) * BASE_COMPANIES
    peculiar = 0 if cohort else len(_PECULIAR)
    wanted = min(max(stocks - before - peculiar, 0), BASE_COMPANIES)
    found = []
    for place, company in enumerate(companies, start=-peculiar):
        if company.floated is None:
            found.append(place < wanted)
        else:
            # Flotations make up for delistings, so a part of the one needs a part of the other.
            number = place - BASE_COMPANIES
            share = (number + 1) * wanted // BASE_COMPANIES - number * wanted // BASE_COMPANIES
            found.append(share > 0)
    return found


def cohorts_for(stocks: int) -> int:
    """How many cohorts a market has in which `stocks` trade. Raises ValueError where that is less
    than the peculiar ones, or more than there are names for."""
    most = USUAL_STOCKS + len(_further_places()) // _FURTHER_PLACES * BASE_COMPANIES
    if not len(_PECULIAR) <= stocks <= most:
        raise ValueError(
            f"The simulated market can have {len(_PECULIAR)} to {most:,} stocks, not {stocks:,}."
        )
    return 1 + max(-(-(stocks - USUAL_STOCKS) // BASE_COMPANIES), 0)


def _places(cohort: int) -> Sequence[tuple[str, str]]:
    """The invented places of a cohort, each with its ticker."""
    if cohort == 0:
        return _first_places()
    end = cohort * _FURTHER_PLACES
    if end > len(_further_places()):
        raise LookupError(f"there are no names for cohort {cohort}")
    return _further_places()[end - _FURTHER_PLACES : end]


@cache
def _first_places() -> Sequence[tuple[str, str]]:
    taken = {peculiar.ticker for peculiar in _PECULIAR}
    used = {peculiar.name.split()[0] for peculiar in _PECULIAR} | taken
    found = []
    for root in islice((root for root in names.roots() if root not in used), _FIRST_PLACES):
        ticker = names.ticker_for(root, _ticker_length(root), taken)
        taken.add(ticker)
        found.append((root, ticker))
    return found


@cache
def _further_places() -> Sequence[tuple[str, str]]:
    first = _first_places()
    taken = {ticker for _, ticker in first} | {peculiar.ticker for peculiar in _PECULIAR}
    used = {root for root, _ in first} | {peculiar.name.split()[0] for peculiar in _PECULIAR}
    found = []
    for root in names.further_roots(used):
        with suppress(LookupError):  # a place whose tickers are all taken is left out
            ticker = names.ticker_for(root, 5, taken, _UNUSUAL_LAST)
            taken.add(ticker)
            found.append((root, ticker))
    return found


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


def _ordinary(root: str, ticker: str, number: int, floated: date | None) -> Company:
    industry = _industry_of(number)
    london = number % 11 in (5, 10)
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
