"""docs/methodology.md, from the tables of the method."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.documents.effects import Move, VersionEffect
from stockscore.scoring.method import (
    FACTOR_LABELS,
    FACTOR_POINTS,
    FACTORS,
    KIND_LABELS,
    KINDS,
    MODE_LABELS,
)
from stockscore.scoring.methods import METHODS, Method, Metric, default_method
from stockscore.scoring.signals import THRESHOLDS

HEAD = """# Methodology

Made by `python -m bench.documents` from the tables that the engine scores with; do not edit it by
hand. `/methodology` shows the same on the site, and `/methodology?version=1.0` what an earlier
version says. A score is research, not advice.
"""


def document(found: Sequence[VersionEffect]) -> str:
    """The whole document: the published version, and what each version changed."""
    parts = [HEAD, tables(default_method())]
    parts += [_changes(effect) for effect in reversed(found)]
    return "\n".join(parts)


def tables(method: Method) -> str:
    """A version as Markdown."""
    lines = [f"## Version {method.version}", "", "### Kinds of company", ""]
    lines += _table(
        ("Kind", "Rule"), ((KIND_LABELS[kind], method.kind_rules[kind]) for kind in KINDS)
    )
    for factor in FACTORS:
        lines += [f"### {FACTOR_LABELS[factor]} ({FACTOR_POINTS} points)", ""]
        lines += _table(
            ("Metric", "Points", "Definition", "Scored by", "Applies to"),
            (_metric(metric) for metric in method.metrics_in(factor)),
        )
    lines += ["### Signals", ""]
    lines += _table(
        ("Signal", "Total from"), ((name, f"{least / 100:g}") for name, least in THRESHOLDS.items())
    )
    return "\n".join(lines)


def _metric(metric: Metric) -> tuple[str, ...]:
    scored = MODE_LABELS[metric.mode]
    if metric.curve:
        scored += ": " + ", ".join(f"{value:g} → {sub:g}" for value, sub in metric.curve)
    applies = ", ".join(KIND_LABELS[kind] for kind in KINDS if kind in metric.kinds)
    all_kinds = set(metric.kinds) == set(KINDS)
    return (
        metric.label,
        str(metric.points),
        metric.definition,
        scored,
        "all" if all_kinds else applies,
    )


def _changes(effect: VersionEffect) -> str:
    lines = [f"## From {effect.before} to {effect.after}", ""]
    lines += [f"- {change}" for change in METHODS[effect.after].changes]
    were, are = effect.rated
    market = f"the {effect.stocks} stocks of the replayed S&P 500 of 21 August 2026"
    lines += ["", f"What it did to {market}: {were} were rated, {are} are.", ""]
    lines += _table(
        ("Signal", f"by {effect.before}", f"by {effect.after}"),
        ((name, str(old), str(new)) for name, (old, new) in effect.signals.items()),
    )
    for title, moves in (
        ("Rated now, and not before", effect.newly_rated),
        ("Rated before, and not now", effect.no_longer_rated),
    ):
        if moves:
            named = ", ".join(
                f"{move.ticker} ({_points(move.after or move.before)})" for move in moves
            )
            lines += [f"{title}: {named}.", ""]
    lines += [f"The {len(effect.largest)} largest moves:", ""]
    lines += _table(
        ("Stock", f"by {effect.before}", f"by {effect.after}", "Change", "Why"),
        (_move(move) for move in effect.largest),
    )
    return "\n".join(lines)


def _move(move: Move) -> tuple[str, ...]:
    change = f"{move.change / 100:+.2f}".replace("-", "−")
    name = f"{move.ticker} {move.name}"
    return name, _points(move.before), _points(move.after), change, move.reason


def _points(total: int | None) -> str:
    return "not rated" if total is None else f"{total / 100:.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return [*lines, ""]
