"""What was recorded on a day on all exchanges, as one cross-section.

Each exchange has a cross-section of its own for each of its sessions; here those that hold on a day
are read as one, with columns that are no part of the record beside them.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from stockscore.store.columns import MISSING
from stockscore.store.cross_sections import Column, Section

WORDS = ("sector", "exchange")
"""Columns of codes whose words differ from one cross-section to another."""


@dataclass(slots=True)
class PastSection(Section):
    """Cross-sections of different stocks read as one. `parts` are the cross-sections, `places` says
    of each stock which of them it is in and where. `made` makes the columns that no cross-section
    keeps, or that must be counted over all of them, when they are first asked for."""

    parts: Sequence[Section] = ()
    places: Sequence[tuple[int, int]] = ()
    made: Mapping[str, Callable[[], Column]] = field(default_factory=dict)

    def columns(self, keys: Iterable[str]) -> dict[str, Column | None]:
        """These columns by key, None for a key that none of the parts has."""
        keys = list(keys)
        lacking = [key for key in keys if key not in self._columns]
        kept = [key for key in lacking if key not in self.made]
        if kept:
            read = [part.columns(kept) for part in self.parts]
            for key in kept:
                self._columns[key] = self._joined(key, [found[key] for found in read])
        for key in lacking:
            if key in self.made:
                self._columns[key] = self.made[key]()
        return {key: self._columns[key] for key in keys}

    def all_columns(self) -> dict[str, Column]:
        """Every column that any part has, and those that are made."""
        keys = {key for part in self.parts for key in part.all_columns()} | set(self.made)
        found = self.columns(sorted(keys))
        return {key: column for key, column in found.items() if column is not None}

    def _joined(self, key: str, found: Sequence[Column | None]) -> Column | None:
        known = [column for column in found if column is not None]
        if not known:
            return None
        typecode = "d" if any(column.typecode == "d" for column in known) else known[0].typecode
        unknown = math.nan if typecode == "d" else MISSING
        sources = [
            None if column is None else self._recoded(key, part, column)
            for part, column in zip(self.parts, found, strict=True)
        ]
        values = (
            unknown if (source := sources[part]) is None else source[index]
            for part, index in self.places
        )
        return array(typecode, values)

    def _recoded(self, key: str, part: Section, column: Column) -> Sequence[float]:
        """The codes of a part as codes of all of them."""
        if key not in WORDS or part.labels.get(key) == self.labels.get(key):
            return column
        codes = {word: code for code, word in enumerate(self.labels[key])}
        turned = [codes[word] for word in part.labels.get(key, ())]
        return [turned[code] if code >= 0 else MISSING for code in column]


def joined(
    parts: Sequence[Section],
    made: Callable[[PastSection], Mapping[str, Callable[[], Column]]],
) -> PastSection:
    """Cross-sections as one, the newest first where a stock is in several; `made` gives the columns
    that are made. Raises ValueError without any."""
    if not parts:
        raise ValueError("there is nothing to be joined")
    ordered = sorted(parts, key=_age, reverse=True)
    of_stock: dict[int, tuple[int, int]] = {}
    for number, part in enumerate(ordered):
        for index, stock_id in enumerate(part.stock_ids):
            of_stock.setdefault(stock_id, (number, index))
    newest = ordered[0]
    labels = dict(newest.labels)
    for key in WORDS:
        labels[key] = sorted({word for part in ordered for word in part.labels.get(key, ())})
    section = PastSection(
        id=newest.id,
        kind=newest.kind,
        edition_id=None,
        exchange=None,
        session=newest.session,
        method=newest.method,
        published=True,
        known_at=newest.known_at,
        stock_ids=array("i", sorted(of_stock)),
        labels=labels,
        base_id=None,
        receipt_rule=newest.receipt_rule,
        day_receipt=newest.day_receipt,
        parts=ordered,
        places=[of_stock[stock_id] for stock_id in sorted(of_stock)],
    )
    section.made = made(section)
    return section


def _age(section: Section) -> tuple[int, str]:
    return section.session.toordinal() if section.session else 0, section.exchange or ""
