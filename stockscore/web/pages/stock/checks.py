"""The published checks beside a score: Piotroski, Altman, Greenblatt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stockscore.scoring.altman_zones import DISTRESS, SAFE
from stockscore.scoring.assemble import Reported
from stockscore.scoring.checks import (
    Altman,
    Criterion,
    Greenblatt,
    Piotroski,
    Ratio,
    altman,
    greenblatt,
    piotroski,
)
from stockscore.scoring.numerals import told_apart
from stockscore.scoring.statements import Statement
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts import zone_scale
from stockscore.web.ui.charts.bars import ZoneScale
from stockscore.web.ui.components import Check, Fact, Table

SCALE = (-1.0, 5.0)
"""Ends of the drawn scale of Z″; what lies beyond stands at the end."""


@dataclass(frozen=True, slots=True)
class Computed:
    """The three checks as `scoring.checks` computes them."""

    piotroski: Piotroski
    altman: Altman
    greenblatt: Greenblatt


@dataclass(frozen=True, slots=True)
class Checks:
    """The three checks as the page shows them. `passed` of `known` tests of Piotroski's nine; the
    scale is None where Z″ is unknown, with the reason in `altman_note`."""

    passed: int
    known: int
    tests: tuple[Check, ...]
    piotroski_note: str
    altman: str
    altman_zone: str
    altman_scale: ZoneScale | None
    altman_note: str
    altman_terms: Table | None
    greenblatt: tuple[Fact, ...]
    greenblatt_how: tuple[str, ...]
    greenblatt_note: str | None


def compute(
    statements: Sequence[Statement],
    splits: Sequence[tuple[date, float]],
    inputs: Mapping[str, float | None],
    reported: Reported,
    kind: str,
) -> Computed:
    """The checks of one stock from what was known of it."""
    return Computed(
        piotroski(statements, splits),
        altman(inputs, kind),
        greenblatt(inputs, reported, kind),
    )


def shown(computed: Computed) -> Checks:
    """The checks as the page shows them."""
    nine, z = computed.piotroski, computed.altman
    pair = computed.greenblatt
    return Checks(
        passed=nine.score,
        known=nine.known,
        tests=tuple(
            Check(test.passed, test.label, _values(test), test.arithmetic) for test in nine.tests
        ),
        piotroski_note=_piotroski_note(nine),
        altman=fmt.decimal(z.z),
        altman_zone={"grey": "grey zone", "safe": "safe zone"}.get(z.zone or "", z.zone or ""),
        altman_scale=None if z.z is None else _scale(z.z),
        altman_note=z.reason or "Below 1.10 distress, above 2.60 safe.",
        altman_terms=None if z.z is None else _terms(z),
        greenblatt=(
            Fact("Earnings yield", _ratio(pair.earnings_yield), term="greenblatt-earnings-yield"),
            Fact(
                "Return on capital",
                _ratio(pair.return_on_capital),
                term="greenblatt-return-on-capital",
            ),
        ),
        greenblatt_how=tuple(
            ratio.arithmetic
            for ratio in (pair.earnings_yield, pair.return_on_capital)
            if ratio.value is not None
        ),
        greenblatt_note=_greenblatt_note(pair),
    )


def _terms(z: Altman) -> Table:
    rows = [(term.label, term.arithmetic, fmt.decimal(term.value)) for term in z.terms]
    return Table(
        "Z″ as a sum",
        (("Part", False), ("Weight · ratio", False), ("Points", True)),
        (*rows, ("Z″", "", fmt.decimal(z.z))),
    )


def _scale(z: float) -> ZoneScale:
    return zone_scale(
        z,
        borders=(DISTRESS, SAFE),
        names=("distress", "grey", "safe"),
        low=SCALE[0],
        high=SCALE[1],
        label="Altman Z″",
    )


def _values(test: Criterion) -> str:
    if test.now is None:
        return NOT_REPORTED
    if test.key in {"roa", "cfo"}:
        # Against zero: a loss that rounds to "0.0 %" must show that it is one.
        return told_apart(test.now, 0.0, *_WRITTEN[test.unit])[0]
    if test.before is None:
        return NOT_REPORTED
    now, before = told_apart(test.now, test.before, *_WRITTEN[test.unit])
    # This test compares two figures of one year; the others compare two years.
    return f"{now} against {before}" if test.key == "accruals" else f"{before} → {now}"


NOT_REPORTED = "not in these reports"
"""Of a figure that the years compared do not have, although a source may quote it elsewhere."""


def _millions(value: float, digits: int) -> str:
    return f"{fmt.decimal(value / 1e6, digits)}{fmt.SPACE}m"


_WRITTEN: Mapping[str, tuple[Callable[[float, int], str], int]] = {
    "count": (_millions, 0),
    "percent": (fmt.percent, 1),
    "ratio": (fmt.decimal, 2),
}
"""How the figures of a test are written, by its unit, and with how many digits at least."""


def _piotroski_note(nine: Piotroski) -> str:
    if nine.year_end is None:
        return "No reports of a whole year are known."
    year = f"The {'fiscal year' if nine.fiscal else 'four quarters'} to {fmt.day(nine.year_end)}"
    if nine.previous_end is None:
        return f"{year}; nothing before it is known."
    unknown = len(nine.tests) - nine.known
    rest = f" {fmt.words(unknown).capitalize()} cannot be answered." if unknown else ""
    before = "the one" if nine.fiscal else "the four"
    return f"{year} against {before} before, over opening assets.{rest}"


def _ratio(ratio: Ratio) -> str:
    return fmt.percent(ratio.value)


def _greenblatt_note(pair: Greenblatt) -> str | None:
    if pair.note:
        return pair.note
    missing = [
        r.arithmetic for r in (pair.earnings_yield, pair.return_on_capital) if r.value is None
    ]
    return missing[0] if missing else None


def as_data(computed: Computed) -> dict[str, Any]:
    """The `checks` object of a stock's JSON."""
    nine, z, pair = computed.piotroski, computed.altman, computed.greenblatt
    return {
        "piotroski": {
            "score": nine.score,
            "known": nine.known,
            "of": len(nine.tests),
            "year_end": exports.day(nine.year_end),
            "previous_end": exports.day(nine.previous_end),
            "tests": [
                {
                    "key": test.key,
                    "label": test.label,
                    "passed": test.passed,
                    "now": exports.number(test.now),
                    "before": exports.number(test.before),
                    "unit": test.unit,
                    "arithmetic": test.arithmetic,
                }
                for test in nine.tests
            ],
        },
        "altman_z2": {
            "value": exports.number(z.z),
            "zone": z.zone,
            "reason": z.reason,
            "terms": [{"label": term.label, "value": term.value} for term in z.terms],
        },
        "greenblatt": {
            "earnings_yield": exports.number(pair.earnings_yield.value),
            "return_on_capital": exports.number(pair.return_on_capital.value),
            "note": _greenblatt_note(pair),
        },
    }
