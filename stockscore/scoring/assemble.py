"""From statements and a price to the inputs of the method (scoring.md, section 1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from stockscore.scoring.currency import major_unit
from stockscore.scoring.inputs import RECORDED, clean
from stockscore.scoring.periods import (
    QUARTER_DAYS,
    YEAR_DAYS,
    Origin,
    Reports,
    Settled,
    Split,
    consecutive,
    settle,
    summed,
)
from stockscore.scoring.statements import BALANCES, FLOWS, QUOTED, Period, Statement

OLDEST_DAYS = 457
"""Fifteen months: older quarters and years are no picture of the last twelve months."""

SAME_LINE = 1.5
"""A share count that differs by more than this factor from market value over price does not count
the quoted shares: a depositary receipt, or one of several classes."""

OLDEST_GROWTH_DAYS = 548
"""Eighteen months: the growth of an older year is not that of now."""

GROWTH = {"revenue_growth": "revenue", "eps_growth": "eps"}
"""What has grown, by the input that says by how much."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth by its input ("eps_growth", "revenue_growth"), fractions, and where it comes from."""

    figures: dict[str, float] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reported:
    """What is known of a company's reports at a moment.

    `figures` has the known ones of `statements.FIGURES` in `currency` (flows over twelve months,
    balances the newest; quoted ones in the price currency), per share on today's shares; `origins`
    says of each where it comes from. `reported_shares` is the count that reported earnings per
    share are based on. `newest_end` is the end of the newest period.

    Growth is among the figures where eight quarters give it. What may stand in elsewhere depends on
    the method (`with_growth`): what the source quotes (`quoted_growth`), or the growth of the last
    full year over the one before (`yearly_growth`).

    `classified` says whether the newest balance sheet that gives total assets gives current assets
    or current liabilities too; None where there is none.
    """

    currency: str | None = None
    figures: dict[str, float] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    reported_shares: float | None = None
    newest_end: date | None = None
    quoted_growth: Growth = field(default_factory=Growth)
    yearly_growth: Growth = field(default_factory=Growth)
    classified: bool | None = None

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
        )

    def origin_of(self, name: str) -> Origin | None:
        """Where the input `name` (of `inputs.RECORDED`) comes from, None where it is missing; of a
        price, market value or dividend, where the figure comes from that the provider quoted."""
        if name == "tax_rate" and "tax_provision" in self.origins:
            return self.origins["tax_provision"]
        return self.origins.get(name.removesuffix("_ttm"))


def assemble(statements: Iterable[Statement], splits: Sequence[Split] = ()) -> Reported:
    """Puts the statements of one company together, in any order.

    Flows are the sum of the last four quarters where they are consecutive, not older than fifteen
    months and all give the figure; else the provider's trailing figure; else the last year's, not
    older than fifteen months. Age counts against the newest moment at which anything became known.
    Balances are those of the newest period that gives them. `splits` are (session, new shares for
    one old); those after a period's end restate its per-share figures and share count.
    """
    statements = list(statements)
    if not statements:
        return Reported()
    newest_known = max(statement.known_at for statement in statements).date()
    reports = settle(statements, splits)
    quarters = _fresh(reports.quarters, newest_known)
    years = _fresh(reports.years, newest_known)
    figures: dict[str, float] = {}
    origins: dict[str, Origin] = {}
    twelve_months = quarters[:4] if consecutive(quarters, 4, QUARTER_DAYS) else ()
    for name in FLOWS:
        _take_flow(name, twelve_months, reports.trailing, years, figures, origins)
    for name in BALANCES:
        _take_newest(name, _by_age(reports), figures, origins)
    summaries = [reports.trailing] if reports.trailing else []
    for name in QUOTED:
        if name not in GROWTH:
            _take_newest(name, summaries, figures, origins)
    quoted, yearly = Growth(), Growth()
    full_years = _fresh(reports.years, newest_known, OLDEST_GROWTH_DAYS)
    for name, flow in GROWTH.items():
        _take_newest(name, summaries, quoted.figures, quoted.origins)
        _take(name, _growth(flow, full_years, 1, YEAR_DAYS), yearly.figures, yearly.origins)
        _take(name, _growth(flow, quarters, 4, QUARTER_DAYS), figures, origins)
    return Reported(
        currency=reports.currency,
        figures=figures,
        origins=origins,
        reported_shares=_reported_shares(reports, origins),
        newest_end=_newest_end(reports),
        quoted_growth=quoted,
        yearly_growth=yearly,
        classified=_classified(reports),
    )


def _fresh(
    periods: tuple[Settled, ...], newest_known: date, oldest: int = OLDEST_DAYS
) -> tuple[Settled, ...]:
    """All periods where the newest is not older than so many days, else none."""
    fresh = periods and (newest_known - periods[0].period_end).days <= oldest
    return periods if fresh else ()


def _take_flow(
    name: str,
    twelve_months: tuple[Settled, ...],
    trailing: Settled | None,
    years: tuple[Settled, ...],
    figures: dict[str, float],
    origins: dict[str, Origin],
) -> None:
    total = summed(twelve_months, name) if twelve_months else None
    if total is not None:
        figures[name], origins[name] = total, _origin_of_all(twelve_months, name)
        return
    _take_newest(name, [period for period in (trailing, *years[:1]) if period], figures, origins)


def _take_newest(
    name: str, periods: list[Settled], figures: dict[str, float], origins: dict[str, Origin]
) -> None:
    """The figure of the first period that gives it."""
    for period in periods:
        if name in period.figures:
            figures[name], origins[name] = period.figures[name], period.origins[name]
            return


def _by_age(reports: Reports) -> list[Settled]:
    """All periods, newest first; at the same end a report goes before a summary."""
    periods = [*reports.quarters, *reports.years]
    if reports.trailing:
        periods.append(reports.trailing)
    return sorted(periods, key=lambda period: period.period_end, reverse=True)


def _take(
    name: str,
    found: tuple[float, Origin] | None,
    figures: dict[str, float],
    origins: dict[str, Origin],
) -> None:
    if found is not None:
        figures[name], origins[name] = found


def _growth(
    flow: str, periods: tuple[Settled, ...], in_a_year: int, days: tuple[int, int]
) -> tuple[float, Origin] | None:
    """Growth over the twelve months before, where consecutive periods of two years give the figure
    and the earlier sum is above zero."""
    if not consecutive(periods, 2 * in_a_year, days):
        return None
    last_year = periods[:in_a_year]
    now, before = summed(last_year, flow), summed(periods[in_a_year : 2 * in_a_year], flow)
    if now is None or before is None or before <= 0:
        return None
    value = clean(now / before - 1)
    return None if value is None else (value, _origin_of_all(last_year, flow))


def _origin_of_all(periods: Sequence[Settled], name: str) -> Origin:
    """The origin of a sum: the newest period, known since the last of all became known."""
    known_at = max(period.origins[name].known_at for period in periods)
    return replace(periods[0].origins[name], known_at=known_at)


def _classified(reports: Reports) -> bool | None:
    """Whether the newest balance sheet tells current assets or liabilities apart."""
    for period in _by_age(reports):
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
    ends = [period.period_end for period in (*reports.quarters[:1], *reports.years[:1])]
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
