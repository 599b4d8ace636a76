"""Ratios of named figures that keep their arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stockscore.scoring.inputs import BY_NAME, clean
from stockscore.scoring.numerals import money


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number with its arithmetic; `value` None where `arithmetic` says what is in the way.
    `formula` is the arithmetic without its result."""

    value: float | None
    arithmetic: str
    formula: str = ""


def divided(
    numerator: tuple[str, float | None],
    denominator: tuple[str, float | None],
    written: Callable[[float], str],
    lacking: str = "unknown",
) -> Ratio:
    """A ratio of named figures; None where one is missing (`lacking` says of what kind that is), or
    the denominator not above zero."""
    (above, top), (below, bottom) = numerator, denominator
    if top is None or bottom is None:
        missing = [name_of(name) for name, value in (numerator, denominator) if value is None]
        return Ratio(None, f"{lacking}: {' and '.join(missing)}")
    value = clean(top / bottom) if bottom > 0 else None
    if value is None:
        return Ratio(None, f"{below} of {money(bottom)} cannot divide {name_of(above)}")
    formula = f"{name_of(above)} {money(top)} / {money(bottom)}"
    return Ratio(value, f"{formula} = {written(value)}", formula)


_LABELS = {"long_term_debt": "long-term debt", "fixed_assets": "net fixed assets"}


def name_of(name: str) -> str:
    """A figure's name inside a sentence; what is no figure's name is a label already."""
    known = BY_NAME.get(name) or BY_NAME.get(f"{name}_ttm")
    return known.label if known else _LABELS.get(name, name)


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
