"""Which stocks the address of a comparison asks for, and its one spelling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from stockscore.store import stocks
from stockscore.web.http.params import BadParameterError, quoted

PATH = "/compare"

MOST = 4
"""Stocks that fit side by side on a phone."""

LONGEST = 64
"""Characters of what may be a ticker, an ISIN, or a misspelling of one."""


def url_of(tickers: Iterable[str]) -> str:
    """The address of a comparison, in the order given."""
    query = "&".join(f"t={quoted(ticker)}" for ticker in tickers)
    return f"{PATH}?{query}" if query else PATH


@dataclass(frozen=True, slots=True)
class Question:
    """The stocks asked for, as ticker keys in the order given, and those given more than once."""

    keys: tuple[str, ...]
    repeated: tuple[str, ...]

    @property
    def url(self) -> str:
        """The one spelling of this question."""
        return url_of(self.keys)


def question_of(query_string: bytes) -> Question:
    """The question in a query string; empty values are left out. Raises `BadParameterError`."""
    keys: list[str] = []
    repeated: list[str] = []
    for part in query_string.split(b"&"):
        name, _, raw = part.partition(b"=")
        if unquote_to_bytes(name) != b"t":
            continue
        key = stocks.ticker_key(_text(raw))
        if key in keys:
            repeated.append(key)
        elif key:
            keys.append(key)
    if len(keys) > MOST:
        raise BadParameterError(
            f"The parameter “t” names {len(keys)} stocks; {MOST} fit side by side. Take "
            f"{'one' if len(keys) == MOST + 1 else 'some'} away."
        )
    return Question(tuple(keys), tuple(dict.fromkeys(repeated)))


def _text(raw: bytes) -> str:
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8").strip()
    except UnicodeDecodeError:
        text = "\ufffd"
    if len(text) > LONGEST or not text.isprintable() or text == "\ufffd":
        raise BadParameterError(
            f"The parameter “t” must be a ticker or an ISIN of at most {LONGEST} characters on "
            "one line, in UTF-8."
        )
    return text


def canonical(query_string: bytes) -> str | None:
    """The one spelling for the cache; None where the page says more than the spelling keeps."""
    try:
        question = question_of(query_string)
    except BadParameterError:
        return None
    return None if question.repeated else question.url.partition("?")[2]
