"""The stored scores of single stocks, out of the columns of a cross-section, each by the version of
the method that made it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from stockscore.scoring.inputs import CLASSIFIED, RECORDED
from stockscore.scoring.methods import METHODS, Method, method_of
from stockscore.scoring.stored_score import StoredScore, key_of, stored_score
from stockscore.store.cross_sections import Section

_OF_A_METRIC = ("value", "sub_score", "points", "reason", "place", "place_among")
_OF_A_CHANGE = ("value", "sub_score", "points", "reason")
_NEEDED = ("sub_score", "points", "reason")


def keys_of(method: Method) -> list[str]:
    """The columns that a stored score is made of."""
    of_metrics = [key_of(metric.key, what) for metric in method.metrics for what in _OF_A_METRIC]
    return ["kind", *RECORDED, CLASSIFIED, *of_metrics]


def of(section: Section, stock_ids: Iterable[int]) -> dict[int, StoredScore]:
    """The stored scores of these stocks by id; without those that the cross-section lacks. None at
    all of a method that this program does not know, because a newer one recorded it."""
    if section.method not in METHODS:
        return {}
    method = method_of(section.method)
    columns = {
        key: column
        for key, column in section.columns(keys_of(method)).items()
        if column is not None
    }
    found = {}
    for stock_id in stock_ids:
        index = section.index_of(stock_id)
        if index is not None:
            found[stock_id] = stored_score(columns, index, method.version)
    return found


def suffice(columns: Collection[str], section: Section) -> bool:
    """Whether columns with these keys are enough for the stored scores of a cross-section: ratios,
    places and inputs may be lacking."""
    metrics = method_of(section.method).metrics
    return "kind" in columns and all(
        key_of(metric.key, what) in columns for metric in metrics for what in _NEEDED
    )


def keys_of_a_change(method: Method) -> list[str]:
    """The columns of a stored score that explain a change of it: all but the places."""
    of_metrics = [key_of(metric.key, what) for metric in method.metrics for what in _OF_A_CHANGE]
    return ["kind", *RECORDED, CLASSIFIED, *of_metrics]
