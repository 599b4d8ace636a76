"""What the screener may be asked.

Every field of `scoring.fields` has two parameters, `roic_min` and `roic_max`. The form of the page
has three more empty rows (`add1`, `add1_min`, `add1_max` …); what is filled in there moves to the
parameters of the chosen field, so that the address of a result is the saved screen and nothing
else.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from stockscore.scoring.fields import BY_KEY as FIELDS_BY_KEY
from stockscore.scoring.fields import FIELDS
from stockscore.scoring.screens import Condition
from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.strategies import BY_KEY as STRATEGIES
from stockscore.services.screening import TEXT_SORTS, Screen
from stockscore.store.pages.lists import Filter
from stockscore.web.http import params
from stockscore.web.http.as_of import AS_OF, SINCE
from stockscore.web.http.params import BadParameterError, Parameter, Query
from stockscore.web.ui import column_choice

PATH = "/screener"

ADDS = ("add1", "add2", "add3")
"""Empty rows of the form."""

SCALES = {"k": 3, "m": 6, "bn": 9, "tn": 12}

LARGEST_FRACTION = 10
"""Above 1,000 % a bare number is rather a percentage whose sign was forgotten."""

STRATEGY_CONDITIONS = tuple(
    condition for strategy in STRATEGIES.values() for condition in strategy.conditions
)

MISSED = {"fit": 0, "near": 1, "count": 0}
"""How many conditions the stocks of a result miss; "count" is "fit" whose stocks are not shown."""

EXAMPLES = {
    "percent": "a fraction such as 0.15, or a percentage such as 15%",
    "signed_percent": "a fraction such as -0.05, or a percentage such as -5%",
    "points": "a number of points such as 65",
    "signed_points": "a number of points such as -2.5",
    "money": "an amount such as 500m, 2bn or 2000000000",
}


def bound(name: str, unit: str) -> Parameter:
    """One end of a range in the unit of its field; None where it is open."""

    def parse(text: str) -> float:
        plain = text.replace("\u2212", "-").replace("\u00a0", "").replace(" ", "").lower()
        found = re.fullmatch(r"([-+]?[0-9]{1,15}(?:\.[0-9]{1,20})?)(%|k|m|bn|tn)?", plain)
        if not found:
            raise ValueError(text)
        number, suffix = Decimal(found[1]), found[2]
        if suffix == "%" and unit.endswith("percent"):
            return float(number.scaleb(-2))
        if suffix in SCALES and unit == "money":
            return float(number.scaleb(SCALES[suffix]))
        if suffix or (unit.endswith("percent") and abs(number) > LARGEST_FRACTION):
            raise ValueError(text)
        return float(number)

    return Parameter(name, parse, EXAMPLES.get(unit, "a number such as 1.5"), None, plainly)


def plainly(value: float) -> str:
    """A number without an exponent or needless zeros: 0.15, 2000000000."""
    written = f"{Decimal(repr(value)):f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def natural_direction(sort: str) -> str:
    """Text from A to Z, numbers best first."""
    falls = sort not in TEXT_SORTS and FIELDS_BY_KEY[sort].higher_is_better is not False
    return "desc" if falls else "asc"


BOUNDS = tuple(
    bound(f"{field.key}_{end}", field.unit) for field in FIELDS for end in ("min", "max")
)

DATA_PARAMETERS = (
    params.choice("strategy", tuple(STRATEGIES)),
    params.member("sector", of="sectors"),
    params.member("exchange", of="exchanges"),
    params.choice("signal", SIGNALS),
    *BOUNDS,
    params.choice("show", tuple(MISSED), "fit"),
    params.choice("sort", (*(field.key for field in FIELDS), *sorted(TEXT_SORTS)), "score"),
    params.choice("dir", ("asc", "desc"), lambda given: natural_direction(given["sort"])),
    params.whole("page", 1, 999_999_999, 1),
    params.whole("per_page", 1, 200, 25),
    AS_OF,
    SINCE,
)

PARAMETERS = (*DATA_PARAMETERS, column_choice.parameter(()))
"""JSON and CSV have all columns whatever the page shows."""

_FORM = (
    *(params.choice(add, tuple(FIELDS_BY_KEY)) for add in ADDS),
    *(params.words(f"{add}_{end}", 40) for add in ADDS for end in ("min", "max")),
)


def is_untidy(query_string: bytes) -> bool:
    """Whether a question comes from the form, with empty fields or rows to be moved."""
    return any(
        part.endswith(b"=") or part.startswith(b"add") for part in query_string.split(b"&") if part
    )


def canonical(query_string: bytes) -> str | None:
    """The one spelling of a question; None for one that is refused or redirected."""
    return _canonical(PARAMETERS, query_string)


def data_canonical(query_string: bytes) -> str | None:
    """The same for JSON and CSV."""
    return _canonical(DATA_PARAMETERS, query_string)


def _canonical(declared: tuple[Parameter, ...], query_string: bytes) -> str | None:
    if is_untidy(query_string):
        return None
    try:
        return params.read(declared, query_string).canonical
    except BadParameterError:
        return None


def tidied(query_string: bytes, path: str = PATH) -> str:
    """The address of the screen that the form means. Raises `BadParameterError`."""
    query = params.read((*PARAMETERS, *_FORM), query_string)
    changes: dict[str, Any] = {}
    for add in ADDS:
        ends = {end: query[f"{add}_{end}"] for end in ("min", "max")}
        if not query[add] and not any(ends.values()):
            continue
        if not query[add]:
            raise BadParameterError("A new condition has limits, but no figure: choose one.")
        if not any(ends.values()):
            label = FIELDS_BY_KEY[query[add]].label
            raise BadParameterError(f"The new condition on “{label}” has no limit: give one.")
        for end, text in ends.items():
            if text:
                name = f"{query[add]}_{end}"
                changes[name] = _value(name, text)
    kept = Query(PARAMETERS, {each.name: query[each.name] for each in PARAMETERS})
    return kept.url(path, without=("page",), **changes)


def _value(name: str, text: str) -> float:
    bounds = next(parameter for parameter in BOUNDS if parameter.name == name)
    return params.read((bounds,), f"{name}={params.quoted(text)}".encode())[name]


def ranges_of(query: Query) -> tuple[Condition, ...]:
    """The custom conditions of a question. Raises `BadParameterError` for one that nothing can
    meet."""
    found = []
    for field in FIELDS:
        low, high = query[f"{field.key}_min"], query[f"{field.key}_max"]
        if low is not None and high is not None and low > high:
            raise BadParameterError(
                f"The parameter “{field.key}_min” is “{plainly(low)}” and “{field.key}_max” is "
                f"“{plainly(high)}”; the least must not be above the most, or nothing could fit."
            )
        if low is not None or high is not None:
            found.append(Condition(field, low, high))
    return tuple(found)


def screen_of(query: Query) -> Screen:
    """The screen that a question asks for. Raises `BadParameterError`."""
    return Screen(
        strategy=STRATEGIES.get(query["strategy"]),
        ranges=ranges_of(query),
        wanted=Filter(sector=query["sector"], exchange=query["exchange"], signal=query["signal"]),
        missed=MISSED[query["show"]],
        sort=query["sort"],
        descending=query["dir"] == "desc",
    )
