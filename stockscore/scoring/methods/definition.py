"""What a version of the method consists of.

A version is one value of `Method`: its table drives the engine, the breakdown on a stock's page,
the attribution of a change and the methodology page (scoring.md, sections 2 to 6).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields

from stockscore.scoring.method import (
    FINANCIAL,
    GENERAL,
    KINDS,
    LEAST_RATED,
    REAL_ESTATE,
    UTILITY,
)
from stockscore.scoring.methods.expressions import Expression, names_in
from stockscore.scoring.reasons import Reason

NOT_FINANCIAL = (REAL_ESTATE, UTILITY, GENERAL)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Holds where the expression is known and compares so with `limit`; `symbol` is one of "<",
    "<=", "==", ">"."""

    expression: Expression
    symbol: str
    limit: float = 0.0


@dataclass(frozen=True, slots=True)
class Decision:
    """Where all of `when` hold, the sub-score is `sub_score`, whatever else is missing. The ratio
    is then not said, unless it `keeps_value`. Of several decisions the first counts."""

    when: tuple[Comparison, ...]
    sub_score: float
    reason: Reason
    keeps_value: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Where `when` holds, the metric is missing for this reason."""

    when: Comparison
    reason: Reason


@dataclass(frozen=True, slots=True)
class Assumption:
    """The input `name` is `unknown` where it is not known, and kept within `least` and `most`."""

    name: str
    unknown: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class PriceMeasure:
    """A function of a stock's last bars: its name in `scoring.metrics`, its arguments, how many
    bars it needs, and the reason where it has those and still gives nothing."""

    function: str
    arguments: tuple[int, ...]
    bars: int
    unusable: Reason = Reason.OUT_OF_RANGE


@dataclass(frozen=True, slots=True)
class Metric:
    """One line of the method.

    `points` are whole points of the factor's 25. `curve` holds (value, sub-score) points, rising in
    value, for the mode "curve" and is empty for percentiles, where a higher value is always better.
    `unit` is "percent", "signed_percent", "ratio", "multiple" or "index".

    A metric of reports has a `formula` over `inputs` (names of `scoring.inputs`); reasons name its
    inputs by their place there, so that there are at most eight. Those in `positive` must be above
    zero for a ratio. A metric of prices has a `price_measure` instead. For the kinds in `halved`
    the ratio is halved before the curve. `higher_is_better` is None where the best lies in the
    middle.
    """

    key: str
    factor: str
    label: str
    points: int
    definition: str
    mode: str
    unit: str
    meaning: str
    kinds: tuple[str, ...] = KINDS
    curve: tuple[tuple[float, float], ...] = ()
    inputs: tuple[str, ...] = ()
    formula: Expression | None = None
    positive: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    decisions: tuple[Decision, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    price_measure: PriceMeasure | None = None
    halved: tuple[str, ...] = ()
    source: str | None = None
    higher_is_better: bool | None = True
    required: tuple[str, ...] = field(init=False)
    """The inputs without which the formula cannot be computed."""
    deciding: tuple[str, ...] = field(init=False)
    """The inputs that may decide it although the formula does not need them."""

    def __post_init__(self) -> None:
        assumed = {assumption.name for assumption in self.assumptions}
        needed = set() if self.formula is None else set(names_in(self.formula)) - assumed
        compared = (when.expression for decision in self.decisions for when in decision.when)
        asked = {name for expression in compared for name in names_in(expression)}
        required = tuple(name for name in self.inputs if name in needed)
        deciding = tuple(name for name in self.inputs if name in asked - needed)
        object.__setattr__(self, "required", required)
        object.__setattr__(self, "deciding", deciding)

    @property
    def bars(self) -> int:
        """How many bars a metric of prices needs, 0 for the others."""
        return self.price_measure.bars if self.price_measure else 0

    @property
    def optional(self) -> tuple[str, ...]:
        """The inputs that have a stand-in where unknown, or only may decide."""
        return tuple(name for name in self.inputs if name not in self.required)

    @property
    def phrase(self) -> str:
        """The label inside a sentence: names and abbreviations keep their capitals."""
        first = self.label.split()[0].rstrip(",")
        kept = first.isupper() or first == "Altman"
        return self.label if kept else f"{self.label[0].lower()}{self.label[1:]}"


_WORDS = frozenset({"label", "definition", "unit", "meaning", "source", "higher_is_better"})
"""Fields of a metric that say what it is and do not enter a score."""


@dataclass(frozen=True, slots=True)
class FinancialRule:
    """Which companies are financial ones.

    Those whose industry begins with one of `industries` (lower case). Where `unclassified_in` names
    a sector (lower case), a known balance sheet goes before the industry: the companies of that
    sector whose balance sheet tells no current assets and liabilities apart from the others.
    """

    industries: tuple[str, ...]
    unclassified_in: str | None = None

    def admits(self, sector: str, industry: str, classified: bool | None) -> bool:
        """Whether a company is a financial one; `classified` is None where no balance sheet is
        known."""
        if self.unclassified_in is None or classified is None:
            return industry.startswith(self.industries)
        return sector == self.unclassified_in and not classified


@dataclass(frozen=True)
class Method:
    """One version of the method.

    `metrics` stand by factor, in the order of scoring.md; ties of rounding are broken by this
    order. `kind_rules` say the rule of each kind in words, `financial` is the first of them as
    data. `thresholds` are the signals, best first, with the least total (hundredths) of each.
    `changes` say in sentences what is different from the version before.
    """

    version: str
    metrics: tuple[Metric, ...]
    financial: FinancialRule
    kind_rules: Mapping[str, str]
    thresholds: Mapping[str, int]
    quoted_growth: bool
    """Whether the growth that a source quotes may stand in where its reports give none."""
    least_coverage: float = 0.5
    """Share of a factor's points that must be known for the factor to be rated."""
    least_rated: int = LEAST_RATED
    """Rated factors that a total needs."""
    shrinkage: int = 10
    """Stocks of the whole universe that a sector percentile is mixed with."""
    stale_sessions: int = 10
    """Sessions that a stock's last bar may lie before the newest of its exchange."""
    changes: tuple[str, ...] = ()
    doubts_prices: bool = True
    """Whether a stale price is missing in every metric, a bar without a trade makes no price newer,
    and a year has no more dividends than the stock pays. In 1.0 a stale price counts, all bars are
    alike, and so are all dividends of 365 days."""
    by_key: Mapping[str, Metric] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_key = {metric.key: metric for metric in self.metrics}
        object.__setattr__(self, "by_key", by_key)

    def metrics_of(self, kind: str) -> tuple[Metric, ...]:
        """The metrics that apply to a kind of company."""
        return tuple(metric for metric in self.metrics if kind in metric.kinds)

    def metrics_in(self, factor: str) -> tuple[Metric, ...]:
        """The metrics of a factor, for all kinds."""
        return tuple(metric for metric in self.metrics if metric.factor == factor)

    def kind_of(
        self, sector: str | None, industry: str | None, classified: bool | None = None
    ) -> str:
        """The kind of company, by the first of `kind_rules` that fits; case does not matter.

        `classified` says whether the newest balance sheet that gives total assets gives current
        assets or current liabilities too; None where no such balance sheet is known."""
        sector, industry = ((name or "").strip().casefold() for name in (sector, industry))
        if self.financial.admits(sector, industry, classified):
            return FINANCIAL
        return {"real estate": REAL_ESTATE, "utilities": UTILITY}.get(sector, GENERAL)

    @property
    def digest(self) -> str:
        """The first 16 hex digits of the SHA-256 of all that decides a score; words are left out,
        so that a label may be worded better without a new version."""
        without = {"version", "metrics", "kind_rules", "changes", "by_key"}
        if not self.doubts_prices:  # which is younger than the method that does not
            without.add("doubts_prices")
        rules = _fields_of(self, without)
        table = [_fields_of(metric, without=_WORDS) for metric in self.metrics]
        return hashlib.sha256(repr((rules, table)).encode()).hexdigest()[:16]


def _fields_of(value: Method | Metric, without: Collection[str]) -> list[tuple[str, object]]:
    """Names and values of the fields but those that are left out."""
    names = (field.name for field in fields(value) if field.name not in without)
    return [(name, getattr(value, name)) for name in names]
