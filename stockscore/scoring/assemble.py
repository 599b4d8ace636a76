"""From statements and a price to the inputs of the method (scoring.md, section 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self, TypeVar

from stockscore.scoring.currency import major_unit
from stockscore.scoring.inputs import RECORDED, clean
from stockscore.scoring.periods import Origin, Reports, Settled, Split, settle
from stockscore.scoring.statements import BALANCES, FLOWS, QUOTED, Period, Statement
from stockscore.scoring.twelve_months import Found, flow, growth, growth_of_years

T = TypeVar("T")

OLDEST_DAYS = 457
"""Fifteen months: figures of a period that ended earlier are no picture of now."""

MARKED_DAYS = 274
"""Nine months: figures of a period that ended earlier are marked where they are shown."""

SAME_LINE = 1.5
"""A share count that differs by more than this factor from market value over price does not count
the quoted shares: a depositary receipt, or one of several classes."""

OLDEST_GROWTH_DAYS = 548
"""Eighteen months: the growth of an older year is not that of now."""

GROWTH = {"revenue_growth": "revenue", "eps_growth": "eps"}
"""What has grown, by the input that says by how much."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth by its input ("eps_growth", "revenue_growth"), fractions, and where it comes from;
    `ends` as in `Reported`."""

    figures: dict[str, float] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    ends: dict[str, date] = field(default_factory=dict)

    def until(self, first: date) -> Growth:
        """The same without what ended before a day."""
        old = {name for name, end in self.ends.items() if end < first}
        if not old:
            return self
        return Growth(_but(self.figures, old), _but(self.origins, old), _but(self.ends, old))


@dataclass(frozen=True, slots=True)
class Reported:
    """What is known of a company's reports at a moment.

    `figures` has the known ones of `statements.FIGURES` in `currency` (flows over twelve months,
    balances the newest; quoted ones in the price currency), per share on today's shares; `origins`
    says of each where it comes from, and `ends` when the period ended that it is of (or on which
    day it was quoted). `reported_shares` is the count that reported earnings per share are based
    on. `newest_end` is the end of the newest period.

    Growth is among the figures where eight quarters or four halves give it. What may stand in
    elsewhere depends on the method (`with_growth`): what the source quotes, be it of one quarter
    (`quoted_growth`), or the growth of the last full year over the one before, else of the twelve
    months that the source names (`yearly_growth`).

    `classified` says whether the newest balance sheet that gives total assets gives current assets
    or current liabilities too; None where there is none.
    """

    currency: str | None = None
    figures: dict[str, float] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    ends: dict[str, date] = field(default_factory=dict)
    reported_shares: float | None = None
    newest_end: date | None = None
    quoted_growth: Growth = field(default_factory=Growth)
    yearly_growth: Growth = field(default_factory=Growth)
    classified: bool | None = None

    def on(self, day: date) -> Self:
        """What of it counts on a day: figures of periods that ended more than fifteen months before
        are missing (growth of full years: eighteen)."""
        first = day - timedelta(days=OLDEST_DAYS)
        quoted = self.quoted_growth.until(first)
        yearly = self.yearly_growth.until(day - timedelta(days=OLDEST_GROWTH_DAYS))
        old = {name for name, end in self.ends.items() if end < first}
        if not old and quoted is self.quoted_growth and yearly is self.yearly_growth:
            return self
        return replace(
            self,
            figures=_but(self.figures, old),
            origins=_but(self.origins, old),
            ends=_but(self.ends, old),
            reported_shares=None if "eps" in old else self.reported_shares,
            quoted_growth=quoted,
            yearly_growth=yearly,
            classified=None if "total_assets" in old else self.classified,
        )

    def with_growth(self, *, quoted: bool) -> Self:
        """The same with growth that stands in where the quarters give none: what the source quotes,
        or that of full years."""
        stand_in = self.quoted_growth if quoted else self.yearly_growth
        if not stand_in.figures:
            return self
        return replace(
            self,
            figures={**stand_in.figures, **self.figures},
            origins={**stand_in.origins, **self.origins},
            ends={**stand_in.ends, **self.ends},
        )

    def origin_of(self, name: str) -> Origin | None:
        """Where the input `name` (of `inputs.RECORDED`) comes from, None where it is missing; of a
        price, market value or dividend, where the figure comes from that the provider quoted."""
        if name == "tax_rate" and "tax_provision" in self.origins:
            return self.origins["tax_provision"]
        if name == "eps_ttm" and "eps" not in self.origins:
            return self.origins.get("quoted_eps")
        return self.origins.get(name.removesuffix("_ttm"))


def assemble(statements: Iterable[Statement], splits: Sequence[Split] = ()) -> Reported:
    """Puts the statements of one company together, in any order.

    Flows are over twelve months (`twelve_months.flow`), balances those of the newest period that
    gives them, quoted figures those of the newest summary. Nothing is left out for its age: what is
    too old depends on the day (`Reported.on`). `splits` are (session, new shares for one old);
    those after a period's end restate its per-share figures and share count, unless they are
    spin-offs.
    """
    statements = list(statements)
    if not statements:
        return Reported()
    reports = settle(statements, splits)
    found: dict[str, Found] = {}
    by_age = _by_age(reports)
    summaries = [reports.trailing] if reports.trailing else []
    for name in FLOWS:
        _take(name, flow(name, reports), found)
    for name in BALANCES:
        _take(name, _newest_balance(name, by_age), found)
    for name in QUOTED:
        if not name.endswith("_growth"):
            _take(name, _newest(name, summaries), found)
    quoted: dict[str, Found] = {}
    yearly: dict[str, Found] = {}
    for name, grown in GROWTH.items():
        given = _newest(name, summaries)
        _take(name, given or _newest(f"quarter_{name}", summaries), quoted)
        if given and given.origin.is_quoted:
            given = None  # Of which twelve months it is, or of how many, is not known.
        _take(name, growth_of_years(grown, reports) or given, yearly)
        _take(name, growth(grown, reports), found)
    origins = _origins(found)
    return Reported(
        currency=reports.currency,
        figures=_values(found),
        origins=origins,
        ends=_ends(found),
        reported_shares=_reported_shares(reports, origins),
        newest_end=_newest_end(reports),
        quoted_growth=Growth(_values(quoted), _origins(quoted), _ends(quoted)),
        yearly_growth=Growth(_values(yearly), _origins(yearly), _ends(yearly)),
        classified=_classified(by_age),
    )


def _take(name: str, figure: Found | None, found: dict[str, Found]) -> None:
    if figure is not None:
        found[name] = figure


def _newest(name: str, periods: list[Settled]) -> Found | None:
    """The figure of the first period that gives it."""
    for period in periods:
        if name in period.figures:
            return Found(period.figures[name], period.origins[name])
    return None


def _newest_balance(name: str, by_age: list[Settled]) -> Found | None:
    """The figure of the newest day, the first of equals: a summary's count of shares is of the day
    of its quote, which is later than its balances."""
    given = [Found(p.figures[name], p.origins[name]) for p in by_age if name in p.figures]
    return max(given, key=lambda figure: figure.origin.period_end, default=None)


def _values(found: Mapping[str, Found]) -> dict[str, float]:
    return {name: figure.value for name, figure in found.items()}


def _origins(found: Mapping[str, Found]) -> dict[str, Origin]:
    return {name: figure.origin for name, figure in found.items()}


def _ends(found: Mapping[str, Found]) -> dict[str, date]:
    return {name: figure.origin.period_end for name, figure in found.items()}


def _but(values: dict[str, T], names: set[str]) -> dict[str, T]:
    """The same without some names."""
    return {name: value for name, value in values.items() if name not in names}


def _by_age(reports: Reports) -> list[Settled]:
    """All periods, newest first; at the same end a report goes before a summary."""
    periods = [*reports.quarters, *reports.halves, *reports.years]
    if reports.trailing:
        periods.append(reports.trailing)
    return sorted(periods, key=lambda period: period.period_end, reverse=True)


def _classified(by_age: list[Settled]) -> bool | None:
    """Whether the newest balance sheet tells current assets or liabilities apart."""
    for period in by_age:
        if "total_assets" in period.figures:
            return "current_assets" in period.figures or "current_liabilities" in period.figures
    return None


def _reported_shares(reports: Reports, origins: dict[str, Origin]) -> float | None:
    """The newest share count of a report, where earnings per share come from reports too."""
    if "eps" not in origins or origins["eps"].period is Period.TRAILING:
        return None
    counted = (
        report.figures.get("shares")
        for report in _by_age(reports)
        if report is not reports.trailing
    )
    return next((shares for shares in counted if shares is not None), None)


def _newest_end(reports: Reports) -> date | None:
    newest = (*reports.quarters[:1], *reports.halves[:1], *reports.years[:1])
    ends = [period.period_end for period in newest]
    if not ends and reports.trailing:
        ends = [reports.trailing.period_end]
    return max(ends, default=None)


def inputs_at(
    reported: Reported,
    price: float | None,
    price_currency: str,
    dividends_12m: float | None = None,
    rate: float | None = None,
) -> dict[str, float | None]:
    """The inputs of one stock (`inputs.RECORDED`), all in the currency of its reports.

    `price` and `dividends_12m` (per share) are in `price_currency`, which may be a minor unit
    (GBX); without them the figures quoted by the provider stand in. `rate` is how many of the
    reports' currency one *major* unit of the price currency is; it is not asked where both are the
    same. Without it the price, market value, enterprise value and dividend are None.
    """
    figures = reported.figures
    inputs: dict[str, float | None] = {name: figures.get(name) for name in RECORDED}
    inputs |= {f"{name}_ttm": figures.get(name) for name in FLOWS if f"{name}_ttm" in inputs}
    inputs["tax_rate"] = _tax_rate(figures)
    quote = _quote(reported, clean(price), major_unit(price_currency)[1])
    inputs["eps_ttm"] = _times(figures.get("eps"), quote.shares_for_one)
    per_unit = conversion(reported.currency, price_currency, clean(rate))
    inputs["price"] = _times(quote.price, per_unit)
    inputs["market_cap"] = _times(quote.market_cap, per_unit)
    if inputs["eps_ttm"] is None:
        inputs["eps_ttm"] = _times(figures.get("quoted_eps"), per_unit)
    dividend = clean(dividends_12m)
    if dividend is None:
        dividend = figures.get("dividend_per_share")
    inputs["dividend_per_share_ttm"] = _times(dividend, per_unit)
    inputs["enterprise_value"] = _times(quote.enterprise_value, per_unit)
    if inputs["enterprise_value"] is None:
        inputs["enterprise_value"] = _plus_net_debt(inputs)
    return inputs


@dataclass(frozen=True, slots=True)
class _Quote:
    """In the price currency; `shares_for_one` are reported shares in one quoted share."""

    price: float | None
    market_cap: float | None
    enterprise_value: float | None
    shares_for_one: float


def _quote(reported: Reported, price: float | None, minor: float) -> _Quote:
    """What the company costs now, from the price now and what the provider quoted earlier."""
    figures = reported.figures
    then, cap, enterprise = (figures.get(n) for n in ("price", "market_cap", "enterprise_value"))
    price = then if price is None else price
    shares = figures.get("shares")
    # The quotient of a tiny value may be zero, which is no count of shares.
    listed = cap / then or None if cap and then and cap > 0 and then > 0 else None
    if cap and listed and shares and minor != 1 and _near(shares * minor / listed):
        # Sources quote the market value in pounds beside a price in pence.
        cap, listed = cap / minor, listed / minor
        enterprise = None if enterprise is None else enterprise / minor
    moved = _times(cap, price / then) if listed and then and price is not None else cap
    same_line = shares is None or _near(shares / listed) if listed else True
    if shares and price and cap and not then:
        # A market value whose price was held back: the two are compared at the price of now.
        same_line = _near(shares * price / cap)
    market_cap = _times(shares, price) if same_line and shares is not None else None
    market_cap = moved if market_cap is None else market_cap
    if enterprise is not None and market_cap is not None and cap is not None:
        enterprise = clean(enterprise + market_cap - cap)
    elif market_cap is not None:
        # Without the market value that went into it, a quoted enterprise value cannot be moved.
        enterprise = None
    counted = reported.reported_shares
    per_share = counted / listed if counted and listed else 1.0
    return _Quote(price, market_cap, enterprise, 1.0 if _near(per_share) else per_share)


def _near(ratio: float) -> bool:
    return 1 / SAME_LINE <= ratio <= SAME_LINE


def conversion(currency: str | None, price_currency: str, rate: float | None) -> float | None:
    """Units of the reports' currency for one unit of the price currency; None where unknown."""
    price_iso, minor = major_unit(price_currency)
    iso, unit = major_unit(currency) if currency else (price_iso, 1.0)
    if iso == price_iso:
        return minor / unit
    return None if rate is None or rate <= 0 else minor * rate / unit


def _tax_rate(figures: dict[str, float]) -> float | None:
    pretax, tax = figures.get("pretax_income"), figures.get("tax_provision")
    if pretax is not None and tax is not None and pretax > 0:
        return clean(tax / pretax)
    return figures.get("tax_rate")


def _plus_net_debt(inputs: dict[str, float | None]) -> float | None:
    cap, debt, cash = (inputs[name] for name in ("market_cap", "total_debt", "cash"))
    if cap is None or debt is None or cash is None:
        return None
    return clean(cap + debt - cash)


def _times(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else clean(value * factor)
