"""The scoring method 1.0 as data: this one table drives the engine, the breakdown on a stock's page
and the methodology page (scoring.md, sections 2 to 5)."""

from __future__ import annotations

from dataclasses import dataclass, field

VERSION = "1.0"

FACTORS = ("value", "quality", "momentum", "health")
FACTOR_LABELS = {
    "value": "Value",
    "quality": "Quality",
    "momentum": "Momentum",
    "health": "Health",
}
FACTOR_POINTS = 25
LEAST_COVERAGE = 0.5
"""Share of a factor's points that must be known for the factor to be rated."""
LEAST_RATED = 3
"""Rated factors that a total needs."""
SHRINKAGE = 10
"""Stocks of the whole universe that a sector percentile is mixed with."""
UNKNOWN_TAX_RATE = 0.21
TAX_RATE_RANGE = (0.0, 0.35)
STALE_SESSIONS = 10
"""Sessions that a stock's last bar may lie before the newest of its exchange."""

FINANCIAL, REAL_ESTATE, UTILITY, GENERAL = KINDS = (
    "financial",
    "real_estate",
    "utility",
    "general",
)
KIND_LABELS = {
    FINANCIAL: "financial company",
    REAL_ESTATE: "real estate company",
    UTILITY: "utility",
    GENERAL: "general company",
}
KIND_RULES = {
    FINANCIAL: "Industry begins with Banks, Insurance, Mortgage Finance, Capital Markets or "
    "Financial Conglomerates",
    REAL_ESTATE: "Sector Real Estate",
    UTILITY: "Sector Utilities",
    GENERAL: "All others",
}
_FINANCIAL_INDUSTRIES = (
    "banks",
    "insurance",
    "mortgage finance",
    "capital markets",
    "financial conglomerates",
)


def kind_of(sector: str | None, industry: str | None) -> str:
    """The kind of company, by the first rule of `KIND_RULES` that fits; case does not matter."""
    if (industry or "").strip().casefold().startswith(_FINANCIAL_INDUSTRIES):
        return FINANCIAL
    return {"real estate": REAL_ESTATE, "utilities": UTILITY}.get(
        (sector or "").strip().casefold(), GENERAL
    )


PCT_SECTOR, PCT_UNIVERSE, CURVE = MODES = ("pct-sector", "pct-universe", "curve")
MODE_LABELS = {
    PCT_SECTOR: "percentile, mostly of the sector",
    PCT_UNIVERSE: "percentile of the whole market",
    CURVE: "place on a fixed curve",
}

_ALL = KINDS
_NOT_FINANCIAL = (REAL_ESTATE, UTILITY, GENERAL)


@dataclass(frozen=True, slots=True)
class Metric:
    """One line of the method.

    `points` are whole points of the factor's 25. `curve` holds (value, sub-score) points, rising in
    value, for the mode "curve" and is empty for percentiles, where a higher value is always better.
    `unit` is "percent", "signed_percent", "ratio", "multiple" or "index". `inputs` are names of
    `scoring.inputs`; those in `optional` have a stand-in where unknown. `bars` is how many bars a
    price metric needs. For the kinds in `halved` the ratio is halved before the curve.
    `higher_is_better` is None where the best lies in the middle.
    """

    key: str
    factor: str
    label: str
    points: int
    definition: str
    mode: str
    unit: str
    meaning: str
    kinds: tuple[str, ...] = _ALL
    curve: tuple[tuple[float, float], ...] = ()
    inputs: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    bars: int = 0
    halved: tuple[str, ...] = ()
    source: str | None = None
    higher_is_better: bool | None = True
    required: tuple[str, ...] = field(init=False)
    """`inputs` without the optional ones."""

    def __post_init__(self) -> None:
        required = tuple(name for name in self.inputs if name not in self.optional)
        object.__setattr__(self, "required", required)

    @property
    def phrase(self) -> str:
        """The label inside a sentence: names and abbreviations keep their capitals."""
        first = self.label.split()[0].rstrip(",")
        kept = first.isupper() or first == "Altman"
        return self.label if kept else f"{self.label[0].lower()}{self.label[1:]}"


_VALUE = (
    Metric(
        "earnings_yield",
        "value",
        "Earnings yield",
        8,
        "net income / market value",
        PCT_SECTOR,
        "percent",
        "What the company earns in a year for each unit its shares cost; P/E turned over.",
        inputs=("net_income_ttm", "market_cap"),
        source="Basu 1977",
    ),
    Metric(
        "ebitda_to_ev",
        "value",
        "EBITDA to enterprise value",
        6,
        "EBITDA / enterprise value",
        PCT_SECTOR,
        "percent",
        "Operating profit before depreciation for each unit that the whole business costs, "
        "debt included.",
        kinds=_NOT_FINANCIAL,
        inputs=("ebitda_ttm", "enterprise_value"),
        source="Loughran and Wellman 2011",
    ),
    Metric(
        "fcf_yield",
        "value",
        "Free cash flow yield",
        5,
        "free cash flow / market value",
        PCT_SECTOR,
        "percent",
        "Cash left after investment for each unit that the shares cost.",
        kinds=(UTILITY, GENERAL),
        inputs=("fcf_ttm", "market_cap"),
        source="Lakonishok, Shleifer and Vishny 1994",
    ),
    Metric(
        "book_to_price",
        "value",
        "Book to price",
        3,
        "equity / market value",
        PCT_SECTOR,
        "ratio",
        "Equity in the books for each unit that the shares cost; P/B turned over.",
        inputs=("total_equity", "market_cap"),
        source="Fama and French 1992",
    ),
    Metric(
        "peg",
        "value",
        "PEG ratio",
        3,
        "(price / earnings per share) / growth of earnings per share in percent; "
        "no profit or no growth: 0",
        CURVE,
        "ratio",
        "The price-earnings ratio beside the growth that is to justify it.",
        curve=((0.5, 1.0), (1.0, 0.8), (1.5, 0.6), (2.0, 0.3), (3.0, 0.0)),
        inputs=("price", "eps_ttm", "eps_growth"),
        source="Lynch 1989",
        higher_is_better=False,
    ),
)

_QUALITY = (
    Metric(
        "roic",
        "quality",
        "Return on invested capital",
        8,
        "EBIT · (1 − tax rate) / (debt + equity − cash)",
        PCT_SECTOR,
        "percent",
        "Operating profit after tax on the money that owners and lenders have put in.",
        kinds=_NOT_FINANCIAL,
        inputs=("ebit_ttm", "tax_rate", "total_debt", "total_equity", "cash"),
        optional=("tax_rate",),
    ),
    Metric(
        "gross_profitability",
        "quality",
        "Gross profit to assets",
        6,
        "gross profit / total assets",
        PCT_SECTOR,
        "percent",
        "How much gross profit the assets bring in.",
        kinds=_NOT_FINANCIAL,
        inputs=("gross_profit_ttm", "total_assets"),
        source="Novy-Marx 2013",
    ),
    Metric(
        "roe",
        "quality",
        "Return on equity",
        4,
        "net income / equity",
        PCT_SECTOR,
        "percent",
        "Profit on the owners' money.",
        inputs=("net_income_ttm", "total_equity"),
    ),
    Metric(
        "net_margin",
        "quality",
        "Net margin",
        4,
        "net income / revenue",
        PCT_SECTOR,
        "percent",
        "What remains of sales after all costs.",
        inputs=("net_income_ttm", "revenue_ttm"),
    ),
    Metric(
        "cash_conversion",
        "quality",
        "Cash conversion",
        3,
        "(operating cash flow − net income) / total assets",
        PCT_SECTOR,
        "percent",
        "Whether profit arrives as cash: accruals with the sign turned.",
        kinds=_NOT_FINANCIAL,
        inputs=("cfo_ttm", "net_income_ttm", "total_assets"),
        source="Sloan 1996",
    ),
    Metric(
        "return_on_assets",
        "quality",
        "Return on assets",
        6,
        "net income / total assets",
        PCT_SECTOR,
        "percent",
        "Profit on all assets, the usual measure of a bank.",
        kinds=(FINANCIAL,),
        inputs=("net_income_ttm", "total_assets"),
    ),
)

_MOMENTUM = (
    Metric(
        "return_12_1",
        "momentum",
        "Return, months 12 to 1",
        10,
        "P[t−21] / P[t−252] − 1",
        PCT_UNIVERSE,
        "signed_percent",
        "Change of the price over eleven months, the last month left out, dividends included.",
        bars=253,
        source="Jegadeesh and Titman 1993",
    ),
    Metric(
        "return_6_1",
        "momentum",
        "Return, months 6 to 1",
        5,
        "P[t−21] / P[t−126] − 1",
        PCT_UNIVERSE,
        "signed_percent",
        "Change of the price over five months, the last month left out, dividends included.",
        bars=127,
        source="Jegadeesh and Titman 1993",
    ),
    Metric(
        "price_vs_sma200",
        "momentum",
        "Price to 200-day average",
        5,
        "P / SMA200 − 1",
        CURVE,
        "signed_percent",
        "How far the price stands from its long trend.",
        curve=((-0.2, 0.0), (0.0, 0.5), (0.2, 1.0)),
        bars=200,
    ),
    Metric(
        "price_vs_sma50",
        "momentum",
        "Price to 50-day average",
        2,
        "P / SMA50 − 1",
        CURVE,
        "signed_percent",
        "How far the price stands from its short trend.",
        curve=((-0.1, 0.0), (0.0, 0.5), (0.1, 1.0)),
        bars=50,
    ),
    Metric(
        "rsi_14",
        "momentum",
        "RSI, 14 days",
        2,
        "Wilder's relative strength index over the last 250 bars",
        CURVE,
        "index",
        "How one-sided the last weeks were; both extremes lose points.",
        curve=(
            (20.0, 0.0),
            (30.0, 0.33),
            (45.0, 1.0),
            (60.0, 1.0),
            (70.0, 0.67),
            (80.0, 0.33),
            (90.0, 0.0),
        ),
        bars=15,
        source="Wilder 1978",
        higher_is_better=None,
    ),
    Metric(
        "volume_trend",
        "momentum",
        "Volume on rising days",
        1,
        "volume of rising days / volume of rising and falling days, last 50 sessions",
        CURVE,
        "percent",
        "Whether more is traded when the price rises than when it falls.",
        curve=((0.35, 0.0), (0.5, 0.5), (0.65, 1.0)),
        bars=51,
    ),
)

_HEALTH = (
    Metric(
        "debt_to_equity",
        "health",
        "Debt to equity",
        7,
        "debt / equity; utilities and real estate: half of it; no equity: 0",
        CURVE,
        "ratio",
        "Debt for each unit of the owners' money.",
        kinds=_NOT_FINANCIAL,
        curve=((0.0, 1.0), (0.5, 0.8), (1.0, 0.5), (2.0, 0.2), (3.0, 0.0)),
        inputs=("total_debt", "total_equity"),
        halved=(UTILITY, REAL_ESTATE),
        higher_is_better=False,
    ),
    Metric(
        "net_debt_to_ebitda",
        "health",
        "Net debt to EBITDA",
        5,
        "(debt − cash) / EBITDA; utilities and real estate: half of it; net cash: 1; "
        "net debt without EBITDA: 0",
        CURVE,
        "multiple",
        "Years of EBITDA that it would take to repay the debt.",
        kinds=_NOT_FINANCIAL,
        curve=((0.0, 1.0), (1.0, 0.8), (2.0, 0.6), (3.0, 0.4), (4.0, 0.2), (5.0, 0.0)),
        inputs=("total_debt", "cash", "ebitda_ttm"),
        halved=(UTILITY, REAL_ESTATE),
        higher_is_better=False,
    ),
    Metric(
        "interest_coverage",
        "health",
        "Interest coverage",
        5,
        "EBIT / interest expense; no debt: 1",
        CURVE,
        "multiple",
        "How many times over operating profit pays the interest.",
        kinds=_NOT_FINANCIAL,
        curve=((1.0, 0.0), (1.5, 0.2), (3.0, 0.5), (5.0, 0.75), (10.0, 1.0)),
        inputs=("ebit_ttm", "interest_expense_ttm", "total_debt"),
        optional=("total_debt",),
    ),
    Metric(
        "current_ratio",
        "health",
        "Current ratio",
        4,
        "current assets / current liabilities",
        CURVE,
        "ratio",
        "Short-term assets for each unit due within a year.",
        kinds=(GENERAL,),
        curve=((0.5, 0.0), (1.0, 0.35), (1.5, 0.7), (2.0, 0.9), (2.5, 1.0)),
        inputs=("current_assets", "current_liabilities"),
    ),
    Metric(
        "altman_z2",
        "health",
        "Altman Z″",
        4,
        "6.56 · (current assets − current liabilities) / total assets + 3.26 · retained earnings / "
        "total assets + 6.72 · EBIT / total assets + 1.05 · equity / total liabilities",
        CURVE,
        "ratio",
        "Four ratios weighed into one measure of distress: below 1.1 distress, above 2.6 safe.",
        kinds=(GENERAL,),
        curve=((1.1, 0.0), (2.6, 1.0)),
        inputs=(
            "current_assets",
            "current_liabilities",
            "retained_earnings",
            "ebit_ttm",
            "total_equity",
            "total_assets",
            "total_liabilities",
        ),
        source="Altman, Hartzell and Peck 1995",
    ),
    Metric(
        "equity_to_assets",
        "health",
        "Equity to assets",
        15,
        "equity / total assets",
        CURVE,
        "percent",
        "The part of the assets that is the owners' own.",
        kinds=(FINANCIAL,),
        curve=((0.04, 0.0), (0.08, 0.5), (0.12, 1.0)),
        inputs=("total_equity", "total_assets"),
    ),
)

METRICS: tuple[Metric, ...] = _VALUE + _QUALITY + _MOMENTUM + _HEALTH
"""All metrics, by factor, in the order of scoring.md; ties of rounding are broken by this order."""

BY_KEY: dict[str, Metric] = {metric.key: metric for metric in METRICS}


def metrics_of(kind: str) -> tuple[Metric, ...]:
    """The metrics that apply to a kind of company."""
    return tuple(metric for metric in METRICS if kind in metric.kinds)


def metrics_in(factor: str) -> tuple[Metric, ...]:
    """The metrics of a factor, for all kinds."""
    return tuple(metric for metric in METRICS if metric.factor == factor)
