"""From yfinance's tables and `.info` to statements, in the units of `scoring.statements`.

Quarters, halves and years come from the statements. What Yahoo sums up itself makes one trailing
statement, dated by the day of the fetch; its flows and balances go to the most recent quarter. Its
ratios are not used: `dividendYield` and `debtToEquity` are percents beside fractions, `bookValue`
is per share, `priceToBook` of a London stock divides pence by pounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from stockscore.providers.yahoo.places import currency_of, number
from stockscore.providers.yahoo.spans import spans
from stockscore.scoring.currency import major_unit
from stockscore.scoring.statements import FLOWS, Period, Statement

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "yahoo"

ROWS = {
    "income": {
        "revenue": ("TotalRevenue", "OperatingRevenue"),
        "gross_profit": ("GrossProfit",),
        "ebit": ("EBIT", "OperatingIncome"),
        "ebitda": ("EBITDA", "NormalizedEBITDA"),
        "net_income": ("NetIncomeCommonStockholders", "NetIncome"),
        "interest_expense": ("InterestExpense", "InterestExpenseNonOperating"),
        "pretax_income": ("PretaxIncome",),
        "tax_provision": ("TaxProvision",),
        "eps": ("DilutedEPS", "BasicEPS"),
    },
    "balance sheet": {
        "total_assets": ("TotalAssets",),
        "fixed_assets": ("NetPPE",),
        "total_liabilities": ("TotalLiabilitiesNetMinorityInterest",),
        "total_debt": ("TotalDebt",),
        "long_term_debt": ("LongTermDebt",),
        "cash": ("CashCashEquivalentsAndShortTermInvestments", "CashAndCashEquivalents"),
        "total_equity": ("StockholdersEquity", "CommonStockEquity"),
        "retained_earnings": ("RetainedEarnings",),
        "current_assets": ("CurrentAssets",),
        "current_liabilities": ("CurrentLiabilities",),
        "shares": ("OrdinarySharesNumber", "ShareIssued"),
    },
    "cash flow": {
        "cfo": ("OperatingCashFlow", "CashFlowFromContinuingOperatingActivities"),
        "fcf": ("FreeCashFlow",),
    },
}
"""Per statement, our figures and the rows they are read from, the first known one of each."""

INFO = {
    "revenue": "totalRevenue",
    "gross_profit": "grossProfits",
    "ebitda": "ebitda",
    "net_income": "netIncomeToCommon",
    "cfo": "operatingCashflow",
    "fcf": "freeCashflow",
    "total_debt": "totalDebt",
    "cash": "totalCash",
    "quarter_eps_growth": "earningsGrowth",
    "quarter_revenue_growth": "revenueGrowth",
}
"""Trailing figures in the financial currency, or without one. Yahoo's growth is that of the last
quarter over the same quarter a year before."""

PER_SHARE = ("eps", "shares")
SAME_SHARES = 1.5
"""Counts further apart count different things: BRK-B's statements count A shares."""
SAME_COUNT = 0.02
"""Counts this near to each other are one count of two days."""
MOST_DIVIDEND = 0.5
"""A yearly dividend above half the price is in another unit (BABA's rate is in yuan)."""


def reports(
    quarterly: Mapping[str, pd.DataFrame],
    yearly: Mapping[str, pd.DataFrame],
    info: Mapping[str, Any],
    currency: str,
    now: datetime,
) -> list[Statement]:
    """The statements of the quarterly and the yearly tables (each by the names of `ROWS`), oldest
    first: quarters or halves, and years."""
    parts = _figures(quarterly, info)
    found = [(end, Period.YEAR, row) for end, row in _figures(yearly, info).items()]
    revenue = number(info.get("totalRevenue"))
    for end, period in spans(parts, revenue).items():
        found.append((end, period, parts[end]))
    statements: dict[tuple[date, Period], Statement] = {}
    for end, period, row in found:
        # A year that stands among the quarters too is the same as that of the yearly tables.
        if row and end <= now.date():
            made = Statement(period, end, now, currency, SOURCE, row)
            statements.setdefault((end, period), made)
    return [statements[key] for key in sorted(statements)]


def _figures(
    tables: Mapping[str, pd.DataFrame], info: Mapping[str, Any]
) -> dict[date, dict[str, float]]:
    """The figures of tables by the ends of their periods."""
    figures: dict[date, dict[str, float]] = {}
    for name, table in tables.items():
        _collect(table, ROWS[name], figures)
    split_on = _moment(info.get("lastSplitDate"))
    _drop_doubtful_counts(figures, info)
    for end, row in figures.items():
        # Yahoo restates earlier periods for a split, sooner or later: on which footing these
        # stand cannot be told, and what we learnt before the split is kept as it was.
        if split_on and end < split_on:
            for name in PER_SHARE:
                row.pop(name, None)
    return figures


def _collect(
    table: pd.DataFrame,
    rows: Mapping[str, tuple[str, ...]],
    figures: dict[date, dict[str, float]],
) -> None:
    """Adds a table's figures to those of its periods (columns are period ends)."""
    if table.empty:
        return
    known = dict(zip(table.index, table.to_numpy(), strict=True))
    ends = [column.date() for column in table.columns]
    for name, sources in rows.items():
        for column, end in enumerate(ends):
            values = (number(float(known[row][column])) for row in sources if row in known)
            value = next((value for value in values if value is not None), None)
            if value is not None:
                figures.setdefault(end, {})[name] = value


def _drop_doubtful_counts(
    figures: Mapping[date, dict[str, float]], info: Mapping[str, Any]
) -> None:
    """Leaves out share counts (and, with receipts, per-share figures) of something else than the
    listed share."""
    now = _share_count(info)
    counted = [figures[end]["shares"] for end in sorted(figures) if figures[end].get("shares")]
    alike = now and counted and now / SAME_SHARES < counted[-1] < now * SAME_SHARES
    if alike and _same_currency(info):
        return
    for row in figures.values():
        row.pop("shares", None)
        if not _same_currency(info):
            row.pop("eps", None)


def trailing(
    info: Mapping[str, Any], reported: list[Statement], price_currency: str, now: datetime
) -> Statement | None:
    """Yahoo's own summary, None where it has no figure at all.

    Enterprise value, book value and the rate of dividends are used only where price and accounts
    are in the same currency: Yahoo adds dollars to yuan. Earnings per share are in the currency of
    the price whatever that of the accounts is, in pounds beside a price in pence.
    """
    figures = {name: number(info.get(key)) for name, key in INFO.items()}
    currency, unit = major_unit(price_currency)
    price = number(info.get("regularMarketPrice")) or number(info.get("currentPrice"))
    figures |= {"price": price, "shares": _share_count(info)}
    figures["market_cap"] = _over(number(info.get("marketCap")), unit)
    eps = number(info.get("trailingEps"))
    if _same_currency(info):
        figures["eps"] = eps
        figures["enterprise_value"] = _over(number(info.get("enterpriseValue")), unit)
        figures["dividend_per_share"] = _dividend(info, price, unit)
        if not any("total_equity" in statement.figures for statement in reported):
            figures["total_equity"] = _times(number(info.get("bookValue")), figures["shares"])
    else:
        figures["quoted_eps"] = _over(eps, unit)
    known = {name: value for name, value in figures.items() if value is not None}
    if not known:
        return None
    currency = financial_currency(info) or currency
    covers_to = _covered(info, reported, now)
    return Statement(Period.TRAILING, now.date(), now, currency, SOURCE, known, covers_to)


def _covered(info: Mapping[str, Any], reported: list[Statement], now: datetime) -> date | None:
    """The end of the most recent quarter, to which Yahoo's sums go; where it does not say, that of
    the newest report."""
    named = _moment(info.get("mostRecentQuarter"))
    if named is not None and named <= now.date():
        return named
    with_flows = (s.period_end for s in reported if not s.figures.keys().isdisjoint(FLOWS))
    return max(with_flows, default=None)


def financial_currency(info: Mapping[str, Any]) -> str | None:
    """The currency of the accounts (an ISO code)."""
    code = info.get("financialCurrency")
    return code if isinstance(code, str) and len(code) == 3 and code.isupper() else None


def _same_currency(info: Mapping[str, Any]) -> bool:
    price = currency_of(info.get("currency"))
    return price is not None and financial_currency(info) in (None, major_unit(price)[0])


def _share_count(info: Mapping[str, Any]) -> float | None:
    """All shares in units of the listed one, as the market value counts them.

    `sharesOutstanding` counts the listed class alone, `impliedSharesOutstanding` all of them; but
    either may be older than the market value that stands beside it (in six of ten recorded
    answers), so the market value over the price decides where it is near them.
    """
    counts = [number(info.get(key)) for key in ("impliedSharesOutstanding", "sharesOutstanding")]
    known = [count for count in counts if count and count > 0]
    valued = _valued_shares(info)
    if valued is None or not known:
        return known[0] if known else None
    fitting = [count for count in known if abs(count / valued - 1) <= SAME_COUNT]
    if fitting:
        return fitting[0]
    # Further apart something else is wrong, such as the unit of the price: the doctor's to judge.
    return valued if 1 / SAME_SHARES < valued / known[0] < SAME_SHARES else known[0]


def _valued_shares(info: Mapping[str, Any]) -> float | None:
    """Market value over price, None where either is missing."""
    price = number(info.get("regularMarketPrice")) or number(info.get("currentPrice"))
    value, currency = number(info.get("marketCap")), currency_of(info.get("currency"))
    if not price or not value or not price > 0 or not value > 0 or currency is None:
        return None
    return value / (price * major_unit(currency)[1])


def _dividend(info: Mapping[str, Any], price: float | None, unit: float) -> float | None:
    """Dividends of twelve months per share in the price currency; zero is left to the actions."""
    rate = number(info.get("trailingAnnualDividendRate"))
    if unit != 1.0 or not rate or not price or not 0 < rate < price * MOST_DIVIDEND:
        return None
    return rate


def _times(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else value * factor


def _over(value: float | None, unit: float) -> float | None:
    """Major units in the unit of the price: Yahoo gives pence beside a market value in pounds."""
    return None if value is None else value / unit


def reports_at(info: Mapping[str, Any]) -> datetime | None:
    """When the company publishes its figures next, or has lately: the last of the moments that
    Yahoo names (it names a window where the day is not fixed)."""
    named = ("earningsTimestamp", "earningsTimestampStart", "earningsTimestampEnd")
    known = [value for value in (number(info.get(key)) for key in named) if value is not None]
    try:
        return datetime.fromtimestamp(max(known), UTC) if known else None
    except (OverflowError, ValueError, OSError):
        return None


def _moment(seconds: Any) -> date | None:
    """The day of an epoch."""
    value = number(seconds)
    try:
        return datetime.fromtimestamp(value, UTC).date() if value is not None else None
    except (OverflowError, ValueError, OSError):
        return None
