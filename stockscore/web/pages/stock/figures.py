"""The fundamentals that a score was made from, with the source and the age of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stockscore.scoring.assemble import Reported
from stockscore.scoring.inputs import BY_NAME, INPUTS
from stockscore.scoring.stored_score import StoredScore
from stockscore.store.pages.lists import StockLine
from stockscore.web.pages.stock.sources import OLD, PRICED, is_old, named, period_of
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Fact
from stockscore.web.ui.figures import label_of

MAIN = (
    "market_cap",
    "enterprise_value",
    "revenue_ttm",
    "revenue_growth",
    "gross_profit_ttm",
    "ebitda_ttm",
    "ebit_ttm",
    "net_income_ttm",
    "eps_ttm",
    "eps_growth",
    "cfo_ttm",
    "fcf_ttm",
    "dividend_per_share_ttm",
    "total_assets",
    "total_debt",
    "cash",
    "total_equity",
)
"""The figures in the side column; the table below it has all inputs."""


def facts(record: StoredScore) -> tuple[Fact, ...]:
    """The main figures, in the currency of the reports."""
    shown = [Fact(label_of(name), written(name, record.inputs.get(name))) for name in MAIN]
    return (*shown, *_ratios(record.inputs))


def written(name: str, value: float | None) -> str:
    """An input as people read it, by its unit."""
    unit = BY_NAME[name].unit
    if unit == "fraction":
        growth = name.endswith("growth")
        return fmt.signed_percent(value) if growth else fmt.percent(value)
    return fmt.millions(value) if unit == "money" else fmt.price(value)


def _ratios(inputs: Mapping[str, float | None]) -> tuple[Fact, ...]:
    return (
        Fact(label_of("pe"), price_earnings(inputs), note=_by_net_income(inputs)),
        Fact(label_of("dividend_yield"), fmt.percent(dividend_yield(inputs), 2)),
    )


FITS = 1.25
"""A P/E by earnings per share and one by net income differ by less than this factor: preferred
dividends and the number of shares in the course of a year explain so much."""


def _by_net_income(inputs: Mapping[str, float | None]) -> str | None:
    """What is said where a P/E does not fit the earnings yield, which is made of net income."""
    price, eps = inputs.get("price"), inputs.get("eps_ttm")
    cap, income = inputs.get("market_cap"), inputs.get("net_income_ttm")
    if not price or eps is None or not cap or income is None:
        return None
    by_share, whole = eps / price, income / cap
    if by_share <= 0 and whole <= 0:
        return None
    if by_share > 0 and whole > 0 and 1 / FITS < by_share / whole < FITS:
        return None
    other = fmt.decimal(1 / whole, 1) if whole > 0 else "a loss"
    return f"by net income {other}: the two figures of the source do not fit"


def price_earnings(inputs: Mapping[str, float | None]) -> str:
    """P/E as people read it: a loss has none, and is no low one."""
    price, eps = inputs.get("price"), inputs.get("eps_ttm")
    if eps is not None and eps <= 0:
        return "loss"
    return fmt.decimal(price / eps, 1) if price is not None and eps is not None else fmt.UNKNOWN


def dividend_yield(inputs: Mapping[str, float | None]) -> float | None:
    """Dividends of twelve months over the price, a fraction."""
    dividend, price = inputs.get("dividend_per_share_ttm"), inputs.get("price")
    return dividend / price if dividend is not None and price else None


@dataclass(frozen=True, slots=True)
class FigureOrigin:
    """An input with its value, the period it covers, its source, the day since which it is known,
    and its age when scored; "–" for what is unknown."""

    label: str
    value: str
    period: str
    source: str
    since: str
    age: str


def origins(
    record: StoredScore, reported: Reported, line: StockLine, price_source: str, published: datetime
) -> tuple[FigureOrigin, ...]:
    """Every input with where it comes from; empty where nothing at all is known."""
    if all(value is None for value in record.inputs.values()):
        return ()
    return tuple(
        FigureOrigin(
            label_of(entry.name),
            written(entry.name, record.inputs.get(entry.name)),
            *_origin(entry.name, record, reported, line, price_source, published),
        )
        for entry in INPUTS
    )


def _origin(
    name: str,
    record: StoredScore,
    reported: Reported,
    line: StockLine,
    price_source: str,
    published: datetime,
) -> tuple[str, str, str, str]:
    origin = reported.origin_of(name)
    if record.inputs.get(name) is None:
        return "–", "–", "–", ""
    if name in PRICED and line.price_session is not None:
        day = line.price_session
        age = fmt.age(line.price_as_of or day, published)
        return f"session of {fmt.day(day)}", named(price_source), fmt.day(day), age
    if origin is None:
        return "–", "–", "–", ""
    period = period_of(name, origin)
    if is_old(origin, line.price_session or published.date()):
        period = f"{period}: {OLD}"
    known = fmt.day(origin.known_at.date())
    return period, named(origin.source), known, fmt.age(origin.known_at, published)


def as_data(
    record: StoredScore, reported: Reported, line: StockLine, price_source: str
) -> dict[str, Any]:
    """The inputs as JSON: plain numbers in `currency`, with their sources. `period` says what ends
    with `period_end` ("quoted" where it is the day of a quote, "session" of a price), `old` whether
    that was more than nine months before the price."""
    return {
        "currency": reported.currency,
        "inputs": {
            entry.name: _input_data(entry.name, record, reported, line, price_source)
            for entry in INPUTS
        },
    }


_ORIGIN_KEYS = ("source", "period_end", "period", "old", "as_of")


def _input_data(
    name: str, record: StoredScore, reported: Reported, line: StockLine, price_source: str
) -> dict[str, Any]:
    origin = reported.origin_of(name)
    value = exports.number(record.inputs.get(name))
    found: dict[str, Any] = dict.fromkeys(_ORIGIN_KEYS)
    if value is not None and name in PRICED:
        end = exports.day(line.price_session)
        moment = exports.moment(line.price_as_of)
        found = dict(zip(_ORIGIN_KEYS, (price_source, end, "session", False, moment), strict=True))
    elif value is not None and origin is not None:
        found = {
            "source": origin.source,
            "period_end": exports.day(origin.period_end),
            "period": "quoted" if origin.is_quoted else str(origin.period),
            "old": is_old(origin, line.price_session or origin.known_at.date()),
            "as_of": exports.moment(origin.known_at),
        }
    return {"value": value, **found}
