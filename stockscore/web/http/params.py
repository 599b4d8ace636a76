"""What each page may be asked in its query string: type, range and default, in one table a page.

`read` turns a raw query string into a `Query` of validated values, or raises `BadParameterError`
with a sentence that names the parameter, the bad value and what is allowed. Parameters that a page
does not declare are ignored, whatever they hold. An empty value (a form field left blank) is the
default. `Query.canonical` is the same question in one spelling: known parameters only, sorted,
defaults dropped; it is what links, canonical links and cache keys are built from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

SHOWN = 40
"""How much of a bad value a sentence repeats."""


class BadParameterError(Exception):
    """A query parameter that cannot be meant; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a page.

    `parse` takes the text to the value or raises ValueError; `write` takes the value back to the
    one spelling that links use; `allowed` ends the sentence "… must be". A callable `default` is
    given the values of the parameters declared before it. A value of a parameter with `members`
    must be among the choices of that name, which only the data know; they are checked by
    `Query.require`, because a cache key must not need the database. A `repeatable` one may be given
    several times, as by the ticked boxes of a form: the texts are joined by commas.
    """

    name: str
    parse: Callable[[str], Any]
    allowed: str
    default: Any = None
    write: Callable[[Any], str] = str
    members: str | None = None
    repeatable: bool = False


def whole(name: str, least: int, most: int, default: int) -> Parameter:
    """A whole number from `least` to `most`, both included."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return Parameter(name, parse, f"a whole number from {least} to {most}", default)


def points(name: str) -> Parameter:
    """Points from 0 to 100 as people write them; the value is in hundredths, None by default."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", text):
            raise ValueError(text)
        units, _, decimals = text.partition(".")
        value = int(units) * 100 + int(decimals.ljust(2, "0"))
        if value > 100_00:
            raise ValueError(text)
        return value

    def write(value: int) -> str:
        return f"{value / 100:.2f}".rstrip("0").rstrip(".")

    return Parameter(name, parse, "a number from 0 to 100 with at most two decimals", None, write)


def day(name: str) -> Parameter:
    """A day as 2026-09-30; None by default."""

    def parse(text: str) -> date:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)

    return Parameter(name, parse, "a day of the calendar, such as 2026-09-30", None, date.isoformat)


def choice(
    name: str,
    values: Collection[str],
    default: str | Callable[[Mapping[str, Any]], str] = "",
    allowed: str = "",
) -> Parameter:
    """One of `values`; `allowed` says in words which those are, where a list of them would not."""

    def parse(text: str) -> str:
        if text not in values:
            raise ValueError(text)
        return text

    return Parameter(name, parse, allowed or _one_of(values), default)


def several(name: str, values: Sequence[str], usual: Collection[str], most: int) -> Parameter:
    """Some of `values`, comma-separated, at most `most`; the value is a tuple in the order of
    `values`. The `usual` ones are the default, which is None because the page may add to them."""

    def parse(text: str) -> tuple[str, ...] | None:
        chosen = {part.strip() for part in text.split(",")} - {""}
        if not chosen <= set(values) or len(chosen) > most:
            raise ValueError(text)
        return (
            None
            if chosen == set(usual) or not chosen
            else tuple(filter(chosen.__contains__, values))
        )

    allowed = f"at most {most} of {', '.join(values)}, separated by commas"
    return Parameter(name, parse, allowed, None, ",".join, repeatable=True)


def member(name: str, of: str, longest: int = 80) -> Parameter:
    """One of the names that the data know under `of` (sectors, exchanges)."""
    return Parameter(name, _text(longest), f"at most {longest} characters", "", str, of)


def words(
    name: str, longest: int = 100, kept_as: Callable[[str], str] = lambda text: text
) -> Parameter:
    """Free text of at most `longest` characters, on one line; `kept_as` gives the form in which
    its spellings are one."""
    plain = _text(longest)
    allowed = f"at most {longest} characters on one line"
    return Parameter(name, lambda text: kept_as(plain(text)), allowed, "")


def _text(longest: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) > longest or not text.isprintable():
            raise ValueError(text)
        return " ".join(text.split())

    return parse


def _one_of(values: Collection[str]) -> str:
    listed = list(values)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}"


@dataclass(frozen=True)
class Query:
    """The validated values of a page's parameters, by name, defaults filled in."""

    declared: tuple[Parameter, ...]
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def require(self, choices: Mapping[str, Collection[str]]) -> None:
        """Raise `BadParameterError` for a member that the data do not know."""
        for parameter in self.declared:
            value = self.values[parameter.name]
            if parameter.members and value and value not in choices[parameter.members]:
                known = choices[parameter.members]
                allowed = _one_of(known) if known else "empty, because nothing is listed yet"
                raise BadParameterError(_sentence(parameter.name, value, allowed))

    def given(self, without: Collection[str] = (), **changes: Any) -> dict[str, str]:
        """Parameters that differ from their defaults as texts, after `changes`, sorted."""
        values: dict[str, Any] = {}
        written = {}
        for parameter in self.declared:
            name, default = parameter.name, _default(parameter, values)
            # A default that was not chosen follows the parameters that it depends on.
            value = changes.get(name, self.values[name] if name in self._chosen else None)
            values[name] = default if name in without or value is None else value
            if values[name] != default:
                written[name] = parameter.write(values[name])
        return dict(sorted(written.items()))

    @cached_property
    def _chosen(self) -> frozenset[str]:
        """The parameters that differ from their defaults; a page asks for it in every link."""
        return frozenset(
            parameter.name
            for parameter in self.declared
            if self.values[parameter.name] != _default(parameter, self.values)
        )

    @property
    def canonical(self) -> str:
        """The query string in its one spelling, without a leading question mark."""
        return urlencode(self.given(), quote_via=quote)

    def url(self, path: str, without: Collection[str] = (), **changes: Any) -> str:
        """`path` with this question after `changes`."""
        query = urlencode(self.given(without, **changes), quote_via=quote)
        return f"{path}?{query}" if query else path


def read(declared: tuple[Parameter, ...], query_string: bytes) -> Query:
    """The validated question. Raises `BadParameterError`."""
    given = _given({parameter.name: parameter for parameter in declared}, query_string)
    values: dict[str, Any] = {}
    for parameter in declared:
        text = given.get(parameter.name, "").strip(" ")
        values[parameter.name] = _parsed(parameter, text) if text else _default(parameter, values)
    return Query(declared, values)


def _default(parameter: Parameter, values: Mapping[str, Any]) -> Any:
    return parameter.default(values) if callable(parameter.default) else parameter.default


def _parsed(parameter: Parameter, text: str) -> Any:
    try:
        return parameter.parse(text)
    except ValueError:
        raise BadParameterError(_sentence(parameter.name, text, parameter.allowed)) from None


def _given(known: Mapping[str, Parameter], query_string: bytes) -> dict[str, str]:
    """The texts of known parameters. Bytes are decoded strictly here, because the framework would
    replace what is not UTF-8 and so answer a question that nobody asked."""
    texts: dict[str, str] = {}
    for part in query_string.split(b"&"):
        raw_name, _, raw_value = part.partition(b"=")
        name = _unquoted(raw_name).decode("utf-8", "replace")
        if name not in known:
            continue
        if name in texts and not known[name].repeatable:
            raise BadParameterError(
                f"The parameter “{name}” is given more than once; give it once."
            )
        try:
            text = _unquoted(raw_value).decode("utf-8")
        except UnicodeDecodeError:
            value = _unquoted(raw_value).decode("utf-8", "replace")
            raise BadParameterError(_sentence(name, value, "text in UTF-8")) from None
        texts[name] = f"{texts[name]},{text}" if name in texts else text
    return texts


def quoted(text: str) -> str:
    """A value as links write it in a query string."""
    return quote(text, safe="")


def _unquoted(raw: bytes) -> bytes:
    return unquote_to_bytes(raw.replace(b"+", b" "))


def _sentence(name: str, value: str, allowed: str) -> str:
    shown = "".join(letter if letter.isprintable() else "�" for letter in value)
    if len(shown) > SHOWN:
        shown = f"{shown[:SHOWN]}…"
    return f"The parameter “{name}” is “{shown}”; it must be {allowed}."
