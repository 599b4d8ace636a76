"""Every version of the scoring method, each a table that stays in the code for ever.

What was said under a version is explained and verified with that one. A change of a table needs a
new version (a test knows the digest of each).
"""

from __future__ import annotations

from collections.abc import Mapping

from stockscore.scoring.method import FACTORS
from stockscore.scoring.methods import method_1_0, method_1_1
from stockscore.scoring.methods.definition import Method, Metric

__all__ = [
    "DEFAULT",
    "METHODS",
    "Method",
    "Metric",
    "default_method",
    "every_metric",
    "method_of",
]

METHODS: Mapping[str, Method] = {
    method.version: method for method in (method_1_0.METHOD, method_1_1.METHOD)
}
"""All versions, oldest first."""

DEFAULT = "1.1"
"""The version that is published."""


def method_of(version: str) -> Method:
    """The method of a version. Raises ValueError for a version that this program does not know."""
    try:
        return METHODS[version]
    except KeyError:
        raise ValueError(f"this program knows no scoring method {version}") from None


def default_method() -> Method:
    """The method that is published."""
    return METHODS[DEFAULT]


def every_metric() -> tuple[Metric, ...]:
    """Each metric that any version has, as the newest of them says it, by factor."""
    newest: dict[str, Metric] = {}
    for method in METHODS.values():
        newest.update(method.by_key)
    return tuple(sorted(newest.values(), key=lambda metric: FACTORS.index(metric.factor)))
